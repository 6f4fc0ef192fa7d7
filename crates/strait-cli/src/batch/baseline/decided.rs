//! What decides of an answer, as text, and what each part of it rests on: read back from strait's own JSON, or
//! taken from a row's summary.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Display;
use strait::rules::{AsOf, Aspect, Check, ConditionCheck, Knower, Summary};

/// The fields that decide; everything else may change without a difference being told.
pub(super) const FIELDS: [&str; 12] = [
    "classification",
    "jurisdiction",
    "license",
    "review",
    "exceptions",
    "conditions",
    "levies",
    "prohibitions",
    "red_flags",
    "cn_state",
    "subsidies",
    "supply_effect",
];

/// The part of the answer that a field is; none for what only sums the others up.
pub(super) fn aspect(field: &str) -> Option<Aspect> {
    Aspect::ALL.into_iter().find(|aspect| aspect.name() == field)
}

/// The deciding fields of one answer, the instruments behind them, and the law that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decided {
    /// None where a baseline was written before the field was watched.
    pub(super) fields: [Option<String>; FIELDS.len()],
    pub(super) why: Vec<String>,
    pub(super) rests_on: BTreeMap<Aspect, Vec<String>>,
    pub(super) as_of: Option<AsOf>,
}

/// Either output of strait that can be a baseline: a batch's, or a single check's.
#[derive(Deserialize)]
pub(super) struct File {
    pub(super) rows: Option<Vec<RowRead>>,
    /// A hash of what each instrument said.
    pub(super) instruments: Option<BTreeMap<String, String>>,
    chip: Option<String>,
    to: Option<String>,
    on: Option<jiff::civil::Date>,
    known: Option<jiff::civil::Date>,
    known_to: Option<Knower>,
    codified: Option<bool>,
    us: Option<UsRead>,
    cn: Option<CnRead>,
    red_flags: Option<Vec<FlagRead>>,
    supply_effect: Option<String>,
    rests_on: Option<BTreeMap<Aspect, Vec<String>>>,
}

#[derive(Deserialize)]
pub(super) struct RowRead {
    id: Option<String>,
    line: u64,
    asked: String,
    on: jiff::civil::Date,
    known: jiff::civil::Date,
    known_to: Option<Knower>,
    codified: Option<bool>,
    classification: String,
    paragraph: Option<String>,
    jurisdiction: String,
    license: String,
    review: Option<String>,
    exceptions: Vec<String>,
    conditions: Option<Vec<String>>,
    levies: Vec<LevyRead>,
    prohibitions: Option<Vec<String>>,
    red_flags: Option<Vec<String>>,
    cn_state: String,
    cn_quota: Option<f64>,
    subsidies: Option<Vec<String>>,
    supply_effect: String,
    why: Vec<String>,
    rests_on: Option<BTreeMap<Aspect, Vec<String>>>,
}

#[derive(Deserialize)]
struct UsRead {
    classification: String,
    paragraph: Option<String>,
    jurisdiction: String,
    license: String,
    review: Option<String>,
    review_conditions: Vec<ConditionRead>,
    exceptions: Vec<ExceptionRead>,
    levies: Vec<LevyRead>,
    prohibitions: Vec<NamedRead>,
    why: Vec<String>,
}

#[derive(Deserialize)]
struct CnRead {
    state: String,
    quota: Option<f64>,
    why: Vec<String>,
    subsidies: Vec<NamedRead>,
}

#[derive(Deserialize)]
struct ExceptionRead {
    id: String,
    conditions: Vec<ConditionRead>,
}

#[derive(Deserialize)]
struct ConditionRead {
    id: Option<String>,
    flag: Option<String>,
    paragraph: String,
    state: String,
}

#[derive(Deserialize)]
struct NamedRead {
    id: String,
}

#[derive(Deserialize)]
struct FlagRead {
    instrument: String,
    paragraph: String,
}

#[derive(Deserialize)]
struct LevyRead {
    id: String,
    applies: String,
}

pub(super) fn single(chip: &str, to: &str) -> String {
    format!("{chip} to {to}")
}

fn levies(all: impl Iterator<Item = (String, String)>) -> String {
    let due = all.filter(|(_, applies)| applies != "no");
    list(due.map(|(id, applies)| format!("{id} ({applies})")))
}

/// Each once; `none` where there is nothing.
fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let mut found: Vec<String> = Vec::new();
    for item in items {
        let item = item.to_string();
        if !found.contains(&item) {
            found.push(item);
        }
    }
    match found.as_slice() {
        [] => "none".to_owned(),
        found => found.join(", "),
    }
}

fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| "none".to_owned())
}

fn class(classification: &str, paragraph: Option<&str>) -> String {
    match paragraph {
        Some(limb) => format!("{classification} ({limb})"),
        None => classification.to_owned(),
    }
}

fn china(state: &str, quota: Option<f64>) -> String {
    match quota {
        Some(quota) => format!("{state} of {quota}"),
        None => state.to_owned(),
    }
}

fn condition(of: &str, read: ConditionRead) -> Option<String> {
    let state = [Check::Pass, Check::Fail, Check::Needs];
    let state = state.into_iter().find(|s| s.name() == read.state)?;
    // Named as the library names it.
    let named = ConditionCheck {
        id: read.id,
        flag: read.flag,
        instrument: String::new(),
        paragraph: read.paragraph,
        what: String::new(),
        state,
    };
    Some(format!("{of} {}: {}", named.key(), state.name()))
}

impl File {
    /// What a single check holds.
    pub(super) fn single(self) -> Option<(String, Decided)> {
        let about = single(&self.chip?, &self.to?);
        let (us, cn) = (self.us?, self.cn?);
        let mut why = us.why;
        why.extend(cn.why);
        let review = us.review_conditions.into_iter().map(|c| condition("review", c));
        let mut conditions: Vec<String> = review.flatten().collect();
        let mut exceptions = Vec::new();
        for offer in us.exceptions {
            let of = &offer.id;
            conditions.extend(offer.conditions.into_iter().filter_map(|c| condition(of, c)));
            exceptions.push(offer.id);
        }
        let flags = self.red_flags.unwrap_or_default();
        let decided = Decided {
            fields: [
                class(&us.classification, us.paragraph.as_deref()),
                us.jurisdiction,
                us.license,
                or_none(us.review),
                list(exceptions),
                list(conditions),
                levies(us.levies.into_iter().map(|l| (l.id, l.applies))),
                list(us.prohibitions.into_iter().map(|p| p.id)),
                list(
                    flags
                        .iter()
                        .map(|f| format!("{} ({})", f.instrument, f.paragraph)),
                ),
                china(&cn.state, cn.quota),
                list(cn.subsidies.into_iter().map(|s| s.id)),
                self.supply_effect?,
            ]
            .map(Some),
            why,
            rests_on: self.rests_on.unwrap_or_default(),
            as_of: as_of(self.on?, self.known?, self.known_to, self.codified),
        };
        Some((about, decided))
    }
}

/// The law that was asked; codified or not is said by answers that say what they rest on.
fn as_of(
    on: jiff::civil::Date,
    known: jiff::civil::Date,
    known_to: Option<Knower>,
    codified: Option<bool>,
) -> Option<AsOf> {
    Some(AsOf {
        on,
        known,
        known_to: known_to.unwrap_or(Knower::Public),
        codified: codified?,
    })
}

impl RowRead {
    pub(super) fn entry(self) -> (String, Option<u64>, Decided) {
        let key = super::key(self.id.as_deref().unwrap_or_default(), &self.asked);
        let listed = |items: Option<Vec<String>>| items.map(list);
        let decided = Decided {
            fields: [
                Some(class(&self.classification, self.paragraph.as_deref())),
                Some(self.jurisdiction),
                Some(self.license),
                Some(or_none(self.review)),
                Some(list(self.exceptions)),
                listed(self.conditions),
                Some(levies(self.levies.into_iter().map(|l| (l.id, l.applies)))),
                listed(self.prohibitions),
                listed(self.red_flags),
                Some(china(&self.cn_state, self.cn_quota)),
                listed(self.subsidies),
                Some(self.supply_effect),
            ],
            why: self.why,
            rests_on: self.rests_on.unwrap_or_default(),
            as_of: as_of(self.on, self.known, self.known_to, self.codified),
        };
        (key, Some(self.line), decided)
    }
}

impl Decided {
    pub(super) fn of(found: &Summary<'_>) -> Self {
        let due = found
            .levies
            .iter()
            .map(|l| (l.id.to_owned(), l.applies.name().to_owned()));
        let ids = |ids: &Vec<&str>| ids.iter().map(|id| (*id).to_owned()).collect();
        Self {
            fields: [
                class(found.classification.name(), found.paragraph),
                found.jurisdiction.name().to_owned(),
                found.license.name().to_owned(),
                or_none(found.review.map(|r| r.name().to_owned())),
                list(&found.exceptions),
                list(&found.conditions),
                levies(due),
                list(&found.prohibitions),
                list(&found.red_flags),
                china(found.cn_state.name(), found.cn_quota),
                list(&found.subsidies),
                found.supply_effect.name().to_owned(),
            ]
            .map(Some),
            why: ids(&found.why),
            rests_on: found.rests_on.0.iter().map(|(a, all)| (*a, ids(all))).collect(),
            as_of: as_of(found.on, found.known, Some(found.known_to), Some(found.codified)),
        }
    }
}
