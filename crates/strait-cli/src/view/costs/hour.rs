//! Owning and renting a chip for an hour.

use super::{break_even, missing, of_hour, page, remarks, yuan};
use crate::command::cost::{About, Hour};
use crate::view::number::{estimate, number};
use crate::view::{Page, Section, Table, word};
use strait::cost::Quoted;
use strait::figure::{Outcome, Quantity};

/// The page of `strait cost hour`.
pub(crate) fn hour_page(about: &About, rows: &[Hour<'_>]) -> Page {
    let mut page = page("Owning and renting one chip for an hour", about);
    let mut section = Section::default();
    section.table(prices(rows));
    section.table(owning(rows));
    section.table(parts(rows));
    section.table(renting(rows));
    listed(rows, &mut section);
    page.sections.push(section);
    let told = rows.iter().flat_map(|row| {
        let mut told = row.owned.known().map(of_hour).unwrap_or_default();
        told.extend(missing(row.owned.needs()));
        told
    });
    page.sections.push(remarks(about, told));
    page
}

fn prices(rows: &[Hour<'_>]) -> Table {
    let head = [
        "chip",
        "place",
        "USD",
        "CNY",
        "as published",
        "kind",
        "market",
        "days old",
        "grade",
    ];
    let mut table = Table::new("Price of one chip", &head);
    for row in rows {
        let mut cells = vec![row.asked.chip.id.0.clone(), row.asked.place.to_owned()];
        match (&row.price, &row.price_money) {
            (Outcome::Known(p), Some(money)) => {
                table.figures.extend(p.rests_on.iter().cloned());
                cells.extend([
                    estimate(&p.usd),
                    yuan(money),
                    p.as_published.clone(),
                    word(&p.kind),
                    p.market.clone(),
                    p.age_days.to_string(),
                    p.grade.to_string(),
                ]);
            }
            _ => cells.push("unknown".to_owned()),
        }
        cells.resize(head.len(), String::new());
        table.row(cells);
    }
    table
}

fn owning(rows: &[Hour<'_>]) -> Table {
    let head = [
        "chip",
        "place",
        "USD in use",
        "CNY in use",
        "USD fully used",
        "CNY fully used",
    ];
    let mut table = Table::new("Owning: what an hour costs", &head);
    for row in rows {
        let (Outcome::Known(h), Some(in_use), Some(full)) = (&row.owned, &row.in_use, &row.fully_used) else {
            continue;
        };
        table.figures.extend(h.rests_on.iter().cloned());
        table.row([
            row.asked.chip.id.0.clone(),
            row.asked.place.to_owned(),
            estimate(&h.total),
            yuan(in_use),
            estimate(&h.owned),
            yuan(full),
        ]);
    }
    table.note = Some(
        "`in use` shares idle hours out over those in use; `fully used` is a chip that is never idle, as published \
         owning costs count"
            .to_owned(),
    );
    table
}

fn parts(rows: &[Hour<'_>]) -> Table {
    let head = [
        "chip",
        "place",
        "chip",
        "server",
        "network",
        "capital",
        "power",
        "operations",
    ];
    let mut table = Table::new("Its parts, US dollars an hour in use", &head);
    for row in rows {
        let Outcome::Known(h) = &row.owned else { continue };
        let p = &h.parts;
        let mut cells = vec![row.asked.chip.id.0.clone(), row.asked.place.to_owned()];
        let parts = [p.chip, p.server, p.network, p.capital, p.power, p.operations];
        cells.extend(parts.iter().map(|part| number(part.get())));
        table.row(cells);
    }
    table.note = Some("`capital` is interest, `operations` hosting and maintenance".to_owned());
    table
}

fn renting(rows: &[Hour<'_>]) -> Table {
    let head = [
        "chip",
        "place",
        "USD",
        "CNY",
        "as published",
        "days old",
        "owning costs no more from a utilisation of",
    ];
    let mut table = Table::new("Renting, by published rents", &head);
    for row in rows {
        let mut cells = vec![row.asked.chip.id.0.clone(), row.asked.place.to_owned()];
        match &row.rent {
            Outcome::Known(rent) => {
                table.figures.extend(rent.rests_on.iter().cloned());
                cells.extend([
                    estimate(&rent.hour.usd),
                    yuan(&rent.hour),
                    rent.as_published.clone(),
                    rent.age_days.to_string(),
                    match row.owned {
                        Outcome::Known(_) => break_even(row.owning_from.as_ref()),
                        Outcome::Unknown(_) => "unknown".to_owned(),
                    },
                ]);
            }
            Outcome::Unknown(_) => cells.push("no rent published by then".to_owned()),
        }
        cells.resize(head.len(), String::new());
        table.row(cells);
    }
    table
}

fn listed(rows: &[Hour<'_>], section: &mut Section) {
    for row in rows {
        let title = |what| {
            format!(
                "Every {what} of {} in {}, oldest first",
                row.asked.chip.id, row.asked.market
            )
        };
        section.table(quotes(title("price"), &row.prices));
        section.table(quotes(title("rent"), &row.rents));
    }
}

fn quotes(title: String, rows: &[impl Quoted]) -> Table {
    let head = [
        "row",
        "market",
        "as published",
        "public from",
        "source",
        "grade",
        "line",
    ];
    let mut table = Table::new(title, &head);
    for row in rows {
        let q = row.quote();
        table.row([
            q.id.to_owned(),
            q.market.to_owned(),
            row.as_published(),
            q.known_from.to_string(),
            q.source.to_string(),
            q.grade.to_string(),
            q.place.to_string(),
        ]);
    }
    table
}
