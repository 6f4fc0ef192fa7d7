//! Draws by index: a Latin hypercube whose points depend only on seed, dimension and index.

/// Number of draws behind every band.
pub(crate) const DRAWS: usize = 64;

/// Seed of the draws; fixed, so that the same data gives the same bits on any number of threads.
pub(crate) const SEED: u64 = 20_261_123;

/// A one-to-one mixing of 64 bits.
pub(crate) fn mix(mut x: u64) -> u64 {
    // splitmix64 (Steele, Lea and Flood 2014).
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The stratum, 0 to [`DRAWS`], that dimension `name` takes in each draw: every stratum once.
///
/// A dimension is keyed by its name, so that adding a good leaves the draws of the others alone.
pub(crate) fn strata(name: &str) -> Vec<usize> {
    let key = name
        .bytes()
        .fold(SEED, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let mut order: Vec<(u64, usize)> = (0..DRAWS).map(|i| (mix(key ^ mix(i as u64)), i)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, i)| i).collect()
}

/// Middle of a stratum as a probability.
pub(crate) fn probability(stratum: usize) -> f64 {
    (stratum as f64 + 0.5) / DRAWS as f64
}

/// Quantile of the standard normal (Acklam's rational approximation, relative error below 1.2e-9).
pub(crate) fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
    ];
    let poly = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, k| sum * x + k);
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p < 0.02425 {
        let q = (-2.0 * p.ln()).sqrt();
        poly(&C, q) / (poly(&D, q) * q + 1.0)
    } else if p > 1.0 - 0.02425 {
        -normal_quantile(1.0 - p)
    } else {
        let q = p - 0.5;
        let r = q * q;
        poly(&A, r) * q / (poly(&B, r) * r + 1.0)
    }
}

/// Probability of the standard normal below `z` (West 2005, after Hart 1968: double precision).
pub(crate) fn normal_probability(z: f64) -> f64 {
    let x = z.abs();
    if x > 37.0 {
        return if z > 0.0 { 1.0 } else { 0.0 };
    }
    let e = (-x * x / 2.0).exp();
    let upper = if x < 7.071_067_811_865_47 {
        const N: [f64; 7] = [
            3.526_249_659_989_11e-2,
            0.700_383_064_443_688,
            6.373_962_203_531_65,
            33.912_866_078_383,
            112.079_291_497_871,
            221.213_596_169_931,
            220.206_867_912_376,
        ];
        const D: [f64; 8] = [
            8.838_834_764_831_84e-2,
            1.755_667_163_182_64,
            16.064_177_579_207,
            86.780_732_202_946_1,
            296.564_248_779_674,
            637.333_633_378_831,
            793.826_512_519_948,
            440.413_735_824_752,
        ];
        let poly = |c: &[f64]| c.iter().fold(0.0, |sum, k| sum * x + k);
        e * poly(&N) / poly(&D)
    } else {
        let tail = x + 1.0 / (x + 2.0 / (x + 3.0 / (x + 4.0 / (x + 0.65))));
        e / tail / 2.506_628_274_631
    };
    if z > 0.0 { 1.0 - upper } else { upper }
}

/// Value at the standard score `z` of a quantity whose 90 % band is `low..high` around `value`:
/// log-normal on either side, each with its own spread.
pub(crate) fn at_score(value: f64, low: f64, high: f64, z: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let end = if z < 0.0 { low.max(value * 1e-3) } else { high };
    value * ((end / value).ln().abs() * z / Z90).exp()
}

/// Standard score of the 95th percentile.
pub(crate) const Z90: f64 = 1.644_853_626_951;

/// The 5th and 95th percentile of draws, by linear interpolation; widened to hold `value`.
pub(crate) fn band(mut draws: Vec<f64>, value: f64) -> (f64, f64) {
    draws.sort_unstable_by(f64::total_cmp);
    let at = |p: f64| {
        let x = p * (draws.len() - 1) as f64;
        let below = x.floor();
        let first = draws[below as usize];
        let second = draws[(below as usize + 1).min(draws.len() - 1)];
        first + (second - first) * (x - below)
    };
    if draws.is_empty() {
        return (value, value);
    }
    (at(0.05).min(value), at(0.95).max(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stratum_is_taken_once_and_dimensions_differ() {
        let mut a = strata("a");
        assert_ne!(a, strata("b"));
        assert_eq!(a, strata("a"));
        a.sort_unstable();
        assert_eq!(a, (0..DRAWS).collect::<Vec<_>>());
    }

    #[test]
    fn normal_quantiles() {
        for (p, z) in [(0.5, 0.0), (0.95, 1.644_853_626_951), (0.001, -3.090_232_306_168)] {
            assert!((normal_quantile(p) - z).abs() < 1e-8, "{p}");
            assert!((normal_probability(z) - p).abs() < 1e-9, "{z}");
        }
    }

    #[test]
    fn a_band_is_met_at_its_ends() {
        assert!((at_score(10.0, 5.0, 40.0, -Z90) - 5.0).abs() < 1e-12);
        assert!((at_score(10.0, 5.0, 40.0, Z90) - 40.0).abs() < 1e-12);
        assert_eq!(at_score(10.0, 5.0, 40.0, 0.0), 10.0);
    }
}
