//! What `cost` answers.

use super::{FxRate, InYuan, LevyPaid, Money};
use crate::catalog::ChipId;
use crate::figure::{
    Estimate, FigureRef, Grade, SourceId, TokensPerDollar, TokensPerJoule, Usd, UsdPerHour,
    UsdPerKilowattHour, UsdPerMillionTokens, Watts, When,
};
use crate::perf::{Scale, WorkloadId};
use serde::{Deserialize, Serialize};

/// What kind of price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceKind {
    /// The maker's or its distributors' price.
    List,
    /// What buyers paid.
    Street,
    /// What buyers paid around the law.
    Grey,
    /// Announced for a part not on sale.
    Plan,
    /// An analyst's estimate of the average.
    Estimate,
    /// Fixed by the scenario.
    Scenario,
}

/// What was bought for a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceForm {
    /// One chip: a card, or one module.
    Card,
    /// A board of eight modules, no server around it.
    Module8,
    /// A server with eight chips.
    Server8,
    /// A system of 384 chips with servers and network.
    System384,
}

/// The price of one chip in a market on a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Price {
    /// Chip.
    pub chip: ChipId,
    /// Market, two-letter code, or `US` where no price there is known and the home price is used.
    pub market: String,
    /// One chip, US dollars; where a server was bought, less the server's share.
    pub usd: Estimate<Usd>,
    /// One chip's part of what was bought, US dollars, server and network included where `form` has them.
    pub bought: Estimate<Usd>,
    /// What was bought.
    pub form: PriceForm,
    /// As published: amounts in the original currency and unit.
    pub as_published: String,
    /// Exchange rate applied, CNY for one USD.
    pub cny_per_usd: Option<f64>,
    /// Kind.
    pub kind: PriceKind,
    /// Date of the price.
    pub date: When,
    /// Days between the price's date and the day asked; negative where the price is later than the day.
    pub age_days: i64,
    /// Row of `data/market/prices.csv` (id).
    pub row: String,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
    /// Levies on the sale, as they bear on this price.
    pub levies: Vec<LevyPaid>,
    /// What the reader should know: another market's price, a plan, a dispute.
    pub notes: Vec<String>,
    /// Every row it rests on: prices of the hull, exchange rates, server share.
    pub rests_on: Vec<FigureRef>,
}

/// Parts of the hourly cost of one chip, US dollars an hour in use; they sum to the total's centre.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CostParts {
    /// Chip, amortised.
    pub chip: UsdPerHour,
    /// Server share, amortised.
    pub server: UsdPerHour,
    /// Network share, amortised.
    pub network: UsdPerHour,
    /// Cost of capital.
    pub capital: UsdPerHour,
    /// Electricity with PUE.
    pub power: UsdPerHour,
    /// Hosting and staff.
    pub operations: UsdPerHour,
}

/// What the hourly cost of one chip is computed from, besides the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CostBasis {
    /// One chip's part of what was bought.
    pub bought: Estimate<Usd>,
    /// What was bought.
    pub form: PriceForm,
    /// True where the chip sits in a card server, false for modules.
    pub card: bool,
    /// Board power of the chip.
    pub tdp: Estimate<Watts>,
    /// Electricity tariff paid.
    pub tariff: Estimate<UsdPerKilowattHour>,
}

/// Owning one chip for an hour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HourlyCost {
    /// Chip.
    pub chip: ChipId,
    /// Where it runs.
    pub place: String,
    /// Price used.
    pub price: Price,
    /// Total for a chip-hour in use, utilisation applied.
    pub total: Estimate<UsdPerHour>,
    /// An hour owned and fully used: the same at a utilisation of one, as published owning costs count.
    pub owned: Estimate<UsdPerHour>,
    /// Parts at central values.
    pub parts: CostParts,
    /// What it was computed from.
    pub basis: CostBasis,
    /// Exchange rate of the day asked; absent before the first.
    pub fx: Option<FxRate>,
    /// What the reader should know of tariff and place.
    pub notes: Vec<String>,
    /// What it rests on: prices and parameters.
    pub rests_on: Vec<FigureRef>,
}

impl HourlyCost {
    /// An amount of this answer in both currencies, at the rate of its day.
    pub fn money<Q: InYuan>(&self, usd: Estimate<Q>) -> Money<Q> {
        Money::of(usd, self.fx.as_ref().map(|fx| fx.cny_per_usd))
    }
}

/// What a workload costs on a chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PricePerformance {
    /// Chip.
    pub chip: ChipId,
    /// Workload.
    pub workload: WorkloadId,
    /// Scale.
    pub scale: Scale,
    /// Tokens for a dollar of owned chip time.
    pub per_dollar: Estimate<TokensPerDollar>,
    /// Tokens for a joule at the wall.
    pub per_joule: Estimate<TokensPerJoule>,
    /// Cost of a million tokens.
    pub per_million: Estimate<UsdPerMillionTokens>,
}

/// The chip price at which a chip would cost as much per token as a rival.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TiePrice {
    /// Chip.
    pub chip: ChipId,
    /// Rival.
    pub rival: ChipId,
    /// Workload.
    pub workload: WorkloadId,
    /// Price of one chip; `None` where it would not tie even for nothing.
    pub usd: Option<Estimate<Usd>>,
}
