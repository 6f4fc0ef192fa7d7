//! Named fields of a configuration, from JSON or TOML, with errors that name line, field and nearest name.

use crate::data::{Problem, Problems, nearest};
use crate::figure::Place;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Fields of one file; remembers which were asked for.
pub(super) struct Fields<'a> {
    pub(super) path: &'a str,
    text: &'a str,
    map: &'a Map<String, Value>,
    asked: RefCell<BTreeSet<&'static str>>,
    pub(super) problems: RefCell<Problems>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(path: &'a str, text: &'a str, map: &'a Map<String, Value>) -> Self {
        Self {
            path,
            text,
            map,
            asked: RefCell::default(),
            problems: RefCell::default(),
        }
    }

    /// The value of the first of several names that is there and not null.
    pub(super) fn value(&self, names: &[&'static str]) -> Option<(&'static str, &'a Value)> {
        self.asked.borrow_mut().extend(names);
        names
            .iter()
            .find_map(|name| Some((*name, self.map.get(*name).filter(|v| !v.is_null())?)))
    }

    pub(super) fn place(&self, name: &str) -> Place {
        let at = self.text.find(&format!("\"{name}\"")).or_else(|| {
            let lines = self.text.match_indices(name);
            lines
                .map(|(at, _)| at)
                .find(|at| *at == 0 || self.text.as_bytes()[at - 1] == b'\n')
        });
        let line = at.map(|at| self.text[..at].matches('\n').count() + 1);
        Place {
            file: self.path.to_owned(),
            line,
        }
    }

    pub(super) fn problem(&self, name: &str, message: String, help: impl Into<String>) {
        let problem = Problem::at(self.place(name), message).help(help);
        self.problems.borrow_mut().push(problem);
    }

    /// A whole number from `low` to `high`, if it is there; a list of one number alike for every layer counts as that number.
    pub(super) fn optional(&self, names: &[&'static str], low: u32, high: u32) -> Option<u32> {
        let (name, value) = self.value(names)?;
        let value = match value {
            Value::Array(list) if list.windows(2).all(|w| w[0] == w[1]) => list.first().unwrap_or(value),
            other => other,
        };
        let number = value.as_u64().and_then(|n| u32::try_from(n).ok());
        match number {
            Some(n) if n >= low && n <= high => Some(n),
            _ => {
                let text = format!("`{name}` is `{value}`");
                self.problem(name, text, format!("a whole number from {low} to {high}"));
                None
            }
        }
    }

    /// A whole number that must be there; one where it is not, with a problem noted.
    pub(super) fn required(&self, names: &[&'static str], high: u32, family: &str) -> u32 {
        if self.value(names).is_none() {
            let near = nearest(names[0], self.map.keys().map(String::as_str));
            let help = match near.first() {
                Some(near) => format!("the nearest name in the file is `{near}`"),
                None => format!("`{family}` needs it, a whole number of one or more"),
            };
            let text = format!("`{}` is missing, which a `{family}` model has", names[0]);
            self.problem(names[0], text, help);
            return 1;
        }
        self.optional(names, 1, high).unwrap_or(1)
    }

    /// A truth value, `default` where it is absent.
    pub(super) fn flag(&self, name: &'static str, default: bool) -> bool {
        match self.value(&[name]) {
            None => default,
            Some((_, Value::Bool(value))) => *value,
            Some((_, other)) => {
                self.problem(name, format!("`{name}` is `{other}`"), "true or false");
                default
            }
        }
    }

    /// A list, if it is there.
    pub(super) fn list(&self, name: &'static str) -> Option<&'a [Value]> {
        match self.value(&[name])?.1 {
            Value::Array(list) => Some(list),
            other => {
                self.problem(
                    name,
                    format!("`{name}` is `{other}`"),
                    "a list, one entry a layer",
                );
                None
            }
        }
    }

    /// Fields of a table inside the file; of an empty one where it is not there.
    pub(super) fn inner(&self, name: &'static str) -> Inner<'_, 'a> {
        Inner {
            fields: self,
            name,
            map: self.value(&[name]).and_then(|(_, v)| v.as_object()),
        }
    }

    /// Notes every field that nothing asked for.
    pub(super) fn refuse_unknown(&self) {
        let asked = self.asked.borrow();
        for name in self.map.keys().filter(|name| !asked.contains(name.as_str())) {
            let near = nearest(name, asked.iter().copied());
            let help = near.first().map_or_else(
                || "leave it out: the architecture does not depend on it".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.problem(name, format!("unknown field `{name}`"), help);
        }
    }
}

/// Fields of a table inside a file.
pub(super) struct Inner<'f, 'a> {
    fields: &'f Fields<'a>,
    name: &'static str,
    map: Option<&'a Map<String, Value>>,
}

impl<'a> Inner<'_, 'a> {
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.map?.get(name).filter(|v| !v.is_null())
    }

    fn refused(&self, name: &'static str, value: &Value, help: &str) {
        let text = format!("`{name}` of `{}` is `{value}`", self.name);
        self.fields.problem(name, text, help);
    }

    /// A whole number from one to `high`, if it is there.
    pub(super) fn number(&self, name: &'static str, high: u32) -> Option<u32> {
        let value = self.value(name)?;
        let number = value.as_u64().and_then(|n| u32::try_from(n).ok());
        let number = number.filter(|n| (1..=high).contains(n));
        if number.is_none() {
            self.refused(name, value, &format!("a whole number from 1 to {high}"));
        }
        number
    }

    /// A whole number that must be there; one where it is not, with a problem noted.
    pub(super) fn required(&self, name: &'static str, high: u32) -> u32 {
        if self.value(name).is_none() {
            let text = format!("`{}` without `{name}`", self.name);
            self.fields
                .problem(self.name, text, "a whole number of one or more");
        }
        self.number(name, high).unwrap_or(1)
    }

    /// A truth value, `default` where it is absent.
    pub(super) fn flag(&self, name: &'static str, default: bool) -> bool {
        match self.value(name) {
            None => default,
            Some(Value::Bool(value)) => *value,
            Some(other) => {
                self.refused(name, other, "true or false");
                default
            }
        }
    }

    /// A text, if it is there.
    pub(super) fn text(&self, name: &'static str) -> Option<&'a str> {
        self.value(name)?.as_str()
    }
}
