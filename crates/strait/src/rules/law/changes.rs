//! A scenario laid over the instruments: some left out or switched on, bounds moved, limbs added.

use crate::data::{Problem, Problems, nearest};
use crate::figure::{Place, When};
use crate::rules::{ClassifyRow, Condition, Instrument, Limit, MetricName, State, StatusRow, read_word};
use crate::scenario::{BoundChange, Comparator, LimbChange, LimbCondition, Scenario};
use rust_decimal::Decimal;
use toml::Spanned;

pub(crate) fn apply(scenario: &Scenario, instruments: &mut Vec<Instrument>, problems: &mut Problems) {
    let rules = &scenario.rules;
    let mut note = |done: Result<(), Problem>, place: &Place| {
        if let Err(mut problem) = done {
            problem.place = place.clone();
            problems.push(problem);
        }
    };
    for id in rules.without.iter().chain(&rules.with) {
        note(find(instruments, id).map(|_| ()), &scenario.written);
    }
    for change in &rules.bounds {
        let done = find(instruments, &change.instrument).and_then(|i| bound(i, change));
        note(done, &change.written);
    }
    for change in &rules.limbs {
        let done = find(instruments, &change.instrument).and_then(|i| limb(i, change));
        note(done, &change.written);
    }
    instruments.retain(|i| !rules.without.contains(&i.id) && !rules.without_side.contains(&i.side));
    for instrument in instruments.iter_mut().filter(|i| rules.with.contains(&i.id)) {
        // The scenario asks what would follow: it may be known on every day that may be asked, and holds on every day
        // from the one the scenario names.
        let always = When::day(jiff::civil::date(1950, 1, 1));
        let row = StatusRow {
            state: State::InForce,
            from: rules.with_from.map_or(always, |from| When::day(from.first())),
            until: None,
            known_from: always,
            known_to_addressee: None,
            note: Some("switched on by the scenario".to_owned()),
        };
        instrument.status = vec![Spanned::new(0..0, row)];
    }
}

/// A mistake of the scenario, with the nearest names where any is near, else all of them.
fn wrong<'a>(message: String, typed: &str, names: impl Iterator<Item = &'a str> + Clone) -> Problem {
    let near = nearest(typed, names.clone());
    let problem = Problem::in_file("scenario", message);
    if near.is_empty() {
        let mut all: Vec<&str> = names.collect();
        all.dedup();
        match all.len() {
            0 => problem,
            1..=12 => problem.help(format!("there are `{}`", all.join("`, `"))),
            _ => problem.help("`strait rules` lists every id"),
        }
    } else {
        problem.help(format!("did you mean `{}`?", near.join("`, `")))
    }
}

fn find<'i>(instruments: &'i mut [Instrument], id: &str) -> Result<&'i mut Instrument, Problem> {
    match instruments.iter().position(|i| i.id == id) {
        Some(at) => Ok(&mut instruments[at]),
        None => Err(wrong(
            format!("instrument `{id}` of the scenario does not exist"),
            id,
            instruments.iter().map(|i| i.id.as_str()),
        )),
    }
}

fn limit(text: &str) -> Result<Limit, Problem> {
    match Decimal::from_str_exact(text) {
        Ok(value) if value >= Decimal::ZERO => Ok(value.into()),
        _ => Err(
            Problem::in_file("scenario", format!("bound `{text}` is no number of zero or more"))
                .help("write a bound as decimal text, such as \"4800\""),
        ),
    }
}

fn word<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> Result<T, Problem> {
    read_word(what, text).map_err(|e| Problem::in_file("scenario", e.to_string()))
}

/// Every condition with bounds, by the paragraph it stands in; a levy has none and goes by its kind.
fn conditions(i: &mut Instrument) -> Vec<(String, &mut Condition)> {
    let mut found = Vec::new();
    for row in &mut i.classify {
        found.extend(row.when.iter_mut().map(|c| (row.paragraph.clone(), c)));
    }
    for row in &mut i.review {
        found.extend(row.when.iter_mut().map(|c| (row.paragraph.clone(), c)));
    }
    for row in &mut i.exception {
        found.extend(row.when.iter_mut().map(|c| (row.paragraph.clone(), c)));
    }
    for row in &mut i.product {
        let groups = row.any.iter_mut().chain(&mut row.maybe).flatten();
        found.extend(groups.map(|c| (row.paragraph.clone(), c)));
    }
    for row in &mut i.levy {
        let kind = row.kind.name();
        found.extend(row.bands.iter_mut().flatten().map(|c| (kind.to_owned(), c)));
    }
    found.retain(|(_, condition)| condition.metric.is_some());
    found
}

fn slot(condition: &mut Condition, comparator: Comparator) -> &mut Option<Limit> {
    match comparator {
        Comparator::Ge => &mut condition.ge,
        Comparator::Gt => &mut condition.gt,
        Comparator::Lt => &mut condition.lt,
        Comparator::Le => &mut condition.le,
    }
}

/// `tpp ge 2400`, each bound of a condition.
fn told(condition: &Condition) -> Vec<String> {
    let metric = condition.metric.map_or("", MetricName::as_str);
    [
        ("ge", condition.ge),
        ("gt", condition.gt),
        ("lt", condition.lt),
        ("le", condition.le),
    ]
    .into_iter()
    .filter_map(|(name, limit)| Some(format!("{metric} {name} {}", limit?.0)))
    .collect()
}

/// Moves one bound wherever the paragraph states it.
fn bound(i: &mut Instrument, change: &BoundChange) -> Result<(), Problem> {
    let metric: MetricName = word("metric", &change.metric)?;
    let to = limit(&change.to)?;
    let from = change.from.as_deref().map(limit).transpose()?;
    let (id, paragraph) = (i.id.clone(), &change.paragraph);
    let mut all = conditions(i);
    let names: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
    all.retain(|(name, _)| name == paragraph);
    if all.is_empty() {
        let message = format!("no paragraph `{paragraph}` of `{id}` has a bound");
        return Err(wrong(message, paragraph, names.iter().map(String::as_str)));
    }
    let stands: Vec<String> = all.iter().flat_map(|(_, c)| told(c)).collect();
    let mut meant: Vec<&mut Limit> = all
        .into_iter()
        .filter(|(_, c)| c.metric == Some(metric))
        .filter_map(|(_, c)| slot(c, change.comparator).as_mut())
        .filter(|limit| from.is_none_or(|from| **limit == from))
        .collect();
    let asked = format!("{} {}", change.metric, change.comparator.as_str());
    let has = format!("it has `{}`", stands.join("`, `"));
    if meant.is_empty() {
        let old = change
            .from
            .as_deref()
            .map_or_else(String::new, |f| format!(" {f}"));
        let message = format!("paragraph `{paragraph}` of `{id}` has no bound `{asked}{old}`");
        return Err(Problem::in_file("scenario", message).help(has));
    }
    if meant.iter().any(|limit| **limit != *meant[0]) {
        let message = format!("paragraph `{paragraph}` of `{id}` has several bounds `{asked}`");
        return Err(Problem::in_file("scenario", message).help(format!("{has}: say which with `from`")));
    }
    for limit in &mut meant {
        **limit = to;
    }
    Ok(())
}

/// Adds one limb to a table.
fn limb(i: &mut Instrument, change: &LimbChange) -> Result<(), Problem> {
    let refuse = |message: String, help: &str| Err(Problem::in_file("scenario", message).help(help));
    let label = &change.paragraph;
    if i.classify.is_empty() {
        return refuse(
            format!("instrument `{}` has no classification table", i.id),
            "a limb joins the table of an instrument with `[[classify]]` rows, such as `us-acs-ifr-2023`",
        );
    }
    if i.classify.iter().any(|row| row.paragraph == *label) {
        return refuse(
            format!("paragraph `{label}` stands in `{}` already", i.id),
            "give the limb a label of its own, or move a bound with `[[rules.bound]]`",
        );
    }
    if change.when.is_empty() {
        return refuse(
            format!("limb `{label}` has no condition"),
            "give at least one under `when`: without one it would hold for every chip",
        );
    }
    let row = ClassifyRow {
        paragraph: label.clone(),
        result: word("classification", &change.result)?,
        when: change.when.iter().map(condition).collect::<Result<_, _>>()?,
        from: None,
    };
    let at = match &change.before {
        None => i.classify.len(),
        Some(before) => i
            .classify
            .iter()
            .position(|row| row.paragraph == *before)
            .ok_or_else(|| {
                let message = format!("no paragraph `{before}` in the table of `{}`", i.id);
                wrong(message, before, i.classify.iter().map(|r| r.paragraph.as_str()))
            })?,
    };
    i.classify.insert(at, row);
    Ok(())
}

fn condition(written: &LimbCondition) -> Result<Condition, Problem> {
    let read = |bound: &Option<String>| bound.as_deref().map(limit).transpose();
    let condition = Condition {
        metric: written.metric.as_deref().map(|m| word("metric", m)).transpose()?,
        fact: written
            .fact
            .as_deref()
            .map(|f| word("fact of a chip", f))
            .transpose()?,
        is: written.is,
        ge: read(&written.ge)?,
        gt: read(&written.gt)?,
        lt: read(&written.lt)?,
        le: read(&written.le)?,
    };
    let bounds = [condition.ge, condition.gt, condition.lt, condition.le];
    if condition.metric.is_some() != bounds.iter().any(Option::is_some)
        || (condition.metric.is_none() && condition.fact.is_none())
    {
        return Err(
            Problem::in_file("scenario", "a condition of a limb is not complete").help(
                "write `{ metric = \"tpp\", ge = \"4800\" }` or `{ fact = \"datacenter\", is = true }`",
            ),
        );
    }
    Ok(condition)
}
