//! An effect split by cause, fairly over every order in which causes can be taken away (Shapley 1953).
//!
//! Every set of causes is run; a cause's part is its mean marginal effect over all orders; the interaction of two is the
//! mean of v(S+ij) − v(S+i) − v(S+j) + v(S) over all orders (Grabisch and Roubens 1999). Parts sum to the whole effect.

use serde::Serialize;

/// Parts of an effect and their interactions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Split {
    /// Part of each cause.
    pub parts: Vec<f64>,
    /// Interaction of each pair, first with second, in order.
    pub interactions: Vec<(usize, usize, f64)>,
    /// Effect of all causes together.
    pub whole: f64,
}

/// Splits `value(set)`, where bit k of `set` says whether cause k acts; the effect is that of all over none.
pub fn split(causes: usize, value: impl Fn(usize) -> f64) -> Split {
    let values: Vec<f64> = (0..1_usize << causes).map(value).collect();
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    let mut parts = vec![0.0; causes];
    for (k, part) in parts.iter_mut().enumerate() {
        for set in (0..values.len()).filter(|s| s & (1 << k) == 0) {
            let size = set.count_ones() as usize;
            let weight = factorial(size) * factorial(causes - size - 1) / factorial(causes);
            *part += weight * (values[set | 1 << k] - values[set]);
        }
    }
    let mut interactions = Vec::new();
    for i in 0..causes {
        for j in i + 1..causes {
            let mut sum = 0.0;
            for set in (0..values.len()).filter(|s| s & (1 << i | 1 << j) == 0) {
                let size = set.count_ones() as usize;
                let weight = factorial(size) * factorial(causes - size - 2) / factorial(causes - 1);
                let both =
                    values[set | 1 << i | 1 << j] - values[set | 1 << i] - values[set | 1 << j] + values[set];
                sum += weight * both;
            }
            interactions.push((i, j, sum));
        }
    }
    Split {
        parts,
        interactions,
        whole: values[values.len() - 1] - values[0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gloves_and_additive_causes() {
        // Two left gloves and a right one: a pair is worth 1. Shapley: 1/6, 1/6, 2/3.
        let found = split(3, |s| f64::from(u8::from(s & 4 != 0 && s & 3 != 0)));
        for (part, want) in found.parts.iter().zip([1.0 / 6.0, 1.0 / 6.0, 2.0 / 3.0]) {
            assert!((part - want).abs() < 1e-12);
        }
        let added = split(4, |s| {
            (0..4)
                .filter(|k| s & (1 << k) != 0)
                .map(|k| f64::from(k + 1))
                .sum()
        });
        assert!(added.interactions.iter().all(|(_, _, x)| x.abs() < 1e-12));
        assert_eq!(added.parts, [1.0, 2.0, 3.0, 4.0]);
        assert!((added.whole - 10.0).abs() < 1e-12);
    }
}
