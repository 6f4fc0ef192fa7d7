//! Sobol' points scrambled by hashing: a point depends on seed, index and dimension alone.

use super::super::draws::mix;
use super::SensitivityError;
use super::direction_numbers::ROWS;

/// Dimensions there are direction numbers for.
pub const MAX_DIMENSIONS: usize = ROWS.len() + 1;

/// Sobol's sequence (Sobol' 1967, direction numbers of Joe and Kuo 2008) under a nested uniform scrambling in base 2 (Owen
/// 1995) done by the hash of Laine and Karras (2011) as Burley, "Practical hash-based Owen scrambling" (JCGT 9(4), 2020),
/// has it. Of the first 2ᵏ points every dimension has one in each of 2ᵏ equal strata.
#[derive(Debug, Clone)]
pub struct SobolPoints {
    /// 32 direction numbers a dimension.
    directions: Vec<[u32; 32]>,
    seeds: Vec<u32>,
}

impl SobolPoints {
    /// Points of so many dimensions.
    ///
    /// # Errors
    /// More than [`MAX_DIMENSIONS`].
    pub fn new(seed: u64, dimensions: usize) -> Result<Self, SensitivityError> {
        if dimensions > MAX_DIMENSIONS {
            return Err(SensitivityError::TooMany {
                what: "dimensions",
                found: dimensions,
                most: MAX_DIMENSIONS,
            });
        }
        Ok(Self {
            directions: (0..dimensions).map(directions).collect(),
            seeds: (0..dimensions)
                .map(|d| (mix(seed ^ mix(d as u64 + 1)) >> 32) as u32)
                .collect(),
        })
    }

    /// Coordinate of a point, strictly between 0 and 1.
    pub fn coordinate(&self, index: u32, dimension: usize) -> f64 {
        let plain = self.directions[dimension]
            .iter()
            .enumerate()
            .filter(|(bit, _)| index >> bit & 1 == 1)
            .fold(0, |x, (_, v)| x ^ v);
        let scrambled = scramble(plain, self.seeds[dimension]);
        (f64::from(scrambled) + 0.5) / 4_294_967_296.0
    }

    /// A point.
    pub fn point(&self, index: u32) -> Vec<f64> {
        (0..self.directions.len())
            .map(|d| self.coordinate(index, d))
            .collect()
    }
}

/// Direction numbers by the recurrence of Bratley and Fox (1988): m_k = 2a₁m_{k−1} ⊕ … ⊕ 2ˢm_{k−s} ⊕ m_{k−s}.
fn directions(dimension: usize) -> [u32; 32] {
    let mut v = [0_u32; 32];
    if dimension == 0 {
        for (k, v) in v.iter_mut().enumerate() {
            *v = 1 << (31 - k);
        }
        return v;
    }
    let (degree, polynomial, first) = ROWS[dimension - 1];
    let s = degree as usize;
    for (k, m) in first.iter().enumerate() {
        v[k] = m << (31 - k);
    }
    for k in s..32 {
        v[k] = v[k - s] ^ v[k - s] >> s;
        for i in 1..s {
            if polynomial >> (s - 1 - i) & 1 == 1 {
                v[k] ^= v[k - i];
            }
        }
    }
    v
}

/// Nested uniform scrambling: a hash in which each bit depends on itself and the bits below, on reversed bits.
fn scramble(x: u32, seed: u32) -> u32 {
    let mut x = x.reverse_bits();
    x = x.wrapping_add(seed);
    x ^= x.wrapping_mul(0x6c50_b47c);
    x ^= x.wrapping_mul(0xb82f_1e52);
    x ^= x.wrapping_mul(0xc7af_e638);
    x ^= x.wrapping_mul(0x8d22_f6e6);
    x.reverse_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unscrambled_points_are_the_published_ones() {
        // What Joe and Kuo print for three dimensions, put from the order of Gray's code they go in (… 0.375 0.375 0.625 is
        // their fifth, index 6 here) into the order of the plain index.
        let plain = |d: usize, i: u32| {
            let v = directions(d);
            (0..32).filter(|b| i >> b & 1 == 1).fold(0, |x, b| x ^ v[b]) as f64 / 4_294_967_296.0
        };
        let want = [
            [0.0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875],
            [0.0, 0.5, 0.75, 0.25, 0.625, 0.125, 0.375, 0.875],
            [0.0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125],
        ];
        for (d, row) in want.iter().enumerate() {
            for (i, x) in row.iter().enumerate() {
                assert_eq!(plain(d, i as u32), *x, "dimension {d}, point {i}");
            }
        }
    }

    #[test]
    fn every_dimension_fills_every_stratum_once() {
        let points = SobolPoints::new(3, MAX_DIMENSIONS).unwrap();
        for d in 0..MAX_DIMENSIONS {
            for n in [16_u32, 256] {
                let mut taken = vec![false; n as usize];
                for i in 0..n {
                    let x = points.coordinate(i, d);
                    assert!(x > 0.0 && x < 1.0);
                    taken[(x * f64::from(n)) as usize] = true;
                }
                assert!(taken.iter().all(|t| *t), "dimension {d}, {n} points");
            }
        }
    }

    #[test]
    fn seeds_differ_and_repeat() {
        let of = |seed| SobolPoints::new(seed, 2).unwrap().point(5);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        assert!(SobolPoints::new(1, 65).is_err());
    }
}
