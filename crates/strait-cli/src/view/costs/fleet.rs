//! A fleet under a budget and a power limit.

use super::{law, page, remarks};
use crate::command::cost::{About, Alone, FleetAnswer, Planned};
use crate::view::number::{estimate, given, number, scaled};
use crate::view::{Page, Section, Table, word};
use strait::cost::{FleetPlan, per_million};
use strait::figure::Quantity;

/// Kinds shown alone.
const SHOWN: usize = 12;

/// The page of `strait cost fleet`.
pub(crate) fn fleet_page(about: &About, answer: &FleetAnswer) -> Page {
    let mut page = page(
        format!("A fleet in {} for: {}", answer.place, answer.workload.title),
        about,
    );
    let mut section = Section::default();
    section.text(question(answer));
    match &answer.fleet {
        Planned::Feasible(plan) => {
            section.table(parts("The fleet", plan));
            section.table(totals("Altogether", &[("the fleet", plan)], answer));
        }
        Planned::Infeasible(why) => section.text(format!("{}.", capital(why))),
    }
    if let Some(stopped) = &answer.stopped {
        let chip = &stopped.chip;
        let without = format!("without further {chip}");
        match &stopped.fleet {
            Planned::Feasible(plan) => {
                section.table(parts(&format!("If deliveries of {chip} stop"), plan));
                let mut both = Vec::new();
                if let Planned::Feasible(with) = &answer.fleet {
                    both.push(("with them", with));
                }
                both.push((&without, plan));
                section.table(totals(&format!("Altogether, with and {without}"), &both, answer));
            }
            Planned::Infeasible(why) => section.text(format!("If deliveries of {chip} stop: {why}.")),
        }
    }
    section.table(alone(&answer.alone, answer));
    page.sections.push(section);
    let told = answer
        .left_out
        .iter()
        .map(|(chip, why)| format!("{chip} is left out: {why}."));
    page.sections.push(remarks(about, told));
    page
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

fn question(answer: &FleetAnswer) -> String {
    let limits = &answer.limits;
    let goal = match limits.demand {
        Some(demand) => format!(
            "The least cost an hour for {} output tokens a second",
            number(demand.get())
        ),
        None => "The most output tokens a second".to_owned(),
    };
    let bounds = [
        limits
            .budget
            .map(|usd| format!("{} USD to buy with", number(usd.get()))),
        limits
            .power
            .map(|kw| format!("{} MW at the wall", number(kw.get() / 1e3))),
    ];
    let bounds: Vec<String> = bounds.into_iter().flatten().collect();
    let under = if bounds.is_empty() {
        String::new()
    } else {
        format!(" under {}", bounds.join(" and "))
    };
    format!(
        "{goal}{under}, chosen among {}. Chips, servers and network count as bought, board and server power \
         with PUE as drawn; latency limits as in the workload.",
        kinds(answer)
    )
}

/// The kinds considered; a long list is counted.
fn kinds(answer: &FleetAnswer) -> String {
    let mut names: Vec<&str> = answer.candidates.iter().map(|c| c.chip.0.as_str()).collect();
    names.dedup();
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    let names = names.join(", ");
    if more > 0 {
        format!("{names} and {more} more")
    } else {
        names
    }
}

fn parts(title: &str, plan: &FleetPlan) -> Table {
    let mut table = Table::new(title, &["chip", "chips", "on hand", "output tok/s"]);
    for part in &plan.parts {
        table.row([
            part.chip.0.clone(),
            given(part.chips as f64),
            if part.held { "yes" } else { "no" }.to_owned(),
            estimate(&part.rate),
        ]);
    }
    table
}

fn totals(title: &str, plans: &[(&str, &FleetPlan)], answer: &FleetAnswer) -> Table {
    let mut head = vec![""];
    head.extend(plans.iter().map(|(name, _)| *name));
    let mut table = Table::new(title, &head);
    let mut line = |name: &str, of: &dyn Fn(&FleetPlan) -> String| {
        let mut cells = vec![name.to_owned()];
        cells.extend(plans.iter().map(|(_, plan)| of(plan)));
        table.row(cells);
    };
    line("output tokens a second", &|p| estimate(&p.rate));
    line("to buy, M USD", &|p| scaled(&p.purchase.usd, 1e-6));
    line("to buy, M CNY", &|p| {
        p.purchase
            .cny
            .map_or_else(|| "–".to_owned(), |e| scaled(&e, 1e-6))
    });
    line("USD an hour", &|p| estimate(&p.hour.usd));
    line("CNY an hour", &|p| {
        p.hour.cny.map_or_else(|| "–".to_owned(), |e| estimate(&e))
    });
    line("MW at the wall", &|p| number(p.power.get() / 1e3));
    line("USD a million output tokens, fully used", &|p| {
        estimate(&per_million(&p.hour.usd, &p.rate))
    });
    line("a better fleet could gain at most", &|p| {
        if p.gap.get() > 0.0 {
            format!("{:.4} %", p.gap.get() * 100.0)
        } else {
            "nothing: it is the best".to_owned()
        }
    });
    table.figures.extend(answer.figures.iter().cloned());
    table
}

fn alone(all: &[Alone], answer: &FleetAnswer) -> Table {
    let head = [
        "chip",
        "license",
        "price",
        "chips",
        "output tok/s",
        "M USD to buy",
        "MW",
        "USD a Mtok",
    ];
    let best = if answer.limits.demand.is_some() {
        "the cheapest first"
    } else {
        "the fastest first"
    };
    let mut table = Table::new(format!("Each kind alone under the same limits, {best}"), &head);
    for a in all.iter().take(SHOWN) {
        let chips: u64 = a.plan.parts.iter().map(|p| p.chips).sum();
        table.row([
            a.law.chip.0.clone(),
            law(&a.law),
            a.price_kind.as_ref().map_or_else(|| "–".to_owned(), word),
            given(chips as f64),
            estimate(&a.plan.rate),
            scaled(&a.plan.purchase.usd, 1e-6),
            number(a.plan.power.get() / 1e3),
            estimate(&per_million(&a.plan.hour.usd, &a.plan.rate)),
        ]);
    }
    if all.len() > SHOWN {
        table.note = Some(format!("{} more in --json", all.len() - SHOWN));
    }
    table
}
