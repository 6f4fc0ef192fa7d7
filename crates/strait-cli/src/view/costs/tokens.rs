//! A million tokens within latency limits.

use super::{law, missing, of_hour, page, remarks, yuan};
use crate::command::cost::{About, Asked, Served};
use crate::view::number::{estimate, number};
use crate::view::performance::scale;
use crate::view::{Page, Section, Table, word};
use strait::figure::{Figure, Outcome, Quantity, Seconds, TokensPerSecond};
use strait::perf::Workload;

/// The page of `strait cost tokens`.
pub(crate) fn tokens_page(
    about: &About,
    workload: &Workload,
    rows: &[Served<'_>],
    left_out: &[Asked<'_>],
) -> Page {
    let mut page = page(format!("What a million tokens cost: {}", workload.title), about);
    let mut section = Section::default();
    section.text(format!(
        "Requests of {} prompt and {} output tokens; first token within {}, an output token within {}.",
        number(f64::from(workload.input)),
        number(f64::from(workload.output)),
        limit(workload.ttft_limit.as_ref(), 1.0, "s"),
        limit(workload.tpot_limit.as_ref(), 1e3, "ms"),
    ));
    section.table(owned(rows));
    section.table(all_on_output(rows));
    section.table(served(rows));
    page.sections.push(section);
    let mut told: Vec<String> = rows
        .iter()
        .flat_map(|row| {
            let mut told = row.hourly.known().map(of_hour).unwrap_or_default();
            told.extend(missing(row.tokens.needs()));
            told
        })
        .collect();
    told.extend(left_out.iter().map(|asked| {
        let why = asked.law.why.join(", ");
        format!(
            "{} in {} left out: {} ({why}).",
            asked.chip.id,
            asked.place,
            law(&asked.law)
        )
    }));
    page.sections.push(remarks(about, told));
    page
}

fn limit(figure: Option<&Figure<Seconds>>, by: f64, unit: &str) -> String {
    figure.map_or_else(
        || "any time".to_owned(),
        |f| format!("{} {unit}", number(f.value.get() * by)),
    )
}

fn owned(rows: &[Served<'_>]) -> Table {
    let head = [
        "chip",
        "place",
        "license",
        "input USD",
        "output USD",
        "input CNY",
        "output CNY",
    ];
    let mut table = Table::new("A million tokens on owned chips", &head);
    for row in rows {
        let mut cells = keys(row);
        cells.push(law(&row.asked.law));
        match &row.tokens {
            Outcome::Known(t) => {
                if let (Some(hour), Some(rate)) = (row.hourly.known(), row.rate.known()) {
                    table.figures.extend(hour.rests_on.iter().cloned());
                    table.figures.extend(rate.performance.rests_on.iter().cloned());
                }
                cells.extend([
                    estimate(&t.owned.input.usd),
                    estimate(&t.owned.output.usd),
                    yuan(&t.owned.input),
                    yuan(&t.owned.output),
                ]);
            }
            Outcome::Unknown(_) => cells.push("unknown".to_owned()),
        }
        cells.resize(head.len(), String::new());
        table.row(cells);
    }
    table.note = Some(
        "input tokens bear the share of the chip's time that prompts take, output tokens the rest; nothing is found \
         in a prefix cache"
            .to_owned(),
    );
    table
}

fn all_on_output(rows: &[Served<'_>]) -> Table {
    let head = [
        "chip",
        "place",
        "owned USD",
        "owned CNY",
        "rented USD",
        "rented CNY",
        "tokens per USD",
        "tokens per joule",
    ];
    let mut table = Table::new("The same with the whole cost on the output tokens", &head);
    for row in rows {
        let Outcome::Known(t) = &row.tokens else { continue };
        let mut cells = keys(row);
        cells.extend([
            estimate(&t.owned.output_bears_all.usd),
            yuan(&t.owned.output_bears_all),
        ]);
        match &t.rented {
            Some(rented) => {
                if let Some(rent) = &row.rent {
                    table.figures.extend(rent.rests_on.iter().cloned());
                }
                cells.extend([
                    estimate(&rented.output_bears_all.usd),
                    yuan(&rented.output_bears_all),
                ]);
            }
            None => cells.extend(["no rent known".to_owned(), String::new()]),
        }
        cells.extend([estimate(&t.value.per_dollar), estimate(&t.value.per_joule)]);
        table.row(cells);
    }
    table
}

fn served(rows: &[Served<'_>]) -> Table {
    let head = [
        "chip",
        "output tok/s",
        "input tok/s",
        "tok/s a user",
        "first token s",
        "prompts' share",
        "bound by",
        "on",
    ];
    let mut table = Table::new("What one chip serves within the limits", &head);
    let mut seen = Vec::new();
    for row in rows {
        let Outcome::Known(rate) = &row.rate else { continue };
        if seen.contains(&&row.asked.chip.id) {
            continue;
        }
        seen.push(&row.asked.chip.id);
        let a_user = |tpot: Seconds| TokensPerSecond::of(1.0 / tpot.get());
        let run = &rate.performance;
        table.row([
            row.asked.chip.id.0.clone(),
            estimate(&rate.output),
            estimate(&rate.input),
            rate.tpot
                .map_or_else(|| "–".to_owned(), |t| estimate(&t.map_decreasing(a_user))),
            rate.ttft.as_ref().map_or_else(|| "–".to_owned(), estimate),
            format!("{:.0} %", rate.prompt_share.get() * 100.0),
            word(&run.limit),
            scale(run.scale),
        ]);
        if run.extrapolated {
            table.note =
                Some("nobody has measured a chip of the family of some: the widest intervals".to_owned());
        }
    }
    table
}

fn keys(row: &Served<'_>) -> Vec<String> {
    vec![row.asked.chip.id.0.clone(), row.asked.place.to_owned()]
}
