//! Part 4: prices, the owned hour, price performance and the prices that would tie.

use super::brief::name;
use super::costs::levied;
use super::number::{estimate, number, unknown, word};
use super::performance::scale;
use super::{Section, Table};
use crate::chart::{Bar, Chart, Group, bars};
use strait::brief::{Brief, PriceRow};
use strait::cost::LevyPaid;
use strait::figure::{FigureRef, Outcome, Quantity};
use strait::perf::WorkloadId;

pub(super) fn section(brief: &Brief) -> Section {
    let mut section = Section::new("4. What it costs");
    section.text(format!("For chips that run in {}.", brief.cost.place));
    section.table(prices(brief));
    section.items("Levies on a sale, as the law of part 2 has them:", levies(brief));
    section.table(hourly(brief));
    section.chart("cost", chart(brief));
    section.table(price_performance(brief));
    section.table(ties(brief));
    section
}

fn prices(brief: &Brief) -> Table {
    let mut table = Table::new(
        "Price of one chip",
        &[
            "chip",
            "USD",
            "as published",
            "kind",
            "market",
            "date",
            "grade",
            "row",
        ],
    );
    let mut missing = Vec::new();
    for row in &brief.cost.prices {
        match &row.price {
            Outcome::Known(p) => {
                let rate = p
                    .cny_per_usd
                    .map_or_else(String::new, |r| format!(" at {} CNY/USD", number(r)));
                table.sources.insert(p.source.clone());
                table.row([
                    name(brief, &row.chip).to_owned(),
                    estimate(&p.usd),
                    format!("{}{rate}", p.as_published),
                    word(&p.kind),
                    p.market.clone(),
                    age(&p.date.to_string(), p.age_days),
                    p.grade.to_string(),
                    p.row.clone(),
                ]);
            }
            Outcome::Unknown(needs) => {
                missing.push(format!("{}: {}", name(brief, &row.chip), unknown(needs)));
                let mut cells = vec![name(brief, &row.chip).to_owned(), "unknown".to_owned()];
                cells.resize(8, String::new());
                table.row(cells);
            }
        }
    }
    missing.insert(0, "rows of data/market/prices.csv".to_owned());
    table.note = Some(missing.join("; "));
    table
}

/// Levies of every chip compared, each with the citation of its instrument where the subject's verdict cites it.
fn levies(brief: &Brief) -> Vec<String> {
    let cite = |id: &str| {
        let found = brief.law.verdict.citations.iter().find(|c| c.instrument == id)?;
        Some(format!(" [{}]", found.cite.as_ref().unwrap_or(&found.title)))
    };
    let of_chip = |row: &PriceRow| {
        let price = row.price.known()?;
        let line = |levy: &LevyPaid| {
            let cited = cite(&levy.instrument).unwrap_or_default();
            format!("{}: {}{cited}", name(brief, &row.chip), levied(levy))
        };
        Some(price.levies.iter().map(line).collect::<Vec<_>>())
    };
    brief.cost.prices.iter().filter_map(of_chip).flatten().collect()
}

fn age(date: &str, days: i64) -> String {
    match days {
        d if d < 0 => format!("{date} ({} days later)", -d),
        d if d > 90 => format!("{date} ({d} days old)"),
        _ => date.to_owned(),
    }
}

fn hourly(brief: &Brief) -> Table {
    let head = [
        "chip",
        "USD an hour",
        "chip",
        "server",
        "network",
        "capital",
        "power",
        "operations",
    ];
    let mut table = Table::new("Owning one chip for an hour, US dollars", &head);
    let mut missing = Vec::new();
    for row in &brief.cost.prices {
        match &row.hourly {
            Outcome::Known(h) => {
                table.figures.extend(h.rests_on.iter().cloned());
                let p = &h.parts;
                let parts = [p.chip, p.server, p.network, p.capital, p.power, p.operations];
                let mut cells = vec![name(brief, &row.chip).to_owned(), estimate(&h.total)];
                cells.extend(parts.iter().map(|part| number(part.get())));
                table.row(cells);
            }
            Outcome::Unknown(needs) => {
                missing.push(format!("{}: {}", name(brief, &row.chip), unknown(needs)));
                let mut cells = vec![name(brief, &row.chip).to_owned(), "unknown".to_owned()];
                cells.resize(head.len(), String::new());
                table.row(cells);
            }
        }
    }
    table.note = (!missing.is_empty()).then(|| missing.join("; "));
    table
}

/// Figures that a price performance rests on: the hour's and the run's.
fn behind(brief: &Brief) -> impl Iterator<Item = FigureRef> + '_ {
    let hours = brief
        .cost
        .prices
        .iter()
        .filter_map(|r| r.hourly.known())
        .flat_map(|h| h.rests_on.iter());
    let runs = brief
        .performance
        .iter()
        .flat_map(|row| row.chips.iter())
        .filter_map(|(_, p)| p.known())
        .flat_map(|p| p.rests_on.iter());
    hours.chain(runs).cloned()
}

fn workloads(brief: &Brief) -> Vec<&WorkloadId> {
    let mut seen = Vec::new();
    for row in &brief.cost.price_performance {
        if !seen.contains(&&row.workload) {
            seen.push(&row.workload);
        }
    }
    seen
}

fn class(brief: &Brief, workload: &WorkloadId) -> String {
    brief
        .performance
        .iter()
        .find(|row| row.workload == *workload)
        .map_or_else(|| workload.to_string(), |row| word(&row.class))
}

fn chart(brief: &Brief) -> Chart {
    let rows = &brief.cost.price_performance;
    let groups: Vec<Group> = workloads(brief)
        .into_iter()
        .filter_map(|workload| {
            let of = |chip: &strait::catalog::ChipId| {
                rows.iter().find(|r| r.workload == *workload && r.chip == *chip)
            };
            let base = of(&brief.subject.chip)?.per_dollar.value.get();
            (base > 0.0).then(|| Group {
                label: class(brief, workload),
                bars: brief
                    .peers
                    .iter()
                    .enumerate()
                    .map(|(series, peer)| Bar {
                        label: name(brief, &peer.chip).to_owned(),
                        series,
                        value: of(&peer.chip).map(|r| {
                            let e = &r.per_dollar;
                            (e.value.get() / base, e.low.get() / base, e.high.get() / base)
                        }),
                    })
                    .collect(),
            })
        })
        .collect();
    bars(
        &format!("Tokens per dollar relative to {}", brief.subject.name),
        "Bars: tokens for a dollar of owned chip time over the subject's central value, by workload; whiskers: the chip's own interval. The table below has the numbers.",
        &format!("tokens per dollar, {} = 1", brief.subject.name),
        Some(1.0),
        &groups,
    )
}

fn price_performance(brief: &Brief) -> Table {
    let mut table = Table::new(
        "Price performance by workload",
        &[
            "workload",
            "chip",
            "scale",
            "tokens per USD",
            "tokens per joule",
            "USD per million tokens",
        ],
    );
    for row in &brief.cost.price_performance {
        table.row([
            class(brief, &row.workload),
            name(brief, &row.chip).to_owned(),
            scale(row.scale),
            estimate(&row.per_dollar),
            estimate(&row.per_joule),
            estimate(&row.per_million),
        ]);
    }
    if !table.rows.is_empty() {
        table.figures.extend(behind(brief));
        table.sources.extend(
            brief
                .cost
                .prices
                .iter()
                .filter_map(|r| r.price.known())
                .map(|p| p.source.clone()),
        );
    }
    table
}

fn ties(brief: &Brief) -> Table {
    let title = format!(
        "Price at which {} would cost as much per token as the rival, USD a chip",
        brief.subject.name
    );
    let mut table = Table::new(title, &["workload", "rival", "ties at"]);
    for tie in &brief.cost.ties {
        table.row([
            class(brief, &tie.workload),
            name(brief, &tie.rival).to_owned(),
            tie.usd
                .as_ref()
                .map_or_else(|| "not even for nothing".into(), estimate),
        ]);
    }
    if !table.rows.is_empty() {
        table.figures.extend(behind(brief));
    }
    table
}
