//! What all charts share: palette, text styles, and the finished SVG's title, description and scaling.

use super::Chart;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write as _;

/// Width of every chart, in SVG units; the page scales it.
pub(super) const WIDTH: u32 = 860;
/// Stands for the page's text colour until [`finish`] replaces it.
pub(super) const INK: RGBColor = RGBColor(1, 2, 3);
/// Stands for the page's muted colour.
pub(super) const MUTED: RGBColor = RGBColor(4, 5, 6);

/// Colours told apart also by readers with a colour vision deficiency (Okabe and Ito's set, reordered).
const PALETTE: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(213, 94, 0),
    RGBColor(160, 148, 40),
    RGBColor(110, 90, 170),
];

/// Colour of the n-th series.
pub(super) fn colour(n: usize) -> RGBColor {
    PALETTE[n % PALETTE.len()]
}

/// A text style of a size and colour, anchored left, centre or right of its point and in its middle.
pub(super) fn label(size: u32, colour: RGBColor, side: HPos) -> TextStyle<'static> {
    let mut style = TextStyle::from(("sans-serif", size).into_font());
    style.color = colour.to_backend_color();
    style.pos = Pos::new(side, VPos::Center);
    style
}

/// Draws with `draw` on a canvas of the given height and returns the finished picture; empty where the
/// drawing library refuses, since a page without its picture still has the table.
pub(super) fn picture(
    title: &str,
    description: &str,
    height: u32,
    draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, plotters::coord::Shift>) -> DrawResult,
) -> Chart {
    let mut svg = String::new();
    let drawn = {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        draw(&root).and_then(|()| Ok(root.present()?))
    };
    match drawn {
        Ok(()) => Chart {
            title: title.to_owned(),
            height,
            svg: finish(&svg, title, description, height),
            numbers: Vec::new(),
        },
        Err(_) => Chart::default(),
    }
}

/// Result of a drawing; the string backend has no errors of its own to tell.
pub(super) type DrawResult = Result<(), Box<dyn std::error::Error>>;

fn finish(svg: &str, title: &str, description: &str, height: u32) -> String {
    let body = svg.split_once('>').map_or("", |(_, rest)| rest);
    let mut out = String::with_capacity(svg.len() + 400);
    write!(
        out,
        "<svg role=\"img\" viewBox=\"0 0 {WIDTH} {height}\" xmlns=\"http://www.w3.org/2000/svg\">\
         <title>{}</title><desc>{}</desc>",
        escape(title),
        escape(description)
    )
    .expect("to a string");
    out.push_str(
        &body
            .replace("\"#010203\"", "\"currentColor\"")
            .replace("\"#040506\"", "\"var(--muted)\"")
            .replace("font-family=\"sans-serif\"", ""),
    );
    out
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A step of 1, 2 or 5 times a power of ten that cuts `top` in four to eight.
pub(super) fn step(top: f64) -> f64 {
    let rough = top / 5.0;
    let power = 10f64.powf(rough.log10().floor());
    let times = rough / power;
    power
        * if times < 1.5 {
            1.0
        } else if times < 3.5 {
            2.0
        } else if times < 7.5 {
            5.0
        } else {
            10.0
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        for (top, expected) in [(1.0, 0.2), (7.3, 1.0), (12.0, 2.0), (300.0, 50.0)] {
            assert!((step(top) - expected).abs() < 1e-12, "{top}: {}", step(top));
        }
    }
}
