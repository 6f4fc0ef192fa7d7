//! How far calls of a further chip lie about its bias, from chips that were measured: components of variance of what holds
//! nine calls of ten.

/// What holds 90 % of the calls of a chip, over all operators: its typical logarithm, and how much that differs from
/// operator to operator and from chip to chip of one operator (variances).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Within {
    typical: f64,
    operators: f64,
    chips: f64,
}

impl Within {
    /// Components of variance of logarithms by operator, by mean squares; nothing of no logarithm.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn of(logs: &[Vec<f64>]) -> Option<Self> {
        let logs: Vec<&Vec<f64>> = logs.iter().filter(|of| !of.is_empty()).collect();
        if logs.is_empty() {
            return None;
        }
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        let n: f64 = logs.iter().map(|of| of.len() as f64).sum();
        let groups = logs.len() as f64;
        let squares = logs
            .iter()
            .map(|of| of.iter().map(|x| (x - mean(of)).powi(2)).sum::<f64>());
        let chips = squares.sum::<f64>() / (n - groups).max(1.0);
        let grand = logs.iter().flat_map(|of| of.iter()).sum::<f64>() / n;
        let apart: f64 = logs
            .iter()
            .map(|of| of.len() as f64 * (mean(of) - grand).powi(2))
            .sum();
        let each =
            (n - logs.iter().map(|of| (of.len() as f64).powi(2)).sum::<f64>() / n) / (groups - 1.0).max(1.0);
        let operators = if groups > 1.0 && each > 0.0 {
            ((apart / (groups - 1.0) - chips) / each).max(0.0)
        } else {
            0.0
        };
        // An operator's mean tells the more, the more chips it has.
        let weight = |of: &Vec<f64>| 1.0 / (operators + chips / of.len() as f64).max(1e-12);
        let all: f64 = logs.iter().map(|of| weight(of)).sum();
        let typical = logs.iter().map(|of| weight(of) * mean(of)).sum::<f64>() / all.max(1e-12);
        Some(Self {
            typical,
            operators,
            chips,
        })
    }

    /// What holds 90 % of the calls of a further chip of an operator whose chips measured have `logs`: between its own
    /// mean and the typical one as their variances have it, and wider by what a further chip may differ.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn further(&self, logs: &[f64]) -> f64 {
        let n = logs.len() as f64;
        let own = n * self.operators;
        let of = own + self.chips;
        let share = if of > 0.0 { own / of } else { 0.0 };
        let mean = if n > 0.0 {
            logs.iter().sum::<f64>() / n
        } else {
            self.typical
        };
        let centre = self.typical + share * (mean - self.typical);
        let unknown = self.chips + self.operators * (1.0 - share);
        centre.exp() * widened(unknown.sqrt())
    }
}

/// Factor on what holds 90 % of calls where that itself is known up to a spread `sigma` of its logarithm: calls lie off
/// exponentially, so that the part beyond x is the mean of 10^(-x / e^(sigma z)) over a normal z.
fn widened(sigma: f64) -> f64 {
    // Nodes and weights of Gauss and Hermite.
    const NORMAL: [(f64, f64); 7] = [
        (-3.750_440, 0.000_548),
        (-2.366_760, 0.030_757),
        (-1.154_405, 0.240_123),
        (0.0, 0.457_143),
        (1.154_405, 0.240_123),
        (2.366_760, 0.030_757),
        (3.750_440, 0.000_548),
    ];
    let beyond = |x: f64| -> f64 {
        NORMAL
            .iter()
            .map(|(z, weight)| weight * 10f64.powf(-x * (-sigma * z).exp()))
            .sum()
    };
    let (mut low, mut high) = (0.5, 20.0);
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if beyond(middle) > 0.1 {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Normal numbers that are the same every time.
    struct Normal(u64);

    impl Normal {
        fn uniform(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            #[allow(clippy::cast_precision_loss)]
            let part = ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
            part.max(1e-12)
        }

        fn next(&mut self) -> f64 {
            let radius = (-2.0 * self.uniform().ln()).sqrt();
            radius * (std::f64::consts::TAU * self.uniform()).cos()
        }
    }

    /// Logs of `operators` operators on `chips` chips with known spreads.
    fn drawn(normal: &mut Normal, operators: usize, chips: usize, [of, chip]: [f64; 2]) -> Vec<Vec<f64>> {
        (0..operators)
            .map(|_| {
                let own = of * normal.next();
                (0..chips).map(|_| own + chip * normal.next() - 0.8).collect()
            })
            .collect()
    }

    #[test]
    fn components_of_known_spreads_are_found() {
        let mut normal = Normal(1);
        for [of, chip] in [[0.3, 0.4], [0.0, 0.4], [0.5, 0.1]] {
            let found = Within::of(&drawn(&mut normal, 4000, 3, [of, chip])).unwrap();
            let got = [found.operators.sqrt(), found.chips.sqrt()];
            assert!(
                (got[0] - of).abs() < 0.05 && (got[1] - chip).abs() < 0.01,
                "{got:?}"
            );
            assert!((found.typical + 0.8).abs() < 0.03, "{}", found.typical);
        }
    }

    #[test]
    fn nine_calls_of_ten_of_a_further_chip_are_held() {
        let mut normal = Normal(2);
        let spreads = [0.3, 0.4];
        let (mut inside, mut of) = (0, 0);
        for _ in 0..40 {
            // The fourth chip of every operator is the further one.
            let logs = drawn(&mut normal, 25, 4, spreads);
            let seen: Vec<Vec<f64>> = logs.iter().map(|of| of[..3].to_vec()).collect();
            let all = Within::of(&seen).unwrap();
            for (seen, logs) in seen.iter().zip(&logs) {
                let half = all.further(seen);
                for _ in 0..200 {
                    // Calls lie off exponentially, nine of ten within the chip's own.
                    let call = -normal.uniform().log10() * logs[3].exp();
                    inside += usize::from(call <= half);
                    of += 1;
                }
            }
        }
        #[allow(clippy::cast_precision_loss)]
        let share = f64::from(inside as u32) / of as f64;
        assert!((0.88..=0.92).contains(&share), "{share}");
    }

    #[test]
    fn less_that_is_known_is_wider() {
        let all = Within {
            typical: -0.8,
            operators: 0.09,
            chips: 0.16,
        };
        // An operator as wide as all are: the more chips say so, the less there is to fear.
        let widths: Vec<f64> = (0..5).map(|n| all.further(&vec![-0.8; n])).collect();
        assert!(widths.windows(2).all(|w| w[1] < w[0]), "{widths:?}");
        // A wider operator is wider, yet drawn to the others.
        let wide = all.further(&[-0.3, -0.3]);
        assert!(
            wide > widths[2] && wide < 0.5f64.exp() * widths[2],
            "{wide} {widths:?}"
        );
        // Without spread between operators their own logs say nothing.
        let alike = Within {
            operators: 0.0,
            ..all
        };
        assert!((alike.further(&[0.5; 3]) - alike.further(&[])).abs() < 1e-12);
        for sigma in [0.0, 0.2, 0.4, 0.8] {
            assert!(widened(sigma + 0.1) > widened(sigma), "{sigma}");
        }
        assert!((widened(0.0) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn of_nothing_there_is_nothing() {
        assert_eq!(Within::of(&[]), None);
        assert_eq!(Within::of(&[Vec::new()]), None);
        let one = Within::of(&[vec![-1.0]]).unwrap();
        assert!((one.further(&[-1.0]) - (-1f64).exp()).abs() < 1e-3);
    }
}
