//! Unknown answers and what would decide them.

use serde::Serialize;

/// A fact that is missing, and what it would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Need {
    /// The fact, in words (`memory bandwidth of baidu-p800`).
    pub fact: String,
    /// How the user can supply it: a command-line flag or a field of a chip or deal file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// Why it matters.
    pub why: String,
    /// What each value would lead to; may be empty where every value matters.
    pub flips: Vec<Flip>,
}

/// Said of a value that changes nothing alone.
pub const NOTHING: &str = "nothing changes by itself";

/// One possible value of a missing fact and its consequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flip {
    /// The value.
    #[serde(rename = "if")]
    pub when: String,
    /// The consequence.
    pub then: String,
}

/// A result, or the facts without which there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "result")]
pub enum Outcome<T> {
    /// The result.
    Known(T),
    /// Nothing can be said; these facts would change that.
    Unknown(Vec<Need>),
}

impl<T> Outcome<T> {
    /// The result, where there is one.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// The missing facts; empty where there is a result.
    pub fn needs(&self) -> &[Need] {
        match self {
            Self::Known(_) => &[],
            Self::Unknown(needs) => needs,
        }
    }

    /// Applies `f` to a known result.
    pub fn map<R>(self, f: impl FnOnce(T) -> R) -> Outcome<R> {
        match self {
            Self::Known(value) => Outcome::Known(f(value)),
            Self::Unknown(needs) => Outcome::Unknown(needs),
        }
    }
}
