//! A verdict: what was found, the checklists, what is missing, and the tables behind it.

mod summary;
mod tables;

use super::number::{need, word};
use super::{Block, Section};
use std::collections::BTreeSet;
use strait::figure::SourceId;
use strait::rules::{Check, ConditionCheck, UsVerdict, Verdict};

pub(crate) use tables::explanation;

/// What the law says: verdict, metrics, margins, branches, assumptions and missing facts.
pub(crate) fn verdict_blocks(verdict: &Verdict) -> Vec<Block> {
    let mut section = Section::default();
    let us = &verdict.us;
    section.table(summary::summary(verdict));
    if let Some(text) = &us.codified_text {
        section.text(format!(
            "Not enforced, and so left out above: the codified text would make it {} (by {}); --codified asks for it.",
            text.differs.replace('_', " "),
            text.why.join(", ")
        ));
    }
    section.table(tables::metrics(verdict));
    section.table(tables::margins(verdict));
    for offer in &us.exceptions {
        let days = offer.notification_days;
        let days = days.map_or_else(String::new, |days| {
            format!(", notified {} before", super::number::days(i64::from(days)))
        });
        let title = format!(
            "License exception {} ({}{days}) could be used where all of this holds; one that fails takes it away:",
            offer.id, offer.paragraph
        );
        // The title says what one that fails turns.
        section.items(&title, checklist(&offer.conditions, |_| String::new()));
    }
    section.items(
        "Conditions of the review policy; one that fails leaves the policy behind it:",
        checklist(&us.review_conditions, |c| turns(verdict, c)),
    );
    section.items("Levies:", levies(us));
    let prohibitions = us.prohibitions.iter();
    section.items(
        "Prohibitions beside the license:",
        prohibitions
            .map(|p| format!("{}: {} (binds {})", p.id, p.what, p.binds))
            .collect(),
    );
    let flags = verdict.red_flags.iter();
    section.items(
        "Red flags raised by what was stated:",
        flags
            .map(|f| format!("{} ({}): {}", f.instrument, f.paragraph, f.what))
            .collect(),
    );
    section.items("Unresolved, both ways shown:", branches(us));
    section.items("Missing facts that would decide:", missing(verdict));
    section.items("Assumed:", verdict.assumed.clone());
    section.text(stale(verdict));
    section.table(tables::citations(verdict));
    section.blocks
}

/// Sources of the instruments relied on.
pub(super) fn sources(verdict: &Verdict) -> BTreeSet<SourceId> {
    let citations = verdict.citations.iter();
    citations.map(|c| SourceId(c.source.clone())).collect()
}

/// Conditions with how each stands; one still to be shown says how it is stated, and what it would turn.
fn checklist(conditions: &[ConditionCheck], turns: impl Fn(&ConditionCheck) -> String) -> Vec<String> {
    let line = |c: &ConditionCheck| {
        let (how, turns) = match (c.state, &c.flag) {
            (Check::Needs, flag) => {
                let how = flag.as_ref().map_or_else(String::new, |flag| format!("; {flag}"));
                (how, turns(c))
            }
            (Check::Pass | Check::Fail, _) => (String::new(), String::new()),
        };
        format!("[{}] {} ({}{how}){turns}", c.state.name(), c.what, c.paragraph)
    };
    conditions.iter().map(line).collect()
}

/// What each value of a condition would turn.
fn turns(verdict: &Verdict, condition: &ConditionCheck) -> String {
    let open = verdict.needs.iter().find(|need| need.fact == condition.what);
    open.map_or_else(String::new, |need| super::number::flips(&need.flips))
}

fn levies(us: &UsVerdict) -> Vec<String> {
    let line = |l: &strait::rules::Levy| {
        let codified = if l.codified { "codified" } else { "not codified" };
        let conditions = match l.conditions.as_slice() {
            [] => String::new(),
            conditions => format!("; {}", conditions.join("; ")),
        };
        let percent = l.rate.parse::<f64>().unwrap_or(f64::NAN) * 100.0;
        format!(
            "{} ({}): {} % of {}; applies: {}; {codified}{conditions}",
            l.id,
            word(&l.kind),
            super::number::given(percent),
            l.base,
            word(&l.applies)
        )
    };
    us.levies.iter().map(line).collect()
}

/// Each question once, with every way it may come out.
fn branches(us: &UsVerdict) -> Vec<String> {
    let mut told: Vec<(&str, String)> = Vec::new();
    for b in &us.branches {
        let way = format!("if {}: license {} ({})", b.if_, word(&b.license), b.why);
        match told.iter_mut().find(|(question, _)| *question == b.question) {
            Some((_, ways)) => {
                ways.push_str("; ");
                ways.push_str(&way);
            }
            None => told.push((&b.question, way)),
        }
    }
    told.into_iter()
        .map(|(question, ways)| format!("{question} {ways}"))
        .collect()
}

/// What the checklists above do not ask for already.
fn missing(verdict: &Verdict) -> Vec<String> {
    let us = &verdict.us;
    let offered = us.exceptions.iter().flat_map(|e| &e.conditions);
    let listed: Vec<&str> = us
        .review_conditions
        .iter()
        .chain(offered)
        .map(|c| c.what.as_str())
        .collect();
    let others = verdict
        .needs
        .iter()
        .filter(|n| !listed.contains(&n.fact.as_str()));
    others.map(need).collect()
}

fn stale(verdict: &Verdict) -> String {
    if verdict.stale.is_empty() {
        return format!("The law has been read through {}.", verdict.verified_through);
    }
    let families: Vec<String> = verdict
        .stale
        .iter()
        .map(|s| {
            let (read, days) = (s.verified_through, super::number::days(s.days));
            format!(
                "{} through {read} ({days} before the day asked)",
                s.family.words()
            )
        })
        .collect();
    format!("Read: {}; later changes are not known here.", families.join(", "))
}
