//! The nested logit: choice probabilities of one type of buyer.

/// What one unit of exp((u_j − top_g)/(1−ρ)) in nest g is worth as a share, by nest; returns the formula's denominator.
///
/// With D_g the sum of these terms, s_j = term_j · lift_g · D_g^(−ρ) / (exp(u₀) + Σ_h lift_h · D_h^(1−ρ)),
/// lift_g = exp(top_g) (Cardell 1997; Berry 1994). The scale of `lift` and `outside` together does not matter.
pub(crate) fn part_by_nest(
    sums: &[f64],
    lift: impl Fn(usize) -> f64,
    rho: f64,
    outside: f64,
    part: &mut [f64],
) -> f64 {
    for (g, (sum, part)) in sums.iter().zip(part.iter_mut()).enumerate() {
        *part = if *sum > 0.0 {
            lift(g) * power(*sum, rho)
        } else {
            0.0
        };
    }
    part_by_power(sums, outside, part)
}

/// D^(−ρ); nothing of an empty nest.
pub(crate) fn power(sum: f64, rho: f64) -> f64 {
    if sum > 0.0 { sum.powf(-rho) } else { 0.0 }
}

/// The same where `part` holds lift_g · D_g^(−ρ) already.
pub(crate) fn part_by_power(sums: &[f64], outside: f64, part: &mut [f64]) -> f64 {
    let mut all = outside;
    for (sum, part) in sums.iter().zip(part.iter()) {
        all += sum * part;
    }
    for part in part.iter_mut() {
        *part /= all;
    }
    all
}

/// Buffers of [`Choice::take`], one entry a nest.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    top: Vec<f64>,
    sum: Vec<f64>,
    part: Vec<f64>,
}

/// Shares of one type of buyer at given utilities.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outside {
    /// Share of the outside option.
    pub(crate) share: f64,
    /// ln(exp(u₀) + Σ_g D_g^(1−ρ)): expected utility of the best choice, up to Euler's constant.
    pub(crate) inclusive: f64,
}

impl Choice {
    /// Writes each good's share and its share within its nest; a good of utility −∞ is not on offer.
    pub(crate) fn take(
        &mut self,
        utility: &[f64],
        (nest, nests): (&[usize], usize),
        rho: f64,
        outside: f64,
        share: &mut [f64],
        within: &mut [f64],
    ) -> Outside {
        // The largest utility of each nest is taken out before exponentiating, so that nothing overflows.
        self.top.clear();
        self.top.resize(nests, f64::NEG_INFINITY);
        for (u, &g) in utility.iter().zip(nest) {
            self.top[g] = self.top[g].max(*u);
        }
        self.sum.clear();
        self.sum.resize(nests, 0.0);
        for ((u, &g), term) in utility.iter().zip(nest).zip(within.iter_mut()) {
            *term = if *u > f64::NEG_INFINITY {
                ((u - self.top[g]) / (1.0 - rho)).exp()
            } else {
                0.0
            };
            self.sum[g] += *term;
        }
        let peak = self.top.iter().copied().fold(outside, f64::max);
        self.part.resize(nests, 0.0);
        let none = (outside - peak).exp();
        let all = part_by_nest(
            &self.sum,
            |g| (self.top[g] - peak).exp(),
            rho,
            none,
            &mut self.part,
        );
        for ((share, term), &g) in share.iter_mut().zip(within.iter_mut()).zip(nest) {
            *share = *term * self.part[g];
            *term = if self.sum[g] > 0.0 {
                *term / self.sum[g]
            } else {
                0.0
            };
        }
        Outside {
            share: none / all,
            inclusive: peak + all.ln(),
        }
    }
}

/// Shares of each good and of the outside option under one correlation `rho` within every nest (0 = plain logit).
///
/// `utility` and `nest` run over the goods, utility −∞ for one not on offer; the shares and the second value, the
/// outside option's, sum to one.
#[cfg(test)]
pub(crate) fn nested_logit(utility: &[f64], nest: &[usize], rho: f64, outside: f64) -> (Vec<f64>, f64) {
    let nests = nest.iter().map(|n| n + 1).max().unwrap_or(0);
    let mut share = vec![0.0; utility.len()];
    let mut within = share.clone();
    let nothing = Choice::default().take(utility, (nest, nests), rho, outside, &mut share, &mut within);
    (share, nothing.share)
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
