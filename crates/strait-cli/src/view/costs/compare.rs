//! Two chips against one another.

use super::{break_even, missing, page, remarks};
use crate::command::cost::{About, Compared};
use crate::view::number::{estimate, given};
use crate::view::performance::scale;
use crate::view::{Page, Section, Table};
use strait::figure::Outcome;

/// The page of `strait cost compare`.
pub(crate) fn compare_page(about: &About, rows: &[Compared<'_>]) -> Page {
    let (chip, rival) = rows.first().map_or(("", ""), |r| {
        (r.asked.chip.id.0.as_str(), r.rival.chip.id.0.as_str())
    });
    let mut page = page(format!("{chip} against {rival}"), about);
    let mut section = Section::default();
    section.table(ratios(rows));
    section.table(ties(rows, chip, rival));
    section.table(matched(rows, chip, rival));
    page.sections.push(section);
    let told = rows.iter().flat_map(|row| {
        let mut told = missing(row.comparison.needs());
        told.extend(missing(&row.missing));
        told
    });
    page.sections.push(remarks(about, told));
    page
}

fn keys(row: &Compared<'_>) -> Vec<String> {
    vec![row.workload.id.0.clone(), row.asked.place.to_owned()]
}

fn ratios(rows: &[Compared<'_>]) -> Table {
    let head = [
        "workload",
        "place",
        "tokens/s a chip",
        "the rival's",
        "speed",
        "per dollar",
        "per watt",
    ];
    let mut table = Table::new("One chip over one rival: above 1 the first is ahead", &head);
    for row in rows {
        let mut cells = keys(row);
        match &row.comparison {
            Outcome::Known(c) => cells.extend([
                estimate(&c.rates.0),
                estimate(&c.rates.1),
                estimate(&c.speed),
                c.per_dollar
                    .as_ref()
                    .map_or_else(|| "unknown price".to_owned(), estimate),
                estimate(&c.per_watt),
            ]),
            Outcome::Unknown(_) => cells.push("unknown".to_owned()),
        }
        cells.resize(head.len(), String::new());
        table.row(cells);
    }
    table
}

fn ties(rows: &[Compared<'_>], chip: &str, rival: &str) -> Table {
    let head = [
        "workload",
        "place",
        "price, USD a chip",
        "utilisation",
        "rent, USD an hour",
    ];
    let title = format!("Where a token costs the same on {chip} as on {rival}, all else equal");
    let mut table = Table::new(title, &head);
    for row in rows {
        let Outcome::Known(c) = &row.comparison else {
            continue;
        };
        let mut cells = keys(row);
        cells.push(match &c.tie_price {
            None => "rival's price unknown".to_owned(),
            Some(tie) => tie
                .usd
                .as_ref()
                .map_or_else(|| "not even for nothing".to_owned(), estimate),
        });
        cells.push(match c.per_dollar {
            Some(_) => break_even(c.tie_utilisation.as_ref()),
            None => "a price is unknown".to_owned(),
        });
        cells.push(
            c.tie_rent
                .as_ref()
                .map_or_else(|| "rival's rent unknown".to_owned(), estimate),
        );
        table.row(cells);
    }
    table.note = Some(format!(
        "price: {chip} pays off below it; utilisation: used for more of its hours than this {chip} costs less, the rival \
         used as the data or you have it; rent: against the rival's published rent"
    ));
    table
}

fn matched(rows: &[Compared<'_>], chip: &str, rival: &str) -> Table {
    let of = rows.iter().find_map(|r| r.comparison.known()).map_or(0, |c| c.of);
    let head = [
        "workload",
        "place",
        "chips",
        "kW at the wall",
        "the rivals' kW",
        "run on",
        "the rivals on",
    ];
    let title = format!("{chip} that do what {} {rival} do", given(f64::from(of)));
    let mut table = Table::new(title, &head);
    for row in rows {
        let Outcome::Known(c) = &row.comparison else {
            continue;
        };
        let mut cells = keys(row);
        cells.extend([
            estimate(&c.matched_by),
            estimate(&c.power.0),
            estimate(&c.power.1),
            scale(c.scales.0),
            scale(c.scales.1),
        ]);
        table.row(cells);
    }
    table
}
