//! How far served rates lie off on chips of makers whose kernels nobody measured, by maker and report.
//!
//! Kernels are a part of what sets such a chip apart: the rest is the engine that its maker's people wrote, its version
//! and what a report leaves unsaid. Both show in the bias of the reports of one maker, and in that of one report beside
//! another. Neither is drawn to the mean of what was seen: the computed rate stays what the kernels say.

use crate::perf::kernels::student;
use std::collections::{BTreeMap, BTreeSet};

/// Log errors of the rows of one report, by maker and report.
pub type OfReports = BTreeMap<(String, String), Vec<f64>>;

/// Spread of served rates, log: standard deviations of its three parts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Served {
    /// Of a maker's bias about none.
    pub maker: f64,
    /// Of a report's bias about its maker's.
    pub report: f64,
    /// Of a row about its report.
    pub run: f64,
    /// Makers it rests on.
    pub makers: usize,
    /// Reports.
    pub reports: usize,
    /// Rows.
    pub rows: usize,
}

impl Served {
    /// Components of variance by mean squares: each level's less what the levels below it leave in its means, none
    /// below zero. A maker's is about none, not about the makers' mean, so that the bias of all of them counts.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn of(errors: &OfReports) -> Self {
        let errors: Vec<(&str, &[f64])> = errors
            .iter()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|((maker, _), rows)| (maker.as_str(), rows.as_slice()))
            .collect();
        let makers: BTreeSet<&str> = errors.iter().map(|(maker, _)| *maker).collect();
        let rows: usize = errors.iter().map(|(_, rows)| rows.len()).sum();
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        let squares = |of: &[f64], about: f64| of.iter().map(|x| (x - about).powi(2)).sum::<f64>();
        let over = |sum: f64, freedom: usize| if freedom == 0 { 0.0 } else { sum / freedom as f64 };
        let run = over(
            errors.iter().map(|(_, rows)| squares(rows, mean(rows))).sum(),
            rows - errors.len(),
        );
        // Means of reports by maker, and the variance that single rows leave in each.
        let mut of_makers: BTreeMap<&str, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
        for (maker, rows) in &errors {
            let (means, left) = of_makers.entry(maker).or_default();
            means.push(mean(rows));
            left.push(run / rows.len() as f64);
        }
        let (mut sum, mut expected) = (0.0, 0.0);
        for (means, left) in of_makers.values() {
            let n = means.len() as f64;
            sum += squares(means, mean(means));
            expected += left.iter().sum::<f64>() * (n - 1.0) / n;
        }
        let report = over((sum - expected).max(0.0), errors.len() - makers.len());
        let each: Vec<f64> = of_makers
            .values()
            .map(|(means, left)| {
                let n = means.len() as f64;
                mean(means).powi(2) - (report + mean(left)) / n
            })
            .collect();
        let maker = if each.is_empty() {
            0.0
        } else {
            mean(&each).max(0.0)
        };
        Self {
            maker: maker.sqrt(),
            report: report.sqrt(),
            run: run.sqrt(),
            makers: makers.len(),
            reports: errors.len(),
            rows,
        }
    }

    /// Half-width of the 90 % interval of the log of a served rate: Student's t of as many degrees of freedom as there
    /// are makers, on the spread of makers and reports and on that of `kernels` of which no rate was read; `within` holds
    /// 90 % of the runs of one report about its bias.
    #[must_use]
    pub fn half_width(&self, kernels: f64, within: f64) -> f64 {
        (student(self.makers) * self.maker.hypot(self.report).hypot(kernels)).hypot(within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(reports: &[(&str, &str, &[f64])]) -> Served {
        let errors = reports
            .iter()
            .map(|(maker, report, rows)| (((*maker).to_owned(), (*report).to_owned()), rows.to_vec()))
            .collect();
        Served::of(&errors)
    }

    #[test]
    fn components_by_hand() {
        // Rows 0.1 about each report, reports 0.2 about makers, makers 0.5 and -0.5.
        let found = of(&[
            ("a", "1", &[0.6, 0.8]),
            ("a", "2", &[0.2, 0.4]),
            ("b", "3", &[-0.4, -0.2]),
            ("b", "4", &[-0.8, -0.6]),
        ]);
        // Four sums of squares of 0.02 with one degree of freedom each.
        assert!((found.run.powi(2) - 0.02).abs() < 1e-12, "{found:?}");
        // Means 0.7, 0.3 and -0.3, -0.7: squares 0.08 a maker, of which rows leave 0.01 each.
        assert!(
            (found.report.powi(2) - (0.16 - 0.02) / 2.0).abs() < 1e-12,
            "{found:?}"
        );
        let left = (0.07 + 0.01) / 2.0;
        assert!((found.maker.powi(2) - (0.25 - left)).abs() < 1e-12, "{found:?}");
        assert_eq!((found.makers, found.reports, found.rows), (2, 4, 8));
    }

    #[test]
    fn a_bias_that_all_makers_share_counts() {
        let found = of(&[("a", "1", &[0.4, 0.4]), ("b", "2", &[0.4, 0.4])]);
        assert!((found.maker - 0.4).abs() < 1e-12 && found.report == 0.0 && found.run == 0.0);
    }

    #[test]
    fn fewer_makers_and_unread_kernels_are_wider() {
        let of = |makers| Served {
            maker: 0.3,
            report: 0.1,
            makers,
            ..Served::default()
        };
        let widths: Vec<f64> = (1..8).map(|makers| of(makers).half_width(0.0, 0.3)).collect();
        assert!(widths.windows(2).all(|w| w[1] < w[0]), "{widths:?}");
        assert!(of(3).half_width(0.17, 0.3) > of(3).half_width(0.0, 0.3));
        // Nothing read says nothing.
        assert_eq!(Served::of(&OfReports::new()), Served::default());
        assert!((Served::default().half_width(0.0, 0.3) - 0.3).abs() < 1e-12);
    }
}
