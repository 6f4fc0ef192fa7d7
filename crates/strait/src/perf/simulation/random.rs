//! Random numbers by seed and counter: one stream a request, so that a request depends on its number alone.

/// A stream of uniform numbers (SplitMix64: Steele, Lea and Flood, OOPSLA 2014).
#[derive(Debug, Clone)]
pub(super) struct Stream(u64);

fn mixed(state: u64) -> u64 {
    let mut z = state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Stream {
    /// The stream of one counter under a seed.
    pub(super) fn of(seed: u64, counter: u64) -> Self {
        Self(mixed(
            mixed(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)) ^ counter.wrapping_mul(0xd134_2543_de82_ef95),
        ))
    }

    /// Uniform on the open interval from zero to one.
    pub(super) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        ((mixed(self.0) >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Standard normal (Box and Muller 1958).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Gamma of mean one and the given shape (Marsaglia and Tsang 2000; below shape one, theirs raised by one
    /// and multiplied by a power of a uniform).
    pub(super) fn gamma(&mut self, shape: f64) -> f64 {
        let raised = if shape < 1.0 { shape + 1.0 } else { shape };
        let d = raised - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        let drawn = loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                break d * v;
            }
        };
        let scaled = if shape < 1.0 {
            drawn * self.uniform().powf(1.0 / shape)
        } else {
            drawn
        };
        scaled / shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(mut draw: impl FnMut(u64) -> f64) -> (f64, f64) {
        let n = 20_000;
        let drawn: Vec<f64> = (0..n).map(&mut draw).collect();
        let mean = drawn.iter().sum::<f64>() / n as f64;
        let variance = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
        (mean, variance)
    }

    #[test]
    fn draws_have_the_moments_of_their_laws() {
        let (mean, variance) = moments(|i| Stream::of(1, i).uniform());
        assert!((mean - 0.5).abs() < 0.01 && (variance - 1.0 / 12.0).abs() < 0.003);
        let (mean, variance) = moments(|i| Stream::of(2, i).normal());
        assert!(
            mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05,
            "{mean} {variance}"
        );
        for shape in [0.25, 1.0, 4.0] {
            let (mean, variance) = moments(|i| Stream::of(3, i).gamma(shape));
            assert!((mean - 1.0).abs() < 0.05, "{shape}: {mean}");
            assert!(
                (variance * shape - 1.0).abs() < 0.15,
                "{shape}: {variance} against {}",
                1.0 / shape
            );
        }
    }
}
