//! What decides of an answer, read back from strait's own JSON or taken from a row's summary.

use serde::Deserialize;
use strait::rules::Summary;

/// The fields that decide; everything else may change without a difference being told.
pub(super) const FIELDS: [&str; 9] = [
    "classification",
    "paragraph",
    "jurisdiction",
    "license",
    "review",
    "exceptions",
    "levies",
    "cn_state",
    "supply_effect",
];

/// The deciding fields of one answer as text, and the instruments behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decided {
    pub(super) fields: [String; FIELDS.len()],
    pub(super) why: Vec<String>,
}

/// Either output of strait that can be a baseline: a batch's, or a single check's.
#[derive(Deserialize)]
pub(super) struct File {
    pub(super) rows: Option<Vec<RowRead>>,
    chip: Option<String>,
    to: Option<String>,
    us: Option<UsRead>,
    cn: Option<CnRead>,
    supply_effect: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RowRead {
    id: Option<String>,
    line: u64,
    asked: String,
    classification: String,
    paragraph: Option<String>,
    jurisdiction: String,
    license: String,
    review: Option<String>,
    exceptions: Vec<String>,
    levies: Vec<LevyRead>,
    cn_state: String,
    supply_effect: String,
    why: Vec<String>,
}

#[derive(Deserialize)]
struct UsRead {
    classification: String,
    paragraph: Option<String>,
    jurisdiction: String,
    license: String,
    review: Option<String>,
    exceptions: Vec<ExceptionRead>,
    levies: Vec<LevyRead>,
    why: Vec<String>,
}

#[derive(Deserialize)]
struct CnRead {
    state: String,
    why: Vec<String>,
}

#[derive(Deserialize)]
struct ExceptionRead {
    id: String,
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
    let found: Vec<String> = all
        .filter(|(_, applies)| applies != "no")
        .map(|(id, applies)| format!("{id} ({applies})"))
        .collect();
    list(&found)
}

fn list(items: &[impl AsRef<str>]) -> String {
    if items.is_empty() {
        "none".to_owned()
    } else {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(", ")
    }
}

fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| "none".to_owned())
}

impl File {
    /// What a single check holds.
    pub(super) fn single(self) -> Option<(String, Decided)> {
        let about = single(&self.chip?, &self.to?);
        Some((about, decided(self.us?, self.cn?, self.supply_effect?)))
    }
}

fn decided(us: UsRead, cn: CnRead, supply_effect: String) -> Decided {
    let mut exceptions: Vec<String> = us.exceptions.into_iter().map(|e| e.id).collect();
    exceptions.dedup();
    let mut why = us.why;
    why.extend(cn.why);
    Decided {
        fields: [
            us.classification,
            or_none(us.paragraph),
            us.jurisdiction,
            us.license,
            or_none(us.review),
            list(&exceptions),
            levies(us.levies.into_iter().map(|l| (l.id, l.applies))),
            cn.state,
            supply_effect,
        ],
        why,
    }
}

impl RowRead {
    pub(super) fn entry(self) -> (String, Option<u64>, Decided) {
        let key = super::key(self.id.as_deref().unwrap_or_default(), &self.asked);
        let decided = Decided {
            fields: [
                self.classification,
                or_none(self.paragraph),
                self.jurisdiction,
                self.license,
                or_none(self.review),
                list(&self.exceptions),
                levies(self.levies.into_iter().map(|l| (l.id, l.applies))),
                self.cn_state,
                self.supply_effect,
            ],
            why: self.why,
        };
        (key, Some(self.line), decided)
    }
}

impl Decided {
    pub(super) fn of(found: &Summary<'_>) -> Self {
        let levies = levies(
            found
                .levies
                .iter()
                .map(|l| (l.id.to_owned(), l.applies.name().to_owned())),
        );
        Self {
            fields: [
                found.classification.name().to_owned(),
                or_none(found.paragraph.map(str::to_owned)),
                found.jurisdiction.name().to_owned(),
                found.license.name().to_owned(),
                or_none(found.review.map(|r| r.name().to_owned())),
                list(&found.exceptions),
                levies,
                found.cn_state.name().to_owned(),
                found.supply_effect.name().to_owned(),
            ],
            why: found.why.iter().map(|id| (*id).to_owned()).collect(),
        }
    }
}
