//! What buyers meet, month by month: law, prices and value per dollar, before any parameter.

use super::assumed::Assumed;
use super::calendar::{MONTHS, Month};
use super::capacity_facts::CapacityFacts;
use super::specification::{GoodFacts, Specification};
use crate::figure::Quantity;
use crate::rules::{ChinaState, Site, SupplyEffect};
use jiff::civil::Date;

/// A combination of both sides' law, and the part of the month and of the point's buyers it holds for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AccessShare {
    /// What the US side leaves the supplier.
    pub supply: SupplyEffect,
    /// The China side.
    pub china: ChinaState,
    /// 0 to 1.
    pub part: f64,
}

/// Access of one point to one good in one month; empty where the good does not exist.
pub type Cell = Vec<AccessShare>;

/// A demand point as the path needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct PointFacts {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Site.
    pub site: Site,
    /// Share of the site's budget.
    pub share: f64,
    /// Buys through the grey channel alone.
    pub grey_only: bool,
    /// Part of its demand for grey goods that would be bought.
    pub grey: f64,
    /// Utility of Chinese vendors' goods beyond value per dollar.
    pub home: f64,
    /// Part of software that runs outside CUDA at the start.
    pub software: f64,
}

/// How many of some goods of the grey channel get through, whatever the channel could carry.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// First and last month.
    pub months: (Month, Month),
    /// Goods it holds for together.
    pub goods: Vec<usize>,
    /// Units a month.
    pub units: f64,
}

/// Everything a path is computed from besides parameters. Tables run over month, good and point.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Day of knowledge of law, prices and chips.
    pub known: Date,
    /// Goods.
    pub goods: Vec<GoodFacts>,
    /// Demand points.
    pub points: Vec<PointFacts>,
    /// Access, `[(month * goods + good) * points + point]`.
    pub access: Vec<Cell>,
    /// Logarithm of tokens per dollar over the month's average of all goods, likewise; NaN where not to be had.
    pub value: Vec<f64>,
    /// Price of one, US dollars, `[month * goods + good]`; NaN where not to be had.
    pub price: Vec<f64>,
    /// Total processing performance of one, likewise.
    pub tpp: Vec<f64>,
    /// Units a month as low, value, high, likewise; `None` where no limit is written.
    pub cap: Vec<Option<[f64; 3]>>,
    /// Units a month that a maker abroad has of a chip made for this market alone, as low, value, high, likewise; what it
    /// may not sell stays its stock.
    pub arrivals: Vec<Option<[f64; 3]>>,
    /// Part of the seller's revenue that is levied, likewise.
    pub levy: Vec<f64>,
    /// What a scenario's subsidy adds to value per dollar, as a part of it, `[(month * goods + good) * points + point]`.
    pub subsidy: Vec<f64>,
    /// Logic dies and memory stacks a package of the vendor whose capacity is modelled, likewise; NaN elsewhere.
    pub dies: Vec<f64>,
    /// See `dies`.
    pub stacks: Vec<f64>,
    /// Multiplies budgets of a site's buyers, `[month]`.
    pub demand: Vec<f64>,
    /// Multiplies units of a good that can be made, `[month * goods + good]`.
    pub supply: Vec<f64>,
    /// Units a month that a scenario allows at most, whatever there is, likewise.
    pub ceiling: Vec<Option<f64>>,
    /// What a scenario lets through the grey channel.
    pub flows: Vec<Flow>,
    /// Goods of which as many are there as are wanted, whatever can be made, likewise.
    pub(crate) lifted: Vec<bool>,
    /// Multiplies memory made at home and the bank, `[month]`.
    pub memory: Vec<f64>,
    /// Multiplies wafers, `[month]`.
    pub wafers: Vec<f64>,
    /// Interposers a month that packaging lines on the mainland can make, as low, value, high, `[month]`; `None` where no
    /// limit is written.
    pub interposers: Vec<Option<[f64; 3]>>,
    /// The last month that a figure of these lines is for: beyond it they grow as wafers do.
    pub interposers_until: Option<Month>,
    /// Packages a month of a good that its maker could have made abroad if it made nothing else, likewise,
    /// `[month * goods + good]`.
    pub packages: Vec<Option<[f64; 3]>>,
    /// From when a discouraged good is discouraged in earnest.
    pub firm_from: Month,
    /// Premium over the vendor's price that is in the prices of grey goods.
    pub grey_premium: f64,
    /// Total processing performance of the chip that compute is counted in.
    pub compute_unit: f64,
    /// Figures that are fitted to nothing.
    pub(crate) assumed: Assumed,
    /// What limits makers beside parameters, as known on the day of knowledge.
    pub(crate) capacity: CapacityFacts,
    /// Goods that could not be valued, with why.
    pub left_out: Vec<(String, String)>,
}

impl Environment {
    /// One with goods and points of the specification and empty tables.
    pub(crate) fn empty(spec: &Specification, assumed: &Assumed, known: Date) -> Self {
        let (g, p) = (spec.goods.len(), spec.points.len());
        let goods = spec.goods.iter().map(|s| s.facts.clone()).collect();
        let points = spec
            .points
            .iter()
            .map(|s| PointFacts {
                id: s.id.clone(),
                name: s.name.clone(),
                site: s.site,
                share: s.share,
                grey_only: s.grey_only,
                grey: 0.0,
                home: 0.0,
                software: 0.0,
            })
            .collect();
        Self {
            known,
            goods,
            points,
            access: vec![Cell::new(); MONTHS * g * p],
            value: vec![f64::NAN; MONTHS * g * p],
            price: vec![f64::NAN; MONTHS * g],
            tpp: vec![f64::NAN; MONTHS * g],
            cap: vec![None; MONTHS * g],
            arrivals: vec![None; MONTHS * g],
            levy: vec![0.0; MONTHS * g],
            subsidy: vec![0.0; MONTHS * g * p],
            dies: vec![f64::NAN; MONTHS * g],
            stacks: vec![f64::NAN; MONTHS * g],
            demand: vec![1.0; MONTHS],
            supply: vec![1.0; MONTHS * g],
            ceiling: vec![None; MONTHS * g],
            flows: Vec::new(),
            lifted: vec![false; MONTHS * g],
            memory: vec![1.0; MONTHS],
            wafers: vec![1.0; MONTHS],
            interposers: vec![None; MONTHS],
            interposers_until: None,
            packages: vec![None; MONTHS * g],
            firm_from: Month::of(spec.firm_guidance_from),
            grey_premium: spec.grey_premium.get(),
            compute_unit: f64::NAN,
            capacity: assumed.capacity.known(known),
            assumed: assumed.clone(),
            left_out: Vec::new(),
        }
    }

    /// Index of a month and good.
    pub fn at(&self, month: Month, good: usize) -> usize {
        month.0 * self.goods.len() + good
    }

    /// Index of a month, good and point.
    pub fn cell(&self, month: Month, good: usize, point: usize) -> usize {
        self.at(month, good) * self.points.len() + point
    }

    /// Position of a good.
    pub fn good(&self, id: &str) -> Option<usize> {
        self.goods.iter().position(|g| g.id == id)
    }

    /// Takes value, price, compute and law of a month and all later ones from another of the same goods and points.
    pub(crate) fn go_on_as(&mut self, from: Month, other: &Self) {
        let (goods, cells) = (self.at(from, 0), self.cell(from, 0, 0));
        self.value[cells..].copy_from_slice(&other.value[cells..]);
        self.access[cells..].clone_from_slice(&other.access[cells..]);
        self.price[goods..].copy_from_slice(&other.price[goods..]);
        self.tpp[goods..].copy_from_slice(&other.tpp[goods..]);
        self.levy[goods..].copy_from_slice(&other.levy[goods..]);
    }

    /// Units there are of a good once limits are lifted and ceilings held.
    pub(crate) fn bounded(&self, month: Month, good: usize, units: Option<f64>) -> Option<f64> {
        let at = self.at(month, good);
        let there = if self.lifted[at] { None } else { units };
        match (there, self.ceiling[at]) {
            (Some(there), Some(most)) => Some(there.min(most)),
            (there, most) => there.or(most),
        }
    }

    /// Whether the good exists and is valued in a month.
    pub fn on_sale(&self, month: Month, good: usize) -> bool {
        let at = self.at(month, good);
        self.price[at].is_finite() && self.value[at * self.points.len()].is_finite()
    }
}
