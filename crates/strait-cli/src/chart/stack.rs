//! Stacked horizontal bars of shares that sum to one.

use super::canvas::{DrawResult, INK, MUTED, WIDTH, colour, label, picture};
use super::{Chart, cells};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// One bar: shares by series, in the order of the legend; what is missing to one stays empty.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Bold line above, where a new group of bars begins.
    pub(crate) heading: Option<String>,
    /// Label at the left.
    pub(crate) label: String,
    /// Series number and share.
    pub(crate) parts: Vec<(usize, f64)>,
}

const LEFT: i32 = 190;
const RIGHT: i32 = 20;
const ROW: i32 = 22;
const HEAD: i32 = 26;
const LEGEND_COLUMNS: i32 = 4;
const LEGEND_ROW: i32 = 20;

/// Draws the bars with a legend below; the last series is drawn grey (spent otherwise).
pub(crate) fn stack(title: &str, description: &str, series: &[String], rows: &[Row]) -> Chart {
    if rows.is_empty() || series.is_empty() {
        return Chart::default();
    }
    let heads = rows.iter().filter(|r| r.heading.is_some()).count();
    let body = ROW * count(rows.len()) + HEAD * count(heads);
    let legend = LEGEND_ROW * ((count(series.len()) + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS);
    let drawn = picture(title, description, (body + 34 + legend).unsigned_abs(), |root| {
        draw(root, series, rows, body)
    });
    Chart {
        numbers: numbers(series, rows),
        ..drawn
    }
}

fn numbers(series: &[String], rows: &[Row]) -> Vec<Vec<String>> {
    let mut out = vec![cells(["group", "bar", "part", "share"])];
    let mut group = "";
    for row in rows {
        group = row.heading.as_deref().unwrap_or(group);
        for (n, share) in &row.parts {
            let part = series.get(*n).map_or("", String::as_str);
            out.push(cells([group, &row.label, part, &share.to_string()]));
        }
    }
    out
}

fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX / 1000)
}

fn fill(n: usize, of: usize) -> RGBColor {
    if n + 1 == of {
        RGBColor(176, 176, 176)
    } else {
        colour(n)
    }
}

fn draw(root: &DrawingArea<SVGBackend<'_>, Shift>, series: &[String], rows: &[Row], body: i32) -> DrawResult {
    let width = i32::try_from(WIDTH)? - LEFT - RIGHT;
    #[allow(clippy::cast_possible_truncation, reason = "a pixel inside the picture")]
    let x = |share: f64| LEFT + (f64::from(width) * share.clamp(0.0, 1.0)).round() as i32;
    let mut y = 0;
    for row in rows {
        if let Some(heading) = &row.heading {
            root.draw(&Text::new(
                heading.clone(),
                (4, y + HEAD / 2 + 2),
                label(13, INK, HPos::Left),
            ))?;
            y += HEAD;
        }
        let middle = y + ROW / 2;
        root.draw(&Text::new(
            row.label.clone(),
            (LEFT - 8, middle),
            label(12, INK, HPos::Right),
        ))?;
        let mut from = 0.0;
        for (n, share) in &row.parts {
            let to = from + share;
            let ends = [(x(from), middle - 8), (x(to), middle + 8)];
            root.draw(&Rectangle::new(ends, fill(*n, series.len()).filled()))?;
            if *share >= 0.06 {
                let text = format!("{:.0} %", share * 100.0);
                root.draw(&Text::new(
                    text,
                    ((x(from) + x(to)) / 2, middle),
                    label(11, BLACK, HPos::Center),
                ))?;
            }
            from = to;
        }
        y += ROW;
    }
    for percent in [0, 25, 50, 75, 100] {
        let at = x(f64::from(percent) / 100.0);
        root.draw(&Text::new(
            format!("{percent} %"),
            (at, body + 10),
            label(11, MUTED, HPos::Center),
        ))?;
    }
    let column = (i32::try_from(WIDTH)? - 8) / LEGEND_COLUMNS;
    for (n, name) in series.iter().enumerate() {
        let left = 4 + column * (count(n) % LEGEND_COLUMNS);
        let middle = body + 36 + LEGEND_ROW * (count(n) / LEGEND_COLUMNS);
        let ends = [(left, middle - 6), (left + 12, middle + 6)];
        root.draw(&Rectangle::new(ends, fill(n, series.len()).filled()))?;
        root.draw(&Text::new(
            name.clone(),
            (left + 18, middle),
            label(12, INK, HPos::Left),
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_side_by_side_and_fill_their_share() {
        let rows = [Row {
            heading: None,
            label: "platform".into(),
            parts: vec![(0, 0.25), (1, 0.75)],
        }];
        let svg = stack("t", "d", &["H20".into(), "other".into()], &rows).svg;
        let doc = roxmltree::Document::parse(&svg).expect("well-formed");
        let parts: Vec<(f64, f64)> = doc
            .descendants()
            .filter(|n| n.has_tag_name("rect"))
            .filter_map(|n| {
                Some((
                    n.attribute("x")?.parse().ok()?,
                    n.attribute("width")?.parse().ok()?,
                ))
            })
            .take(2)
            .collect();
        // 650 units wide from 190.
        assert!(
            (parts[0].1 - 162.5).abs() <= 1.0 && (parts[1].1 - 487.5).abs() <= 1.0,
            "{parts:?}"
        );
        assert!((parts[1].0 - (parts[0].0 + parts[0].1)).abs() <= 1.0);
    }
}
