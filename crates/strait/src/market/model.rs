//! The market as data: what is read once, and asked by quarter.

use super::Offer;
use super::dynamics::Dynamics;
use super::goods::{self, Candidate, Card, Good};
use super::margins::{self, Burden, PublishedMargin};
use super::priors::{self, Parameters};
use super::quarter::usable;
use super::result::Quarter;
use super::revenue::{self, PublishedShare, ReportedRevenue};
use super::segments::{self, BuyerSegment};
use super::supply::{self, Cap};
use crate::catalog::ChipId;
use crate::data::{DataFile, DataSet, Problem, Problems};
use crate::figure::{FigureRef, Quantity, Sources};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Goods, buyers, supply, parameters and what was reported, from `data/market/`.
#[derive(Debug, Clone)]
pub struct MarketModel {
    goods: Vec<Good>,
    pub(crate) segments: Vec<BuyerSegment>,
    pub(crate) caps: Vec<Cap>,
    pub(crate) parameters: Parameters,
    pub(crate) revenue: Vec<ReportedRevenue>,
    pub(crate) shares: Vec<PublishedShare>,
    pub(crate) margins: Vec<PublishedMargin>,
}

/// A parameter of the model as a reader sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct PriorLine {
    /// Name.
    pub id: String,
    /// Its prior (`Beta(2, 8)`).
    pub prior: String,
    /// Median, which the central answer uses.
    pub median: f64,
    /// 5th and 95th percentile after the fit of the market over time; none for a parameter that fit does not have.
    pub after: Option<[f64; 2]>,
    /// No datum told it.
    pub assumed: bool,
    /// What it stands for.
    pub why: String,
    /// Source, grade and place.
    pub reference: FigureRef,
}

impl MarketModel {
    /// Reads `data/market/`.
    ///
    /// # Errors
    /// Everything wrong with its files, with file and line.
    pub fn load(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let file = |name: &'static str, problems: &mut Problems| -> Option<DataFile<'_>> {
            let found = data.get(name);
            if found.is_none() {
                problems.push(
                    Problem::in_file(name, "the file is missing").help("restore it from the repository"),
                );
            }
            found
        };
        let goods = file("market/goods.toml", &mut problems).map(|f| goods::load(f, sources, &mut problems));
        let segments =
            file("market/segments.toml", &mut problems).map(|f| segments::load(f, sources, &mut problems));
        let caps = file("market/supply.csv", &mut problems).map(|f| supply::load(f, sources, &mut problems));
        let parameters =
            file("market/parameters.toml", &mut problems).map(|f| priors::load(f, sources, &mut problems));
        let revenue =
            file("market/revenue.csv", &mut problems).map(|f| revenue::load(f, sources, &mut problems));
        let shares = file("market/china_share.csv", &mut problems)
            .map(|f| revenue::load_shares(f, sources, &mut problems));
        let margins =
            file("market/margins.csv", &mut problems).map(|f| margins::load(f, sources, &mut problems));
        problems.or(Self {
            goods: goods.unwrap_or_default(),
            segments: segments.unwrap_or_default(),
            caps: caps.unwrap_or_default(),
            parameters: parameters.unwrap_or_default(),
            revenue: revenue.unwrap_or_default(),
            shares: shares.unwrap_or_default(),
            margins: margins.unwrap_or_default(),
        })
    }

    /// With the parameters of demand that the market over time was fitted to by a day, where the two mean the same.
    #[must_use]
    pub fn fitted(&self, dynamics: &Dynamics, known: Date) -> Self {
        Self {
            parameters: self.parameters.known(dynamics, known),
            ..self.clone()
        }
    }

    /// Chips named in `data/market/` that are none of `ids`, with file and line.
    pub fn check_chips(&self, ids: &BTreeSet<&str>) -> Problems {
        let mut problems = goods::check_chips(&self.goods, ids);
        let caps =
            supply::chips(&self.caps).filter_map(|(chip, place)| goods::unknown_chip(chip, place, ids));
        problems.0.extend(caps);
        problems
    }

    /// Chips that buyers may consider in a quarter, as known on a day; law and supply come later.
    pub fn candidates(&self, quarter: Quarter, known: Date) -> Vec<Candidate> {
        goods::candidates(&self.goods, quarter, known)
    }

    /// Whether a chip is to be had directly in China's market in a quarter; `None` where the goods do not name it.
    pub fn on_sale(&self, chip: &ChipId, quarter: Quarter, known: Date) -> Option<bool> {
        goods::on_sale(&self.goods, chip, quarter, known)
    }

    /// What there is to know of a chip as a card.
    pub(crate) fn card(&self, chip: &ChipId) -> Card {
        goods::card(&self.goods, chip)
    }

    /// The buyer segments, in the order of their file.
    pub fn segments(&self) -> &[BuyerSegment] {
        &self.segments
    }

    /// Shares, volumes and forecasts of the market as published, for comparison.
    pub fn published_shares(&self) -> &[PublishedShare] {
        &self.shares
    }

    /// Margins and earnings as published.
    pub fn margins(&self) -> &[PublishedMargin] {
        &self.margins
    }

    /// What a sum borne by a vendor does to its earnings, by figures public on a day; `None` where none were.
    pub fn burden(&self, vendor: &str, known: Date) -> Option<Burden> {
        margins::burden(&self.margins, vendor, known)
    }

    /// A vendor's whole revenue of a period as reported by a day, USD.
    pub fn whole_revenue(&self, vendor: &str, period: &str, known: Date) -> Option<f64> {
        let mut rows = self
            .revenue
            .iter()
            .filter(|r| r.known_from <= known && r.vendor == vendor);
        let found = rows.find(|r| r.period == period && r.metric == "revenue_total" && r.kind == "actual")?;
        Some(found.usd.value.get())
    }

    /// What sellers reported, every metric and basis.
    pub fn reported(&self) -> &[ReportedRevenue] {
        &self.revenue
    }

    /// The parameters with their priors, in order of name.
    pub fn parameters(&self) -> Vec<PriorLine> {
        self.parameters
            .of
            .iter()
            .map(|(id, p)| PriorLine {
                id: (*id).to_owned(),
                prior: p.prior.words(),
                median: p.median,
                after: p.after,
                assumed: p.assumed,
                why: p.prior.why.clone(),
                reference: p.prior.reference.clone(),
            })
            .collect()
    }

    /// A vendor's latest reported China revenue, public by `known`, for a period ended by the quarter's
    /// last day: one row a geographic basis, never joined.
    pub fn seller_baseline(&self, vendor: &str, quarter: Quarter, known: Date) -> Vec<ReportedRevenue> {
        revenue::baseline(&self.revenue, vendor, quarter, known)
    }

    /// Whether guidance of a quarter that discourages is of the lightly enforced kind; a month counts whole.
    pub(crate) fn mild(&self, quarter: Quarter) -> bool {
        quarter.last_day() < self.parameters.firm_from.first_of_month()
    }
}

pub(crate) fn why_left_out(offer: &Offer) -> Option<String> {
    if let Some(why) = &offer.left_out {
        return Some(why.clone());
    }
    match offer.price {
        None => return Some("no price known".to_owned()),
        Some(price) if price.value.get() <= 0.0 => return Some("a price of zero".to_owned()),
        Some(_) => {}
    }
    (!offer.value.values().any(usable)).then(|| "no performance per dollar known".to_owned())
}
