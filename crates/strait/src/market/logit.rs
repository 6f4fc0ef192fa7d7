//! Nested-logit choice probabilities.

/// Shares of each good and of the outside option under a nested logit.
///
/// With within-nest correlation `rho` (0 = plain logit) and D_g = Σ_{j∈g} exp(u_j/(1−rho)):
/// s_j = exp(u_j/(1−rho))/D_g · D_g^(1−rho) / (exp(u_0) + Σ_h D_h^(1−rho)) (Cardell 1997; Berry 1994).
/// `utility` and `nest` run over the goods; the shares and the second value, the outside option's, sum to one.
pub fn nested_logit(utility: &[f64], nest: &[usize], rho: f64, outside: f64) -> (Vec<f64>, f64) {
    let spread = 1.0 - rho;
    let nests = nest.iter().map(|n| n + 1).max().unwrap_or(0);
    // The largest utility of each nest is taken out before exponentiating, so that nothing overflows.
    let mut top = vec![f64::NEG_INFINITY; nests];
    for (u, &n) in utility.iter().zip(nest) {
        top[n] = top[n].max(*u);
    }
    let mut sum = vec![0.0; nests];
    for (u, &n) in utility.iter().zip(nest) {
        if u.is_finite() {
            sum[n] += ((u - top[n]) / spread).exp();
        }
    }
    let inclusive: Vec<f64> = top
        .iter()
        .zip(&sum)
        .map(|(t, s)| {
            if *s > 0.0 {
                t + spread * s.ln()
            } else {
                f64::NEG_INFINITY
            }
        })
        .collect();
    let peak = inclusive.iter().copied().fold(outside, f64::max);
    let all = (outside - peak).exp() + inclusive.iter().map(|i| (i - peak).exp()).sum::<f64>();
    let shares = utility
        .iter()
        .zip(nest)
        .map(|(u, &n)| {
            if u.is_finite() {
                ((u - top[n]) / spread).exp() / sum[n] * (inclusive[n] - peak).exp() / all
            } else {
                0.0
            }
        })
        .collect();
    (shares, (outside - peak).exp() / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_one_and_a_plain_logit_is_a_softmax() {
        let utility = [1.0, -0.5, 800.0, 799.0, f64::NEG_INFINITY];
        let (shares, outside) = nested_logit(&utility, &[0, 0, 1, 1, 0], 0.6, -1.0);
        assert!((shares.iter().sum::<f64>() + outside - 1.0).abs() < 1e-12);
        assert_eq!(shares[4], 0.0);
        let (shares, outside) = nested_logit(&[0.3, -0.2], &[0, 0], 0.0, 0.0);
        let all = 1.0 + 0.3_f64.exp() + (-0.2_f64).exp();
        assert!((shares[0] - 0.3_f64.exp() / all).abs() < 1e-15);
        assert!((outside - 1.0 / all).abs() < 1e-15);
    }

    #[test]
    fn removing_a_good_lowers_no_share() {
        let utility = [0.4, 1.1, -0.3, 0.9];
        let nest = [0, 0, 1, 1];
        let (before, outside_before) = nested_logit(&utility, &nest, 0.7, 0.2);
        for gone in 0..4 {
            let mut without = utility;
            without[gone] = f64::NEG_INFINITY;
            let (after, outside) = nested_logit(&without, &nest, 0.7, 0.2);
            assert!(outside > outside_before);
            for j in (0..4).filter(|j| *j != gone) {
                assert!(after[j] > before[j], "{j} without {gone}");
            }
        }
    }
}
