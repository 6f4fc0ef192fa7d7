//! What stands in the code and is not enforced, or not yet: said beside an answer that does not ask for it.

use crate::figure::NOTHING;
use crate::rules::answer::again::Outcome;
use crate::rules::steps::classify::base;
use crate::rules::{
    Aspect, Classification, Findings, Instrument, Item, LawDay, License, Review, Transaction,
};
use serde::Serialize;

/// What the codified text would make of the answer, where it makes another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodifiedText {
    /// License.
    pub license: License,
    /// Review policy.
    pub review: Option<Review>,
    /// Instruments that decide it; where no license is needed, those that make the item subject to the EAR.
    pub why: Vec<String>,
    /// What is otherwise: `license required, review presumption_of_denial`.
    pub differs: String,
}

/// The answer of the codified text, where it differs. `text` is [`LawDay::codified_text`] of the same day.
pub(crate) fn codified(
    day: &LawDay<'_>,
    text: Option<&LawDay<'_>>,
    item: &Item<'_>,
    tx: &Transaction,
    found: &Findings<'_>,
) -> Option<CodifiedText> {
    // A rule on classes that the item cannot have would change nothing.
    let of_class = |i: &Instrument| {
        let classes = || i.require.iter().flat_map(|row| &row.classes);
        let ours = |class: &Classification| found.combinations.iter().any(|c| base(c.2.0) == *class);
        classes().next().is_none() || classes().any(ours)
    };
    if !day.unenforced().iter().any(|by| of_class(by)) {
        return None;
    }
    let mut there = Findings::default();
    text?.decide(item, tx, &mut there).ok()?;
    let differs = Outcome::of(&there).against(&Outcome::of(found));
    (differs != NOTHING).then(|| {
        let why = match there.why.is_empty() {
            true => there.behind(Aspect::Jurisdiction),
            false => there.why.clone(),
        };
        CodifiedText {
            license: there.license,
            review: there.review,
            why: why.iter().map(|by| by.id.clone()).collect(),
            differs,
        }
    })
}
