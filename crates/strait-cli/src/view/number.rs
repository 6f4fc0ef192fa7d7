//! Numbers and closed vocabularies as people read them.

use serde::Serialize;
use strait::figure::{Estimate, Flip, NOTHING, Need, Quantity};

/// A computed number: three significant digits, thousands set apart.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return "–".to_owned();
    }
    #[allow(clippy::cast_possible_truncation, reason = "an exponent of ten")]
    let magnitude = value.abs().log10().floor() as i32;
    if magnitude >= 3 {
        let unit = 10f64.powi(magnitude - 2);
        return grouped((value / unit).round() * unit);
    }
    let decimals = usize::try_from(2 - magnitude).unwrap_or(0).min(6);
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A number as somebody gave it: every digit, thousands set apart.
pub(crate) fn given(value: f64) -> String {
    let text = value.to_string();
    match text.split_once('.') {
        Some((_, fraction)) => format!("{}.{fraction}", grouped(value.trunc())),
        None => grouped(value),
    }
}

fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if value < 0.0 { format!("-{out}") } else { out }
}

/// A count of things.
pub(crate) fn count(n: usize) -> String {
    given(f64::from(u32::try_from(n).unwrap_or(u32::MAX)))
}

/// `1,240 (1,100–1,400)`, without the unit; the bracket only where the ends differ.
pub(crate) fn estimate<Q: Quantity>(value: &Estimate<Q>) -> String {
    interval(value.value.get(), value.low.get(), value.high.get())
}

/// The same in another scale of the unit (`1e-6` for millions).
pub(crate) fn scaled<Q: Quantity>(value: &Estimate<Q>, scale: f64) -> String {
    interval(
        value.value.get() * scale,
        value.low.get() * scale,
        value.high.get() * scale,
    )
}

fn interval(value: f64, low: f64, high: f64) -> String {
    let (middle, low, high) = (number(value), number(low), number(high));
    if low == middle && high == middle {
        middle
    } else {
        format!("{middle} ({low}–{high})")
    }
}

/// A ratio with its interval.
pub(crate) fn ratio((value, low, high): (f64, f64, f64)) -> String {
    format!("{value:.2} ({low:.2}–{high:.2})")
}

/// A share between 0 and 1 as percent with its band.
pub(crate) fn share(value: f64, low: f64, high: f64) -> String {
    format!("{:.0} % ({:.0}–{:.0})", value * 100.0, low * 100.0, high * 100.0)
}

/// A word of a closed vocabulary, as the JSON writes it but with spaces.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => spaced(&text),
        Ok(serde_json::Value::Null) | Err(_) => "–".to_owned(),
        Ok(other) => other.to_string(),
    }
}

/// A missing fact in one line: what, why, and how to give it.
pub(crate) fn need(need: &Need) -> String {
    let flag = need
        .flag
        .as_ref()
        .map_or_else(String::new, |f| format!(" (give it by {f})"));
    format!("{}{flag}: {}{}", need.fact, need.why, flips(&need.flips))
}

/// What each value would lead to: `; if true: license required; if false: nothing changes by itself`. Values
/// that lead to the same stand together.
pub(crate) fn flips(flips: &[Flip]) -> String {
    if let [first, rest @ ..] = flips
        && first.then == NOTHING
        && rest.iter().all(|flip| flip.then == NOTHING)
    {
        return "; no value changes the answer by itself".to_owned();
    }
    let mut told: Vec<(&str, Vec<&str>)> = Vec::new();
    for flip in flips {
        match told.iter_mut().find(|(then, _)| *then == flip.then) {
            Some((_, whens)) => whens.push(&flip.when),
            None => told.push((&flip.then, vec![&flip.when])),
        }
    }
    told.iter()
        .map(|(then, whens)| format!("; if {}: {}", whens.join(" or "), spaced(then)))
        .collect()
}

/// A count of days.
pub(crate) fn days(n: i64) -> String {
    format!("{n} {}", if n == 1 { "day" } else { "days" })
}

/// A word of a closed vocabulary with spaces; an ECCN keeps its capital.
pub(crate) fn spaced(word: &str) -> String {
    word.replace('_', " ").replace("3a090", "3A090")
}

/// Missing facts in one line.
pub(crate) fn unknown(needs: &[Need]) -> String {
    if needs.is_empty() {
        return "unknown".to_owned();
    }
    format!(
        "unknown, needs {}",
        needs
            .iter()
            .map(|n| n.fact.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use strait::figure::TokensPerSecond;

    #[test]
    fn three_digits_and_grouped_thousands() {
        for (value, text) in [
            (0.0, "0"),
            (0.001234, "0.00123"),
            (2.5, "2.5"),
            (12.34, "12.3"),
            (999.0, "999"),
            (1234.5, "1,230"),
            (9996.0, "10,000"),
            (1_234_567.0, "1,230,000"),
        ] {
            assert_eq!(number(value), text);
        }
        for (value, text) in [(1028.0, "1,028"), (0.5, "0.5"), (1234.25, "1,234.25")] {
            assert_eq!(given(value), text);
        }
    }

    #[test]
    fn an_exact_value_has_no_bracket() {
        let of = TokensPerSecond::of;
        assert_eq!(estimate(&Estimate::exact(of(1500.0))), "1,500");
        assert_eq!(
            estimate(&Estimate::new(of(1500.0), of(1000.0), of(2000.0))),
            "1,500 (1,000–2,000)"
        );
    }
}
