//! A whole verdict by reference: every step in order, every case still possible, what all agree on.

use crate::rules::chip::item::Item;
use crate::rules::deal::ask::Ask;
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::steps::china;
use crate::rules::steps::classify;
use crate::rules::steps::end_use;
use crate::rules::steps::findings::{Findings, Fork};
use crate::rules::steps::jurisdiction;
use crate::rules::steps::levies;
use crate::rules::steps::line::What;
use crate::rules::steps::open::Open;
use crate::rules::steps::review;
use crate::rules::steps::subsidy;
use crate::rules::{
    Channel, Check, ChinaState, Classification, Jurisdiction, License, Review, RulesError, Step,
    SupplyEffect, Ternary, Transaction,
};

impl<'b> LawDay<'b> {
    /// What the law of this day says of a transaction, into `out`, which may be used again and again.
    ///
    /// The transaction's own days are not looked at: they are this law's.
    ///
    /// # Errors
    /// An unknown country, or two instruments that contradict one another.
    pub fn decide<'a>(
        &'a self,
        item: &'a Item<'a>,
        tx: &'a Transaction,
        out: &mut Findings<'a>,
    ) -> Result<(), RulesError> {
        out.clear();
        self.book.known_facts(tx)?;
        let ask = Ask::new(tx, item, &self.book.places, &mut out.assumed)?;
        classify::combine(self, item, Some(tx), out);
        jurisdiction::decide(self, &ask, item, out);
        let tpp = item.all.tpp;
        let shown = tpp
            .value
            .zip(tpp.high)
            .map(|(value, high)| [value, tpp.low, high]);
        out.note(Step::Metrics, What::Tpp(shown));
        classify::conclude(self, item, tx.host.as_deref(), out);
        if ask.to.code == "US" {
            out.note(
                Step::Requirement,
                What::Fixed(
                    "stays in or comes to the US: no export, reexport or transfer (734.13, 734.14, 734.16)",
                ),
            );
        } else {
            self.license(item, &ask, out)?;
        }
        open_questions(self, item, out);
        if self.before_first {
            out.license = License::NotInForce;
            out.review = None;
            let what = What::BeforeFirst(self.book.first_instrument);
            out.note(Step::Requirement, what);
        }
        subject(out);
        prohibited(out);
        for n in 0..out.offered.len() {
            let shown = out.offered[n].1;
            if shown.state == Check::Needs {
                out.ask(Open::Condition(shown.row));
            }
        }
        if ask.to.code != "US" {
            end_use::ask_for(self, &ask, out);
        }
        levies::levies(self, &ask, item, out);
        levies::prohibitions(self, item, out);
        levies::red_flags(self, &ask, item, out);
        china::decide(self, &ask, item, out);
        subsidy::decide(self, &ask, item, out);
        out.supply_effect = supply(&ask, item, out);
        fill(out);
        Ok(())
    }

    /// The threshold step alone: the class under the table of this day, with the paragraphs read.
    pub fn threshold<'a>(&'a self, item: &'a Item<'a>, out: &mut Findings<'a>) -> Classification {
        out.clear();
        classify::combine(self, item, None, out);
        classify::conclude(self, item, None, out);
        class(out)
    }
}

/// Asks for what would settle a class, license or review that the cases leave open.
fn open_questions<'a>(day: &'a LawDay<'a>, item: &Item<'a>, out: &mut Findings<'a>) {
    match out.classes.one() {
        None => open_class(day, item, out),
        Some(_) if out.license == License::Unknown => {
            for n in 0..out.why.len() {
                let by = out.why[n];
                if !by.product.is_empty() {
                    out.ask(Open::Letter(by));
                }
            }
        }
        Some(_) if out.review == Some(Review::Unknown) && out.license == License::Required => {
            open_review(day, item, out);
        }
        Some(_) => {}
    }
    for n in 0..out.checks.len() {
        if out.checks[n].state == Check::Needs {
            out.ask(Open::Condition(out.checks[n].row));
        }
    }
}

fn open_class<'a>(day: &LawDay<'a>, item: &Item<'a>, out: &mut Findings<'a>) {
    use crate::rules::MetricName::{HbmDensity, Io2022, PerformanceDensity, Tpp};
    if item.datacenter.is_none() {
        out.ask(Open::Datacenter);
    }
    if item.cases.len() > 1 {
        out.ask(Open::Variant);
    }
    let rows = day.table(item).map_or(&[][..], |table| &table.classify);
    let first = &item.cases[0];
    let ranges = [
        (Tpp, Some(first.tpp)),
        (Io2022, Some(first.io_2022)),
        (PerformanceDensity, first.area),
        (HbmDensity, first.stack),
    ];
    for (metric, range) in ranges {
        let asked = rows
            .iter()
            .flat_map(|r| &r.when)
            .any(|c| c.metric == Some(metric));
        if asked && range.is_some_and(|r| r.high != Some(r.low)) {
            out.ask(Open::Metric(metric));
        }
    }
}

fn open_review<'a>(day: &'a LawDay<'a>, item: &Item<'a>, out: &mut Findings<'a>) {
    let ours = |items| {
        out.combinations
            .iter()
            .any(|c| review::is_item(items, c.2.0, c.1))
    };
    let mut found = Vec::new();
    for live in day.review.iter().filter(|live| ours(live.row.items)) {
        for condition in &live.row.when {
            let open = condition::decide(condition, &item.all, item.datacenter) == Ternary::Unknown;
            if let (true, Some(metric)) = (open, condition.metric) {
                let limits = [condition.lt, condition.le, condition.gt, condition.ge];
                found.extend(
                    limits
                        .into_iter()
                        .flatten()
                        .map(|l| Open::ReviewLimit(metric, l.0)),
                );
            }
        }
    }
    found.into_iter().for_each(|open| out.ask(open));
}

/// Law that would bind a foreign chip only if it is subject stays conditional.
fn subject(out: &mut Findings<'_>) {
    if out.jurisdiction == Jurisdiction::No && out.license != License::NotInForce {
        out.license = License::NotSubject;
        out.review = None;
        out.why.clear();
        out.exceptions.clear();
        out.offered.clear();
        out.note(
            Step::Requirement,
            What::Fixed("not subject to the EAR: no requirement binds"),
        );
        return;
    }
    if out.jurisdiction == Jurisdiction::Yes
        || matches!(out.license, License::NoneFound | License::NotInForce)
    {
        return;
    }
    out.forks.push(Fork::Subject(out.license));
    out.license = License::Unknown;
    out.review = Some(Review::Unknown);
    out.exceptions.clear();
    out.offered.clear();
    out.note(
        Step::Requirement,
        What::Fixed("the requirement holds only if the chip is subject to the EAR; not resolved here"),
    );
}

/// What is presumed made in violation may be dealt in nowhere without authorization (general prohibition 10),
/// also where no list-based requirement reaches; whether it was is not resolved here.
fn prohibited(out: &mut Findings<'_>) {
    let Some(live) = out.violation else { return };
    if out.license != License::NoneFound {
        return;
    }
    out.forks.push(Fork::Prohibited(live));
    out.because(live.by);
    out.ask(Open::Violation(live));
    out.license = License::Unknown;
    out.review = Some(Review::Unknown);
    let what = What::Fixed(
        "presumed made in violation: dealing in it without authorization may be forbidden anywhere",
    );
    out.found(Step::Prohibitions, live.by, &live.row.paragraph, what);
}

/// What the supplier can do, for `market`.
fn supply(ask: &Ask<'_>, item: &Item<'_>, out: &Findings<'_>) -> SupplyEffect {
    if out.cn_state == ChinaState::Banned && ask.tx.channel != Channel::Grey {
        return SupplyEffect::Blocked;
    }
    if item.chinese_maker() && ask.in_china() && out.jurisdiction != Jurisdiction::Yes {
        return SupplyEffect::NotBound;
    }
    let by_us = out.us_supply();
    let settled = !matches!(by_us, SupplyEffect::Blocked | SupplyEffect::Unknown);
    match out.cn_state {
        ChinaState::Quota if settled => SupplyEffect::Quota,
        // A ban that may hold leaves nothing that could be called open.
        ChinaState::Unknown if by_us == SupplyEffect::Open => SupplyEffect::Unknown,
        _ => by_us,
    }
}

/// Every step leaves a line even where it finds nothing; the lines stand in the order of the steps.
fn fill(out: &mut Findings<'_>) {
    let seen = out
        .trace
        .iter()
        .fold(0_u32, |seen, line| seen | 1 << line.step as u32);
    let empty = [
        (
            Step::Requirement,
            "no list-based requirement reaches this destination or party",
        ),
        (
            Step::Letters,
            "no letter public by then reaches this chip and destination",
        ),
        (
            Step::EndUse,
            "no end use or end user stated that part 744 controls",
        ),
        (Step::Exceptions, "no license exception modelled fits"),
        (Step::Review, "no review policy to state"),
        (Step::Levies, "no levy reaches this transaction"),
        (
            Step::Prohibitions,
            "no notice under general prohibition 10 names this chip, and no red flag is raised",
        ),
    ];
    for (step, text) in empty {
        if seen & 1 << step as u32 == 0 {
            out.note(step, What::Fixed(text));
        }
    }
    if !out.trace.is_sorted_by_key(|line| line.step) {
        out.trace.sort_by_key(|line| line.step);
    }
}

/// The class to report: the only one possible, or unknown.
pub(crate) fn class(out: &Findings<'_>) -> Classification {
    out.classes.one().unwrap_or(Classification::Unknown)
}
