//! A chart outside its page: an SVG file that any reader shows, and a CSV file, both with the line to cite them by.

use super::Chart;
use super::canvas::{WIDTH, escape};
use miette::{IntoDiagnostic, Result};
use std::fmt::Write as _;

const HEAD: u32 = 30;
const LINE: u32 = 16;
const INK: &str = "#1a1a1a";
const MUTED: &str = "#62625e";

impl Chart {
    /// The picture with its title above and the lines to cite it by below, in colours of its own.
    pub(crate) fn alone(&self, cite: &[String]) -> String {
        let lines = u32::try_from(cite.len()).unwrap_or(0);
        let height = HEAD + self.height + LINE * lines + 10;
        let inner = self
            .svg
            .replacen(
                "<svg ",
                &format!("<svg y=\"{HEAD}\" width=\"{WIDTH}\" height=\"{}\" ", self.height),
                1,
            )
            .replace("currentColor", INK)
            .replace("var(--muted)", MUTED);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\">\n\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
             <text x=\"10\" y=\"21\" font-size=\"16\" font-weight=\"600\" fill=\"{INK}\">{}</text>\n{inner}\n",
            escape(&self.title)
        );
        for (n, line) in (1..).zip(cite) {
            let y = HEAD + self.height + LINE * n;
            writeln!(
                out,
                "<text x=\"10\" y=\"{y}\" font-size=\"11\" fill=\"{MUTED}\">{}</text>",
                escape(line)
            )
            .expect("to a string");
        }
        out.push_str("</svg>\n");
        out
    }

    /// The numbers as CSV under the same lines, each behind `#`.
    pub(crate) fn csv(&self, cite: &[String]) -> Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in &self.numbers {
            writer.write_record(row).into_diagnostic()?;
        }
        let body = String::from_utf8(writer.into_inner().into_diagnostic()?).into_diagnostic()?;
        let mut out = format!("# {}\n", self.title);
        for line in cite {
            writeln!(out, "# {line}").expect("to a string");
        }
        out.push_str(&body);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use crate::chart::{Bar, Group, bars};

    #[test]
    fn a_chart_alone_is_an_image_with_its_numbers_and_citation() {
        let bar = |label: &str, value| Bar {
            label: label.into(),
            series: 0,
            value,
        };
        let group = Group {
            label: "chat, one node".into(),
            bars: vec![bar("H20 <A>", Some((1.0, 0.5, 2.0))), bar("P800", None)],
        };
        let chart = bars("Rates & more", "d", "axis", Some(1.0), &[group]);
        let cite = ["strait <x>".to_owned(), "CC BY 4.0".to_owned()];
        let svg = chart.alone(&cite);
        let read = roxmltree::Document::parse(&svg).expect("well-formed XML");
        let texts: Vec<&str> = read
            .descendants()
            .filter(|n| n.has_tag_name("text"))
            .filter_map(|n| n.text())
            .map(str::trim)
            .collect();
        for expected in ["Rates & more", "strait <x>", "CC BY 4.0", "H20 <A>"] {
            assert!(texts.contains(&expected), "no {expected} in {texts:?}");
        }
        assert!(!svg.contains("currentColor") && !svg.contains("var("));
        assert_eq!(
            chart.csv(&cite).unwrap(),
            "# Rates & more\n# strait <x>\n# CC BY 4.0\ngroup,bar,value,low,high\n\
             \"chat, one node\",H20 <A>,1,0.5,2\n\"chat, one node\",P800,,,\n"
        );
    }
}
