//! Sellers and their goods by region and by segment, and everybody's part.

use super::super::kept::{Measure, SITES, sold_to};
use super::super::{Key, Reading, Region};
use super::{COMPUTE, List, MILLION_USD, PART, THOUSAND};
use crate::market::dynamics::specification::GoodFacts;
use crate::rules::{Channel, Site};

/// A variable's beginning, what it counts, and in what.
struct Tree<'a> {
    root: &'a str,
    region: Region,
    unit: &'static str,
    /// What a part is of; without it amounts are told.
    whole: Option<Vec<usize>>,
}

/// Goods with the series of each.
type Leaves = Vec<(usize, Vec<usize>)>;

/// Where a good's vendor sits, or that it came around the law.
fn origin(facts: &GoodFacts) -> &'static str {
    match (facts.domestic, facts.channel) {
        (true, _) => "Chinese vendors",
        (false, Channel::Grey) => "Grey channel",
        (false, _) => "Foreign vendors",
    }
}

/// Sites of a region.
fn sites(region: Region) -> Vec<Site> {
    SITES
        .into_iter()
        .filter(|s| region == Region::Both || Region::of(*s) == region)
        .collect()
}

impl List<'_> {
    /// Sellers and goods of a region: what is counted of them.
    pub(super) fn amounts(&mut self, region: Region, measure: Measure) {
        let leaves = self.leaves(region, measure);
        let tree = |root, unit| Tree {
            root,
            region,
            unit,
            whole: None,
        };
        match measure {
            Measure::Units => self.sellers(&tree("Sales|Units", THOUSAND), &leaves),
            Measure::Compute => {
                self.sellers(&tree("Compute acquired", COMPUTE), &leaves);
                self.origins(&tree("Compute acquired by origin", COMPUTE), &leaves);
            }
            Measure::Usd => {
                self.sellers(&tree("Spending", MILLION_USD), &leaves);
                // What is bought around the law is no revenue of a vendor's here.
                let sold = |(g, _): &(usize, Vec<usize>)| self.env.goods[*g].channel != Channel::Grey;
                let sold: Leaves = leaves.into_iter().filter(sold).collect();
                self.sellers(&tree("Revenue|Accelerators", MILLION_USD), &sold);
                self.origins(&tree("Revenue by origin", MILLION_USD), &sold);
            }
        }
    }

    /// Everybody's part of a region.
    pub(super) fn parts(&mut self, region: Region, measure: Measure) {
        let leaves = self.leaves(region, measure);
        let totals = sites(region).into_iter().map(|s| self.kept.total(s, measure));
        let whole: Vec<usize> = totals.collect();
        let tree = |root| Tree {
            root,
            region,
            unit: PART,
            whole: Some(whole.clone()),
        };
        let short = measure.name();
        let (share, by_origin) = (format!("Share|{short}"), format!("Share by origin|{short}"));
        self.sellers(&tree(&share), &leaves);
        self.origins(&tree(&by_origin), &leaves);
    }

    /// Goods sold to a region, with the series of each.
    fn leaves(&self, region: Region, measure: Measure) -> Leaves {
        let env = self.env;
        let here = |p: usize| sites(region).contains(&env.points[p].site);
        let to = |g: &usize| (0..env.points.len()).any(|p| here(p) && sold_to(env, *g, p));
        (0..env.goods.len())
            .filter(to)
            .map(|g| {
                let of_sites = sites(region).into_iter().map(|s| self.kept.good(g, s, measure));
                (g, of_sites.collect())
            })
            .collect()
    }

    /// Each site's part of both.
    pub(super) fn sites(&mut self) {
        for measure in Measure::ALL {
            let short = measure.name();
            let whole = SITES.map(|s| self.kept.total(s, measure)).to_vec();
            for site in SITES {
                let name = format!("Share by site|{short}|{}", Region::of(site).name());
                let part = Reading::Part(vec![self.kept.total(site, measure)], whole.clone());
                self.add(Key::both(&name), PART, part);
            }
        }
    }

    /// Sellers and goods of a demand point, and its part of its site.
    pub(super) fn segment(&mut self, p: usize) {
        let env = self.env;
        let (site, called) = (env.points[p].site, &env.points[p].name);
        let region = Region::of(site);
        let goods: Vec<usize> = (0..env.goods.len()).filter(|g| sold_to(env, *g, p)).collect();
        let measures = [
            (Measure::Units, "Sales by segment|Units", THOUSAND),
            (Measure::Usd, "Spending by segment", MILLION_USD),
        ];
        for (measure, amount, unit) in measures {
            let short = measure.name();
            let series = |g: &usize| Some((*g, vec![self.kept.cell(*g, p, measure)?]));
            let leaves: Leaves = goods.iter().filter_map(series).collect();
            let here: Vec<usize> = leaves.iter().flat_map(|(_, s)| s.clone()).collect();
            let (amount, share) = (
                format!("{amount}|{called}"),
                format!("Share within segment|{short}|{called}"),
            );
            let tree = |root, unit, whole| Tree {
                root,
                region,
                unit,
                whole,
            };
            self.sellers(&tree(&amount, unit, None), &leaves);
            self.sellers(&tree(&share, PART, Some(here.clone())), &leaves);
            let name = format!("Share by segment|{short}|{called}");
            let part = Reading::Part(here, vec![self.kept.total(site, measure)]);
            self.add(Key { name: &name, region }, PART, part);
        }
    }

    /// The whole, every seller, every good; of parts the whole is one and is not told.
    fn sellers(&mut self, tree: &Tree<'_>, leaves: &Leaves) {
        let env = self.env;
        if tree.whole.is_none() {
            self.branch(tree, tree.root, leaves, |_| true);
        }
        for (g, _) in leaves {
            let facts = &env.goods[*g];
            let seller = format!("{}|{}", tree.root, facts.seller);
            self.branch(tree, &seller, leaves, |o| env.goods[o].seller == facts.seller);
            self.branch(tree, &format!("{seller}|{}", facts.name), leaves, |o| o == *g);
        }
    }

    /// Chinese vendors, foreign ones, the grey channel.
    fn origins(&mut self, tree: &Tree<'_>, leaves: &Leaves) {
        let env = self.env;
        for (g, _) in leaves {
            let of = origin(&env.goods[*g]);
            let name = format!("{}|{of}", tree.root);
            self.branch(tree, &name, leaves, |o| origin(&env.goods[o]) == of);
        }
    }

    fn branch(&mut self, tree: &Tree<'_>, name: &str, leaves: &Leaves, take: impl Fn(usize) -> bool) {
        let taken = leaves.iter().filter(|(g, _)| take(*g));
        let series: Vec<usize> = taken.flat_map(|(_, s)| s.clone()).collect();
        let reading = match &tree.whole {
            None => Reading::Flow(series),
            Some(whole) => Reading::Part(series, whole.clone()),
        };
        let region = tree.region;
        self.add(Key { name, region }, tree.unit, reading);
    }
}
