//! A timeline in lanes: which state held when.

use super::canvas::{DrawResult, INK, MUTED, WIDTH, label, picture};
use super::{Chart, cells};
use jiff::civil::Date;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// How a state is coloured; every span carries its word, colour only repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing stands in the way, as far as read.
    Open,
    /// With conditions.
    Middle,
    /// Refused or banned.
    Shut,
    /// Not known or not in force.
    Blank,
}

/// A state from one day to another.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    /// First day.
    pub(crate) from: Date,
    /// Day it ends.
    pub(crate) to: Date,
    /// The state's word.
    pub(crate) text: String,
    /// Colour.
    pub(crate) tone: Tone,
}

/// A row of spans.
#[derive(Debug, Clone)]
pub(crate) struct Lane {
    /// Name at the left.
    pub(crate) label: String,
    /// Spans in order of time.
    pub(crate) spans: Vec<Span>,
}

const LEFT: i32 = 90;
const RIGHT: i32 = 20;
const ROW: i32 = 34;
const TOP: i32 = 18;

/// Draws the lanes between two days with a mark on the day asked.
pub(crate) fn lanes(title: &str, description: &str, days: (Date, Date), asked: Date, rows: &[Lane]) -> Chart {
    if rows.is_empty() || days.0 >= days.1 {
        return Chart::default();
    }
    let body = ROW * i32::try_from(rows.len()).unwrap_or(1);
    let drawn = picture(title, description, (TOP + body + 26).unsigned_abs(), |root| {
        draw(root, days, asked, rows, body)
    });
    let mut numbers = vec![cells(["lane", "from", "to", "state"])];
    for lane in rows {
        let spans = lane.spans.iter();
        numbers.extend(spans.map(|s| cells([&lane.label, &s.from.to_string(), &s.to.to_string(), &s.text])));
    }
    Chart { numbers, ..drawn }
}

fn fill(tone: Tone) -> RGBColor {
    match tone {
        Tone::Open => RGBColor(143, 205, 176),
        Tone::Middle => RGBColor(244, 211, 122),
        Tone::Shut => RGBColor(236, 150, 122),
        Tone::Blank => RGBColor(208, 208, 208),
    }
}

fn draw(
    root: &DrawingArea<SVGBackend<'_>, Shift>,
    (first, last): (Date, Date),
    asked: Date,
    rows: &[Lane],
    body: i32,
) -> DrawResult {
    let width = i32::try_from(WIDTH)? - LEFT - RIGHT;
    let days = |d: Date| d.since(first).map_or(0, |s| s.get_days());
    let whole = days(last).max(1);
    let x = |d: Date| LEFT + width * days(d).clamp(0, whole) / whole;
    let bottom = TOP + body;
    for year in first.year()..=last.year() {
        let day = Date::new(year, 1, 1)?;
        if day >= first && day <= last {
            root.draw(&PathElement::new(
                [(x(day), TOP), (x(day), bottom + 4)],
                MUTED.mix(0.5),
            ))?;
            root.draw(&Text::new(
                year.to_string(),
                (x(day), bottom + 14),
                label(11, MUTED, HPos::Center),
            ))?;
        }
    }
    let mut y = TOP;
    for row in rows {
        let middle = y + ROW / 2;
        root.draw(&Text::new(
            row.label.clone(),
            (4, middle),
            label(12, INK, HPos::Left),
        ))?;
        for span in &row.spans {
            let (from, to) = (x(span.from), x(span.to));
            root.draw(&Rectangle::new(
                [(from, y + 5), (to, y + ROW - 5)],
                fill(span.tone).filled(),
            ))?;
            root.draw(&PathElement::new([(from, y + 5), (from, y + ROW - 5)], WHITE))?;
            let needed = i32::try_from(span.text.chars().count()).unwrap_or(0) * 6 + 6;
            if to - from >= needed {
                root.draw(&Text::new(
                    span.text.clone(),
                    ((from + to) / 2, middle),
                    label(11, BLACK, HPos::Center),
                ))?;
            }
        }
        y += ROW;
    }
    root.draw(&PathElement::new(
        [(x(asked), TOP - 4), (x(asked), bottom)],
        INK.stroke_width(2),
    ))?;
    root.draw(&Text::new(
        asked.to_string(),
        (x(asked), 7),
        label(11, INK, HPos::Center),
    ))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_span_of_half_the_time_takes_half_the_width() {
        let row = Lane {
            label: "US".into(),
            spans: vec![Span {
                from: date(2023, 1, 1),
                to: date(2024, 1, 1),
                text: "required".into(),
                tone: Tone::Middle,
            }],
        };
        let days = (date(2023, 1, 1), date(2025, 1, 1));
        let svg = lanes("t", "d", days, date(2023, 6, 1), &[row]).svg;
        let doc = roxmltree::Document::parse(&svg).expect("well-formed");
        let rect = doc
            .descendants()
            .find(|n| n.has_tag_name("rect"))
            .expect("a span");
        let width: f64 = rect.attribute("width").expect("width").parse().expect("number");
        // 750 units for 731 days, 365 of them.
        assert!((width - 374.0).abs() <= 1.0, "{width}");
        assert!(svg.contains("required") && svg.contains("2023-06-01"));
    }
}
