//! The cost part of `strait validate`: owned hours, power, shares, chip-hours and costs of tokens beside published ones.

use crate::input::{Inputs, bundle};
use crate::view::{Section, Table, count, estimate, unknown, word};
use miette::Result;
use serde_json::{Value, json};
use strait::catalog::{Catalog, Chip};
use strait::cost::{
    CostModel, HourOf, Modelled, PublishedCheck, PublishedChecks, Score, TokenError, Validation,
};
use strait::figure::{Outcome, Quantity, Ratio, SourceId};
use strait::perf::PerfModel;

/// Computes and shows them.
pub(super) fn validated(inputs: &Inputs, catalog: &Catalog) -> Result<(Section, Value)> {
    let sources = &catalog.sources;
    let model = CostModel::load(&inputs.data, sources).map_err(bundle)?;
    let perf = PerfModel::load(&inputs.data, sources).map_err(bundle)?;
    let find = |name: &str, place: &str| -> Option<(&Chip, bool)> {
        let chip = catalog.resolve(name).ok()?.chip;
        Some((chip, catalog.designer_country(chip) == Some(place)))
    };
    let owned = model.validate(&inputs.data, sources, find).map_err(bundle)?;
    let others = model
        .validate_published(&inputs.data, sources, &perf, find)
        .map_err(bundle)?;
    let mut section = Section::new("Cost");
    section.table(hours(&owned));
    section.text(format!(
        "Rows kept out of calibration: median absolute error {}, published value inside the interval {}.",
        percent(owned.median_error),
        percent(owned.coverage)
    ));
    section.table(by_source(
        "The owned hour by source, rows kept out of calibration",
        &owned.by_source,
    ));
    section.table(published(&others));
    section.table(by_source(
        "The same by source, rows kept out of calibration",
        &others.by_source,
    ));
    section.table(tokens(&others));
    section.table(by_source(
        "The rate's part of the error by source, rows kept out of calibration",
        &others.rate_by_source,
    ));
    section.table(by_source(
        "The hour's part of it, where the source takes an owner's hour",
        &others.hour_by_source,
    ));
    let facts = json!({ "checks": owned.checks, "median_error": owned.median_error, "coverage": owned.coverage,
        "by_source": scores(&owned.by_source), "published": others.checks, "published_by_source": scores(&others.by_source),
        "rate_by_source": scores(&others.rate_by_source), "hour_by_source": scores(&others.hour_by_source) });
    Ok((section, facts))
}

fn hours(found: &Validation) -> Table {
    let head = [
        "row",
        "chip",
        "used to",
        "published",
        "computed",
        "error",
        "inside the interval",
    ];
    let mut table = Table::new("Owning one chip for an hour, US dollars", &head);
    for check in &found.checks {
        table.sources.insert(check.source.clone());
        table.row([
            check.id.clone(),
            check.chip.to_string(),
            word(&check.for_use),
            format!("{:.2}", check.published.get()),
            match &check.modelled {
                Outcome::Known(value) => estimate(value),
                Outcome::Unknown(needs) => unknown(needs),
            },
            percent(check.error),
            yes_or_no(check.inside),
        ]);
    }
    table
}

fn published(found: &PublishedChecks) -> Table {
    let head = [
        "row",
        "what",
        "chip",
        "used to",
        "published",
        "computed",
        "error",
        "intervals meet",
    ];
    let mut table = Table::new("Power, shares of cost, chip-hours of a run", &head);
    for check in found.checks.iter().filter(|check| check.tokens.is_none()) {
        table.sources.insert(check.source.clone());
        table.row([
            check.id.clone(),
            word(&check.quantity),
            check.chip.to_string(),
            word(&check.for_use),
            both_ends(check),
            computed(check),
            percent(check.error),
            yes_or_no(check.inside),
        ]);
    }
    table.note = Some(
        "kW a chip, shares of the cost of an hour without interest, hours; errors against the nearer end"
            .to_owned(),
    );
    table
}

fn tokens(found: &PublishedChecks) -> Table {
    let head = [
        "row",
        "chip",
        "used to",
        "published",
        "computed",
        "error",
        "of the hour",
        "of the rate",
        "source's hour",
        "meet",
    ];
    let mut table = Table::new("A million tokens, US dollars", &head);
    let of_tokens = |check: &PublishedCheck| Some((check.clone(), check.tokens?));
    for (check, error) in found.checks.iter().filter_map(of_tokens) {
        table.sources.insert(check.source.clone());
        table.row([
            check.id.clone(),
            check.chip.to_string(),
            word(&check.for_use),
            both_ends(&check),
            computed(&check),
            percent(check.error),
            percent(error.of_hour),
            percent(error.of_rate),
            hour_taken(&error),
            yes_or_no(check.inside),
        ]);
    }
    table.note = Some(
        "meet: whether our interval holds the published cost; one plus the error is the product of one plus each part; where \
         the source takes a rent it is taken here too, and the error is the rate's alone"
            .to_owned(),
    );
    table
}

fn hour_taken(error: &TokenError) -> String {
    let hour = error.hour_taken.get();
    match error.hour_of {
        HourOf::Owned => format!("{hour:.2} owned"),
        HourOf::Rented => format!("{hour:.2} rented"),
    }
}

fn both_ends(check: &PublishedCheck) -> String {
    let (low, high) = check.published;
    if low == high {
        low.to_string()
    } else {
        format!("{low}–{high}")
    }
}

fn computed(check: &PublishedCheck) -> String {
    match &check.modelled {
        Outcome::Known(Modelled::Power(value)) => estimate(value),
        Outcome::Known(Modelled::Share(value)) => estimate(value),
        Outcome::Known(Modelled::Time(value)) => estimate(value),
        Outcome::Known(Modelled::PerMillion(value)) => estimate(value),
        Outcome::Unknown(needs) => unknown(needs),
    }
}

fn by_source(title: &str, scores: &[(SourceId, Score)]) -> Table {
    let head = [
        "source",
        "rows",
        "answered",
        "median absolute error",
        "bias",
        "inside",
    ];
    let mut table = Table::new(title, &head);
    for (source, score) in scores {
        table.row([
            source.to_string(),
            count(score.rows),
            count(score.answered),
            percent(score.median_error),
            percent(score.bias),
            percent(score.coverage),
        ]);
    }
    table
}

fn scores(scores: &[(SourceId, Score)]) -> Value {
    let of = |(source, score): &(SourceId, Score)| (source.0.clone(), json!(score));
    Value::Object(scores.iter().map(of).collect())
}

fn yes_or_no(inside: Option<bool>) -> String {
    inside.map_or_else(|| "–".to_owned(), |yes| if yes { "yes" } else { "no" }.to_owned())
}

fn percent(value: Option<Ratio>) -> String {
    value.map_or_else(|| "–".to_owned(), |r| format!("{:.0} %", r.get() * 100.0))
}
