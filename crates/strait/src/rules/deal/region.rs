//! Where a rule reaches: country codes and groups joined by `and`, `or`, `not`.

use crate::rules::words::countries::{Countries, CountryId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An expression over countries and country groups: `(D:1 or D:4 or D:5 or MO) and not (A:5 or A:6)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    text: String,
    node: Node,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Any,
    Country(String),
    Group(String),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
}

impl Region {
    /// Reads an expression; `any` is every country.
    ///
    /// # Errors
    /// With the word that was not expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut at = 0;
        let node = parse_or(&words, &mut at)?;
        match words.get(at) {
            None => Ok(Self {
                text: text.to_owned(),
                node,
            }),
            Some(word) => Err(format!("`{word}` where `and`, `or` or the end was expected")),
        }
    }

    /// The countries it reaches; `members` gives those of a group, `id` the number of a code.
    pub(crate) fn countries(
        &self,
        members: &dyn Fn(&str) -> Countries,
        id: &dyn Fn(&str) -> Option<CountryId>,
    ) -> Countries {
        countries(&self.node, members, id)
    }

    /// Every country code the expression names.
    pub fn codes(&self) -> Vec<&str> {
        let mut found = Vec::new();
        collect(&self.node, &mut |node| {
            if let Node::Country(code) = node {
                found.push(code.as_str());
            }
        });
        found
    }

    /// Every group id the expression names.
    pub fn groups(&self) -> Vec<&str> {
        let mut found = Vec::new();
        collect(&self.node, &mut |node| {
            if let Node::Group(id) = node {
                found.push(id.as_str());
            }
        });
        found
    }

    /// The expression as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn collect<'a>(node: &'a Node, see: &mut dyn FnMut(&'a Node)) {
    see(node);
    match node {
        Node::Not(a) => collect(a, see),
        Node::And(a, b) | Node::Or(a, b) => {
            collect(a, see);
            collect(b, see);
        }
        Node::Any | Node::Country(_) | Node::Group(_) => {}
    }
}

fn countries(
    node: &Node,
    members: &dyn Fn(&str) -> Countries,
    id: &dyn Fn(&str) -> Option<CountryId>,
) -> Countries {
    match node {
        Node::Any => Countries::ALL,
        Node::Country(code) => {
            let mut one = Countries::default();
            id(code).into_iter().for_each(|c| one.insert(c));
            one
        }
        Node::Group(group) => members(group),
        Node::Not(a) => !countries(a, members, id),
        Node::And(a, b) => countries(a, members, id) & countries(b, members, id),
        Node::Or(a, b) => countries(a, members, id) | countries(b, members, id),
    }
}

fn parse_or(words: &[&str], at: &mut usize) -> Result<Node, String> {
    let mut left = parse_and(words, at)?;
    while words.get(*at) == Some(&"or") {
        *at += 1;
        left = Node::Or(Box::new(left), Box::new(parse_and(words, at)?));
    }
    Ok(left)
}

fn parse_and(words: &[&str], at: &mut usize) -> Result<Node, String> {
    let mut left = parse_one(words, at)?;
    while words.get(*at) == Some(&"and") {
        *at += 1;
        left = Node::And(Box::new(left), Box::new(parse_one(words, at)?));
    }
    Ok(left)
}

fn parse_one(words: &[&str], at: &mut usize) -> Result<Node, String> {
    let word = words.get(*at).ok_or("the expression ends too early")?;
    *at += 1;
    match *word {
        "not" => Ok(Node::Not(Box::new(parse_one(words, at)?))),
        "(" => {
            let inner = parse_or(words, at)?;
            if words.get(*at) == Some(&")") {
                *at += 1;
                Ok(inner)
            } else {
                Err("a parenthesis is not closed".to_owned())
            }
        }
        "any" => Ok(Node::Any),
        group if group.contains(':') => Ok(Node::Group(group.to_owned())),
        code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) => {
            Ok(Node::Country(code.to_owned()))
        }
        other => Err(format!(
            "`{other}` is no country code, group, `any`, `not` or `(`"
        )),
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_binds_tighter_than_and_than_or() {
        let region = Region::parse("MO or D:1 and not A:5").unwrap();
        let number = |code: &str| ["MO", "VN", "DE"].iter().position(|c| *c == code);
        let id = |code: &str| number(code).map(|n| CountryId(n as u8));
        let holds = |country: &str, groups: &[&str]| {
            let members = |group: &str| {
                let mut set = Countries::default();
                if groups.contains(&group) {
                    set.insert(id(country).unwrap());
                }
                set
            };
            region.countries(&members, &id).contains(id(country).unwrap())
        };
        assert!(holds("MO", &["A:5"]));
        assert!(holds("VN", &["D:1"]));
        assert!(!holds("VN", &["D:1", "A:5"]));
        assert!(!holds("DE", &["A:5"]));
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        for text in ["", "(D:1", "D:1 D:4", "china", "D:1 and"] {
            assert!(Region::parse(text).is_err(), "{text}");
        }
    }
}
