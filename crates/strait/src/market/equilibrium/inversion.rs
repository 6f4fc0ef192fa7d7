//! Mean utilities from observed shares, where all buyers have the same tastes (Berry 1994).

use super::EquilibriumError;

/// δ_j = ln s_j − ln s₀ − ρ·ln(s_j/s_nest): utility of each product, price included, over the outside option's.
///
/// # Errors
/// Where shares leave nothing to the outside option, or one of them is not above zero.
pub fn mean_utilities(share: &[f64], nest: &[usize], rho: f64) -> Result<Vec<f64>, EquilibriumError> {
    let sum: f64 = share.iter().sum();
    let outside = 1.0 - sum;
    if outside.is_nan() || outside <= 0.0 {
        return Err(EquilibriumError::NoOutsideShare { sum });
    }
    if let Some(j) = share.iter().position(|s| s.is_nan() || *s <= 0.0) {
        return Err(EquilibriumError::OutOfRange {
            of: format!("product {}", j + 1),
            field: "share",
            value: share[j],
            expected: "a share above zero",
        });
    }
    let of_nest = |g: usize| -> f64 {
        let pairs = share.iter().zip(nest);
        pairs.filter(|(_, n)| **n == g).map(|(s, _)| s).sum()
    };
    Ok(share
        .iter()
        .zip(nest)
        .map(|(s, g)| s.ln() - outside.ln() - rho * (s / of_nest(*g)).ln())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::nested_logit;

    #[test]
    fn shares_give_back_the_utilities_they_came_from() {
        let (utility, nest) = ([0.4, -1.0, 0.9, -3.0], [0, 1, 0, 1]);
        let (share, _) = nested_logit(&utility, &nest, 0.7, 0.0);
        let found = mean_utilities(&share, &nest, 0.7).unwrap();
        for (u, v) in utility.iter().zip(found) {
            assert!((u - v).abs() < 1e-12);
        }
        assert!(mean_utilities(&[0.5, 0.5], &[0, 0], 0.5).is_err());
        assert!(mean_utilities(&[0.0, 0.5], &[0, 0], 0.5).is_err());
    }
}
