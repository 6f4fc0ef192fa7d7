//! A training run.

use super::{law, missing, of_hour, page, remarks};
use crate::command::cost::{About, Trained};
use crate::view::number::{estimate, given, number, scaled};
use crate::view::{Page, Section, Table};
use strait::cost::Training;
use strait::figure::{Outcome, Quantity};
use strait::perf::Workload;

/// The page of `strait cost train`.
pub(crate) fn train_page(
    about: &About,
    workload: &Workload,
    training: Training,
    rows: &[Trained<'_>],
) -> Page {
    let mut page = page(format!("What {} costs", workload.title), about);
    let mut section = Section::default();
    let amount = match training {
        Training::Tokens(tokens) => format!("{:.3e} tokens", tokens.get()),
        Training::Flop(flop) => format!("{:.3e} model FLOP", flop.get()),
    };
    section.text(format!(
        "{amount} on {} chips, sequences of {} tokens, {} of them a step.",
        given(f64::from(workload.scales[0].chips())),
        given(f64::from(workload.input)),
        given(f64::from(workload.global_batch)),
    ));
    section.table(money(rows));
    section.table(time(rows));
    page.sections.push(section);
    let told = rows.iter().flat_map(|row| {
        let mut told = row.hourly.known().map(of_hour).unwrap_or_default();
        told.extend(missing(row.run.needs()));
        told
    });
    page.sections.push(remarks(about, told));
    page
}

fn money(rows: &[Trained<'_>]) -> Table {
    let head = [
        "chip",
        "place",
        "license",
        "owned M USD",
        "owned M CNY",
        "rented M USD",
        "rented M CNY",
    ];
    let mut table = Table::new("Cost of the run, millions", &head);
    for row in rows {
        let mut cells = vec![
            row.asked.chip.id.0.clone(),
            row.asked.place.to_owned(),
            law(&row.asked.law),
        ];
        match &row.run {
            Outcome::Known(run) => {
                if let Some(hour) = row.hourly.known() {
                    table.figures.extend(hour.rests_on.iter().cloned());
                }
                table.figures.extend(run.performance.rests_on.iter().cloned());
                let yuan = |cny: Option<_>| cny.as_ref().map_or_else(|| "–".to_owned(), |e| scaled(e, 1e-6));
                cells.extend([scaled(&run.owned.usd, 1e-6), yuan(run.owned.cny)]);
                match &run.rented {
                    Some(rented) => cells.extend([scaled(&rented.usd, 1e-6), yuan(rented.cny)]),
                    None => cells.push("no rent known".to_owned()),
                }
            }
            Outcome::Unknown(_) => cells.push("unknown".to_owned()),
        }
        cells.resize(head.len(), String::new());
        table.row(cells);
    }
    table.note = Some(
        "owned: hours not in use, failures among them, are shared out by utilisation; rented: every hour in use".to_owned(),
    );
    table
}

fn time(rows: &[Trained<'_>]) -> Table {
    let head = [
        "chip",
        "place",
        "days",
        "chip-hours",
        "MWh",
        "MW",
        "tokens/s a chip",
        "MFU",
        "tokens per USD",
    ];
    let mut table = Table::new("Time and energy at the wall", &head);
    for row in rows {
        let Outcome::Known(run) = &row.run else { continue };
        table.row([
            row.asked.chip.id.0.clone(),
            row.asked.place.to_owned(),
            scaled(&run.time, 1.0 / 24.0),
            estimate(&run.chip_hours),
            scaled(&run.energy, 1e-3),
            scaled(&run.power, 1e-3),
            estimate(&run.performance.per_chip),
            number(run.performance.mfu),
            estimate(&run.value.per_dollar),
        ]);
    }
    table
}
