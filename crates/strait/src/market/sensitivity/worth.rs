//! Which datum would narrow an answer most: what would be left of its spread if one quantity were published.

use super::SensitivityError;
use serde::Serialize;

/// What a datum would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Worth {
    /// The quantity.
    pub name: String,
    /// Part of the answer's variance that would be gone on average, Var(E[y|x])/Var(y); what chance shows is taken off.
    pub variance_gone: f64,
    /// Mean width of the answer's 90 % band once the quantity is known, over its width now.
    pub width_left: f64,
}

/// Worth of each of `quantities` (name and one value a draw) for `answer` (one value a draw), greatest first. The draws
/// are those already made of all quantities together; none is run again. To ask after a datum with an error of its own,
/// give values with that error added.
///
/// Each quantity is cut into classes of equal count, within which the answer is compared (the given-data estimator of
/// Plischke, Borgonovo and Smith 2013). With k classes of n draws chance alone gives (k−1)/(n−1) of the variance: that is
/// taken off, ((raw − chance)/(1 − chance)), as adjusted R² does.
///
/// # Errors
/// Fewer than 100 draws, or lists of different length.
pub fn data_worth(quantities: &[(String, Vec<f64>)], answer: &[f64]) -> Result<Vec<Worth>, SensitivityError> {
    let n = answer.len();
    if n < 100 {
        return Err(SensitivityError::Length(format!(
            "{n} draws; at least 100 are needed to tell what a datum is worth"
        )));
    }
    if let Some((name, values)) = quantities.iter().find(|(_, v)| v.len() != n) {
        return Err(SensitivityError::Length(format!(
            "`{name}` has {} draws, the answer {n}",
            values.len()
        )));
    }
    // Enough draws a class for its 5th and 95th percentile, enough classes to follow a curve.
    let classes = ((n as f64).sqrt() / 2.0).clamp(4.0, 25.0) as usize;
    let now = width(answer.to_vec());
    let mut out: Vec<Worth> = quantities
        .iter()
        .map(|(name, values)| {
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
            let groups: Vec<Vec<f64>> = (0..classes)
                .map(|c| {
                    order[c * n / classes..(c + 1) * n / classes]
                        .iter()
                        .map(|i| answer[*i])
                        .collect()
                })
                .collect();
            let raw = between(&groups, answer);
            let chance = (classes - 1) as f64 / (n - 1) as f64;
            let left: f64 = groups
                .iter()
                .map(|g| g.len() as f64 * width(g.clone()))
                .sum::<f64>()
                / n as f64;
            Worth {
                name: name.clone(),
                variance_gone: ((raw - chance) / (1.0 - chance)).clamp(0.0, 1.0),
                width_left: if now > 0.0 { (left / now).min(1.0) } else { 1.0 },
            }
        })
        .collect();
    out.sort_by(|a, b| {
        b.variance_gone
            .total_cmp(&a.variance_gone)
            .then_with(|| a.name.cmp(&b.name))
    });
    Ok(out)
}

/// Variance of class means over the variance of all.
fn between(groups: &[Vec<f64>], all: &[f64]) -> f64 {
    let n = all.len() as f64;
    let mean = all.iter().sum::<f64>() / n;
    let total: f64 = all.iter().map(|y| (y - mean).powi(2)).sum();
    if total <= 0.0 {
        return 0.0;
    }
    let own = |g: &Vec<f64>| g.len() as f64 * (g.iter().sum::<f64>() / g.len() as f64 - mean).powi(2);
    groups.iter().map(own).sum::<f64>() / total
}

/// From the 5th to the 95th percentile.
fn width(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    super::super::score::quantile(&values, 0.95) - super::super::score::quantile(&values, 0.05)
}
