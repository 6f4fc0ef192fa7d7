//! The two sentences, put together from results: no sentence is written in advance.

use super::{Library, Subject, Worth};
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
        License::Unknown if verdict.us.jurisdiction == Jurisdiction::Presumed => {
            "is presumed subject to the US rules, which do not bind its maker at home".to_owned()
        }
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
    let hedge = if verdict.cn.state == ChinaState::Unknown {
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
        format!("sold in {to_name}")
    } else {
        format!("shipped from {from_name} to {to_name}")
    };
    let mut text = format!(
        "As far as the law has been read ({read}), {} {act} on {}",
        with_article(&subject.name),
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
        text.push_str(&format!(" for a {} buyer", segment(ask)));
    }
    for branch in verdict.us.branches.iter().take(1) {
        text.push_str(&format!("; unresolved: {}", branch.question));
    }
    text.push('.');
    text
}

fn with_article(name: &str) -> String {
    let vowel = name.starts_with(['A', 'E', 'I', 'O', 'U']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}

fn segment(ask: &Transaction) -> String {
    format!("{:?}", ask.segment)
        .chars()
        .fold(String::new(), |mut text, c| {
            if c.is_uppercase() && !text.is_empty() {
                text.push('-');
            }
            text.push(c.to_ascii_lowercase());
            text
        })
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
    if subject.before_launch {
        return format!(
            "It could not be bought that day: it was announced {}.",
            subject.announced.as_deref().unwrap_or("later")
        );
    }
    if worth.rows.is_empty() {
        return format!(
            "In {to_name} this buyer can get none of the chips it was compared with at a known price, so no worth can be put on it."
        );
    }
    let part = |rows: Vec<&super::WorthRow>| -> Option<String> {
        let texts: Vec<String> = rows
            .iter()
            .map(|row| {
                let (value, low, high) = row.ratio;
                let name = library
                    .catalog
                    .get(&row.rival)
                    .map_or(row.rival.0.as_str(), |chip| chip.name.as_str());
                format!("{} ({value:.2}× {name}, {low:.2}–{high:.2})", class(row.class))
            })
            .collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    };
    let better = part(worth.rows.iter().filter(|row| row.ratio.1 >= 1.0).collect());
    let worse = part(worth.rows.iter().filter(|row| row.ratio.2 < 1.0).collect());
    let open = part(
        worth
            .rows
            .iter()
            .filter(|row| row.ratio.1 < 1.0 && row.ratio.2 >= 1.0)
            .collect(),
    );
    let mut clauses = Vec::new();
    if let Some(better) = better {
        clauses.push(format!("it is worth buying for {better}"));
    }
    if let Some(worse) = worse {
        clauses.push(format!("it is not for {worse}"));
    }
    if let Some(open) = open {
        clauses.push(format!("the figures do not settle {open}"));
    }
    format!(
        "In tokens per dollar against the best rival that buyer can get in {to_name}, {}.",
        clauses.join("; ")
    )
}
