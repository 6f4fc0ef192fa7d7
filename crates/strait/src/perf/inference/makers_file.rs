//! `data/perf/makers.toml`: how mature kernels are on chips of other makers, readable.

use super::Served;
use super::makers::{Makers, Maturity};
use crate::data::{DataFile, Problem, Problems};
use serde::Deserialize;
use std::fmt::Write as _;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    fit: RawFit,
    others: RawMaturity,
    served: RawServed,
    #[serde(default)]
    maker: Vec<RawNamed>,
    #[serde(default)]
    family: Vec<RawNamed>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFit {
    #[allow(dead_code)]
    source: String,
    #[allow(dead_code)]
    grade: String,
    rates: usize,
    data: String,
    between_compute: f64,
    between_memory: f64,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawServed {
    makers: usize,
    reports: usize,
    rows: usize,
    maker: f64,
    report: f64,
    run: f64,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMaturity {
    compute: f64,
    memory: f64,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNamed {
    id: String,
    compute: f64,
    memory: f64,
}

const HEAD: &str = "\
# How much longer kernels take on chips of other makers than as if by the kernels the operators were fitted to (all of
# one maker, whose chips take 1): factors on time of arithmetic and of memory. Fitted by `strait calibrate makers` to
# rates that somebody measured (data/validation/chip_rates.csv), no served run among them; do not edit. A family is
# drawn to its maker, a maker to the mean of makers, that to 1. Served rates widen the interval alone, and only those
# marked `calibrate` in data/validation/performance.csv.
";

impl Makers {
    /// Reads the file.
    ///
    /// # Errors
    /// A factor that is no positive number, and what else does not fit.
    pub fn read(file: DataFile<'_>) -> Result<Self, Problems> {
        let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
        let mut problems = Problems::default();
        let served = raw.served;
        for (name, value) in [
            ("maker", served.maker),
            ("report", served.report),
            ("run", served.run),
        ] {
            if !(0.0..=3.0).contains(&value) {
                let message = format!("`{name}` of `[served]` is {value}");
                problems.push(Problem::in_file(file.path, message).help("a number from 0 to 3"));
            }
        }
        let mut factors = |of: &str, compute: f64, memory: f64| {
            if !(0.2..=10.0).contains(&compute) || !(0.2..=10.0).contains(&memory) {
                let message = format!("factors of {of} are {compute} and {memory}");
                problems.push(Problem::in_file(file.path, message).help("numbers from 0.2 to 10"));
            }
            Maturity { compute, memory }
        };
        let others = factors("others", raw.others.compute, raw.others.memory);
        let mut named = |of: Vec<RawNamed>| {
            let read = of
                .into_iter()
                .map(|n| (n.id.clone(), factors(&n.id, n.compute, n.memory)));
            read.collect()
        };
        let found = Self {
            served: Served {
                maker: served.maker,
                report: served.report,
                run: served.run,
                makers: served.makers,
                reports: served.reports,
                rows: served.rows,
            },
            families: named(raw.family),
            makers: named(raw.maker),
            others,
            between: [raw.fit.between_compute, raw.fit.between_memory],
            rates: raw.fit.rates,
            data: raw.fit.data,
        };
        problems.or(found)
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = format!(
            "{HEAD}\n[fit]\nsource          = \"derived\"\ngrade           = \"derived\"\nrates           = {}\n\
             data            = \"{}\"   # hash of the file of rates\nbetween_compute = {:?}   # spread of makers about \
             their mean, log\nbetween_memory  = {:?}\n\n# Makers without a rate.\n[others]\ncompute = {:?}\n\
             memory  = {:?}\n",
            self.rates, self.data, self.between[0], self.between[1], self.others.compute, self.others.memory
        );
        let served = &self.served;
        let _ = write!(
            text,
            "\n# Spread of served rates on their chips, log (standard deviations): of a maker's bias about none, of a report's \
             about its\n# maker's, of a row about its report.\n[served]\nmakers  = {}\nreports = {}\nrows    = {}\nmaker   = \
             {:?}\nreport  = {:?}\nrun     = {:?}\n",
            served.makers, served.reports, served.rows, served.maker, served.report, served.run
        );
        for (kind, all) in [("maker", &self.makers), ("family", &self.families)] {
            for (id, m) in all {
                let _ = write!(
                    text,
                    "\n[[{kind}]]\nid      = \"{id}\"\ncompute = {:?}\nmemory  = {:?}\n",
                    m.compute, m.memory
                );
            }
        }
        text
    }
}
