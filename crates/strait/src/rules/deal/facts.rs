//! The facts of a transaction by name and from text: what a flag or a row of a parts file states.

use crate::data::nearest;
use crate::rules::Transaction;
use jiff::civil::Date;
use serde::de::value::Error as Plain;
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer, Visitor};
use std::fmt;

/// A fact that a flag, a deal file or a row may state; its name is the flag's, without the dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Fact {
    To,
    On,
    Known,
    KnownTo,
    From,
    Hq,
    Parent,
    Segment,
    Site,
    Channel,
    Listed,
    OwnedByListed,
    Use,
    RemoteUsers,
    Supercomputer,
    Military,
    Exporter,
    Quantity,
    ChinaToUsTpp,
    UsLaboratory,
    NotifiedDaysBefore,
    DirectProduct,
    UsContent,
    Host,
    Conditions,
    Codified,
}

impl Fact {
    /// Every fact, in the order of the flags.
    pub const ALL: [Self; 26] = [
        Self::To,
        Self::On,
        Self::Known,
        Self::KnownTo,
        Self::From,
        Self::Hq,
        Self::Parent,
        Self::Segment,
        Self::Site,
        Self::Channel,
        Self::Listed,
        Self::OwnedByListed,
        Self::Use,
        Self::RemoteUsers,
        Self::Supercomputer,
        Self::Military,
        Self::Exporter,
        Self::Quantity,
        Self::ChinaToUsTpp,
        Self::UsLaboratory,
        Self::NotifiedDaysBefore,
        Self::DirectProduct,
        Self::UsContent,
        Self::Host,
        Self::Conditions,
        Self::Codified,
    ];

    /// Its name, as the flag is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::On => "on",
            Self::Known => "known",
            Self::KnownTo => "known-to",
            Self::From => "from",
            Self::Hq => "hq",
            Self::Parent => "parent",
            Self::Segment => "segment",
            Self::Site => "site",
            Self::Channel => "channel",
            Self::Listed => "listed",
            Self::OwnedByListed => "owned-by-listed",
            Self::Use => "use",
            Self::RemoteUsers => "remote-users",
            Self::Supercomputer => "supercomputer",
            Self::Military => "military",
            Self::Exporter => "exporter",
            Self::Quantity => "quantity",
            Self::ChinaToUsTpp => "china-to-us-tpp",
            Self::UsLaboratory => "us-laboratory",
            Self::NotifiedDaysBefore => "notified-days-before",
            Self::DirectProduct => "direct-product",
            Self::UsContent => "us-content",
            Self::Host => "host",
            Self::Conditions => "conditions",
            Self::Codified => "codified",
        }
    }
}

/// A text that does not state the fact it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no {what}; expected {expected}{}", hint(.near))]
pub struct BadFact {
    /// As given.
    pub found: String,
    /// What it should have been.
    pub what: &'static str,
    /// Values that are taken.
    pub expected: String,
    /// Nearest values, best first.
    pub near: Vec<&'static str>,
}

fn hint(near: &[&str]) -> String {
    near.first()
        .map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

impl BadFact {
    fn new(found: &str, what: &'static str, expected: &str) -> Self {
        Self {
            found: found.to_owned(),
            what,
            expected: expected.to_owned(),
            near: Vec::new(),
        }
    }
}

impl Transaction {
    /// Sets one fact from text. Countries are taken as typed; whoever asks resolves them.
    ///
    /// # Errors
    /// Where the text is no such fact; says what is taken.
    pub fn set(&mut self, fact: Fact, text: &str) -> Result<(), BadFact> {
        let text = text.trim();
        match fact {
            Fact::To => text.clone_into(&mut self.to),
            Fact::From => text.clone_into(&mut self.from),
            Fact::Hq => self.headquarters = Some(text.to_owned()),
            Fact::Parent => self.parent = Some(text.to_owned()),
            Fact::On => self.on = read_day(text)?,
            Fact::Known => self.known = read_day(text)?,
            Fact::KnownTo => self.known_to = read_word("knower", text)?,
            Fact::Segment => self.segment = read_word("segment", text)?,
            Fact::Site => self.site = Some(read_word("site", text)?),
            Fact::Channel => self.channel = read_word("channel", text)?,
            Fact::Listed => self.listed = read_word("result of screening", text)?,
            Fact::Use => self.use_ = Some(read_word("use", text)?),
            Fact::Exporter => self.exporter = read_word("exporter's role", text)?,
            Fact::OwnedByListed => self.owned_by_listed_percent = Some(read_share(text)?),
            Fact::ChinaToUsTpp => self.china_to_us_tpp_percent = Some(read_percent(text)?),
            Fact::RemoteUsers => {
                let countries = text.split([',', ';', '|']).map(str::trim);
                let countries = countries.filter(|c| !c.is_empty()).map(str::to_owned);
                self.remote_users = Some(countries.collect());
            }
            Fact::Supercomputer => self.supercomputer = Some(read_yes_no(text)?),
            Fact::Military => self.military = Some(read_yes_no(text)?),
            Fact::UsLaboratory => self.us_laboratory = Some(read_yes_no(text)?),
            Fact::Codified => self.codified = read_yes_no(text)?,
            Fact::Quantity => self.quantity = Some(read_whole("number of items", text)?),
            Fact::NotifiedDaysBefore => {
                self.notified_days_before = Some(read_whole("number of days", text)?);
            }
            Fact::DirectProduct => self.direct_product = Some(read_yes_no(text)?),
            Fact::UsContent => self.us_content_percent = Some(read_share(text)?),
            Fact::Host => self.host = Some(text.to_owned()),
            Fact::Conditions => {
                for one in text.split([',', ';', '|']).filter(|one| !one.trim().is_empty()) {
                    let (id, met) = read_condition(one)?;
                    self.conditions.insert(id, met);
                }
            }
        }
        Ok(())
    }
}

/// A day with all its parts.
///
/// # Errors
/// Where the text is no day of the calendar.
pub fn read_day(text: &str) -> Result<Date, BadFact> {
    let shaped = text.len() == 10 && text.as_bytes()[4] == b'-';
    let parsed = shaped.then(|| text.parse::<Date>().ok()).flatten();
    parsed.ok_or_else(|| BadFact::new(text, "day", "year, month and day as in 2025-04-09"))
}

/// A percentage of zero or more, with or without its sign.
///
/// # Errors
/// Where the text is none.
pub fn read_percent(text: &str) -> Result<f64, BadFact> {
    match text.trim_end_matches('%').trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
        _ => Err(BadFact::new(text, "percentage", "a number of zero or more")),
    }
}

/// A percentage of a whole.
///
/// # Errors
/// Where the text is none, or more than all of it.
pub fn read_share(text: &str) -> Result<f64, BadFact> {
    match read_percent(text) {
        Ok(value) if value <= 100.0 => Ok(value),
        _ => Err(BadFact::new(text, "share", "a percentage from 0 to 100")),
    }
}

/// Yes or no, in the words people use.
///
/// # Errors
/// Where the text is neither.
pub fn read_yes_no(text: &str) -> Result<bool, BadFact> {
    let is = |words: [&str; 2]| words.iter().any(|w| w.eq_ignore_ascii_case(text));
    if is(["true", "yes"]) {
        Ok(true)
    } else if is(["false", "no"]) {
        Ok(false)
    } else {
        Err(BadFact::new(text, "yes or no", "`true` or `false`"))
    }
}

/// A whole number of something.
fn read_whole<N: std::str::FromStr>(what: &'static str, text: &str) -> Result<N, BadFact> {
    text.parse()
        .map_err(|_| BadFact::new(text, what, "a whole number of zero or more"))
}

/// A condition and whether it is met: `id`, or `id=yes` and `id=no`.
///
/// # Errors
/// Where there is no id, or neither yes nor no behind it.
pub fn read_condition(text: &str) -> Result<(String, bool), BadFact> {
    let (id, met) = text.split_once('=').unwrap_or((text, "yes"));
    let id = id.trim();
    if id.is_empty() {
        return Err(BadFact::new(
            text,
            "condition",
            "its id, or `id=no` where it is not met",
        ));
    }
    Ok((id.to_owned(), read_yes_no(met.trim())?))
}

/// A word of one of the closed vocabularies; dash and underscore are alike. `what` names the vocabulary.
///
/// # Errors
/// With every word of the vocabulary and the nearest one.
pub fn read_word<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, BadFact> {
    let mut words: &'static [&'static str] = &[];
    let reader = Word {
        text,
        words: &mut words,
    };
    T::deserialize(reader).map_err(|_| BadFact {
        near: nearest(text, words.iter().copied()),
        ..BadFact::new(text, what, &format!("`{}`", words.join("`, `")))
    })
}

/// Hands one word to an enum's reader and keeps the enum's vocabulary, which only serde knows.
struct Word<'a> {
    text: &'a str,
    words: &'a mut &'static [&'static str],
}

impl<'de> serde::Deserializer<'de> for Word<'_> {
    type Error = Plain;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Plain> {
        *self.words = words;
        let alike = |word: &str| {
            let dash = |b: u8| if b == b'_' { b'-' } else { b.to_ascii_lowercase() };
            word.bytes().map(dash).eq(self.text.bytes().map(dash))
        };
        match words.iter().find(|word| alike(word)) {
            Some(word) => visitor.visit_enum(IntoDeserializer::<Plain>::into_deserializer(*word)),
            None => Err(Plain::custom("no such word")),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Plain> {
        visitor.visit_str(self.text)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ChipId;
    use crate::rules::{Listed, Segment, State};

    #[test]
    fn a_day_needs_all_its_parts() {
        assert!(read_day("2025-04-09").is_ok());
        for text in [
            "2025-4-9",
            "2025-02-30",
            "09.04.2025",
            "2025-04",
            "today",
            "20250409",
            "2025-04-09T10:00",
            "2025-é4-09",
        ] {
            assert!(read_day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn words_take_either_dash_and_a_wrong_one_brings_the_vocabulary() {
        assert_eq!(read_word("x", "entity_fn4"), Ok(Listed::EntityFn4));
        assert_eq!(read_word("x", "State-Funded"), Ok(Segment::StateFunded));
        assert_eq!(read_word("x", "in-force"), Ok(State::InForce));
        let wrong = read_word::<Segment>("segment", "platfrom").unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "`platfrom` is no segment; expected `platform`, `state_funded`, `government`, `enterprise`, \
             `university`, `consumer`; did you mean `platform`?"
        );
    }

    #[test]
    fn a_share_is_at_most_all_of_it() {
        assert_eq!((read_share("100"), read_share("50%")), (Ok(100.0), Ok(50.0)));
        for text in ["100.01", "-1", "nan", "inf", ""] {
            assert!(read_share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_fact_can_be_stated() {
        let day = read_day("2025-01-01").unwrap();
        let blank = Transaction::new(ChipId("x".into()), "", day, day);
        for fact in Fact::ALL {
            let text = match fact {
                Fact::KnownTo => "addressee",
                Fact::Host => "5A992",
                Fact::Conditions => "a=no; b",
                Fact::To | Fact::From | Fact::Hq | Fact::Parent | Fact::RemoteUsers => "SG",
                Fact::On | Fact::Known => "2026-01-01",
                Fact::Segment => "university",
                Fact::Site => "offshore",
                Fact::Channel => "grey",
                Fact::Listed => "meu",
                Fact::Use => "cloud",
                Fact::Exporter => "osat",
                Fact::OwnedByListed
                | Fact::ChinaToUsTpp
                | Fact::Quantity
                | Fact::NotifiedDaysBefore
                | Fact::UsContent => "7",
                Fact::Supercomputer
                | Fact::Military
                | Fact::UsLaboratory
                | Fact::DirectProduct
                | Fact::Codified => "yes",
            };
            let mut tx = blank.clone();
            tx.set(fact, text).unwrap();
            assert_ne!(tx, blank, "`{fact}` changed nothing");
        }
    }

    proptest::proptest! {
        /// Any text states a fact or is refused with what was expected.
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC{0,24}", at in 0..Fact::ALL.len()) {
            let day = read_day("2025-01-01").unwrap();
            let mut tx = Transaction::new(ChipId("x".into()), "", day, day);
            if let Err(wrong) = tx.set(Fact::ALL[at], &text) {
                proptest::prop_assert!(!wrong.expected.is_empty());
            }
        }
    }
}
