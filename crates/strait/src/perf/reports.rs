//! Served rates of chips of other makers as reports have them: how far each report lies off, and what that makes of the
//! interval. Rows marked `test` enter nothing.

use super::PerfModel;
use super::inference::{Makers, OfReports, Served};
use super::validate::{RowError, RowUse, validate};
use crate::catalog::{Catalog, Chip, ChipId};
use crate::data::{DataFile, Problems};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// Log errors by maker and report of the rows marked `calibrate`, of chips whose maker's kernels are not those fitted.
pub(super) fn of_reports<'c>(rows: &[RowError], chip: impl Fn(&ChipId) -> Option<&'c Chip>) -> OfReports {
    let mut found = OfReports::new();
    for row in rows.iter().filter(|row| row.role == RowUse::Calibrate) {
        let Some(chip) = chip(&row.chip).filter(|chip| !Makers::fitted(chip)) else {
            continue;
        };
        let report = (chip.vendor.clone(), row.source.0.clone());
        found.entry(report).or_default().push(row.log_error);
    }
    found
}

impl PerfModel {
    /// How mature kernels of other makers' chips are, from the rates of a file, and how far served rates on their chips
    /// lie off beside that, from the rows marked `calibrate`.
    ///
    /// # Errors
    /// A file that does not read.
    pub fn fit_makers(&self, rates: DataFile<'_>, catalog: &Catalog) -> Result<Makers, Problems> {
        let chip = |id: &ChipId| catalog.get(id);
        let makers = Makers::fit(rates, &self.inference, |id| chip(&ChipId(id.to_owned())))?;
        let mut model = self.clone();
        model.inference.makers = Arc::new(makers.clone());
        let errors = of_reports(&validate(&model, chip).rows, chip);
        Ok(makers.with_served(Served::of(&errors)))
    }
}

/// What a maker's rows are scored by, marked one way.
#[derive(Default)]
struct Line {
    reports: BTreeSet<String>,
    off: Vec<f64>,
    /// Rows inside the interval of a chip whose kernels were measured, and inside the one given.
    inside: [usize; 2],
    widest: f64,
}

/// The page's part about reports: how far each lies off, and whether the interval holds rows of a report that it does not
/// rest on.
pub(super) fn page(perf: &PerfModel, catalog: &Catalog, served: &[RowError]) -> String {
    let chip = |id: &ChipId| catalog.get(id);
    let errors = of_reports(served, chip);
    let held = &perf.inference.makers.served;
    let mut text = format!(
        "\n### Reports\n\nKernels are a part of what sets such a chip apart; the other is its maker's engine, its version, and what a \
         report leaves unsaid. How far that reaches is told by the reports marked `calibrate` in \
         `data/validation/performance.csv` ({} reports of {} makers, {} rows), as components of variance of the log error: \
         makers about none {:.2}, reports about their maker {:.2}, rows about their report {:.2}. The interval of such a chip takes \
         Student's t of as many degrees of freedom as there are makers on the first two, joined with what holds 90 % of runs \
         about their chip's bias. The computed rate is not moved.\n\n| report | chip | rows | bias | spread of rows |\n\
         |---|---|---|---|---|\n",
        held.reports, held.makers, held.rows, held.maker, held.report, held.run
    );
    let mut reports: BTreeMap<(&str, &ChipId), Vec<f64>> = BTreeMap::new();
    for row in served.iter().filter(|row| row.role == RowUse::Calibrate) {
        if chip(&row.chip).is_some_and(|chip| !Makers::fitted(chip)) {
            reports
                .entry((&row.source.0, &row.chip))
                .or_default()
                .push(row.log_error);
        }
    }
    for ((source, chip), off) in &reports {
        let [mean, spread] = moments(off);
        let _ = writeln!(
            text,
            "| {source} | {chip} | {} | {mean:+.2} | {spread:.2} |",
            off.len()
        );
    }
    text.push_str(
        "\nWhether it holds: rows marked `test`, and rows marked `calibrate` under the components of all other reports. Beside it \
         the interval of a chip whose kernels were measured, and the factor by which the interval is wider than the computed \
         rate, each way.\n\n| maker | use | reports | rows | median absolute error | bias | inside, as if measured | inside | \
         factor |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut lines: BTreeMap<(&str, RowUse), Line> = BTreeMap::new();
    for row in served {
        let Some(of) = chip(&row.chip).filter(|chip| !Makers::fitted(chip)) else {
            continue;
        };
        let mut makers = (*perf.inference.makers).clone();
        if row.role == RowUse::Calibrate {
            let mut others = errors.clone();
            others.remove(&(of.vendor.clone(), row.source.0.clone()));
            makers = makers.with_served(Served::of(&others));
        }
        let fit = &perf.inference.fit;
        let usual = fit.half_width(false);
        let ratio = usual.max(makers.half_width(of, fit.within[1])).exp();
        let line = lines.entry((&of.vendor, row.role)).or_default();
        line.reports.insert(row.source.0.clone());
        line.off.push(row.log_error);
        line.inside[0] += usize::from(row.inside(usual.exp()));
        line.inside[1] += usize::from(row.inside(ratio));
        line.widest = line.widest.max(ratio);
    }
    for ((maker, role), line) in &mut lines {
        let n = line.off.len();
        let bias = moments(&line.off)[0];
        let mut off: Vec<f64> = line.off.iter().map(|x| x.abs()).collect();
        off.sort_by(f64::total_cmp);
        #[allow(clippy::cast_precision_loss)]
        let [measured, given] = line.inside.map(|inside| 100.0 * inside as f64 / n as f64);
        let _ = writeln!(
            text,
            "| {maker} | {} | {} | {n} | {:.2} | {bias:+.2} | {measured:.0} % | {given:.0} % | {:.2} |",
            match role {
                RowUse::Calibrate => "calibrate",
                RowUse::Test => "test",
            },
            line.reports.len(),
            crate::figure::median(&off).unwrap_or(0.0),
            line.widest
        );
    }
    text
}

/// Mean and standard deviation about it.
#[allow(clippy::cast_precision_loss)]
fn moments(of: &[f64]) -> [f64; 2] {
    let n = of.len().max(1) as f64;
    let mean = of.iter().sum::<f64>() / n;
    let squares: f64 = of.iter().map(|x| (x - mean).powi(2)).sum();
    [mean, (squares / (n - 1.0).max(1.0)).sqrt()]
}
