//! Horizontal bars in groups, each with a whisker over its interval.

use super::canvas::{DrawResult, INK, MUTED, WIDTH, colour, label, picture, step};
use super::{Chart, cells};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// One bar.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// What it stands for.
    pub(crate) label: String,
    /// Series number: bars of one chip share a colour over all groups.
    pub(crate) series: usize,
    /// Central value, low and high end; `None` where nothing is known, which is written out.
    pub(crate) value: Option<(f64, f64, f64)>,
}

/// Bars under one heading.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Heading.
    pub(crate) label: String,
    /// Bars.
    pub(crate) bars: Vec<Bar>,
}

const ROW: i32 = 17;
const HEAD: i32 = 24;
const LEFT: i32 = 190;
const RIGHT: i32 = 70;
const TOP: i32 = 8;
const BOTTOM: i32 = 42;

/// Draws groups of bars from zero; `reference` is a vertical line (1 for ratios).
///
/// A whisker that would make every bar short is cut at twice the largest central value and ends in an
/// arrow's place at the edge; the table has its end.
pub(crate) fn bars(
    title: &str,
    description: &str,
    axis: &str,
    reference: Option<f64>,
    groups: &[Group],
) -> Chart {
    let values = || groups.iter().flat_map(|g| &g.bars).filter_map(|b| b.value);
    let largest = values().map(|v| v.0).fold(reference.unwrap_or(0.0), f64::max);
    let top = values().map(|v| v.2).fold(largest, f64::max).min(2.0 * largest);
    if top <= 0.0 || !top.is_finite() {
        return Chart::default();
    }
    let rows: i32 = groups.iter().map(|g| HEAD + ROW * length(g.bars.len())).sum();
    let height = rows + TOP + BOTTOM;
    let drawn = picture(title, description, height.unsigned_abs(), |root| {
        draw(root, axis, reference, groups, top, rows)
    });
    Chart {
        numbers: numbers(groups),
        ..drawn
    }
}

fn numbers(groups: &[Group]) -> Vec<Vec<String>> {
    let mut rows = vec![cells(["group", "bar", "value", "low", "high"])];
    for group in groups {
        for bar in &group.bars {
            let [value, low, high] = match bar.value {
                Some((value, low, high)) => [value, low, high].map(|x| x.to_string()),
                None => Default::default(),
            };
            rows.push(cells([&group.label, &bar.label, &value, &low, &high]));
        }
    }
    rows
}

fn length(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX / 1000)
}

fn draw(
    root: &DrawingArea<SVGBackend<'_>, Shift>,
    axis: &str,
    reference: Option<f64>,
    groups: &[Group],
    top: f64,
    rows: i32,
) -> DrawResult {
    let width = i32::try_from(WIDTH)? - LEFT - RIGHT;
    #[allow(clippy::cast_possible_truncation, reason = "a pixel inside the picture")]
    let x = |v: f64| LEFT + (f64::from(width) * (v / top).clamp(0.0, 1.0)).round() as i32;
    let bottom = TOP + rows;
    let step = step(top);
    for n in 0..=20 {
        let v = step * f64::from(n);
        if v > top * 1.0001 {
            break;
        }
        root.draw(&PathElement::new([(x(v), TOP), (x(v), bottom)], MUTED.mix(0.25)))?;
        let text = if step < 1.0 {
            format!("{v:.1}")
        } else {
            format!("{v:.0}")
        };
        root.draw(&Text::new(
            text,
            (x(v), bottom + 11),
            label(11, MUTED, HPos::Center),
        ))?;
    }
    root.draw(&Text::new(
        axis.to_owned(),
        (LEFT + width / 2, bottom + 29),
        label(12, MUTED, HPos::Center),
    ))?;
    if let Some(v) = reference {
        root.draw(&PathElement::new(
            [(x(v), TOP), (x(v), bottom)],
            INK.stroke_width(1),
        ))?;
    }
    let mut y = TOP;
    for group in groups {
        root.draw(&Text::new(
            group.label.clone(),
            (4, y + HEAD / 2 + 2),
            label(13, INK, HPos::Left),
        ))?;
        y += HEAD;
        for bar in &group.bars {
            let middle = y + ROW / 2;
            root.draw(&Text::new(
                bar.label.clone(),
                (LEFT - 8, middle),
                label(12, INK, HPos::Right),
            ))?;
            if let Some((value, low, high)) = bar.value {
                let fill = colour(bar.series);
                root.draw(&Rectangle::new(
                    [(LEFT, middle - 5), (x(value), middle + 5)],
                    fill.filled(),
                ))?;
                root.draw(&PathElement::new(
                    [(x(low), middle), (x(high), middle)],
                    INK.stroke_width(1),
                ))?;
                for end in [low, high] {
                    if end <= top {
                        root.draw(&PathElement::new(
                            [(x(end), middle - 3), (x(end), middle + 3)],
                            INK,
                        ))?;
                    }
                }
                let at = x(high.max(value)) + 6;
                root.draw(&Text::new(
                    short(value),
                    (at, middle),
                    label(11, MUTED, HPos::Left),
                ))?;
            } else {
                root.draw(&Text::new(
                    "unknown",
                    (LEFT + 6, middle),
                    label(11, MUTED, HPos::Left),
                ))?;
            }
            y += ROW;
        }
    }
    Ok(())
}

fn short(value: f64) -> String {
    if value < 10.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(value: Option<(f64, f64, f64)>) -> Vec<Group> {
        vec![Group {
            label: "chat <serving>".into(),
            bars: vec![Bar {
                label: "H20 & co".into(),
                series: 0,
                value,
            }],
        }]
    }

    #[test]
    fn draws_a_bar_as_long_as_its_value_and_escapes_names() {
        let svg = bars("t <1>", "d", "relative", Some(1.0), &one(Some((2.0, 1.0, 4.0)))).svg;
        let doc = roxmltree::Document::parse(&svg).expect("well-formed");
        let widths: Vec<f64> = doc
            .descendants()
            .filter(|n| n.has_tag_name("rect"))
            .filter_map(|n| n.attribute("width")?.parse().ok())
            .collect();
        // Axis ends at the whisker, 4: the bar takes half of the 600 units.
        assert_eq!(widths, [300.0]);
        assert!(svg.contains("H20 &amp; co") && svg.contains("t &lt;1&gt;"));
    }

    #[test]
    fn says_unknown_where_nothing_is_known() {
        assert!(bars("t", "d", "x", Some(1.0), &one(None)).svg.contains("unknown"));
        assert!(bars("t", "d", "x", None, &one(None)).svg.is_empty());
    }
}
