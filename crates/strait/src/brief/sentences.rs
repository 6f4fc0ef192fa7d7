//! The two sentences, put together from results: no sentence is written in advance.

use super::worth::Side;
use super::{Library, Subject, Worth, WorthRow};
use crate::figure::Outcome;
use crate::perf::WorkloadClass;
use crate::rules::{ChinaState, Jurisdiction, License, Review, SupplyEffect, Ternary, Transaction, Verdict};

/// What the US side asks, as a clause.
pub(crate) fn license_clause(verdict: &Verdict) -> String {
    let why = if verdict.us.why.is_empty() {
        String::new()
    } else {
        format!(" ({})", verdict.us.why.join(", "))
    };
    match verdict.us.license {
        License::Required => {
            let review = match verdict.us.review {
                Some(Review::PresumptionOfDenial) => ", reviewed with a presumption of denial",
                Some(Review::CaseByCase) => ", reviewed case by case",
                Some(Review::CaseByCaseIfConditions) => {
                    ", reviewed case by case if every condition is met and otherwise with a presumption of denial"
                }
                Some(Review::PresumptionOfApproval) => ", reviewed with a presumption of approval",
                Some(Review::NotStated | Review::Unknown) | None => {
                    ", under a review policy no source states"
                }
            };
            format!("needs a license{why}{review}")
        }
        License::ExceptionAvailable => {
            let ids: Vec<&str> = verdict.us.exceptions.iter().map(|e| e.id.as_str()).collect();
            format!(
                "needs a license{why} unless license exception {} is met",
                ids.join(" or ")
            )
        }
        License::NoneFound => "needs no license under any instrument modelled".to_owned(),
        License::NotSubject => "is not subject to the US rules modelled".to_owned(),
        License::NotInForce => "met no US rule: none of those modelled was in force".to_owned(),
        License::Unknown
            if verdict.us.jurisdiction == Jurisdiction::Presumed
                && verdict.supply_effect == SupplyEffect::NotBound =>
        {
            "is presumed subject to the US rules, which do not bind its maker at home".to_owned()
        }
        License::Unknown if verdict.supply_effect == SupplyEffect::NotBound => match verdict.needs.first() {
            Some(need) => format!(
                "may be subject to the US rules, which do not bind its maker at home ({} would decide)",
                need.fact
            ),
            None => "may be subject to the US rules, which do not bind its maker at home".to_owned(),
        },
        License::Unknown => match verdict.needs.first() {
            Some(need) => format!("cannot be decided without {}", need.fact),
            None => "cannot be decided from what is known".to_owned(),
        },
    }
}

/// What the China side says, as a clause; `None` where it says nothing.
pub(crate) fn china_clause(verdict: &Verdict) -> Option<String> {
    let why = if verdict.cn.why.is_empty() {
        String::new()
    } else {
        format!(" ({})", verdict.cn.why.join(", "))
    };
    let says = match verdict.cn.state {
        ChinaState::None => return None,
        ChinaState::Discouraged => "discourages it",
        ChinaState::Conditional => "admits it on conditions",
        ChinaState::Quota => "rations it",
        ChinaState::Banned => "bars it",
        ChinaState::Unknown => "has taken no position that is known",
    };
    // Only what anybody can read is said without a hedge.
    let hedge = if verdict.cn.state == ChinaState::Unknown || verdict.cn.published == Some(true) {
        ""
    } else {
        "reportedly "
    };
    Some(format!("{hedge}{says}{why}"))
}

/// Levies that apply or may apply, as a clause.
fn levy_clause(verdict: &Verdict) -> Option<String> {
    let levies: Vec<String> = verdict
        .us
        .levies
        .iter()
        .filter(|levy| levy.applies != Ternary::No)
        .map(|levy| {
            let rate: f64 = levy.rate.parse().unwrap_or(f64::NAN);
            let hedge = if levy.codified { "" } else { ", uncodified" };
            let maybe = if levy.applies == Ternary::Unknown {
                " perhaps"
            } else {
                ""
            };
            format!("{maybe} {} % of {} ({}{hedge})", rate * 100.0, levy.base, levy.id)
                .trim()
                .to_owned()
        })
        .collect();
    (!levies.is_empty()).then(|| format!("with a levy of {}", levies.join(" and ")))
}

/// One line for a buyer's row.
pub(crate) fn verdict_phrase(verdict: &Verdict) -> String {
    let mut text = license_clause(verdict);
    if let Some(china) = china_clause(verdict) {
        text.push_str("; Beijing ");
        text.push_str(&china);
    }
    text
}

/// What another verdict has that `ours` has not, field by field; empty where they agree.
pub(crate) fn difference(ours: &Verdict, other: &Verdict) -> String {
    let mut parts = Vec::new();
    if ours.us.paragraph != other.us.paragraph {
        parts.push(match &other.us.paragraph {
            Some(paragraph) => format!("classified {paragraph}"),
            None => "in no paragraph of 3A090".to_owned(),
        });
    }
    if ours.us.license != other.us.license || ours.us.review != other.us.review {
        parts.push(license_clause(other));
    }
    if ours.cn.state != other.cn.state {
        parts.push(match china_clause(other) {
            Some(clause) => format!("Beijing {clause}"),
            None => "nothing on the China side".to_owned(),
        });
    }
    parts.join("; ")
}

/// Sentence one: may it go there on that day, on what terms, as far as the law has been read.
pub(crate) fn may_it(
    subject: &Subject,
    to_name: &str,
    ask: &Transaction,
    from_name: &str,
    verdict: &Verdict,
) -> String {
    let read = verdict.verified_through.min(verdict.known);
    let domestic = verdict.supply_effect == SupplyEffect::NotBound;
    let act = if domestic {
        format!("sold in {}", in_sentence(to_name))
    } else {
        format!(
            "shipped from {} to {}",
            in_sentence(from_name),
            in_sentence(to_name)
        )
    };
    let mut text = format!(
        "As far as the law has been read ({read}), the {} {act} on {}",
        short(&subject.name),
        ask.on
    );
    if subject.before_launch {
        text.push_str(", before it was announced and so by way of hypothesis,");
    }
    text.push(' ');
    text.push_str(&license_clause(verdict));
    if let Some(levy) = levy_clause(verdict) {
        text.push_str(", ");
        text.push_str(&levy);
    }
    if let Some(china) = china_clause(verdict) {
        text.push_str(", and Beijing ");
        text.push_str(&china);
        text.push_str(&format!(" for a {} buyer", ask.segment.words()));
    }
    // A branch is worth a clause only where it would change the license.
    for branch in verdict
        .us
        .branches
        .iter()
        .filter(|b| b.license != verdict.us.license)
        .take(1)
    {
        let question = branch.question.trim_end_matches('?');
        text.push_str(&format!("; unresolved: {question}"));
    }
    text.push('.');
    text
}

/// A name up to its first comma or bracket: what follows tells variants apart, which sentences need not.
pub(crate) fn short(name: &str) -> &str {
    name.split([',', '(']).next().unwrap_or(name).trim()
}

/// A country's name inside a sentence.
fn in_sentence(name: &str) -> String {
    let article = if name.starts_with("United ") { "the " } else { "" };
    format!("{article}{name}")
}

pub(crate) fn class(class: WorkloadClass) -> &'static str {
    match class {
        WorkloadClass::DenseTraining => "dense pre-training",
        WorkloadClass::MoeTraining => "mixture-of-experts pre-training",
        WorkloadClass::Prefill => "prefill-heavy serving",
        WorkloadClass::Chat => "chat serving",
        WorkloadClass::Reasoning => "long reasoning decode",
    }
}

/// Sentence two: is it worth buying there, and by how much.
pub(crate) fn is_it_worth(
    library: &Library,
    subject: &Subject,
    to_name: &str,
    worth: &Outcome<Worth>,
) -> String {
    if subject.before_launch {
        let announced = subject.announced.as_deref().unwrap_or("later");
        return format!("It could not be bought that day: it was announced {announced}.");
    }
    let never = if subject.never_sold {
        "It was never on sale; at the price planned for it, in"
    } else {
        "In"
    };
    let to_name = in_sentence(to_name);
    let worth = match worth {
        Outcome::Unknown(needs) => {
            let facts: Vec<&str> = needs.iter().take(2).map(|n| n.fact.as_str()).collect();
            return format!(
                "Whether it is worth buying in {to_name} is unknown: {} would decide it.",
                facts.join(" and ")
            );
        }
        Outcome::Known(worth) => worth,
    };
    if worth.rows.is_empty() {
        return format!(
            "{never} {to_name} this buyer can get none of the chips compared at a known price and performance, \
             so no worth can be put on it."
        );
    }
    let part = |wanted: &dyn Fn(&WorthRow) -> bool| -> Option<String> {
        let texts: Vec<String> = worth
            .rows
            .iter()
            .filter(|row| wanted(row))
            .map(|row| told(library, row))
            .collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    };
    let clauses: Vec<String> = [
        (
            "it is worth buying for",
            part(&|row| Side::of(row) == Side::Worth),
        ),
        (
            "it is not worth buying for",
            part(&|row| Side::of(row) == Side::NotWorth),
        ),
        ("the figures leave open", part(&|row| Side::of(row) == Side::Open)),
    ]
    .into_iter()
    .filter_map(|(lead, rows)| Some(format!("{lead} {}", rows?)))
    .collect();
    format!(
        "{never} {to_name}, by tokens per dollar against the best of the chips compared that this buyer can get, {}.",
        clauses.join("; ")
    )
}

fn told(library: &Library, row: &WorthRow) -> String {
    let (value, low, high) = row.ratio;
    let rival = library
        .catalog
        .get(&row.rival)
        .map_or(row.rival.0.as_str(), |chip| short(&chip.name));
    format!(
        "{} ({value:.2} times the {rival}, {low:.2} to {high:.2})",
        class(row.class)
    )
}
