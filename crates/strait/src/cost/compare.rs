//! Two chips side by side by workload: per dollar, per watt, and where they cost the same.

use super::pair::{self, BreakEven, Working};
use super::{CostBasis, CostModel, HourlyCost, Money, Rent, TiePrice};
use crate::catalog::ChipId;
use crate::figure::{Cny, Count, Estimate, Kilowatts, Quantity, Ratio, TokensPerSecond, UsdPerHour, Watts};
use crate::perf::{Performance, Scale, WorkloadId};
use serde::Serialize;

/// One chip of a comparison. A chip without a known price has a basis, and no hour.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What it costs without its price.
    pub unpriced: &'a CostBasis,
    /// What owning it costs, where its price is known.
    pub hourly: Option<&'a HourlyCost>,
    /// What renting it costs, where known.
    pub rent: Option<&'a Rent>,
    /// What it does.
    pub performance: &'a Performance,
}

/// One chip against a rival on one workload.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Workload.
    pub workload: WorkloadId,
    /// Chip.
    pub chip: ChipId,
    /// Rival.
    pub rival: ChipId,
    /// Scale of each.
    pub scales: (Scale, Scale),
    /// Tokens a second of one chip, each.
    pub rates: (Estimate<TokensPerSecond>, Estimate<TokensPerSecond>),
    /// Tokens a second of one chip over those of one rival.
    pub speed: Estimate<Ratio>,
    /// Tokens a dollar over the rival's; absent where a price is unknown.
    pub per_dollar: Option<Estimate<Ratio>>,
    /// Tokens a second and watt at the wall over the rival's.
    pub per_watt: Estimate<Ratio>,
    /// Price of the chip at which it ties; absent where the rival's price is unknown.
    pub tie_price: Option<TiePrice>,
    /// Utilisation of the chip from which it ties, the rival used as the parameter has it.
    pub tie_utilisation: Option<BreakEven>,
    /// The tie price in yuan.
    pub tie_price_cny: Option<Estimate<Cny>>,
    /// Rent of the chip at which it ties with the rival's rent; absent where that is unknown.
    pub tie_rent: Option<Money<UsdPerHour>>,
    /// Rivals to be matched.
    pub of: u32,
    /// Chips that do what those rivals do.
    pub matched_by: Estimate<Count>,
    /// Power at the wall of those chips and of the rivals.
    pub power: (Estimate<Kilowatts>, Estimate<Kilowatts>),
    /// Cost of an hour in use of those chips and of the rivals, where known: the difference is what a change of
    /// software may cost by the hour.
    pub hour: (Option<Money<UsdPerHour>>, Option<Money<UsdPerHour>>),
}

impl CostModel {
    /// Compares two chips on the workload both were run on; `of` rivals are to be matched.
    pub fn compare(&self, chip: &Side<'_>, rival: &Side<'_>, of: u32) -> Comparison {
        let basis = |side: &Side<'_>| side.hourly.map_or(*side.unpriced, |h| h.basis);
        let (own, other) = (basis(chip), basis(rival));
        let (own, other) = (
            Working {
                basis: &own,
                performance: chip.performance,
            },
            Working {
                basis: &other,
                performance: rival.performance,
            },
        );
        let p = &self.parameters;
        let n = f64::from(of);
        let matched_by: Estimate<Count> = pair::over(p, own, other, |_, a, b| n * b.rate / a.rate);
        let both_priced = chip.hourly.is_some() && rival.hourly.is_some();
        let inverse = || pair::over(p, own, other, pair::inverse_utilisation);
        let fx = chip.hourly.or(rival.hourly).and_then(|hour| hour.fx.as_ref());
        let rate = fx.map(|fx| fx.cny_per_usd);
        let money = |usd: Estimate<UsdPerHour>| Money::of(usd, rate);
        let tie_price = rival
            .hourly
            .map(|hourly| self.tie_price(chip.unpriced, chip.performance, hourly, rival.performance));
        let kilowatts = |w: Watts, chips: f64| Kilowatts::of(w.get() * chips / 1e3);
        Comparison {
            workload: chip.performance.workload.clone(),
            chip: chip.performance.chip.clone(),
            rival: rival.performance.chip.clone(),
            scales: (chip.performance.scale, rival.performance.scale),
            rates: (chip.performance.per_chip, rival.performance.per_chip),
            speed: pair::over(p, own, other, |_, a, b| a.rate / b.rate),
            per_dollar: both_priced
                .then(|| pair::over(p, own, other, |t, a, b| b.per_million(t) / a.per_million(t))),
            per_watt: pair::over(p, own, other, |t, a, b| a.per_joule(t) / b.per_joule(t)),
            tie_price_cny: tie_price.as_ref().and_then(|tie| Money::of(tie.usd?, rate).cny),
            tie_price,
            tie_utilisation: both_priced.then(inverse).and_then(BreakEven::of_inverse),
            tie_rent: rival.rent.map(|rent| {
                let speed: Estimate<Ratio> = pair::over(p, own, other, |_, a, b| a.rate / b.rate);
                money(product(rent.hour.usd, speed))
            }),
            of,
            matched_by,
            hour: (
                chip.hourly.map(|_| {
                    money(pair::over(p, own, other, |t, a, b| {
                        n * b.rate / a.rate * a.unit.total(t)
                    }))
                }),
                rival
                    .hourly
                    .map(|_| money(pair::over(p, own, other, |t, _, b| n * b.unit.total(t)))),
            ),
            power: (
                pair::over(p, own, other, |t, a, b| {
                    n * b.rate / a.rate * a.unit.wall_power(t) / 1e3
                }),
                self.wall_power(other.basis, rival.performance)
                    .map(|w| kilowatts(w, n)),
            ),
        }
    }
}

/// A rent times a ratio, the two ranges independent of one another.
fn product(rent: Estimate<UsdPerHour>, ratio: Estimate<Ratio>) -> Estimate<UsdPerHour> {
    let of = |usd: UsdPerHour, k: Ratio| (usd.get(), k.get());
    let shifts = [
        (of(rent.low, ratio.value), of(rent.high, ratio.value)),
        (of(rent.value, ratio.low), of(rent.value, ratio.high)),
    ];
    super::hourly::spread(of(rent.value, ratio.value), &shifts, |(usd, k)| usd * k)
}
