//! What was fitted, as the text of `data/perf/operators.toml`.

use super::{Kernels, Origin};
use crate::perf::ops::Family;
use std::fmt::Write as _;

impl Kernels {
    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::from(HEAD);
        let _ = write!(
            text,
            "\n[fit]\nsource  = \"{}\"\ngrade   = \"derived\"\ndata    = \"{}\"   # hash of the measured folder\nseed    = {}\nsample  = {}   # rows drawn a chip, operator and precision\nbetween = {}   # spread of a left-out chip's bias, log, pooled over operators\n",
            self.origin.source,
            self.origin.data,
            self.seed,
            self.sample,
            three(self.between)
        );
        for ((operator, precision), set) in &self.sets {
            let chips: Vec<String> = set.chips.iter().map(|c| format!("\"{c}\"")).collect();
            let _ = write!(
                text,
                "\n[[set]]\noperator  = \"{operator}\"\nprecision = \"{precision}\"\nrows      = {}\nchips     = [{}]\n{}[set.values]\n",
                set.rows,
                chips.join(", "),
                kept(set.kept.as_ref())
            );
            for (parameter, value) in Family::list(*operator).iter().zip(&set.values) {
                let _ = writeln!(
                    text,
                    "{:<10} = {:<10} # {}{}{}",
                    parameter.name,
                    number(*value),
                    parameter.meaning,
                    if parameter.unit == "1" {
                        String::new()
                    } else {
                        format!(", {}", parameter.unit)
                    },
                    if parameter.sigma > 0.0 {
                        ""
                    } else {
                        " (not fitted)"
                    }
                );
            }
        }
        text.push_str(ENGINES);
        for ((operator, precision, engine), fit) in &self.engines {
            let f = fit.factors;
            let _ = write!(
                text,
                "[[engine]]\noperator  = \"{operator}\"\nprecision = \"{precision}\"\nengine    = \"{engine}\"\nversions  = \"{}\"\nrows      = {}\n{}launch    = {}\ncompute   = {}\nmemory    = {}\n",
                fit.versions,
                fit.rows,
                kept(fit.kept.as_ref()),
                three(f.launch),
                three(f.compute),
                three(f.memory)
            );
        }
        text.push_str(SPREADS);
        for ((operator, precision), s) in &self.spreads {
            let _ = write!(
                text,
                "[[spread]]\noperator  = \"{operator}\"\nprecision = \"{precision}\"\nbetween   = {}\nshort     = {}\nlong      = {}\n",
                three(s.between),
                three(s.short),
                three(s.long)
            );
        }
        text
    }
}

const HEAD: &str = "\
# Physical parameters of operator families, fitted to measured calls by `strait calibrate`; do not edit.
# One set serves every chip: what differs between chips stands in their files. A precision that was never
# measured takes the set of the next wider one.
";
const ENGINES: &str = "
# How an engine's kernels stand to the set above: factors on launch cost, arithmetic and memory time.
";
const SPREADS: &str = "
# Spread of the logarithm of a time: between chips that were left out of the fit (pooled over operators), and
# what holds 90 % of the calls of a further chip about its bias, under and over 20 us. The 90 % interval is
# the root of (2.353 between)^2 + within^2, 2.353 being Student's t of three degrees of freedom.
";

/// Lines that say where a set or an engine's factors were kept from.
fn kept(origin: Option<&Origin>) -> String {
    origin.map_or_else(String::new, |o| {
        format!("source    = \"{}\"\ndata      = \"{}\"\n", o.source, o.data)
    })
}

fn number(x: f64) -> String {
    let text = format!("{x}");
    if text.contains('.') {
        text
    } else {
        format!("{text}.0")
    }
}

fn three(x: f64) -> String {
    format!("{x:.3}")
}
