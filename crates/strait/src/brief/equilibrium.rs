//! China's mainland market of a quarter put together for [`crate::market::equilibrium`].

use super::Library;
use super::charges::revenue_share;
use super::performance::Runs;
use crate::catalog::ChipId;
use crate::figure::{Estimate, Usd};
use crate::market::equilibrium::{EquilibriumError, QuarterMarket};
use crate::market::{MarketCase, Offer, Quarter};
use crate::rules::{Channel, LawBook, Listed, Transaction};
use jiff::civil::Date;
use rayon::prelude::*;

impl Library {
    /// The chips on offer in a day's quarter at their published prices, and who would choose which; law and levies are
    /// those of the day. `spending` is what the mainland's buyers have for the quarter ([`Library::over_time`]). `None`
    /// where nothing was on offer.
    ///
    /// # Errors
    /// Where a price is out of range.
    pub fn quarter_market(
        &self,
        (on, known): (Date, Date),
        case: MarketCase,
        spending: Estimate<Usd>,
    ) -> Result<Option<QuarterMarket>, EquilibriumError> {
        let law = self.law_of(case);
        let ask = Transaction {
            listed: Listed::None,
            parent: Some("CN".into()),
            ..Transaction::new(ChipId(String::new()), "CN", on, known)
        };
        let candidates = super::market::candidates(self, &ask);
        let runs = Runs::make(self, candidates.iter().filter_map(|c| self.catalog.get(&c.chip)));
        let offers: Vec<(Offer, f64)> = candidates
            .par_iter()
            .filter_map(|c| {
                let offer = super::market::offer(self, law, &runs, c, &ask)?;
                let levy = if c.channel == Channel::Direct {
                    levy(self, law, &c.chip, &ask)
                } else {
                    0.0
                };
                Some((offer, levy))
            })
            .collect();
        let found = self.market.fitted(&self.dynamics, known).quarter_market(
            &offers,
            spending,
            (Quarter::of(on), known),
            case,
        )?;
        Ok(found.map(|mut market| {
            let prices = market.goods.iter().filter_map(|good| {
                let price = self.cost.price(self.catalog.get(&good.chip)?, "CN", on, known);
                Some(price.known()?.rests_on.clone())
            });
            market.rests_on.extend(prices.flatten().collect::<Vec<_>>());
            market.rests_on.sort();
            market.rests_on.dedup();
            market
        }))
    }

    /// The law that a policy case leaves.
    pub(super) fn law_of(&self, case: MarketCase) -> &LawBook {
        match case {
            MarketCase::AsIs => &self.law,
            MarketCase::WithoutGuidance => &self.law_without_cn,
            MarketCase::WithoutUsRule => &self.law_without_us,
        }
    }
}

/// Part of the seller's revenue that levies take from a sale to a mainland platform.
fn levy(library: &Library, law: &LawBook, chip: &ChipId, ask: &Transaction) -> f64 {
    let Some(chip) = library.catalog.get(chip) else {
        return 0.0;
    };
    let Ok(verdict) = super::law::check(library, law, chip, ask) else {
        return 0.0;
    };
    let levies = verdict.us.levies.iter();
    revenue_share(levies.filter_map(|l| Some((l.kind, l.applies, l.rate.parse().ok()?))))
}
