//! A question asked again with one fact set, so that what a value would change is found and not written down.

use crate::figure::NOTHING;
use crate::rules::chip::item::Item;
use crate::rules::chip::metrics::{Measured, hull};
use crate::rules::steps::decide::class;
use crate::rules::{
    ChinaState, Classification, Findings, Jurisdiction, LawDay, License, Review, Transaction,
};

/// What an answer comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    class: Classification,
    jurisdiction: Jurisdiction,
    license: License,
    review: Option<Review>,
    exceptions: Vec<String>,
    china: ChinaState,
    red_flags: Vec<String>,
}

impl Outcome {
    pub(crate) fn of(found: &Findings<'_>) -> Self {
        let mut exceptions: Vec<String> = Vec::new();
        for (_, row) in &found.exceptions {
            if !exceptions.contains(&row.id) {
                exceptions.push(row.id.clone());
            }
        }
        Self {
            class: class(found),
            jurisdiction: found.jurisdiction,
            license: found.license,
            review: found.review,
            exceptions,
            china: found.cn_state,
            red_flags: found.red_flags.iter().map(|(by, _)| by.id.clone()).collect(),
        }
    }

    /// What is otherwise than before, in the words of the vocabulary.
    pub(crate) fn against(&self, before: &Self) -> String {
        let mut told = Vec::new();
        if self.class != before.class {
            told.push(self.class.name().to_owned());
        }
        if self.jurisdiction != before.jurisdiction {
            told.push(format!("subject to the EAR {}", self.jurisdiction.name()));
        }
        if self.license != before.license {
            told.push(format!("license {}", self.license.name()));
        }
        if self.review != before.review {
            told.push(format!("review {}", self.review.map_or("none", Review::name)));
        }
        if self.exceptions != before.exceptions {
            told.push(match self.exceptions.as_slice() {
                [] => "no exception".to_owned(),
                ids => format!("exception {}", ids.join(" or ")),
            });
        }
        if self.china != before.china {
            told.push(format!("China side {}", self.china.name()));
        }
        let flags = self.red_flags.iter().filter(|f| !before.red_flags.contains(f));
        told.extend(flags.map(|by| format!("red flag of {by}")));
        if told.is_empty() {
            return NOTHING.to_owned();
        }
        told.join(", ")
    }
}

impl LawDay<'_> {
    /// What this law says of an item and transaction; nothing where it contradicts itself.
    pub(crate) fn outcome(&self, item: &Item<'_>, tx: &Transaction) -> Option<Outcome> {
        let mut found = Findings::default();
        self.decide(item, tx, &mut found).ok()?;
        Some(Outcome::of(&found))
    }
}

/// The item with other figures, for certain.
pub(crate) fn measuring<'c>(item: &Item<'c>, measured: Measured) -> Item<'c> {
    let cases = vec![measured];
    Item {
        exact: cases.iter().map(Measured::exact).collect(),
        all: hull(&cases),
        cases,
        ..item.clone()
    }
}
