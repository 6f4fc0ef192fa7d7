//! The lanes of a chip's timeline: what each side said of it, and until when.

use super::word;
use crate::chart::{Chart, Lane, Span, Tone, lanes};
use jiff::ToSpan;
use jiff::civil::Date;
use strait::brief::TimelineRow;
use strait::rules::{ChinaState, License};

/// Draws the timeline, or nothing where nothing ever changed.
pub(super) fn chart(chip: &str, to: &str, (on, known): (Date, Date), rows: &[TimelineRow]) -> Chart {
    let days = || rows.iter().map(|r| r.on);
    let Some(last) = days().chain([on, known]).max() else {
        return Chart::default();
    };
    let end = last.checked_add(1.month()).unwrap_or(last);
    let first = days().chain([on]).min().unwrap_or(on);
    let begin = first.checked_sub(1.month()).unwrap_or(first);
    let license: Vec<_> = dated(rows, |r| r.license);
    let china: Vec<_> = dated(rows, |r| r.china);
    let mut picture = Vec::new();
    if !license.is_empty() {
        picture.push(Lane {
            label: "US license".into(),
            spans: spans(&license, (begin, end), license_tone),
        });
    }
    if !china.is_empty() {
        picture.push(Lane {
            label: "China side".into(),
            spans: spans(&china, (begin, end), china_tone),
        });
    }
    let title = format!("What the law said of {chip} to {to}");
    let description = "Lanes of the US license requirement and the China-side state over time; the table of changes has the same dates.";
    lanes(&title, description, (begin, end), on, &picture)
}

fn dated<S: Copy>(rows: &[TimelineRow], pick: impl Fn(&TimelineRow) -> (S, S)) -> Vec<(Date, S, S)> {
    let mut changes: Vec<_> = rows
        .iter()
        .map(|row| (row.on, pick(row).0, pick(row).1))
        .collect();
    changes.sort_by_key(|(day, _, _)| *day);
    changes
}

fn spans<S: Copy + PartialEq + serde::Serialize>(
    changes: &[(Date, S, S)],
    (begin, end): (Date, Date),
    tone: fn(S) -> Tone,
) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut from = begin;
    let mut state = changes[0].1;
    let ends = changes.iter().map(|(day, _, after)| (*day, Some(*after)));
    for (day, after) in ends.chain([(end, None)]) {
        if after != Some(state) {
            if day > from {
                out.push(Span {
                    from,
                    to: day,
                    text: word(&state),
                    tone: tone(state),
                });
            }
            from = day.max(begin);
            state = after.unwrap_or(state);
        }
    }
    out
}

fn license_tone(license: License) -> Tone {
    match license {
        License::NoneFound | License::NotSubject => Tone::Open,
        License::ExceptionAvailable => Tone::Middle,
        License::Required => Tone::Shut,
        License::NotInForce | License::Unknown => Tone::Blank,
    }
}

fn china_tone(state: ChinaState) -> Tone {
    match state {
        ChinaState::None => Tone::Open,
        ChinaState::Discouraged | ChinaState::Conditional | ChinaState::Quota => Tone::Middle,
        ChinaState::Banned => Tone::Shut,
        ChinaState::Unknown => Tone::Blank,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_change_ends_one_span_and_begins_the_next() {
        let changes = [
            (date(2023, 10, 17), License::NoneFound, License::Required),
            (date(2024, 1, 1), License::Required, License::Required),
        ];
        let spans = spans(&changes, (date(2022, 8, 1), date(2025, 1, 1)), license_tone);
        let dates: Vec<_> = spans.iter().map(|s| (s.from, s.to, s.text.as_str())).collect();
        assert_eq!(
            dates,
            [
                (date(2022, 8, 1), date(2023, 10, 17), "none found"),
                (date(2023, 10, 17), date(2025, 1, 1), "required")
            ]
        );
    }
}
