//! `data/perf/assumed_device.toml`: what is taken for figures that chip files leave out, readable.

use super::typical::{Relation, Siblings, Typical, Unstated};
use crate::catalog::Form;
use crate::data::{DataFile, DataSet, Problem, Problems, source_registered};
use crate::figure::{Grade, Sources};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    source: Spanned<String>,
    grade: Grade,
    figures: usize,
    data: String,
    relation: Vec<RawRelation>,
    #[serde(default)]
    siblings: Vec<RawSiblings>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRelation {
    figure: String,
    #[allow(dead_code)]
    unit: String,
    value: f64,
    low: f64,
    high: f64,
    within: f64,
    chips: usize,
    families: usize,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSiblings {
    family: String,
    form: Form,
    medians: BTreeMap<String, f64>,
}

const HEAD: &str = "\
# What is taken for a figure that a chip file does not state: its relation to what is stated, over the chips of
# data/chips that state both. Written by `strait calibrate devices`; do not edit.
# value: median over families, each counting alike; low, high: an eighth of them lies below, above.
# within: nine of ten chips lie within this of the median of their siblings (same family and form), log.
# A chip whose siblings state a figure takes their median, else the value.
";

impl Typical {
    /// Reads `perf/assumed_device.toml` of a data set.
    ///
    /// # Errors
    /// A file that is missing, and what does not fit in it.
    pub fn load(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        Self::read(data.require("perf/assumed_device.toml")?, sources)
    }

    /// Reads the file.
    ///
    /// # Errors
    /// A source that is not registered, a figure that is missing, unknown, not positive or not in order.
    pub fn read(file: DataFile<'_>, sources: &Sources) -> Result<Self, Problems> {
        let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
        let mut problems = Problems::default();
        if let Err(problem) = source_registered(file, &raw.source, raw.grade, sources) {
            problems.push(problem);
        }
        let mut found = Self {
            figures: raw.figures,
            data: raw.data,
            ..Self::default()
        };
        let known = |name: &str| Unstated::ALL.into_iter().find(|u| u.name() == name);
        for of in Unstated::ALL {
            let Some(r) = raw.relation.iter().find(|r| r.figure == of.name()) else {
                problems.push(Problem::in_file(
                    file.path,
                    format!("no relation of `{}`", of.name()),
                ));
                continue;
            };
            if !(r.low > 0.0
                && r.low <= r.value
                && r.value <= r.high
                && r.high.is_finite()
                && r.within >= 0.0)
            {
                let message = format!(
                    "`{}` has low {}, value {}, high {}",
                    of.name(),
                    r.low,
                    r.value,
                    r.high
                );
                problems.push(Problem::in_file(file.path, message).help("three positive numbers in order"));
            }
            found.relations[of as usize] = Relation {
                value: r.value,
                low: r.low,
                high: r.high,
                within: r.within,
                chips: r.chips,
                families: r.families,
            };
        }
        for name in raw
            .relation
            .iter()
            .map(|r| &r.figure)
            .chain(raw.siblings.iter().flat_map(|s| s.medians.keys()))
        {
            if known(name).is_none() {
                let names: Vec<&str> = Unstated::ALL.iter().map(|u| u.name()).collect();
                let message = format!("`{name}` is no figure that may be left out");
                problems
                    .push(Problem::in_file(file.path, message).help(format!("one of {}", names.join(", "))));
            }
        }
        for s in raw.siblings {
            let mut medians = [None; 6];
            for (name, value) in &s.medians {
                if !(*value > 0.0 && value.is_finite()) {
                    let message = format!("`{name}` of {} is {value}", s.family);
                    problems.push(Problem::in_file(file.path, message).help("a positive number"));
                }
                if let Some(of) = known(name) {
                    medians[of as usize] = Some(*value);
                }
            }
            found.siblings.push(Siblings {
                family: s.family,
                form: s.form,
                medians,
            });
        }
        problems.or(found)
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = format!(
            "{HEAD}\nsource  = \"derived\"\ngrade   = \"derived\"\nfigures = {}   # stated, of all chips and relations\n\
             data    = \"{}\"   # hash of them\n",
            self.figures, self.data
        );
        for of in Unstated::ALL {
            let r = &self.relations[of as usize];
            let _ = write!(
                text,
                "\n# {}\n[[relation]]\nfigure   = \"{}\"\nunit     = \"{}\"\nvalue    = {:?}\nlow      = {:?}\nhigh     = \
                 {:?}\nwithin   = {:?}\nchips    = {}\nfamilies = {}\n",
                of.meaning(),
                of.name(),
                of.unit(),
                r.value,
                r.low,
                r.high,
                r.within,
                r.chips,
                r.families
            );
        }
        for s in &self.siblings {
            let form = if s.form == Form::Card { "card" } else { "module" };
            let _ = write!(
                text,
                "\n[[siblings]]\nfamily = \"{}\"\nform   = \"{form}\"\n[siblings.medians]\n",
                s.family
            );
            for of in Unstated::ALL {
                if let Some(median) = s.medians[of as usize] {
                    let _ = writeln!(text, "\"{}\" = {median:?}", of.name());
                }
            }
        }
        text
    }
}
