//! The smallest single change to every class and across every bound.

use super::{Page, Section, Table};
use strait::rules::{
    Amount, Change, Edge, Lever, LeverNow, NearestChanges, NearestRule, Reach, Relation, RuleKind,
};

/// The whole answer of `strait rules nearest`.
pub(crate) fn nearest_page(nearest: &NearestChanges, asked: &str) -> Page {
    let mut section = Section::default();
    section.text(match summary(nearest) {
        Some(line) => format!("{line}."),
        None => "No single change of a figure moves it to another class.".to_owned(),
    });
    let mut filed = Table::new("As filed", &["lever", "value", "unit"]);
    for lever in &nearest.levers {
        filed.row([name(lever.lever).to_owned(), value(lever), lever.unit.to_owned()]);
    }
    filed.note = Some("`strait check … --explain` works them out figure by figure".to_owned());
    section.table(filed);
    for rule in &nearest.rules {
        let still = |c: &Change| c.reach == Reach::NotReachable;
        if rule.targets.iter().flat_map(|t| &t.changes).all(still) {
            section.text(format!("{}; no single lever changes that.", heading(rule)));
        } else {
            section.table(table(rule));
        }
    }
    section.items("To read it:", nearest.notes.clone());
    section.text("strait gives no legal advice; it tells what it finds among the instruments it models.");
    Page {
        title: format!("Nearest changes of {}", nearest.chip),
        subtitle: format!(
            "asked `{asked}` · on {} · as known on {}",
            nearest.on, nearest.known
        ),
        sections: vec![section],
    }
}

/// The smallest change of class in one line.
pub(crate) fn summary(nearest: &NearestChanges) -> Option<String> {
    let (target, change) = nearest.smallest()?;
    let needed = change.needed.as_ref()?;
    Some(format!(
        "Nearest change: {} by {} {} ({}){}",
        super::number::spaced(&target.to),
        name(change.lever),
        edge(needed),
        moved(change),
        change
            .meets
            .as_ref()
            .map_or_else(String::new, |limb| format!(", {limb}"))
    ))
}

fn value(lever: &LeverNow) -> String {
    match (lever.lever, lever.fact, lever.filed) {
        (Lever::Datacenter, Some(fact), _) => if fact { "yes" } else { "no" }.to_owned(),
        (Lever::Datacenter, None, _) => "not known".to_owned(),
        (_, _, Some(filed)) => filed.to_string(),
        (_, _, None) => "undefined: no die counts".to_owned(),
    }
}

fn name(lever: Lever) -> &'static str {
    match lever {
        Lever::Tpp => "TPP",
        Lever::DieArea => "die area",
        Lever::MemoryBandwidth => "memory bandwidth",
        Lever::Io => "scale-up link",
        Lever::PackageArea => "package area",
        Lever::Datacenter => "for data centers",
    }
}

fn kind(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Classification => "Classification",
        RuleKind::Letter => "Letter",
        RuleKind::Bill => "Bill, were it enacted",
        RuleKind::Review => "Review policy",
        RuleKind::Exception => "License exception",
        RuleKind::Levy => "Levy",
    }
}

fn heading(rule: &NearestRule) -> String {
    let paragraph = rule
        .paragraph
        .as_ref()
        .map_or_else(String::new, |p| format!(", {p}"));
    let named = if rule.named {
        "; names this part, bounds for parts of another name"
    } else {
        ""
    };
    let now = rule.now.join(" or ").replace('_', " ");
    let meets = rule
        .meets
        .as_ref()
        .map_or_else(String::new, |m| format!(" ({m})"));
    format!(
        "{}: {}{paragraph}{named}; now {now}{meets}",
        kind(rule.kind),
        rule.instrument
    )
}

fn table(rule: &NearestRule) -> Table {
    let mut table = Table::new(
        heading(rule),
        &["to", "lever", "needed", "change", "then", "certain", ""],
    );
    table.sources.insert(rule.source.clone());
    for target in &rule.targets {
        let to = super::number::spaced(&target.to);
        let mut not: Vec<&str> = Vec::new();
        for change in &target.changes {
            if change.reach == Reach::NotReachable {
                not.push(name(change.lever));
                continue;
            }
            table.row([
                to.clone(),
                name(change.lever).to_owned(),
                needed(change),
                moved(change),
                change.meets.clone().unwrap_or_else(|| "–".to_owned()),
                change
                    .certain
                    .map_or("–", |c| if c { "yes" } else { "disputed" })
                    .to_owned(),
                if change.smallest { "smallest" } else { "" }.to_owned(),
            ]);
        }
        if !not.is_empty() {
            let lone = "not reachable by this lever alone";
            table.row([&to, not.join(", ").as_str(), lone, "–", "–", "–", ""]);
        }
    }
    table
}

fn needed(change: &Change) -> String {
    let mut words: Vec<String> = [&change.needed, &change.up_to]
        .into_iter()
        .flatten()
        .map(edge)
        .collect();
    words.extend(change.fact.map(|fact| if fact { "yes" } else { "no" }.to_owned()));
    words.extend(change.why.clone());
    words.join(", ")
}

fn edge(edge: &Edge) -> String {
    let relation = match edge.relation {
        Relation::AtLeast => "at least",
        Relation::Above => "above",
        Relation::AtMost => "at most",
        Relation::Below => "below",
    };
    let about = if edge.exact { "" } else { "about " };
    format!("{relation} {about}{}", edge.limit)
}

/// `+32, 1.35 %`.
fn moved(change: &Change) -> String {
    let Some(by) = change.change else {
        return "–".to_owned();
    };
    let sign = if by.0.is_sign_negative() || by.0.is_zero() {
        ""
    } else {
        "+"
    };
    match change.relative.map(Amount::percent) {
        Some(percent) => format!("{sign}{by}, {percent} %"),
        None => format!("{sign}{by}"),
    }
}
