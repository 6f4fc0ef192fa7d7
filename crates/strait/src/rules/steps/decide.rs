//! A whole verdict by reference: every step in order, every case still possible, what all agree on.

use crate::rules::chip::item::Item;
use crate::rules::deal::ask::Ask;
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::steps::china;
use crate::rules::steps::classify;
use crate::rules::steps::end_use;
use crate::rules::steps::exceptions;
use crate::rules::steps::findings::{Findings, Fork, Open, What};
use crate::rules::steps::jurisdiction;
use crate::rules::steps::letters;
use crate::rules::steps::levies;
use crate::rules::steps::requirement;
use crate::rules::steps::review;
use crate::rules::steps::subsidy;
use crate::rules::{
    Channel, Check, ChinaState, Classification, Jurisdiction, License, Review, RulesError, Step,
    SupplyEffect, Ternary, Transaction,
};

/// License and review of one case.
struct Outcome {
    license: License,
    review: Option<Review>,
}

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
        self.book.known_conditions(tx)?;
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
        if ask.from.code == "US" && ask.to.code == "US" {
            out.note(
                Step::Requirement,
                What::Fixed("stays in the US: no export, reexport or transfer (734.13, 734.14, 734.16)"),
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
        end_use::ask_for(self, &ask, out);
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

    /// Works through every case still possible and keeps what all agree on.
    fn license<'a>(
        &'a self,
        item: &'a Item<'a>,
        ask: &Ask<'a>,
        out: &mut Findings<'a>,
    ) -> Result<(), RulesError> {
        let combinations = std::mem::take(&mut out.combinations);
        let mut joined: Option<Outcome> = None;
        for (case, datacenter, class) in &combinations {
            let one = self.one(item, ask, (*case, *datacenter, *class), out)?;
            joined = Some(match joined {
                None => one,
                Some(kept) => Outcome {
                    license: if kept.license == one.license {
                        one.license
                    } else {
                        License::Unknown
                    },
                    review: if kept.review == one.review {
                        one.review
                    } else {
                        Some(Review::Unknown)
                    },
                },
            });
        }
        out.combinations = combinations;
        if let Some(joined) = joined {
            out.license = joined.license;
            out.review = joined.review;
        }
        if out.license != License::ExceptionAvailable {
            out.exceptions.clear();
            out.offered.clear();
        }
        Ok(())
    }

    /// License and review of one case.
    fn one<'a>(
        &'a self,
        item: &'a Item<'a>,
        ask: &Ask<'a>,
        (case, datacenter, class): (usize, bool, classify::Classed<'a>),
        out: &mut Findings<'a>,
    ) -> Result<Outcome, RulesError> {
        let measured = &item.exact[case];
        let mut policy: Option<Review> = None;
        let listed = requirement::required(self, ask, class.0, out);
        let letters = letters::reached(self, ask, item, datacenter, measured, &mut policy, out);
        let end_use = end_use::reached(self, ask, &mut policy, out);
        let other = letters.or(end_use);
        let mut excepted = false;
        if listed.is_possible() {
            if other != Ternary::Yes {
                excepted = exceptions::offered(self, ask, class, datacenter, measured, out);
            }
            let stated = review::policy(self, ask, class.0, datacenter, measured, out)?;
            letters::raise(&mut policy, stated);
        }
        let license = match (listed, other) {
            (_, Ternary::Yes) => License::Required,
            (Ternary::Yes, _) if !excepted => License::Required,
            (Ternary::Yes, Ternary::No) => License::ExceptionAvailable,
            (Ternary::No, Ternary::No) => License::NoneFound,
            _ => License::Unknown,
        };
        let review = match license {
            License::NoneFound => None,
            License::Unknown => Some(Review::Unknown),
            _ => policy.or(Some(Review::NotStated)),
        };
        Ok(Outcome { license, review })
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

/// What the supplier can do, for `market`.
fn supply(ask: &Ask<'_>, item: &Item<'_>, out: &Findings<'_>) -> SupplyEffect {
    if out.cn_state == ChinaState::Banned && ask.tx.channel != Channel::Grey {
        return SupplyEffect::Blocked;
    }
    if item.chinese_maker() && ask.in_china() && out.jurisdiction != Jurisdiction::Yes {
        return SupplyEffect::NotBound;
    }
    let by_us = match (out.license, out.review) {
        (License::Required, Some(Review::PresumptionOfDenial)) => SupplyEffect::Blocked,
        (License::Required | License::ExceptionAvailable | License::Unknown, _) => SupplyEffect::Licensed,
        (License::NoneFound | License::NotSubject | License::NotInForce, _) => SupplyEffect::Open,
    };
    if out.cn_state == ChinaState::Quota && by_us != SupplyEffect::Blocked {
        return SupplyEffect::Quota;
    }
    by_us
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
