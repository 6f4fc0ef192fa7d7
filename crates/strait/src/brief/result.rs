//! The brief: six parts in the order they are read.

use super::Header;
use crate::catalog::ChipId;
use crate::cost::{HourlyCost, Price, PricePerformance, TiePrice};
use crate::figure::{Estimate, Grade, Need, Outcome, Place, SourceId, Usd};
use crate::market::{MarketOutcome, OnBasis, Quarter};
use crate::perf::{Performance, Scale, WorkloadClass, WorkloadId};
use crate::rules::{ChinaState, License, Review, SupplyEffect, Verdict};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// Which variant was taken for the name typed, and what its siblings would have got.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subject {
    /// As typed.
    pub asked: String,
    /// Variant taken.
    pub chip: ChipId,
    /// Its name.
    pub name: String,
    /// Why this variant.
    pub note: String,
    /// Siblings whose verdict differs.
    pub siblings: Vec<SiblingNote>,
    /// First announcement, as exact as known.
    pub announced: Option<String>,
    /// Set where the chip was not announced by the day asked: law is then hypothetical.
    pub before_launch: bool,
    /// Set where the chip never went on sale.
    pub never_sold: bool,
}

/// A family member and its verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiblingNote {
    /// Member.
    pub chip: ChipId,
    /// What differs.
    pub differs: String,
}

/// Part 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Two sentences, generated from the results.
    pub sentences: Vec<String>,
    /// Which buyer is assumed in the sentences and why.
    pub buyer_note: String,
    /// Buyers side by side.
    pub buyers: Vec<BuyerRow>,
    /// Worth by workload; unknown with needs where price or performance is missing.
    pub worth: Outcome<Worth>,
}

/// One buyer's position.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BuyerRow {
    /// Who (`platform`, `state-funded data center` …).
    pub buyer: String,
    /// Destination assumed for it.
    pub to: String,
    /// License.
    pub license: License,
    /// Review policy.
    pub review: Option<Review>,
    /// Instruments that decide.
    pub why: Vec<String>,
    /// China side.
    pub china: ChinaState,
    /// Its instruments.
    pub china_why: Vec<String>,
    /// What is left to the supplier.
    pub supply_effect: SupplyEffect,
    /// In one line.
    pub says: String,
}

/// Tokens per dollar against the best rival that the buyer can get.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Worth {
    /// By workload.
    pub rows: Vec<WorthRow>,
    /// Rivals left out because this buyer cannot get them, or because they cannot be valued, with why.
    pub not_compared: Vec<(ChipId, String)>,
}

/// One workload.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorthRow {
    /// Workload.
    pub workload: WorkloadId,
    /// Class.
    pub class: WorkloadClass,
    /// Best rival obtainable.
    pub rival: ChipId,
    /// Subject's tokens per dollar over the rival's: value, low, high.
    pub ratio: (f64, f64, f64),
}

/// Part 2.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LawSection {
    /// The verdict with metrics, margins, practice, trace and citations.
    pub verdict: Verdict,
    /// What changed when, for this chip and destination.
    pub timeline: Vec<TimelineRow>,
    /// Dated events ahead.
    pub upcoming: Vec<UpcomingRow>,
}

/// A change in what the law said of this chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimelineRow {
    /// Day.
    pub on: Date,
    /// License before and after.
    pub license: (License, License),
    /// China side before and after.
    pub china: (ChinaState, ChinaState),
    /// Instruments.
    pub instruments: Vec<String>,
    /// One line.
    pub text: String,
}

/// A dated event ahead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UpcomingRow {
    /// Day or imprecise date.
    pub when: String,
    /// Instrument.
    pub instrument: String,
    /// What happens.
    pub text: String,
}

/// Why a chip stands in the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The chip asked about.
    Subject,
    /// The flagship it was cut from.
    Flagship,
    /// What it replaced.
    Predecessor,
    /// A domestic alternative.
    Domestic,
    /// Named by the user.
    Named,
}

/// A chip of the comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeerNote {
    /// Chip.
    pub chip: ChipId,
    /// Name.
    pub name: String,
    /// Why it is here.
    pub role: Role,
    /// What the US side leaves this buyer's supplier.
    pub supply_effect: SupplyEffect,
    /// China side for this buyer.
    pub china: ChinaState,
    /// Whether it was to be had that quarter at all; `None` where the market of the place is not modelled.
    pub on_sale: Option<bool>,
}

/// Part 3: one workload at one scale for every chip compared, in the order of [`Brief::peers`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PerformanceRow {
    /// Workload.
    pub workload: WorkloadId,
    /// What it is, in words (`Llama-3.1-70B, 1,024 in, 512 out`).
    pub title: String,
    /// Class.
    pub class: WorkloadClass,
    /// Scale.
    pub scale: Scale,
    /// Per chip.
    pub chips: Vec<(ChipId, Outcome<Performance>)>,
}

/// Price and hourly cost of one chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PriceRow {
    /// Chip.
    pub chip: ChipId,
    /// Price.
    pub price: Outcome<Price>,
    /// Cost of owning it for an hour.
    pub hourly: Outcome<HourlyCost>,
}

/// Part 4.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Costs {
    /// Place the chips run in.
    pub place: String,
    /// Prices and hourly costs.
    pub prices: Vec<PriceRow>,
    /// Price performance, by workload and chip, at the scale that [`Costs`] takes for the workload.
    pub price_performance: Vec<PricePerformance>,
    /// Prices at which the subject ties with each rival.
    pub ties: Vec<TiePrice>,
}

/// A figure that a company reported.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reported {
    /// Vendor.
    pub vendor: String,
    /// Period (`FY2026Q1`).
    pub period: String,
    /// Basis (`billing_location`, `customer_headquarters`, `unstated`); never joined.
    pub basis: String,
    /// US dollars.
    pub usd: Usd,
    /// Known since.
    pub known_from: Date,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
    /// Where it is written.
    pub place: Place,
}

/// What the seller would gain or lose by policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RevenueAtStake {
    /// Vendor of the subject.
    pub vendor: String,
    /// Modelled revenue of the quarter as things are.
    pub as_is: Estimate<Usd>,
    /// Without the guidance.
    pub without_guidance: Estimate<Usd>,
    /// Without the US rule.
    pub without_us_rule: Estimate<Usd>,
    /// The same as things are on the bases the vendor reports on, other sales to China included; empty for those whose
    /// reports are not modelled.
    pub on_bases: Vec<OnBasis>,
    /// Reported figures known that day.
    pub reported: Vec<Reported>,
}

/// Part 5.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarketSection {
    /// Quarter.
    pub quarter: Quarter,
    /// The three cases; empty with `needs` where the buyers of that place are not modelled.
    pub cases: Vec<MarketOutcome>,
    /// Revenue at stake.
    pub stake: Option<RevenueAtStake>,
    /// The day by which all was public that the market over time was fitted to; none without cases.
    pub fitted_to: Option<Date>,
    /// What is missing; beside the cases that the subject is none of the goods that buyers choose among.
    pub needs: Vec<Need>,
}

/// Part 6: a figure to be careful with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeakFigure {
    /// Chip, price row or parameter.
    pub of: String,
    /// Field.
    pub path: String,
    /// Value taken, with unit.
    pub value: String,
    /// Grade.
    pub grade: Grade,
    /// Source.
    pub source: SourceId,
    /// Where it is written.
    pub place: Place,
    /// Disputed, recalled, assumed …
    pub why: String,
    /// Other values tried, with their sources.
    pub alternatives: Vec<String>,
    /// Whether one of them would change the answer; `None` where that was not tried.
    pub changes: Option<bool>,
    /// How.
    pub effect: String,
}

/// A source the brief rests on, and the lines of `data/` that cite it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceUse {
    /// Id.
    pub id: SourceId,
    /// Title.
    pub title: String,
    /// Date.
    pub date: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Grade.
    pub grade: Grade,
    /// Places that cite it for this brief.
    pub places: Vec<Place>,
}

/// The whole brief.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Brief {
    /// Versions and inputs.
    pub strait: Header,
    /// Destination code.
    pub to: String,
    /// Destination name.
    pub to_name: String,
    /// The chip.
    pub subject: Subject,
    /// Part 1.
    pub answer: Answer,
    /// Part 2.
    pub law: LawSection,
    /// The chips compared, subject first.
    pub peers: Vec<PeerNote>,
    /// Names of every chip that any part mentions.
    pub names: BTreeMap<ChipId, String>,
    /// Part 3.
    pub performance: Vec<PerformanceRow>,
    /// Part 4.
    pub cost: Costs,
    /// Part 5.
    pub market: MarketSection,
    /// Part 6.
    pub weak: Vec<WeakFigure>,
    /// Sources.
    pub sources: Vec<SourceUse>,
}
