//! Texts as facts: days, shares, yes or no, conditions, countries, and what is wrong with one that is none.

use jiff::civil::Date;

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
    pub(crate) fn new(found: &str, what: &'static str, expected: &str) -> Self {
        Self {
            found: found.to_owned(),
            what,
            expected: expected.to_owned(),
            near: Vec::new(),
        }
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
pub(crate) fn read_whole<N: std::str::FromStr>(what: &'static str, text: &str) -> Result<N, BadFact> {
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

/// Countries as typed; `none` alone is nobody.
pub fn read_countries<'t>(typed: impl Iterator<Item = &'t str>) -> Vec<String> {
    let countries = typed.map(str::trim).filter(|country| !country.is_empty());
    let all: Vec<String> = countries.map(str::to_owned).collect();
    match all.as_slice() {
        [one] if one.eq_ignore_ascii_case("none") => Vec::new(),
        _ => all,
    }
}

/// That conditions stated together do not contradict one another.
///
/// # Errors
/// With the first that is stated both met and not met.
pub fn agree(stated: &[(String, bool)]) -> Result<(), BadFact> {
    let twice = |(id, met): &&(String, bool)| stated.iter().any(|(other, m)| other == id && m != met);
    match stated.iter().find(twice) {
        None => Ok(()),
        Some((id, _)) => Err(BadFact::new(
            &format!("{id}=yes and {id}=no"),
            "condition",
            "each condition stated once, met or not met",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_share_is_at_most_all_of_it() {
        assert_eq!((read_share("100"), read_share("50%")), (Ok(100.0), Ok(50.0)));
        assert_eq!(read_share("0"), Ok(0.0));
        for text in ["100.01", "-1", "nan", "inf", ""] {
            assert!(read_share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nobody_is_a_statement() {
        let read = |text: &str| read_countries(text.split(','));
        assert_eq!(read("none"), Vec::<String>::new());
        assert_eq!(read("CN, MY"), ["CN", "MY"]);
        assert_eq!(
            read("none,CN"),
            ["none", "CN"],
            "`none` beside a country is a country nobody knows"
        );
    }
}
