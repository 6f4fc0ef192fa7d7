//! Whether draws can be believed: rank-normalised split R̂, bulk and tail effective sample size.
//!
//! Vehtari, Gelman, Simpson, Carpenter and Bürkner, "Rank-normalization, folding, and localization: an improved R̂",
//! Bayesian Analysis 16 (2021) 667–718; equations by number below. `chains` are the values of one quantity, chain by
//! chain, all of one length. NaN where there is nothing to tell (chains shorter than four, or a constant).

use super::super::draws::normal_quantile;

/// Summary of one quantity's draws.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Convergence {
    /// R̂; below 1.01 is asked for.
    pub r_hat: f64,
    /// Effective draws for the centre; above 400 with four chains is asked for.
    pub bulk_ess: f64,
    /// Effective draws for the 5th and 95th percentile, the lesser.
    pub tail_ess: f64,
}

/// All three.
pub fn convergence(chains: &[Vec<f64>]) -> Convergence {
    Convergence {
        r_hat: r_hat(chains),
        bulk_ess: bulk_ess(chains),
        tail_ess: tail_ess(chains),
    }
}

/// The greater of the rank-normalised split R̂ of the values and of their distance from the median (eq. 4 and 15, 16).
pub fn r_hat(chains: &[Vec<f64>]) -> f64 {
    let split = split(chains);
    let mut all: Vec<f64> = split.concat();
    all.sort_unstable_by(f64::total_cmp);
    let median = match all.len() {
        0 => return f64::NAN,
        n if n % 2 == 1 => all[n / 2],
        n => 0.5 * (all[n / 2 - 1] + all[n / 2]),
    };
    let folded: Vec<Vec<f64>> = split
        .iter()
        .map(|c| c.iter().map(|x| (x - median).abs()).collect())
        .collect();
    let (plain, folded) = (
        potential_scale_reduction(&ranked(&split)),
        potential_scale_reduction(&ranked(&folded)),
    );
    if folded.is_nan() { plain } else { plain.max(folded) }
}

/// Effective sample size of the rank-normalised split chains (section 4.3).
pub fn bulk_ess(chains: &[Vec<f64>]) -> f64 {
    effective(&ranked(&split(chains)))
}

/// The lesser effective size of the indicators of the 5th and the 95th percentile (section 4.3).
pub fn tail_ess(chains: &[Vec<f64>]) -> f64 {
    let split = split(chains);
    let mut all = split.concat();
    if all.is_empty() {
        return f64::NAN;
    }
    all.sort_unstable_by(f64::total_cmp);
    let one = |p: f64| {
        let bound = all[((all.len() - 1) as f64 * p).round() as usize];
        let below = |x: &f64| f64::from(u8::from(*x <= bound));
        effective(
            &split
                .iter()
                .map(|c| c.iter().map(below).collect())
                .collect::<Vec<_>>(),
        )
    };
    let (low, high) = (one(0.05), one(0.95));
    if low.is_nan() || high < low { high } else { low }
}

/// Each chain as two halves, the middle draw of an odd chain left out.
fn split(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let length = chains.iter().map(Vec::len).min().unwrap_or(0);
    let half = length / 2;
    chains
        .iter()
        .flat_map(|c| [c[..half].to_vec(), c[length - half..length].to_vec()])
        .collect()
}

/// Normal scores of the pooled ranks, ties at their mean rank (eq. 14).
fn ranked(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut order: Vec<(f64, usize, usize)> = Vec::new();
    for (c, chain) in chains.iter().enumerate() {
        order.extend(chain.iter().enumerate().map(|(i, x)| (*x, c, i)));
    }
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let total = order.len() as f64;
    let mut out: Vec<Vec<f64>> = chains.iter().map(|c| vec![0.0; c.len()]).collect();
    let mut from = 0;
    while from < order.len() {
        let same = order[from..].iter().take_while(|o| o.0 == order[from].0).count();
        let rank = from as f64 + (same as f64 + 1.0) / 2.0;
        let score = normal_quantile((rank - 0.375) / (total + 0.25));
        for (_, c, i) in &order[from..from + same] {
            out[*c][*i] = score;
        }
        from += same;
    }
    out
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Within-chain variance W and the pooled estimate (N−1)/N·W + B/N (eq. 1 to 3), for chains of at least two.
fn variances(chains: &[Vec<f64>]) -> Option<(f64, f64)> {
    let n = chains.first()?.len();
    if n < 2 || chains.len() < 2 {
        return None;
    }
    let means: Vec<f64> = chains.iter().map(|c| mean(c)).collect();
    let of = |c: &[f64], m: f64| c.iter().map(|x| (x - m).powi(2)).sum::<f64>() / (c.len() - 1) as f64;
    let within = mean(
        &chains
            .iter()
            .zip(&means)
            .map(|(c, m)| of(c, *m))
            .collect::<Vec<_>>(),
    );
    let between = of(&means, mean(&means));
    (within > 0.0).then(|| (within, (n - 1) as f64 / n as f64 * within + between))
}

/// √(pooled/within) (eq. 4).
fn potential_scale_reduction(chains: &[Vec<f64>]) -> f64 {
    variances(chains).map_or(f64::NAN, |(within, pooled)| (pooled / within).sqrt())
}

/// Effective size by autocorrelations pooled over chains (eq. 10), cut and made monotone as Geyer (1992) has it.
fn effective(chains: &[Vec<f64>]) -> f64 {
    let Some((within, pooled)) = variances(chains) else {
        return f64::NAN;
    };
    let n = chains[0].len();
    let centred: Vec<Vec<f64>> = chains
        .iter()
        .map(|c| {
            let m = mean(c);
            c.iter().map(|x| x - m).collect()
        })
        .collect();
    // Lags are worked out as they are asked for: the sum ends long before the last.
    let correlation = |lag: usize| {
        let one = |c: &Vec<f64>| {
            c[..n - lag]
                .iter()
                .zip(&c[lag..])
                .map(|(a, b)| a * b)
                .sum::<f64>()
                / n as f64
        };
        let covariance = mean(&centred.iter().map(one).collect::<Vec<_>>()) * n as f64 / (n - 1) as f64;
        1.0 - (within - covariance) / pooled
    };
    let mut sum = 0.0;
    let mut last = f64::INFINITY;
    let mut lag = 0;
    while lag + 1 < n {
        let even = if lag == 0 { 1.0 } else { correlation(lag) };
        let pair = even + correlation(lag + 1);
        if pair <= 0.0 {
            break;
        }
        last = pair.min(last);
        sum += last;
        lag += 2;
    }
    let total = (n * chains.len()) as f64;
    let time = (2.0 * sum - 1.0).max(1.0 / total.log10());
    total / time
}

#[cfg(test)]
mod tests {
    use super::super::super::stream::Stream;
    use super::*;

    fn autoregressive(phi: f64, shift: f64, number: u64, n: usize) -> Vec<f64> {
        let mut s = Stream::new(11, number);
        let mut x = s.normal();
        let noise = (1.0 - phi * phi).sqrt();
        (0..n)
            .map(|_| {
                x = phi * x + noise * s.normal();
                x + shift
            })
            .collect()
    }

    #[test]
    fn independent_chains_agree_and_count_whole() {
        let chains: Vec<_> = (0..4).map(|c| autoregressive(0.0, 0.0, c, 1_000)).collect();
        let found = convergence(&chains);
        assert!(found.r_hat < 1.01, "{found:?}");
        assert!((found.bulk_ess / 4_000.0 - 1.0).abs() < 0.15, "{found:?}");
        assert!(found.tail_ess > 3_000.0, "{found:?}");
    }

    #[test]
    fn an_autoregression_counts_as_theory_has_it() {
        // Of an AR(1) with coefficient φ a part (1 − φ)/(1 + φ) of the draws counts: a ninth at 0.8.
        let chains: Vec<_> = (0..4).map(|c| autoregressive(0.8, 0.0, c, 4_000)).collect();
        let want = 16_000.0 / 9.0;
        let found = bulk_ess(&chains);
        assert!((found / want - 1.0).abs() < 0.2, "{found} of {want}");
    }

    #[test]
    fn a_shifted_chain_and_one_of_another_spread_are_seen() {
        let mut chains: Vec<_> = (0..4).map(|c| autoregressive(0.0, 0.0, c, 500)).collect();
        chains[3].iter_mut().for_each(|x| *x += 2.0);
        assert!(r_hat(&chains) > 1.1);
        let mut wide: Vec<_> = (0..4).map(|c| autoregressive(0.0, 0.0, c, 500)).collect();
        wide[3].iter_mut().for_each(|x| *x *= 4.0);
        // Means agree: only the folded values tell.
        assert!(r_hat(&wide) > 1.05);
    }

    #[test]
    fn nothing_to_tell_is_no_number() {
        assert!(r_hat(&[vec![1.0; 8], vec![1.0; 8]]).is_nan());
        assert!(bulk_ess(&[vec![], vec![]]).is_nan());
    }

    #[test]
    fn ranks_of_ties_share_a_score() {
        let scores = ranked(&[vec![3.0, 1.0, 1.0, 2.0]]);
        assert_eq!(scores[0][1], scores[0][2]);
        // Mean rank 1.5 of 4: Φ⁻¹((1.5 − 0.375)/4.25).
        assert!((scores[0][1] - normal_quantile(1.125 / 4.25)).abs() < 1e-15);
    }
}
