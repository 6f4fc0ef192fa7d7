//! `check`: the order of evaluation, one trace line at least a step.

use super::classify::{self, Classed};
use super::metrics::{self, Measured};
use super::us::{self, Outcome};
use super::{
    Branch, ChinaState, Citation, Classification, Instrument, Jurisdiction, LawBook, License, OtherEccn,
    Practice, Prohibition, Region, Review, RulesError, Step, SupplyEffect, Ternary, TraceLine, Transaction,
    Trigger, UsVerdict, Verdict, china, review,
};
use crate::catalog::Chip;
use crate::figure::{Flip, Need, SourceId, When};
use crate::scenario::Side;

/// One question with everything derived from it that the steps share.
pub(crate) struct Asked<'b> {
    pub(crate) book: &'b LawBook,
    pub(crate) chip: &'b Chip,
    pub(crate) designer: Option<&'b str>,
    pub(crate) foundry: Option<&'b str>,
    pub(crate) tx: &'b Transaction,
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) headquarters: String,
    pub(crate) parent: String,
    /// Country groups of destination, headquarters and parent on the day asked.
    groups: [Vec<&'b str>; 3],
    /// US instruments that bind, or may, on the day asked.
    pub(crate) active: Vec<(&'b Instrument, Ternary)>,
    pub(crate) trace: Vec<TraceLine>,
    pub(crate) citations: Vec<Citation>,
    pub(crate) needs: Vec<Need>,
    pub(crate) assumed: Vec<String>,
}

impl<'b> Asked<'b> {
    pub(crate) fn datacenter(&self) -> Option<bool> {
        self.chip.market.datacenter.as_ref().map(|d| d.value)
    }

    /// Whether a rule reaches this destination, or this headquarters or parent.
    pub(crate) fn reaches(&self, place: Option<&Region>, who: Option<&Region>) -> bool {
        let [to, headquarters, parent] = &self.groups;
        let holds = |region: &Region, country: &str, groups: &[&str]| {
            region.holds(super::places::for_us(country), &|group| groups.contains(&group))
        };
        place.is_some_and(|r| holds(r, &self.to, to))
            || who
                .is_some_and(|r| holds(r, &self.headquarters, headquarters) || holds(r, &self.parent, parent))
    }

    pub(crate) fn trace(&mut self, step: Step, by: Option<(&Instrument, &str)>, found: String) {
        let line = TraceLine {
            step,
            instrument: by.map(|(i, _)| i.id.clone()),
            paragraph: by.map(|(_, p)| p.to_owned()).filter(|p| !p.is_empty()),
            found,
        };
        if !self.trace.contains(&line) {
            self.trace.push(line);
        }
    }

    pub(crate) fn cite(&mut self, instrument: &Instrument, paragraph: &str) {
        let known = self.citations.iter().position(|c| c.instrument == instrument.id);
        let at = known.unwrap_or_else(|| {
            self.citations.push(Citation {
                instrument: instrument.id.clone(),
                title: instrument.title.clone(),
                cite: instrument.cite.short().map(str::to_owned),
                paragraphs: Vec::new(),
                form: instrument.form.as_str().to_owned(),
                source: instrument.source.get_ref().clone(),
                grade: instrument.grade,
            });
            self.citations.len() - 1
        });
        let paragraphs = &mut self.citations[at].paragraphs;
        if !paragraph.is_empty() && !paragraphs.iter().any(|p| p == paragraph) {
            paragraphs.push(paragraph.to_owned());
        }
    }

    fn in_china(&self) -> bool {
        matches!(self.to.as_str(), "CN" | "HK" | "MO")
    }

    fn chinese_maker(&self) -> bool {
        self.designer.is_some_and(|c| matches!(c, "CN" | "HK" | "MO"))
    }
}

impl LawBook {
    /// What the law says of a transaction.
    ///
    /// `designer_country` and `foundry_country` are ISO codes from the register of makers; `None` where
    /// not known.
    ///
    /// # Errors
    /// An unknown country, or two instruments that contradict one another.
    pub fn check(
        &self,
        chip: &Chip,
        designer_country: Option<&str>,
        foundry_country: Option<&str>,
        tx: &Transaction,
    ) -> Result<Verdict, RulesError> {
        let mut asked = self.asked(chip, designer_country, foundry_country, tx)?;
        let cases = metrics::cases(chip);
        let jurisdiction = jurisdiction(&mut asked);
        let all = metrics::hull(&cases);
        let shown = all.display(chip);
        let text = shown.tpp.as_ref().map_or_else(
            || "tpp not known".to_owned(),
            |t| format!("tpp {} ({} to {})", t.value, t.low, t.high),
        );
        asked.trace(Step::Metrics, None, text);
        let us = us_verdict(&mut asked, jurisdiction, &cases, &all)?;
        let cn = china::verdict(&mut asked);
        let practice = practice(&asked);
        let supply_effect = supply(&asked, &us, cn.state);
        let announced = chip.market.announced.as_ref().map(|a| a.value);
        let stale = tx
            .on
            .since(self.verified_through)
            .map_or(0, |span| i64::from(span.get_days()));
        Ok(Verdict {
            chip: chip.id.0.clone(),
            to: asked.to.clone(),
            on: tx.on,
            known: tx.known,
            hypothetical: announced.is_none_or(|a| a.first() > tx.on),
            metrics: shown,
            us,
            cn,
            supply_effect,
            practice,
            needs: asked.needs,
            assumed: asked.assumed,
            verified_through: self.verified_through,
            stale_days: stale.max(0),
            trace: asked.trace,
            citations: asked.citations,
        })
    }

    fn asked<'b>(
        &'b self,
        chip: &'b Chip,
        designer: Option<&'b str>,
        foundry: Option<&'b str>,
        tx: &'b Transaction,
    ) -> Result<Asked<'b>, RulesError> {
        let mut assumed = Vec::new();
        let to = self.places.resolve(&tx.to)?;
        let mut from = self.places.resolve(&tx.from)?;
        let headquarters = match &tx.headquarters {
            Some(typed) => self.places.resolve(typed)?,
            None => {
                assumed.push(format!("the end user is headquartered in {to}"));
                to.clone()
            }
        };
        let parent = match &tx.parent {
            Some(typed) => self.places.resolve(typed)?,
            None => {
                assumed.push(format!("its ultimate parent is headquartered in {headquarters}"));
                headquarters.clone()
            }
        };
        if let Some(designer) = designer.filter(|c| *c != "US" && from == "US") {
            assumed.push(format!(
                "it leaves from {designer}, where its maker is, not from the US"
            ));
            from = designer.to_owned();
        }
        let active = self
            .instruments
            .iter()
            .filter(|i| i.side == Side::Us)
            .map(|i| (i, i.binds_on(tx.on, tx.known, tx.codified)))
            .filter(|(_, held)| held.is_possible())
            .collect();
        let groups = [&to, &headquarters, &parent].map(|c| self.places.groups_of(c, tx.on));
        Ok(Asked {
            book: self,
            groups,
            chip,
            designer,
            foundry,
            tx,
            to,
            from,
            headquarters,
            parent,
            active,
            trace: Vec::with_capacity(16),
            citations: Vec::new(),
            needs: Vec::new(),
            assumed,
        })
    }
}

/// Is the item subject to the EAR?
fn jurisdiction(asked: &mut Asked<'_>) -> (Jurisdiction, Vec<String>) {
    let mut basis = Vec::new();
    let mut answer = Jurisdiction::Unknown;
    if asked.designer == Some("US") {
        basis.push("US-origin technology of a US maker (734.3)".to_owned());
        answer = Jurisdiction::Yes;
    }
    if asked.from == "US" {
        basis.push("leaves from the US (734.3(a)(1))".to_owned());
        answer = Jurisdiction::Yes;
    }
    if answer != Jurisdiction::Yes {
        for (instrument, held) in asked.active.clone() {
            for row in &instrument.jurisdiction {
                let maker = asked.designer.unwrap_or_default();
                let book = asked.book;
                let on = asked.tx.on;
                let holds = row
                    .designers
                    .holds(maker, &|g| book.places.in_group(maker, g, on));
                if held == Ternary::Yes && holds {
                    answer = Jurisdiction::Presumed;
                    basis.push(format!("{} ({})", row.basis, row.paragraph));
                    asked.cite(instrument, &row.paragraph);
                    asked.trace(
                        Step::Jurisdiction,
                        Some((instrument, &row.paragraph)),
                        row.basis.clone(),
                    );
                }
            }
        }
        if answer == Jurisdiction::Unknown {
            basis.push("foreign maker: direct product (734.9) and de minimis (734.4) not settled".to_owned());
        }
        asked.needs.push(Need {
            fact: "the fab, its tools' origin, and the share of US-controlled content".to_owned(),
            flag: Some("--deal".to_owned()),
            why: "they decide whether a foreign chip is subject to the EAR (734.9(e), (h), (i); 734.4)"
                .to_owned(),
            flips: vec![Flip {
                when: "not subject".to_owned(),
                then: "not_subject".to_owned(),
            }],
        });
    }
    let word = match answer {
        Jurisdiction::Yes => "subject to the EAR",
        Jurisdiction::No => "not subject to the EAR",
        Jurisdiction::Presumed => "presumed subject to the EAR",
        Jurisdiction::Unknown => "not settled whether subject to the EAR",
    };
    asked.trace(Step::Jurisdiction, None, format!("{word}: {}", basis.join("; ")));
    (answer, basis)
}

fn us_verdict(
    asked: &mut Asked<'_>,
    (jurisdiction, basis): (Jurisdiction, Vec<String>),
    cases: &[Measured],
    all: &Measured,
) -> Result<UsVerdict, RulesError> {
    let table = classify::table(asked)?;
    let rows = table.map_or(&[][..], |t| &t.classify);
    let branches_of = match asked.datacenter() {
        Some(known) => vec![known],
        None => vec![true, false],
    };
    let mut possible: Vec<Classed> = Vec::new();
    let mut outcomes: Vec<Outcome<'_>> = Vec::new();
    for measured in cases {
        for datacenter in &branches_of {
            let mut classed = classify::classes(rows, measured, Some(*datacenter), asked.chip.form);
            classify::presume(asked, &mut classed);
            for class in classed {
                outcomes.push(us::outcome(asked, &class, *datacenter, measured)?);
                if !possible.contains(&class) {
                    possible.push(class);
                }
            }
        }
    }
    let mut us = empty(jurisdiction, basis);
    set_class(asked, &mut us, table, &possible, rows, cases);
    if let Some(table) = table {
        for row in &table.classify {
            classify::margins(&table.id, &row.paragraph, &row.when, all, &mut us.margins);
        }
    }
    other_margins(asked, all, &mut us);
    join(asked, &mut us, &outcomes);
    open_questions(asked, &us);
    before_the_first(asked, &mut us);
    subject(asked, &mut us);
    end_use_needs(asked, &mut us);
    for (instrument, active) in asked.active.clone() {
        for row in &instrument.levy {
            if let Some(levy) = review::levy(asked, instrument, row, active, cases) {
                asked.cite(instrument, "");
                let text =
                    format!("{} of {}: applies {:?}", levy.rate, levy.base, levy.applies).to_lowercase();
                asked.trace(Step::Levies, Some((instrument, "")), text);
                us.levies.push(levy);
            }
        }
        for row in &instrument.prohibition {
            if active == Ternary::Yes
                && row.vendor == asked.chip.vendor
                && row.families.contains(&asked.chip.family)
            {
                asked.cite(instrument, &row.paragraph);
                asked.trace(
                    Step::Prohibitions,
                    Some((instrument, &row.paragraph)),
                    row.what.clone(),
                );
                us.prohibitions.push(Prohibition {
                    id: instrument.id.clone(),
                    binds: row.binds.clone(),
                    what: row.what.clone(),
                });
            }
        }
    }
    let steps = [
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
            "no notice under general prohibition 10 names this chip",
        ),
    ];
    for (step, text) in steps {
        if !asked.trace.iter().any(|line| line.step == step) {
            asked.trace(step, None, text.to_owned());
        }
    }
    asked.trace.sort_by_key(|line| line.step);
    Ok(us)
}

fn empty(jurisdiction: Jurisdiction, basis: Vec<String>) -> UsVerdict {
    UsVerdict {
        jurisdiction,
        basis,
        classification: Classification::Unknown,
        paragraph: None,
        possible: Vec::new(),
        other_eccn: None,
        license: License::Unknown,
        why: Vec::new(),
        review: None,
        review_conditions: Vec::new(),
        exceptions: Vec::new(),
        levies: Vec::new(),
        prohibitions: Vec::new(),
        margins: Vec::new(),
        branches: Vec::new(),
    }
}

fn set_class(
    asked: &mut Asked<'_>,
    us: &mut UsVerdict,
    table: Option<&Instrument>,
    possible: &[Classed],
    rows: &[super::ClassifyRow],
    cases: &[Measured],
) {
    let mut kinds: Vec<Classification> = possible.iter().map(|(class, _)| *class).collect();
    kinds.sort();
    kinds.dedup();
    if let [one] = kinds.as_slice() {
        us.classification = *one;
        us.paragraph = match possible {
            [(_, paragraph)] => paragraph.clone(),
            _ => None,
        };
    } else {
        us.possible.clone_from(&kinds);
        let found = classify::needs(asked, rows, cases);
        asked.needs.extend(found);
    }
    if kinds.contains(&Classification::Outside3A090) {
        us.other_eccn = Some(OtherEccn {
            candidates: vec!["3A991".to_owned(), "5A992".to_owned()],
            determined: false,
        });
    }
    let names: Vec<_> = kinds.iter().map(|c| classify::name(*c)).collect();
    let limb = us.paragraph.clone().unwrap_or_default();
    match table {
        Some(table) => {
            asked.cite(table, &limb);
            asked.trace(Step::Classification, Some((table, &limb)), names.join(" or "));
        }
        None => asked.trace(
            Step::Classification,
            None,
            "no classification table is in force".to_owned(),
        ),
    }
}

fn other_margins(asked: &Asked<'_>, all: &Measured, us: &mut UsVerdict) {
    for (instrument, _) in &asked.active {
        for row in &instrument.product {
            if row.vendor.as_ref().is_some_and(|v| *v != asked.chip.vendor) {
                continue;
            }
            for group in row.any.iter().chain(&row.maybe) {
                classify::margins(&instrument.id, &row.paragraph, group, all, &mut us.margins);
            }
        }
        if us.classification != Classification::Outside3A090 {
            for row in instrument.review.iter().filter(|r| !r.when.is_empty()) {
                classify::margins(&instrument.id, &row.paragraph, &row.when, all, &mut us.margins);
            }
        }
    }
}

/// One verdict from every case still possible: what all agree on, else unknown.
fn join(asked: &mut Asked<'_>, us: &mut UsVerdict, outcomes: &[Outcome<'_>]) {
    let mut licenses: Vec<License> = outcomes.iter().map(|o| o.license).collect();
    licenses.dedup();
    us.license = match licenses.as_slice() {
        [one] => *one,
        _ => License::Unknown,
    };
    let mut reviews: Vec<Option<Review>> = outcomes.iter().map(|o| o.review).collect();
    reviews.dedup();
    us.review = match reviews.as_slice() {
        [one] => *one,
        _ => Some(Review::Unknown),
    };
    for outcome in outcomes {
        for instrument in &outcome.why {
            if !us.why.contains(&instrument.id) {
                us.why.push(instrument.id.clone());
            }
        }
        for found in &outcome.found {
            asked.cite(found.instrument, found.paragraph);
            asked.trace(
                found.step,
                Some((found.instrument, found.paragraph)),
                found.what.clone(),
            );
        }
        for check in &outcome.checks {
            if !us.review_conditions.contains(check) {
                us.review_conditions.push(check.clone());
            }
        }
    }
    if us.license == License::ExceptionAvailable {
        for offer in outcomes.iter().flat_map(|o| &o.exceptions) {
            if !us.exceptions.contains(offer) {
                us.exceptions.push(offer.clone());
            }
        }
    }
    for check in us
        .review_conditions
        .iter()
        .filter(|c| c.state == super::Check::Needs)
    {
        asked.needs.push(Need {
            fact: check.what.clone(),
            flag: Some("--deal".to_owned()),
            why: format!("{} asks for it", check.paragraph),
            flips: vec![Flip {
                when: "not met".to_owned(),
                then: "presumption_of_denial".to_owned(),
            }],
        });
    }
}

/// What would settle a license or review that the cases leave open.
fn open_questions(asked: &mut Asked<'_>, us: &UsVerdict) {
    let need = |fact: String, why: &str, flips: [(&str, &str); 2]| Need {
        fact,
        flag: None,
        why: why.to_owned(),
        flips: flips
            .map(|(when, then)| Flip {
                when: when.to_owned(),
                then: then.to_owned(),
            })
            .into(),
    };
    let mut found = Vec::new();
    let known = us.classification != Classification::Unknown;
    if us.license == License::Unknown && known {
        for id in &us.why {
            if asked.book.instrument(id).is_some_and(|i| !i.product.is_empty()) {
                found.push(need(
                    format!("whether `{id}` means this chip and destination"),
                    "the text is not public",
                    [("it does", "required"), ("it does not", "none_found")],
                ));
            }
        }
    }
    if us.review == Some(Review::Unknown) && us.license == License::Required && known {
        for margin in us.margins.iter().filter(|m| m.to == super::Bound::Straddles) {
            found.push(need(
                format!(
                    "on which side of {} the chip's {} lies",
                    margin.limit, margin.bound
                ),
                "the figure is an interval (disputed, or a width the text leaves open)",
                [
                    ("below", "case_by_case_if_conditions"),
                    ("at or above", "presumption_of_denial"),
                ],
            ));
        }
    }
    for (instrument, held) in &asked.active {
        for row in &instrument.require {
            if let Some(except) = &row.except
                && *held == Ternary::Yes
                && us.why.contains(&instrument.id)
            {
                found.push(need(
                    format!("whether {except}"),
                    &row.paragraph,
                    [("yes", "none_found"), ("no", "required")],
                ));
            }
        }
    }
    asked.needs.extend(found);
}

fn before_the_first(asked: &mut Asked<'_>, us: &mut UsVerdict) {
    if asked.tx.on < asked.book.first_instrument {
        us.license = License::NotInForce;
        us.review = None;
        let first = asked.book.first_instrument;
        asked.trace(
            Step::Requirement,
            None,
            format!("before the first instrument ({first})"),
        );
    }
}

/// Law that would bind a foreign chip only if it is subject stays conditional.
fn subject(asked: &mut Asked<'_>, us: &mut UsVerdict) {
    if matches!(us.jurisdiction, Jurisdiction::Yes)
        || matches!(us.license, License::NoneFound | License::NotInForce)
    {
        return;
    }
    us.branches.push(Branch {
        question: "is the chip subject to the EAR?".to_owned(),
        if_: "subject".to_owned(),
        license: us.license,
        why: us.why.join(", "),
    });
    us.branches.push(Branch {
        question: "is the chip subject to the EAR?".to_owned(),
        if_: "not subject".to_owned(),
        license: License::NotSubject,
        why: "no direct product, no US content above de minimis".to_owned(),
    });
    us.license = License::Unknown;
    us.review = Some(Review::Unknown);
    us.exceptions.clear();
    asked.trace(
        Step::Requirement,
        None,
        "the requirement holds only if the chip is subject to the EAR; not resolved here".to_owned(),
    );
}

/// Facts of part 744 that were not stated, and the Affiliates branches while they are unresolved.
fn end_use_needs(asked: &mut Asked<'_>, us: &mut UsVerdict) {
    let open = matches!(us.license, License::NoneFound | License::ExceptionAvailable);
    let mut asks: Vec<(&str, &str)> = Vec::new();
    let (on, known) = (asked.tx.on, asked.tx.known);
    let book = asked.book;
    for instrument in book.instruments.iter().filter(|i| i.side == Side::Us) {
        for row in &instrument.end_use {
            let here = row.where_.is_none() || asked.reaches(row.where_.as_ref(), None);
            if !here {
                continue;
            }
            let state = instrument.state_at(on, known);
            let stated = us::triggered(asked, row);
            if row.trigger == Trigger::OwnedByListed {
                let unresolved = state == Some(super::State::Unresolved);
                if unresolved && stated != Some(false) && us.license != License::NotInForce {
                    let than = if stated == Some(true) {
                        License::Required
                    } else {
                        License::Unknown
                    };
                    let branch = |if_: &str, license, why: &str| Branch {
                        question: "does the ownership rule for affiliates of listed parties bind again?"
                            .to_owned(),
                        if_: if_.to_owned(),
                        license,
                        why: why.to_owned(),
                    };
                    us.branches.push(branch(
                        "it returned when the stay ran out",
                        if open { than } else { us.license },
                        "binds where listed parties own half or more",
                    ));
                    us.branches.push(branch(
                        "the stay was extended",
                        us.license,
                        "ownership alone does not bind",
                    ));
                    asked.cite(instrument, &row.paragraph);
                    asked.trace(
                        Step::EndUse,
                        Some((instrument, &row.paragraph)),
                        "unresolved; both branches shown".to_owned(),
                    );
                    if open && stated == Some(true) {
                        us.license = License::Unknown;
                        us.review = Some(Review::Unknown);
                    }
                }
                if state != Some(super::State::InForce) && !unresolved {
                    continue;
                }
            } else if state != Some(super::State::InForce) {
                continue;
            }
            let (fact, flag) = match row.trigger {
                Trigger::Supercomputer => ("whether the end use is a supercomputer", "--supercomputer"),
                Trigger::Military => ("whether the end use or user is military", "--military"),
                Trigger::EntityList | Trigger::MilitaryEndUserList => {
                    ("whether the end user is on a list", "--listed")
                }
                Trigger::OwnedByListed => ("the share owned by listed parties", "--owned-by-listed"),
            };
            if open && stated.is_none() && !asks.contains(&(fact, flag)) {
                asks.push((fact, flag));
            }
        }
    }
    for (fact, flag) in asks {
        asked.needs.push(Need {
            fact: fact.to_owned(),
            flag: Some(flag.to_owned()),
            why: "part 744 may require a license where the list does not; taken as not so".to_owned(),
            flips: vec![Flip {
                when: "yes".to_owned(),
                then: "required".to_owned(),
            }],
        });
    }
}

fn practice(asked: &Asked<'_>) -> Vec<Practice> {
    if !asked.in_china() {
        return Vec::new();
    }
    let (tx, chip) = (asked.tx, asked.chip);
    let mut rows: Vec<(When, Practice)> = Vec::new();
    for instrument in &asked.book.instruments {
        for row in &instrument.practice {
            let about = (row.families.is_empty() || row.families.contains(&chip.family))
                && (row.vendors.is_empty() || row.vendors.contains(&chip.vendor));
            if about && row.known_from.unwrap_or(row.when).last() <= tx.known && row.when.first() <= tx.on {
                let source = row.source.as_ref().unwrap_or(instrument.source.get_ref());
                rows.push((
                    row.when,
                    Practice {
                        id: instrument.id.clone(),
                        when: row.when.to_string(),
                        what: row.what.clone(),
                        source: SourceId(source.clone()).0,
                        grade: row.grade.unwrap_or(instrument.grade),
                    },
                ));
            }
        }
    }
    rows.sort_by_key(|(when, _)| *when);
    rows.into_iter().map(|(_, practice)| practice).collect()
}

/// What the supplier can do, for `market`.
fn supply(asked: &Asked<'_>, us: &UsVerdict, china: ChinaState) -> SupplyEffect {
    if china == ChinaState::Banned && !china::is_grey(asked.tx.channel) {
        return SupplyEffect::Blocked;
    }
    if asked.chinese_maker() && asked.in_china() && us.jurisdiction != Jurisdiction::Yes {
        return SupplyEffect::NotBound;
    }
    let by_us = match (us.license, us.review) {
        (License::Required, Some(Review::PresumptionOfDenial)) => SupplyEffect::Blocked,
        (License::Required | License::ExceptionAvailable | License::Unknown, _) => SupplyEffect::Licensed,
        (License::NoneFound | License::NotSubject | License::NotInForce, _) => SupplyEffect::Open,
    };
    if china == ChinaState::Quota && by_us != SupplyEffect::Blocked {
        return SupplyEffect::Quota;
    }
    by_us
}
