//! Reported figures more than twice off, one by one, with the cause as far as the other rows tell it.

use super::ReportedError;
use crate::catalog::ChipId;
use crate::figure::median;
use serde::Serialize;

/// What other rows come out at tells a cause from this factor on.
const APART: f64 = 1.5;

/// A figure that lies more than twice off.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FarRow {
    /// Row.
    pub id: String,
    /// `ttft`, `tpot`, `throughput` or `training`.
    pub phase: &'static str,
    /// Chip.
    pub chip: ChipId,
    /// Computed over measured.
    pub ratio: f64,
    /// Cause, as far as it is known.
    pub why: String,
}

fn ratio(e: &ReportedError) -> f64 {
    e.computed / e.measured
}

/// Every figure more than twice off, in order. `measured` says whether kernels of a chip's family were measured.
#[must_use]
pub fn far_rows(errors: &[ReportedError], measured: &dyn Fn(&ChipId) -> bool) -> Vec<FarRow> {
    errors
        .iter()
        .filter(|e| !(0.5..=2.0).contains(&ratio(e)))
        .map(|e| FarRow {
            id: e.id.clone(),
            phase: e.phase,
            chip: e.chip.clone(),
            ratio: ratio(e),
            why: cause(e, errors, measured),
        })
        .collect()
}

/// Why, as far as the other rows tell.
fn cause(e: &ReportedError, errors: &[ReportedError], measured: &dyn Fn(&ChipId) -> bool) -> String {
    // Rows off the same way by as much as tells something, as a median.
    let like = |same: &dyn Fn(&ReportedError) -> bool| {
        let rows = errors
            .iter()
            .filter(|o| o.id != e.id && o.phase == e.phase && same(o));
        let mut ratios: Vec<f64> = rows.map(ratio).collect();
        ratios.sort_by(f64::total_cmp);
        median(&ratios).filter(|m| m.ln().abs() > APART.ln() && (*m > 1.0) == (ratio(e) > 1.0))
    };
    if let Some(others) = like(&|o| o.chip == e.chip && o.engine == e.engine && o.precision == e.precision) {
        return format!(
            "the chip under this software in this precision stands apart: its other rows come out at x {others:.2}"
        );
    }
    if let Some(others) = like(&|o| o.chip != e.chip && o.engine == e.engine) {
        return format!("the software: on other chips x {others:.2}");
    }
    if e.regime == "plan searched" {
        return "what the row leaves out of its plan is searched: what could be run, not what was".to_owned();
    }
    if let Some(text) = together(e, errors) {
        return text.to_owned();
    }
    if !measured(&e.chip) {
        return "no kernels of the chip's family were measured".to_owned();
    }
    "no other row tells".to_owned()
}

/// What both latencies of the row tell together.
fn together(e: &ReportedError, errors: &[ReportedError]) -> Option<&'static str> {
    let of = |phase| {
        let found = errors.iter().find(|o| o.id == e.id && o.phase == phase)?;
        let ratio = ratio(found);
        (ratio.ln().abs() > APART.ln()).then_some(ratio > 1.0)
    };
    match (of("ttft")?, of("tpot")?) {
        (true, true) | (false, false) => {
            Some("both times are off the same way: spread, format or drafted tokens may be others than said")
        }
        (false, true) => Some(
            "first tokens wait longer and further ones come faster: fewer sequences run at once than are said",
        ),
        (true, false) => {
            Some("first tokens come sooner and further ones later: more sequences run at once than are said")
        }
    }
}
