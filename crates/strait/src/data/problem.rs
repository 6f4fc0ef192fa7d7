//! What is wrong with a file: place, field, found, expected, remedy.

use crate::figure::Place;
use miette::{Diagnostic, LabeledSpan, NamedSource, Severity, SourceCode};
use std::fmt;

/// One thing wrong with one file.
#[derive(Debug, Clone)]
pub struct Problem {
    /// File and line; no line where the whole file is meant.
    pub place: Place,
    /// What is wrong, a lower-case fragment with the user's words in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Text of the file and byte range, for a marked excerpt; boxed to keep results small.
    excerpt: Option<Box<(NamedSource<String>, std::ops::Range<usize>)>>,
}

impl Problem {
    /// A problem with a whole file.
    pub fn in_file(file: &str, message: impl Into<String>) -> Self {
        Self {
            place: Place::whole(file),
            message: message.into(),
            help: None,
            excerpt: None,
        }
    }

    /// A problem at a line already known.
    pub fn at(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            message: message.into(),
            help: None,
            excerpt: None,
        }
    }

    /// A problem at a byte range of a file's text.
    pub fn spanned(
        file: &str,
        text: &str,
        range: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            place: Place::line(file, line_of(text, range.start)),
            message: message.into(),
            help: None,
            excerpt: Some(Box::new((NamedSource::new(file, text.to_owned()), range))),
        }
    }

    /// The problem a TOML reader reports, with its place.
    pub fn from_toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        Self::spanned(file, text, error.span().unwrap_or(0..0), error.message().trim())
    }

    /// Adds a remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// One-based line of a byte offset. Every figure read asks for its own: counting byte by byte took a fifth of loading
/// where nothing is optimised.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    memchr::memchr_iter(b'\n', &text.as_bytes()[..offset.min(text.len())]).count() + 1
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| &excerpt.0 as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let range = &self.excerpt.as_ref()?.1;
        Some(Box::new(std::iter::once(LabeledSpan::underline(range.clone()))))
    }
}

/// All problems found; never empty when returned as an error.
#[derive(Debug, Clone, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// `Ok(value)` where nothing was found.
    ///
    /// # Errors
    /// Returns the problems found.
    pub fn or<T>(self, value: T) -> Result<T, Problems> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.0.iter().enumerate() {
            if n > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl Diagnostic for Problems {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.0.iter().map(|p| p as &dyn Diagnostic)))
    }
}

/// The valid names nearest to a misspelt one, best first; empty where none is near.
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = typed.to_lowercase();
    let mut scored: Vec<(f64, &str)> = names
        .map(|name| (strsim::jaro_winkler(&typed, &name.to_lowercase()), name))
        .filter(|(score, _)| *score > 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let mut near: Vec<&str> = Vec::new();
    for (_, name) in scored {
        if near.len() < 3 && !near.contains(&name) {
            near.push(name);
        }
    }
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_near_names_only() {
        assert_eq!(
            nearest("hh20", ["h20", "h200", "h20", "mi300x"].into_iter()),
            ["h20", "h200"]
        );
        assert!(nearest("zzz", ["h20", "mi300x"].into_iter()).is_empty());
    }

    #[test]
    fn a_toml_error_names_its_line() {
        let text = "a = 1\nb = \n";
        let error = toml::from_str::<toml::Table>(text).unwrap_err();
        assert_eq!(Problem::from_toml("x.toml", text, &error).place.line, Some(2));
    }
}
