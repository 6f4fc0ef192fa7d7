//! Units there are, a month, by good.

use crate::brief::Library;
use crate::catalog::ChipId;
use crate::figure::Quantity;
use crate::market::dynamics::{Environment, GoodSpec, Month, Specification};
use crate::market::{Binds, MarketCase, supply_limits};
use crate::scenario::Side;
use jiff::civil::Date;
use std::ops::Range;

/// Units there are a month, in some months of a policy case.
pub(super) fn fill(
    library: &Library,
    spec: &Specification,
    (known, case): (Date, MarketCase),
    months: Range<usize>,
    env: &mut Environment,
) {
    let of_case = match case {
        MarketCase::AsIs => None,
        MarketCase::WithoutGuidance => Some(Side::Cn),
        MarketCase::WithoutUsRule => Some(Side::Us),
    };
    let without = |side| of_case == Some(side) || library.scenario.rules.without_side.contains(&side);
    let case = match (without(Side::Us), without(Side::Cn)) {
        (true, _) => MarketCase::WithoutUsRule,
        (false, true) => MarketCase::WithoutGuidance,
        _ => MarketCase::AsIs,
    };
    let caps: Vec<_> = library
        .market
        .caps
        .iter()
        .chain(&library.dynamics.caps)
        .cloned()
        .collect();
    env.interposers_until = library.dynamics.packaging.mainland_until(known).map(Month::of);
    for month in months.map(Month) {
        let middle = month.day(15);
        env.interposers[month.0] = library.dynamics.packaging.mainland(middle, known);
        let mut pools = supply_limits(&caps, (month.first_day(), month.last_day()), known, case);
        if without(Side::Us) && without(Side::Cn) {
            pools.retain(|p| p.by == Binds::Physical);
        }
        for (g, good) in spec.goods.iter().enumerate() {
            let at = env.at(month, g);
            let lines = &library.dynamics.packaging;
            let vendor = &good.facts.vendor;
            env.packages[at] = lines.abroad(vendor, &good.facts.id, middle, known).or_else(|| {
                // A chip that a scenario adds takes its maker's lines as the largest of the others does.
                let others = spec.goods.iter().filter(|g| g.facts.vendor == *vendor);
                let others = others.map(|g| g.facts.id.as_str());
                added_with_stacks(library, good)
                    .then(|| lines.abroad_as_largest(vendor, others, (middle, known)))
                    .flatten()
            });
            let a_month =
                |p: &crate::market::PoolLimit| [p.units.low.get(), p.units.value.get(), p.units.high.get()];
            if good.pools.is_empty() {
                let mix = good.mix_on(month.day(15));
                let holds = |p: &&crate::market::PoolLimit| {
                    p.channel == good.facts.channel
                        && mix
                            .iter()
                            .any(|m| m.chip.as_ref().is_some_and(|c| p.chips.contains(c)))
                };
                let tightest = (pools.iter().filter(holds))
                    .min_by(|a, b| a.units.value.get().total_cmp(&b.units.value.get()));
                let made_for_it = good.facts.china_only && good.facts.is_foreign_direct();
                match tightest {
                    Some(pool) if made_for_it && pool.by == Binds::Physical => {
                        env.arrivals[at] = Some(a_month(pool));
                    }
                    pool => env.cap[at] = pool.map(a_month),
                }
            } else {
                for (pool, part) in &good.pools {
                    for row in pools.iter().filter(|p| p.pool == *pool) {
                        let here = a_month(row).map(|x| x * part);
                        let sum = env.cap[at].unwrap_or([0.0; 3]);
                        env.cap[at] = Some([sum[0] + here[0], sum[1] + here[1], sum[2] + here[2]]);
                    }
                }
            }
        }
    }
}

/// Whether a good is a chip that the scenario adds, with memory in stacks, which needs an interposer.
fn added_with_stacks(library: &Library, good: &GoodSpec) -> bool {
    let chip = library.catalog.get(&ChipId(good.facts.id.clone()));
    let kind = chip.and_then(|c| c.memory.kind.as_ref());
    library.dynamics.spec.good(&good.facts.id).is_none() && kind.is_some_and(|k| k.value.starts_with("HBM"))
}
