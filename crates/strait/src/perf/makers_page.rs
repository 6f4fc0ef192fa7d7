//! The part of `docs/accuracy.md` about chips of other makers: published rows of them with the factors of
//! `perf/makers.toml` and without.

use super::inference::Maturity;
use super::reports;
use super::validate::{grouped, validate};
use super::{ErrorSummary, PerfModel, RowError, ValidationReport};
use crate::catalog::{Catalog, ChipId};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The page's part; `served` is the score of all published rows of serving.
#[must_use]
pub fn makers_page(perf: &PerfModel, catalog: &Catalog, served: &ValidationReport) -> String {
    let without = validate(&perf.without_makers(), |id| catalog.get(id));
    let makers = &perf.inference().makers;
    let others = |id: &ChipId| {
        let chip = catalog.get(id)?;
        (makers.of(chip) != Maturity::FULL).then_some(makers.of(chip))
    };
    let own = |report: &ValidationReport| -> Vec<RowError> {
        let rows = report.rows.iter().filter(|row| others(&row.chip).is_some());
        rows.cloned().collect()
    };
    let (with, without) = (own(served), own(&without));
    let mut text = format!(
        "## Chips of other makers\n\nPublished rates of serving on chips of other makers, computed with the factors of \
         `data/perf/makers.toml` ({} measured rates of kernels, hash `{}`) and without: every factor 1, as if their kernels \
         were as mature as those that the operators were fitted to. No served row was fitted, with or without. Errors are \
         natural logarithms of the computed over the measured rate, positive where computed too fast. Written by `strait \
         validate perf --page docs/accuracy.md`.\n\n| chip | rows | factors on time of arithmetic, of memory | median \
         absolute error, with | without | bias, with | without | inside the 90 % interval, with | without |\n\
         |---|---|---|---|---|---|---|---|---|\n",
        makers.rates, makers.data
    );
    let by_chip = |rows: &[RowError]| grouped(rows, |row| row.chip.clone());
    let all = |rows: &[RowError]| grouped(rows, |_| ()).remove(&());
    let then: BTreeMap<ChipId, ErrorSummary> = by_chip(&without);
    for (chip, now) in by_chip(&with) {
        let (Some(then), Some(m)) = (then.get(&chip), others(&chip)) else {
            continue;
        };
        line(
            &mut text,
            &chip.0,
            &format!("{:.2}, {:.2}", m.compute, m.memory),
            [&now, then],
        );
    }
    if let (Some(now), Some(then)) = (all(&with), all(&without)) {
        line(&mut text, "**all**", "", [&now, &then]);
        let helped = now.median_abs_log_error <= then.median_abs_log_error;
        let _ = writeln!(
            text,
            "\nThe factors {} these rows: {:.3} with, {:.3} without. They are fitted to kernels alone, and stay what the kernels \
             say.",
            if helped { "help" } else { "do not help" },
            now.median_abs_log_error,
            then.median_abs_log_error
        );
    }
    text + &reports::page(perf, catalog, &served.rows)
}

fn line(text: &mut String, chip: &str, factors: &str, [now, then]: [&ErrorSummary; 2]) {
    let _ = writeln!(
        text,
        "| {chip} | {} | {factors} | {:.2} | {:.2} | {:+.2} | {:+.2} | {:.0} % | {:.0} % |",
        now.rows,
        now.median_abs_log_error,
        then.median_abs_log_error,
        now.bias,
        then.bias,
        now.coverage * 100.0,
        then.coverage * 100.0
    );
}
