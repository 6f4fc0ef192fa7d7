//! A set of named texts, and the version of what it holds.

use super::Problem;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// One file of the set.
#[derive(Debug, Clone, Copy)]
pub struct DataFile<'a> {
    /// Path below `data/`, with forward slashes; for a user's file, the path given.
    pub path: &'a str,
    /// Its whole text.
    pub text: &'a str,
}

/// Every file strait knows from, by path.
#[derive(Debug, Clone)]
pub struct DataSet {
    files: BTreeMap<Cow<'static, str>, Cow<'static, str>>,
}

impl DataSet {
    /// The data the program was built with.
    pub fn embedded() -> Self {
        Self {
            files: EMBEDDED
                .iter()
                .map(|(p, t)| (Cow::Borrowed(*p), Cow::Borrowed(*t)))
                .collect(),
        }
    }

    /// An empty set, for tests that bring their own files.
    pub fn empty() -> Self {
        Self {
            files: BTreeMap::new(),
        }
    }

    /// Adds a file, or replaces the one of the same path.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        self.files
            .insert(Cow::Owned(path.into()), Cow::Owned(text.into()));
        self
    }

    /// The file at `path`.
    pub fn get(&self, path: &str) -> Option<DataFile<'_>> {
        self.files
            .get_key_value(path)
            .map(|(path, text)| DataFile { path, text })
    }

    /// The file at `path`, which must be there.
    ///
    /// # Errors
    /// That it is missing.
    pub fn require(&self, path: &str) -> Result<DataFile<'_>, Problem> {
        self.get(path)
            .ok_or_else(|| Problem::in_file(path, "the file is missing"))
    }

    /// Files below a folder (`chips/`, `rules/us/`), in order of path.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = DataFile<'a>> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder))
            .map(|(path, text)| DataFile { path, text })
    }

    /// A short hash of paths and contents: equal versions hold equal data.
    pub fn version(&self) -> String {
        let mut hash = Sha256::new();
        for (path, text) in &self.files {
            hash.update(path.as_bytes());
            hash.update([0]);
            hash.update(text.as_bytes());
            hash.update([0]);
        }
        let mut short = String::with_capacity(12);
        for byte in &hash.finalize()[..6] {
            write!(short, "{byte:02x}").expect("to a string");
        }
        short
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_follows_content_and_path() {
        let a = DataSet::empty().with("x.toml", "a = 1");
        let b = DataSet::empty().with("x.toml", "a = 2");
        let c = DataSet::empty().with("y.toml", "a = 1");
        assert_ne!(a.version(), b.version());
        assert_ne!(a.version(), c.version());
        assert_eq!(a.version(), DataSet::empty().with("x.toml", "a = 1").version());
    }

    #[test]
    fn an_overlay_replaces_file_by_file() {
        let set = DataSet::empty()
            .with("chips/a.toml", "1")
            .with("chips/b.toml", "2")
            .with("chips/a.toml", "3");
        let texts: Vec<_> = set.below("chips/").map(|f| f.text).collect();
        assert_eq!(texts, ["3", "2"]);
    }
}
