//! Which series a run keeps of a path, and where each stands.

use super::super::environment::Environment;
use super::Detail;
use crate::rules::{Channel, Site};

/// Series that there is one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fixed {
    Billing,
    Headquarters,
    ForUse,
    ForStock,
    FromStock,
    Demand,
    DomesticLimit,
    Budget,
    Training,
    TrainingDomestic,
    Installed,
    WriteDown,
    Levies,
    CutOff,
    Yield,
    Memory,
    BoundDies,
    BoundMemory,
    BoundPackaging,
    BoundAbroad,
    NotTaken,
}

/// How many these are.
const FIXED: usize = Fixed::NotTaken as usize + 1;

/// What is counted of purchases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Thousands.
    Units,
    /// Million US dollars.
    Usd,
    /// Thousands of the chip that compute is counted in, by total processing performance.
    Compute,
}

impl Measure {
    pub(super) const ALL: [Self; MEASURES] = [Self::Units, Self::Usd, Self::Compute];

    /// As names of shares have it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Units => "Units",
            Self::Usd => "Dollars",
            Self::Compute => "Compute",
        }
    }
}

/// Sites in the order of the series.
pub(super) const SITES: [Site; 2] = [Site::Mainland, Site::Offshore];
const MEASURES: usize = 3;
/// Series a good: every measure at every site, rent, whether that is at least so much, units laid in.
const A_GOOD: usize = SITES.len() * MEASURES + 3;
/// Series a point: dollars, and of these Chinese vendors'.
const A_POINT: usize = 2;

/// Where each series stands.
pub(super) struct Kept {
    goods: usize,
    points: usize,
    pub(super) sites: Vec<Site>,
    /// Goods at points that are kept by themselves.
    pub(super) cells: Vec<(usize, usize)>,
}

impl Kept {
    pub(super) fn of(env: &Environment, detail: Detail) -> Self {
        let sites: Vec<Site> = env.points.iter().map(|p| p.site).collect();
        // A point alone at its site is the site.
        let shared = |p: usize| sites.iter().filter(|s| **s == sites[p]).count() > 1;
        let cells = match detail {
            Detail::Totals => Vec::new(),
            Detail::Everything => (0..env.goods.len())
                .flat_map(|g| (0..env.points.len()).map(move |p| (g, p)))
                .filter(|(g, p)| shared(*p) && sold_to(env, *g, *p))
                .collect(),
        };
        Self {
            goods: env.goods.len(),
            points: env.points.len(),
            sites,
            cells,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.first_cell() + 2 * self.cells.len()
    }

    pub(super) fn total(&self, site: Site, measure: Measure) -> usize {
        FIXED + site as usize * MEASURES + measure as usize
    }

    pub(super) fn good(&self, good: usize, site: Site, measure: Measure) -> usize {
        self.first_good() + good * A_GOOD + site as usize * MEASURES + measure as usize
    }

    pub(super) fn rent(&self, good: usize) -> usize {
        self.good(good, Site::Mainland, Measure::Units) + SITES.len() * MEASURES
    }

    pub(super) fn at_least(&self, good: usize) -> usize {
        self.rent(good) + 1
    }

    pub(super) fn ahead(&self, good: usize) -> usize {
        self.rent(good) + 2
    }

    pub(super) fn point(&self, point: usize) -> usize {
        self.first_point() + point * A_POINT
    }

    pub(super) fn domestic_at(&self, point: usize) -> usize {
        self.point(point) + 1
    }

    /// Units or dollars of a good at a point; nothing where it is not sold to it, or not kept.
    pub(super) fn cell(&self, good: usize, point: usize, measure: Measure) -> Option<usize> {
        let here = self.sites.iter().filter(|s| **s == self.sites[point]);
        if here.count() == 1 {
            return Some(self.good(good, self.sites[point], measure));
        }
        let at = self.cells.binary_search(&(good, point)).ok()?;
        Some(self.first_cell() + 2 * at + measure as usize)
    }

    fn first_good(&self) -> usize {
        FIXED + SITES.len() * MEASURES
    }

    fn first_point(&self) -> usize {
        self.first_good() + self.goods * A_GOOD
    }

    pub(super) fn first_cell(&self) -> usize {
        self.first_point() + self.points * A_POINT
    }
}

/// Whether a point can ever buy a good: grey goods go to those who buy so, all others to those who do not buy so alone, and
/// to these what they buy so, should no law be in the way.
pub(super) fn sold_to(env: &Environment, good: usize, point: usize) -> bool {
    let buyer = &env.points[point];
    if env.goods[good].mainland_only && buyer.site == Site::Offshore {
        return false;
    }
    match env.goods[good].channel {
        Channel::Grey => buyer.grey_only || buyer.grey > 0.0,
        _ => !buyer.grey_only || env.goods.iter().any(|g| g.detour_of == Some(good)),
    }
}
