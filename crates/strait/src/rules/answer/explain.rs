//! A verdict in words: findings written out with citations, margins, needs and practice.

use crate::figure::When;
use crate::rules::answer::margins;
use crate::rules::answer::needs;
use crate::rules::chip::item::{Item, greater_china};
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::steps::decide::class;
use crate::rules::steps::findings::{Findings, Fork, Shown, What};
use crate::rules::steps::subsidy;
use crate::rules::{
    Branch, ChinaVerdict, Citation, Classification, ConditionCheck, ExceptionOffer, Instrument, Levy,
    License, OtherEccn, Practice, Prohibition, RedFlag, Step, TraceLine, Transaction, UsVerdict, Verdict,
};

impl LawDay<'_> {
    /// Writes out what [`LawDay::decide`] found for this item and transaction.
    pub fn explain(&self, item: &Item<'_>, tx: &Transaction, found: &Findings<'_>) -> Verdict {
        let to = self.book.places.find(&tx.to).map_or("", |(code, _)| code);
        let announced = item.chip.market.announced.as_ref().map(|a| a.value);
        Verdict {
            chip: item.chip.id.0.clone(),
            to: to.to_owned(),
            on: self.as_of.on,
            known: self.as_of.known,
            known_to: self.as_of.known_to,
            hypothetical: announced.is_none_or(|a| a.first() > self.as_of.on),
            metrics: item.all.display(item.chip),
            us: us(self, item, found),
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
            red_flags: found
                .red_flags
                .iter()
                .map(|(by, row)| RedFlag {
                    instrument: by.id.clone(),
                    paragraph: row.paragraph.clone(),
                    what: row.what.clone(),
                })
                .collect(),
            needs: found
                .open
                .iter()
                .map(|open| needs::need(open, self, item))
                .collect(),
            assumed: found.assumed.iter().map(|a| a.text(to)).collect(),
            verified_through: self.book.verified_through.earliest(found.touches_china),
            stale: self
                .book
                .verified_through
                .stale(self.as_of.on, found.touches_china),
            stale_days: self.stale_days(found.touches_china),
            trace: trace(self, item, found),
            citations: citations(found),
        }
    }
}

fn ids<'a>(instruments: impl Iterator<Item = &'a Instrument>) -> Vec<String> {
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

fn us(day: &LawDay<'_>, item: &Item<'_>, found: &Findings<'_>) -> UsVerdict {
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
        review_conditions: found.checks.iter().map(check).collect(),
        exceptions: found
            .exceptions
            .iter()
            .map(|(_, row)| ExceptionOffer {
                id: row.id.clone(),
                paragraph: row.paragraph.clone(),
                notification_days: row.notification_days,
                conditions: found
                    .offered
                    .iter()
                    .filter(|(of, _)| std::ptr::eq(*of, *row))
                    .map(|(_, shown)| check(shown))
                    .collect(),
            })
            .collect(),
        levies: found.levies.iter().map(levy).collect(),
        prohibitions: found
            .prohibitions
            .iter()
            .map(|(by, row)| Prohibition {
                id: by.id.clone(),
                binds: row.binds.clone(),
                what: row.what.clone(),
            })
            .collect(),
        margins: margins::all(day, item, class),
        branches: found
            .forks
            .iter()
            .flat_map(|fork| branches(fork, found))
            .collect(),
    }
}

fn check(shown: &Shown<'_>) -> ConditionCheck {
    ConditionCheck {
        id: shown.row.id.clone(),
        instrument: shown.by.id.clone(),
        paragraph: shown.row.paragraph.clone(),
        what: shown.row.what.clone(),
        state: shown.state,
    }
}

fn levy(levied: &crate::rules::steps::findings::Levied<'_>) -> Levy {
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

fn branches(fork: &Fork, found: &Findings<'_>) -> [Branch; 2] {
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

/// Every line the steps left; before the class, each limb of the table as far as it was read.
fn trace(day: &LawDay<'_>, item: &Item<'_>, found: &Findings<'_>) -> Vec<TraceLine> {
    let mut lines = Vec::with_capacity(found.trace.len() + found.limbs.len());
    for line in &found.trace {
        if matches!(line.what, What::Class(_)) {
            lines.extend(limbs(day, item, found));
        }
        lines.push(TraceLine {
            step: line.step,
            instrument: line.by.map(|by| by.id.clone()),
            paragraph: Some(line.paragraph).filter(|p| !p.is_empty()).map(str::to_owned),
            found: line.what.to_string(),
        });
    }
    lines
}

fn limbs(day: &LawDay<'_>, item: &Item<'_>, found: &Findings<'_>) -> Vec<TraceLine> {
    let Some(table) = day.table(item) else {
        return Vec::new();
    };
    let rows = table.classify.iter().zip(&found.limbs);
    rows.map(|(row, read)| TraceLine {
        step: Step::Classification,
        instrument: Some(table.id.clone()),
        paragraph: Some(row.paragraph.clone()),
        found: format!("{}: {}", read.words(), condition::text(&row.when)),
    })
    .collect()
}

/// Every instrument the verdict relies on, in the order of the steps, with the paragraphs.
fn citations(found: &Findings<'_>) -> Vec<Citation> {
    let mut all: Vec<Citation> = Vec::new();
    let mut cite = |by: &Instrument, paragraph: &str| {
        let known = all.iter().position(|c| c.instrument == by.id);
        let at = known.unwrap_or_else(|| {
            all.push(Citation {
                instrument: by.id.clone(),
                title: by.title.clone(),
                cite: by.cite.short().map(str::to_owned),
                paragraphs: Vec::new(),
                form: by.form.as_str().to_owned(),
                source: by.source.get_ref().clone(),
                grade: by.grade,
            });
            all.len() - 1
        });
        let paragraphs = &mut all[at].paragraphs;
        if !paragraph.is_empty() && !paragraphs.iter().any(|p| p == paragraph) {
            paragraphs.push(paragraph.to_owned());
        }
    };
    for line in found.trace.iter().filter(|line| line.cited) {
        if let Some(by) = line.by {
            cite(by, line.paragraph);
        }
    }
    for (by, _) in &found.cn_why {
        cite(by, "");
    }
    all
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
            let about = (row.families.is_empty() || row.families.contains(&chip.family))
                && (row.vendors.is_empty() || row.vendors.contains(&chip.vendor));
            if about
                && row.known_from.unwrap_or(row.when).last() <= as_of.known
                && row.when.first() <= as_of.on
            {
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
