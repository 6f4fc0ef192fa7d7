//! Which variables there are: their names, regions and units.

mod trees;

use super::super::environment::Environment;
use super::kept::{Fixed, Kept, Measure, SITES};
use super::{AT_LEAST, Detail, Key, Reading, Region, Variable, name};
use crate::rules::{Channel, Site};

const MILLION_USD: &str = "million USD";
const THOUSAND: &str = "thousand";
const COMPUTE: &str = "thousand H100-equiv";
const PART: &str = "1";

/// Variables of an environment's runs.
pub fn variables(env: &Environment, detail: Detail) -> Vec<Variable> {
    let mut list = List {
        env,
        kept: Kept::of(env, detail),
        out: Vec::new(),
    };
    list.totals();
    for p in 0..env.points.len() {
        list.point(p);
    }
    for good in 0..env.goods.len() {
        list.rents(good);
    }
    match detail {
        Detail::Totals => {
            list.amounts(Region::Mainland, Measure::Units);
            list.amounts(Region::Mainland, Measure::Usd);
        }
        Detail::Everything => {
            for (region, measure) in Region::ALL.into_iter().flat_map(|r| Measure::ALL.map(|m| (r, m))) {
                list.amounts(region, measure);
                list.parts(region, measure);
            }
            list.sites();
            for p in 0..env.points.len() {
                list.segment(p);
            }
        }
    }
    list.out
}

/// Variables so far.
struct List<'a> {
    env: &'a Environment,
    kept: Kept,
    out: Vec<Variable>,
}

impl List<'_> {
    /// Adds one that is not there yet.
    fn add(&mut self, key: Key<'_>, unit: &'static str, reading: Reading) {
        if self.out.iter().any(|v| v.key() == key) {
            return;
        }
        self.out.push(Variable {
            name: key.name.to_owned(),
            region: key.region,
            unit,
            reading,
        });
    }

    /// What there is one of.
    fn totals(&mut self) {
        use name as n;
        let of = |f: Fixed| Reading::Flow(vec![f as usize]);
        let rate = |f: Fixed| Reading::Rate(f as usize);
        let mainland = |goods: &[usize], measure| -> Vec<usize> {
            let series = goods.iter().map(|g| self.kept.good(*g, Site::Mainland, measure));
            series.collect()
        };
        let total = |site, measure| self.kept.total(site, measure);
        let is = |take: &dyn Fn(usize) -> bool| -> Vec<usize> {
            (0..self.env.goods.len()).filter(|g| take(*g)).collect()
        };
        let facts = |g: usize| &self.env.goods[g];
        let own = is(&|g| facts(g).domestic);
        let grey = is(&|g| facts(g).channel == Channel::Grey);
        let nvidia = is(&|g| facts(g).vendor == "nvidia" && facts(g).is_foreign_direct());
        let offshore = nvidia
            .iter()
            .map(|g| self.kept.good(*g, Site::Offshore, Measure::Usd));
        let own_part = |measure| Reading::Part(mainland(&own, measure), vec![total(Site::Mainland, measure)]);
        let both = |measure| Reading::Flow(SITES.map(|s| total(s, measure)).to_vec());
        let listed = [
            (n::BILLING, MILLION_USD, of(Fixed::Billing)),
            (n::HEADQUARTERS, MILLION_USD, of(Fixed::Headquarters)),
            (
                n::NVIDIA_MAINLAND,
                MILLION_USD,
                Reading::Flow(mainland(&nvidia, Measure::Usd)),
            ),
            (n::NVIDIA_OFFSHORE, MILLION_USD, Reading::Flow(offshore.collect())),
            (
                n::DOMESTIC,
                MILLION_USD,
                Reading::Flow(mainland(&own, Measure::Usd)),
            ),
            (
                n::SPENDING,
                MILLION_USD,
                Reading::Flow(vec![total(Site::Mainland, Measure::Usd)]),
            ),
            (n::FOR_USE, MILLION_USD, of(Fixed::ForUse)),
            (n::FOR_STOCK, MILLION_USD, of(Fixed::ForStock)),
            (n::FROM_STOCK, MILLION_USD, of(Fixed::FromStock)),
            (n::DEMAND, MILLION_USD, of(Fixed::Demand)),
            (n::GREY, MILLION_USD, Reading::Flow(mainland(&grey, Measure::Usd))),
            (
                n::GREY_UNITS,
                THOUSAND,
                Reading::Flow(mainland(&grey, Measure::Units)),
            ),
            (n::SHARE_UNITS, PART, own_part(Measure::Units)),
            (n::SHARE_DOLLARS, PART, own_part(Measure::Usd)),
            (n::SHARE_COMPUTE, PART, own_part(Measure::Compute)),
            (
                n::COVERAGE,
                PART,
                Reading::Part(vec![Fixed::DomesticLimit as usize], vec![Fixed::Budget as usize]),
            ),
            (
                n::SHARE_TRAINING,
                PART,
                Reading::Part(
                    vec![Fixed::TrainingDomestic as usize],
                    vec![Fixed::Training as usize],
                ),
            ),
            (
                n::COMPUTE,
                COMPUTE,
                Reading::Flow(vec![total(Site::Mainland, Measure::Compute)]),
            ),
            (n::COMPUTE_ALL, COMPUTE, both(Measure::Compute)),
            (
                n::COMPUTE_DOMESTIC,
                COMPUTE,
                Reading::Flow(mainland(&own, Measure::Compute)),
            ),
            (n::INSTALLED, COMPUTE, Reading::Level(Fixed::Installed as usize)),
            (n::WRITE_DOWN, MILLION_USD, of(Fixed::WriteDown)),
            (n::LEVIES, MILLION_USD, of(Fixed::Levies)),
            (n::CUT_OFF, PART, rate(Fixed::CutOff)),
            (n::YIELD, PART, rate(Fixed::Yield)),
            (n::MEMORY, "million", Reading::Level(Fixed::Memory as usize)),
            (n::BOUND_DIES, PART, rate(Fixed::BoundDies)),
            (n::BOUND_MEMORY, PART, rate(Fixed::BoundMemory)),
            (n::BOUND_PACKAGING, PART, rate(Fixed::BoundPackaging)),
            (n::BOUND_ABROAD, PART, rate(Fixed::BoundAbroad)),
        ];
        for (key, unit, reading) in listed {
            self.add(key, unit, reading);
        }
        if !self.env.flows.is_empty() {
            self.add(n::NOT_TAKEN, THOUSAND, of(Fixed::NotTaken));
        }
    }

    /// What one more of a good would be worth, and what of it is laid in.
    fn rents(&mut self, good: usize) {
        let facts = &self.env.goods[good];
        let (called, direct) = (
            format!("{}|{}", facts.seller, facts.name),
            facts.is_foreign_direct(),
        );
        let rent = format!("Scarcity rent|{called}");
        self.add(Key::both(&rent), "USD/unit", Reading::Rate(self.kept.rent(good)));
        self.add(
            Key::both(&format!("{rent}|{AT_LEAST}")),
            PART,
            Reading::Rate(self.kept.at_least(good)),
        );
        if direct {
            let ahead = Reading::Flow(vec![self.kept.ahead(good)]);
            self.add(
                Key::mainland(&format!("Units laid in for stock|{called}")),
                THOUSAND,
                ahead,
            );
        }
    }

    /// What a point spends, and Chinese vendors' part of it.
    fn point(&mut self, p: usize) {
        let facts = &self.env.points[p];
        let (region, called) = (Region::of(facts.site), facts.name.clone());
        let key = |name: &str| (name.to_owned(), region);
        let (spending, share) = (
            key(&format!("Spending by segment|{called}")),
            key(&format!(
                "Share by origin within segment|Dollars|{called}|Chinese vendors"
            )),
        );
        let (point, own) = (self.kept.point(p), self.kept.domestic_at(p));
        for ((name, region), unit, reading) in [
            (spending, MILLION_USD, Reading::Flow(vec![point])),
            (share, PART, Reading::Part(vec![own], vec![point])),
        ] {
            self.add(Key { name: &name, region }, unit, reading);
        }
    }
}
