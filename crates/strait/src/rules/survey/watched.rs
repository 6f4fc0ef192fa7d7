//! The parts of a verdict that are watched for changes, and what a change is put down to: the instruments that
//! the part of the answer rests on, on either side, and that say something else on the other.

use crate::rules::answer::conditions::ConditionCheck;
use crate::rules::answer::explain::{levy, offers, prohibitions, red_flags};
use crate::rules::steps::decide::class;
use crate::rules::steps::subsidy::subsidy;
use crate::rules::{
    Aspect, ChinaState, Classification, ExceptionOffer, Findings, Jurisdiction, LawDay, Levy, License,
    Prohibition, RedFlag, Review, Subsidy, Ternary,
};
use serde::Serialize;

/// What a timeline, a comparison of days and a what-if watch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Watched {
    /// Classification.
    pub classification: Classification,
    /// Limb that gives it, where one alone does.
    pub paragraph: Option<String>,
    /// Subject to the EAR?
    pub jurisdiction: Jurisdiction,
    /// License.
    pub license: License,
    /// Review policy.
    pub review: Option<Review>,
    /// Its conditions.
    pub conditions: Vec<ConditionCheck>,
    /// License exceptions that could be used, with theirs.
    pub exceptions: Vec<ExceptionOffer>,
    /// Levies that apply or may.
    pub levies: Vec<Levy>,
    /// Notices under general prohibition 10.
    pub prohibitions: Vec<Prohibition>,
    /// Red flags.
    pub red_flags: Vec<RedFlag>,
    /// State on the China side.
    pub cn_state: ChinaState,
    /// Quota there, where one is reported.
    pub cn_quota: Option<f64>,
    /// Subsidies there.
    pub subsidies: Vec<Subsidy>,
}

/// One part of an answer that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AspectChange {
    /// Which part.
    pub aspect: Aspect,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
    /// Instruments that it rests on, before or after, and that say something else on the other side. None
    /// where only the day itself does it: before the first instrument, nothing was in force.
    pub instruments: Vec<String>,
    /// In one line: `license none found -> required`.
    pub text: String,
}

impl Watched {
    pub(crate) fn of(found: &Findings<'_>) -> Self {
        let due = found.levies.iter().filter(|levied| levied.applies != Ternary::No);
        Self {
            classification: class(found),
            paragraph: found.paragraph.map(str::to_owned),
            jurisdiction: found.jurisdiction,
            license: found.license,
            review: found.review,
            conditions: found.checks.iter().map(ConditionCheck::of).collect(),
            exceptions: offers(found),
            levies: due.map(levy).collect(),
            prohibitions: prohibitions(found),
            red_flags: red_flags(found),
            cn_state: found.cn_state,
            cn_quota: found.cn_why.iter().find_map(|(_, row)| row.quota),
            subsidies: found.subsidies.iter().map(|live| subsidy(live)).collect(),
        }
    }

    /// Whether one part is the same.
    fn agrees(&self, other: &Self, on: Aspect) -> bool {
        match on {
            Aspect::Classification => {
                (self.classification, &self.paragraph) == (other.classification, &other.paragraph)
            }
            Aspect::Jurisdiction => self.jurisdiction == other.jurisdiction,
            Aspect::License => self.license == other.license,
            Aspect::Review => self.review == other.review,
            Aspect::Exceptions => self.items(on) == other.items(on),
            Aspect::Conditions => self.conditions == other.conditions && self.exceptions == other.exceptions,
            Aspect::Levies => self.levies == other.levies,
            Aspect::Prohibitions => self.prohibitions == other.prohibitions,
            Aspect::RedFlags => self.red_flags == other.red_flags,
            Aspect::CnState => (self.cn_state, self.cn_quota) == (other.cn_state, other.cn_quota),
            Aspect::Subsidies => self.subsidies == other.subsidies,
        }
    }

    /// One part in short: one word, or an item each.
    fn items(&self, aspect: Aspect) -> Vec<String> {
        let spaced = |word: &str| word.replace('_', " ").replace("3a090", "3A090");
        let one = |word: &str| vec![spaced(word)];
        match aspect {
            Aspect::Classification => match &self.paragraph {
                // `3A090.a.1` says its class; `Note 2 to 3A090` does not.
                Some(limb) if limb.starts_with(self.classification.name()) => vec![limb.clone()],
                Some(limb) => vec![format!(
                    "{} ({limb})",
                    self.classification.name().replace('_', " ")
                )],
                None => one(self.classification.name()),
            },
            Aspect::Jurisdiction => one(self.jurisdiction.name()),
            Aspect::License => one(self.license.name()),
            Aspect::Review => one(self.review.map_or("none", Review::name)),
            Aspect::Exceptions => self
                .exceptions
                .iter()
                .map(|e| format!("{} ({})", e.id, e.paragraph))
                .collect(),
            Aspect::Conditions => {
                let review = self.conditions.iter().map(|c| ("review", c));
                let offered = self
                    .exceptions
                    .iter()
                    .flat_map(|e| e.conditions.iter().map(|c| (e.id.as_str(), c)));
                review
                    .chain(offered)
                    .map(|(of, c)| format!("{of} {}: {}", c.key(), c.state.name()))
                    .collect()
            }
            Aspect::Levies => self
                .levies
                .iter()
                .map(|l| format!("{} ({}, applies {})", l.id, l.rate, l.applies.name()))
                .collect(),
            Aspect::Prohibitions => self.prohibitions.iter().map(|p| p.id.clone()).collect(),
            Aspect::RedFlags => self
                .red_flags
                .iter()
                .map(|f| format!("{} ({})", f.instrument, f.paragraph))
                .collect(),
            Aspect::CnState => match self.cn_quota {
                Some(quota) => vec![format!("{} of {quota}", self.cn_state.name())],
                None => one(self.cn_state.name()),
            },
            Aspect::Subsidies => self.subsidies.iter().map(|s| s.id.clone()).collect(),
        }
    }
}

/// What two laws find of the same part, and each part of the answer that differs with what it is put down to.
pub(crate) fn compared<'a>(
    before: (&LawDay<'_>, &Findings<'a>),
    after: (&LawDay<'_>, &Findings<'a>),
) -> (Watched, Watched, Vec<AspectChange>) {
    let (was, is) = (Watched::of(before.1), Watched::of(after.1));
    let differ: Vec<Aspect> = Aspect::ALL
        .into_iter()
        .filter(|aspect| !was.agrees(&is, *aspect))
        .collect();
    let changes = differ
        .iter()
        .map(|aspect| {
            let (old, new) = (was.items(*aspect), is.items(*aspect));
            AspectChange {
                aspect: *aspect,
                instruments: causes(before, after, *aspect, &differ),
                text: format!("{} {}", aspect.words(), turn(&old, &new)),
                before: listed(&old),
                after: listed(&new),
            }
        })
        .collect();
    (was, is, changes)
}

/// Those behind this part, or behind another that it rests on and that differs too, whose rows for it differ.
fn causes(
    before: (&LawDay<'_>, &Findings<'_>),
    after: (&LawDay<'_>, &Findings<'_>),
    aspect: Aspect,
    differ: &[Aspect],
) -> Vec<String> {
    let deeper = aspect.rests_on().iter().filter(|other| differ.contains(other));
    let mut found: Vec<String> = Vec::new();
    for part in std::iter::once(&aspect).chain(deeper) {
        for by in after.1.behind(*part).into_iter().chain(before.1.behind(*part)) {
            if !found.contains(&by.id) && !before.0.agrees(after.0, &by.id, *part) {
                found.push(by.id.clone());
            }
        }
    }
    found
}

fn listed(items: &[String]) -> String {
    match items {
        [] => "none".to_owned(),
        items => items.join(", "),
    }
}

/// `none found -> required`; of lists only what is new (`+`) and gone (`-`).
fn turn(old: &[String], new: &[String]) -> String {
    let missing = |these: &[String], those: &[String], sign: &str| -> Vec<String> {
        let only = these.iter().filter(|item| !those.contains(item));
        only.map(|item| format!("{sign}{item}")).collect()
    };
    let (added, gone) = (missing(new, old, "+"), missing(old, new, "-"));
    if added.is_empty() && gone.is_empty() {
        return format!("{} (worded otherwise)", listed(new));
    }
    if old.len() + new.len() <= 2 {
        return format!("{} -> {}", listed(old), listed(new));
    }
    [added, gone].concat().join(", ")
}

/// Every change in one line.
pub(crate) fn line(changes: &[AspectChange]) -> String {
    let texts: Vec<&str> = changes.iter().map(|c| c.text.as_str()).collect();
    texts.join("; ")
}

/// Every instrument behind any of the changes, each once.
pub(crate) fn instruments(changes: &[AspectChange]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for id in changes.iter().flat_map(|c| &c.instruments) {
        if !all.contains(id) {
            all.push(id.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_of_lists_tells_what_is_new_and_what_is_gone() {
        let list = |items: &[&str]| items.iter().map(|i| (*i).to_owned()).collect::<Vec<_>>();
        for (old, new, text) in [
            (&["none found"][..], &["required"][..], "none found -> required"),
            (&[], &["a (yes)"], "none -> a (yes)"),
            (&["a", "b"], &["b", "c"], "+c, -a"),
            (&["a", "b"], &[], "a, b -> none"),
            (&["a", "b", "c"], &[], "-a, -b, -c"),
            (&["a", "b"], &["a", "b"], "a, b (worded otherwise)"),
        ] {
            assert_eq!(turn(&list(old), &list(new)), text);
        }
    }
}
