//! A verdict in words: findings written out with citations, margins, needs and practice.

use crate::figure::When;
use crate::rules::answer::codified;
use crate::rules::answer::conditions::ConditionCheck;
use crate::rules::answer::margins;
use crate::rules::answer::needs;
use crate::rules::answer::trace::{citations, rests_on, trace};
use crate::rules::chip::item::{Item, greater_china};
use crate::rules::law::day::LawDay;
use crate::rules::steps::decide::class;
use crate::rules::steps::findings::{Findings, Fork};
use crate::rules::steps::line::What;
use crate::rules::steps::subsidy;
use crate::rules::{
    Branch, ChinaVerdict, Classification, ExceptionOffer, ExceptionRow, Instrument, Levy, License, OtherEccn,
    Practice, Prohibition, RedFlag, Step, Transaction, UsVerdict, Verdict,
};

impl LawDay<'_> {
    /// Writes out what [`LawDay::decide`] found for this item and transaction.
    pub fn explain(&self, item: &Item<'_>, tx: &Transaction, found: &Findings<'_>) -> Verdict {
        let to = self.book.code(&tx.to);
        let announced = item.chip.market.announced.as_ref().map(|a| a.value);
        Verdict {
            chip: item.chip.id.0.clone(),
            to: to.to_owned(),
            on: self.as_of.on,
            known: self.as_of.known,
            known_to: self.as_of.known_to,
            codified: self.as_of.codified,
            hypothetical: announced.is_none_or(|a| a.first() > self.as_of.on),
            metrics: item.all.display(item.chip),
            us: us(self, item, tx, found),
            cn: ChinaVerdict {
                segment: tx.segment,
                site: found.cn_site,
                state: found.cn_state,
                quota: found.cn_why.iter().find_map(|(_, row)| row.quota),
                quota_of: found.cn_why.iter().find_map(|(_, row)| row.quota_of.clone()),
                why: ids(found.cn_why.iter().map(|(by, _)| *by)),
                notes: notes(found),
                published: (!found.cn_why.is_empty())
                    .then(|| found.cn_why.iter().all(|(by, _)| by.form.is_published())),
                grade: found.cn_why.iter().map(|(by, _)| by.grade).max(),
                confidence: found.cn_why.iter().filter_map(|(by, _)| by.confidence).max(),
                subsidies: found
                    .subsidies
                    .iter()
                    .map(|live| subsidy::subsidy(live))
                    .collect(),
            },
            supply_effect: found.supply_effect,
            practice: practice(self, item, to),
            red_flags: red_flags(found),
            needs: needs::needs(found, self, item, tx),
            assumed: found.assumed.iter().map(|a| a.text(to)).collect(),
            verified_through: self.book.verified_through.earliest(found.touches_china),
            stale: self
                .book
                .verified_through
                .stale(self.as_of.on, found.touches_china),
            stale_days: self.stale_days(found.touches_china),
            trace: trace(self, item, found),
            rests_on: rests_on(found),
            citations: citations(found),
        }
    }
}

pub(super) fn ids<'a>(instruments: impl Iterator<Item = &'a Instrument>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for instrument in instruments {
        if !ids.contains(&instrument.id) {
            ids.push(instrument.id.clone());
        }
    }
    ids
}

/// Remarks of the rows that make the state, each once.
fn notes(found: &Findings<'_>) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for note in found.cn_why.iter().filter_map(|(_, row)| row.note.as_ref()) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    notes
}

fn us(day: &LawDay<'_>, item: &Item<'_>, tx: &Transaction, found: &Findings<'_>) -> UsVerdict {
    let class = class(found);
    let outside = found.classes.contains(Classification::Outside3A090);
    UsVerdict {
        jurisdiction: found.jurisdiction,
        basis: found
            .trace
            .iter()
            .filter(|line| line.step == Step::Jurisdiction)
            .filter(|line| !matches!(line.what, What::Subject(_)))
            .map(|line| match line.paragraph {
                "" => line.what.to_string(),
                paragraph => format!("{} ({paragraph})", line.what),
            })
            .collect(),
        classification: class,
        paragraph: found.paragraph.map(str::to_owned),
        possible: match class {
            Classification::Unknown => found.classes.iter().collect(),
            _ => Vec::new(),
        },
        other_eccn: outside.then(|| OtherEccn {
            candidates: vec!["3A991".to_owned(), "5A992".to_owned()],
            determined: false,
        }),
        z_items: found.z_items.iter().map(|(_, row)| row.item.clone()).collect(),
        license: found.license,
        why: found.why.iter().map(|by| by.id.clone()).collect(),
        review: found.review,
        review_conditions: found.checks.iter().map(ConditionCheck::of).collect(),
        exceptions: offers(found),
        levies: found.levies.iter().map(levy).collect(),
        prohibitions: prohibitions(found),
        margins: margins::all(day, item, class),
        branches: found
            .forks
            .iter()
            .flat_map(|fork| branches(fork, found))
            .collect(),
        codified_text: codified::codified(day, day.codified_text().as_ref(), item, tx, found),
    }
}

/// The exceptions offered, each with its conditions.
pub(crate) fn offers(found: &Findings<'_>) -> Vec<ExceptionOffer> {
    let conditions = |row: &ExceptionRow| {
        let offered = found.offered.iter();
        let ours = offered.filter(|(of, _)| std::ptr::eq(*of, row));
        ours.map(|(_, shown)| ConditionCheck::of(shown)).collect()
    };
    let offer = |(_, row): &(&Instrument, &ExceptionRow)| ExceptionOffer {
        id: row.id.clone(),
        paragraph: row.paragraph.clone(),
        notification_days: row.notification_days,
        conditions: conditions(row),
    };
    found.exceptions.iter().map(offer).collect()
}

/// Notices under general prohibition 10.
pub(crate) fn prohibitions(found: &Findings<'_>) -> Vec<Prohibition> {
    let prohibition = |(by, row): &(&Instrument, &crate::rules::ProhibitionRow)| Prohibition {
        id: by.id.clone(),
        binds: row.binds.clone(),
        what: row.what.clone(),
    };
    found.prohibitions.iter().map(prohibition).collect()
}

/// Red flags raised by what was stated.
pub(crate) fn red_flags(found: &Findings<'_>) -> Vec<RedFlag> {
    let flag = |(by, row): &(&Instrument, &crate::rules::RedFlagRow)| RedFlag {
        instrument: by.id.clone(),
        paragraph: row.paragraph.clone(),
        what: row.what.clone(),
    };
    found.red_flags.iter().map(flag).collect()
}

/// One levy in words.
pub(crate) fn levy(levied: &crate::rules::steps::findings::Levied<'_>) -> Levy {
    let row = levied.row;
    let entry = row
        .on_entry
        .iter()
        .map(|country| format!("arises on entry into {country}; goods that never enter owe nothing"));
    Levy {
        id: levied.by.id.clone(),
        kind: row.kind,
        rate: row.rate.0.to_string(),
        base: row.base.clone(),
        applies: levied.applies,
        codified: row.codified,
        conditions: row.conditions.iter().cloned().chain(entry).collect(),
    }
}

fn branches(fork: &Fork<'_>, found: &Findings<'_>) -> [Branch; 2] {
    let branch = |question: &str, if_: &str, license: License, why: String| Branch {
        question: question.to_owned(),
        if_: if_.to_owned(),
        license,
        why,
    };
    match fork {
        Fork::Subject(license) => {
            let question = "is the chip subject to the EAR?";
            let why = ids(found.why.iter().copied()).join(", ");
            [
                branch(question, "subject", *license, why),
                branch(
                    question,
                    "not subject",
                    License::NotSubject,
                    "no direct product, no US content above de minimis".to_owned(),
                ),
            ]
        }
        Fork::Letter(without) => {
            let question = "does a letter whose text is not public mean this chip and destination?";
            let letters = found.why.iter().copied().filter(|by| !by.product.is_empty());
            let why = match without {
                License::ExceptionAvailable => {
                    let mut names: Vec<&str> =
                        found.exceptions.iter().map(|(_, row)| row.id.as_str()).collect();
                    names.dedup();
                    format!(
                        "license exception {} where its conditions hold",
                        names.join(" or ")
                    )
                }
                _ => "as without the letter".to_owned(),
            };
            [
                branch(question, "it does", License::Required, ids(letters).join(", ")),
                branch(question, "it does not", *without, why),
            ]
        }
        Fork::Prohibited(live) => {
            let question = "was the chip made in violation of the EAR?";
            let why = format!(
                "{}: no dealing in it without authorization (736.2(b)(10))",
                live.by.id
            );
            [
                branch(question, "it was", License::Required, why),
                branch(
                    question,
                    "it was not",
                    License::NoneFound,
                    "no requirement modelled reaches it here".to_owned(),
                ),
            ]
        }
        Fork::Affiliates(returned, without) => {
            let question = "does the ownership rule for affiliates of listed parties bind again?";
            [
                branch(
                    question,
                    "it returned when the stay ran out",
                    *returned,
                    "binds where listed parties own half or more".to_owned(),
                ),
                branch(
                    question,
                    "the stay was extended",
                    *without,
                    "ownership alone does not bind".to_owned(),
                ),
            ]
        }
    }
}

/// What happened, known by then, about this chip in China.
fn practice(day: &LawDay<'_>, item: &Item<'_>, to: &str) -> Vec<Practice> {
    if !greater_china(to) {
        return Vec::new();
    }
    let (as_of, chip) = (day.as_of, item.chip);
    let mut rows: Vec<(When, Practice)> = Vec::new();
    for instrument in &day.book.instruments {
        for row in &instrument.practice {
            if row.about(chip, as_of.known) && row.when.first() <= as_of.on {
                let source = row.source.as_ref().unwrap_or(instrument.source.get_ref());
                rows.push((
                    row.when,
                    Practice {
                        id: instrument.id.clone(),
                        when: row.when.to_string(),
                        what: row.what.clone(),
                        source: source.clone(),
                        grade: row.grade.unwrap_or(instrument.grade),
                    },
                ));
            }
        }
    }
    rows.sort_by_key(|(when, _)| *when);
    rows.into_iter().map(|(_, practice)| practice).collect()
}
