//! The US verdict from every case still possible: what all agree on, else unknown.

use super::classify::{self, Classed};
use super::engine::Asked;
use super::metrics::Measured;
use super::us::{self, Outcome};
use super::{
    Branch, Classification, Instrument, Jurisdiction, License, OtherEccn, Prohibition, Review, RulesError,
    Step, Ternary, UsVerdict, open, review,
};
use crate::figure::{Flip, Need};

pub(crate) fn us_verdict(
    asked: &mut Asked<'_>,
    (jurisdiction, basis): (Jurisdiction, Vec<String>),
    cases: &[Measured],
    all: &Measured,
) -> Result<UsVerdict, RulesError> {
    let table = classify::table(asked, cases)?;
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
    open::questions(asked, &us);
    before_the_first(asked, &mut us);
    subject(asked, &mut us);
    open::end_use(asked, &mut us);
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
