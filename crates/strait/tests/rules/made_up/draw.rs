//! Draws of made-up chips, half of them beside a bound of the texts.

use super::{Area, Made, Rate};

/// A counter-based draw (SplitMix64), so that a chip depends on its number alone.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `low..=high`.
    pub(crate) fn within(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low + 1) as u64) as i64
    }

    /// One of several.
    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.within(0, choices.len() as i64 - 1) as usize]
    }

    /// Beside one of several bounds.
    pub(crate) fn near_of(&mut self, bounds: &[i64], unit: i64) -> i64 {
        let bound = self.one_of(bounds);
        self.near(bound, unit)
    }

    /// Within one percent of a bound, in `unit` parts; one in five exactly on it, one in five a part beside it.
    pub(crate) fn near(&mut self, bound: i64, unit: i64) -> i64 {
        let at = bound * unit;
        match self.within(0, 4) {
            0 => at,
            1 => at + self.one_of(&[-1, 1]),
            _ => at + self.within(-at / 100, at / 100),
        }
    }
}

/// Bounds of the texts on each metric, to draw beside.
pub(crate) const TPP: [i64; 8] = [1600, 2400, 4800, 14_000, 17_500, 20_800, 21_000, 21_100];
pub(crate) const MEMORY: [i64; 8] = [1400, 4000, 4100, 4500, 5000, 5800, 6200, 6500];
pub(crate) const LINK: [i64; 3] = [600, 900, 1100];
pub(crate) const SUM: [i64; 2] = [1700, 5000];
pub(crate) const DENSITY_E2: [i64; 3] = [160, 320, 592];

/// The chip of a number: evens lie beside a bound of one metric, odds anywhere.
pub(crate) fn draw(number: u64) -> Made {
    let mut d = Draw(number.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let mut made = Made::simple(0, 16 * d.within(400, 20_000));
    made.vendor = d.one_of(&["made-up", "made-up", "nvidia", "intel"]);
    made.datacenter = Some(d.within(0, 3) > 0);
    made.memory_e2 = d.within(5_000, 900_000);
    made.scale_up_e2 = d.within(0, 200_000);
    made.host_e2 = d.one_of(&[0, 3_200, 6_400, 12_800]);
    // Rates of one peak are such that TPP is spread evenly in its logarithm, 250 to 64,000.
    let octave = 250 << d.within(0, 7);
    made.rates[0].tera_e4 = d.within(octave * 10_000, 2 * octave * 10_000) / 16;
    if number.is_multiple_of(2) {
        match d.within(0, 4) {
            0 => made.rates[0].tera_e4 = d.near_of(&TPP, 625),
            1 => {
                let at = d.one_of(&DENSITY_E2) * made.dies[0].mm2_e2 / 16;
                made.rates[0].tera_e4 = d.near(at, 1);
            }
            2 => made.memory_e2 = d.near_of(&MEMORY, 100),
            3 => made.scale_up_e2 = d.near_of(&LINK, 100) - d.one_of(&[0, made.host_e2]),
            _ => {
                made.scale_up_e2 = d.within(0, 120_000);
                let links = made.scale_up_e2 + d.one_of(&[0, made.host_e2]);
                made.memory_e2 = d.near_of(&SUM, 100) - links;
            }
        }
    }
    // Rows of other widths that stay below the first, dies that do not count, several dies of a design.
    if d.within(0, 2) == 0 {
        let bits = d.one_of(&[4, 8, 32, 64]);
        let most = made.rates[0].tera_e4 * 16 / i64::from(bits);
        made.rates.push(Rate {
            bits,
            tera_e4: d.within(0, most),
        });
    }
    match d.within(0, 5) {
        0 => made.dies[0].non_planar = false,
        1 => made.dies.push(Area {
            logic: false,
            ..made.dies[0]
        }),
        2 => made.dies.push(Area {
            non_planar: false,
            ..made.dies[0]
        }),
        3 => {
            made.dies[0].mm2_e2 /= 4;
            made.dies[0].count = 4;
        }
        _ => {}
    }
    made
}
