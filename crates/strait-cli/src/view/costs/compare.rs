//! Two chips against one another.

use super::{break_even, missing, of_hour, page, remarks, yuan};
use crate::command::cost::{About, Compared};
use crate::view::number::{estimate, given};
use crate::view::performance::scale;
use crate::view::{Page, Section, Table};
use strait::cost::Money;
use strait::figure::{Outcome, UsdPerHour};

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
        let mut told: Vec<String> = row.hours.iter().flat_map(of_hour).collect();
        told.extend(missing(row.comparison.needs()));
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
        let hours = row.hours.iter().flat_map(|h| &h.rests_on);
        table.figures.extend(hours.cloned());
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
        "price, CNY a chip",
        "utilisation",
        "rent, USD an hour",
        "rent, CNY an hour",
    ];
    let title = format!("Where a token costs the same on {chip} as on {rival}, all else equal");
    let mut table = Table::new(title, &head);
    for row in rows {
        let Outcome::Known(c) = &row.comparison else {
            continue;
        };
        let mut cells = keys(row);
        match &c.tie_price {
            None => cells.extend(["rival's price unknown".to_owned(), String::new()]),
            Some(tie) => cells.extend([
                tie.usd
                    .as_ref()
                    .map_or_else(|| "not even for nothing".to_owned(), estimate),
                c.tie_price_cny.as_ref().map_or_else(String::new, estimate),
            ]),
        }
        cells.push(match c.per_dollar {
            Some(_) => break_even(c.tie_utilisation.as_ref()),
            None => "a price is unknown".to_owned(),
        });
        match &c.tie_rent {
            Some(rent) => cells.extend([estimate(&rent.usd), yuan(rent)]),
            None => cells.extend(["rival's rent unknown".to_owned(), String::new()]),
        }
        table.row(cells);
    }
    table.note = Some(format!(
        "price: {chip} pays off below it; utilisation: used for more of its hours than this, {chip} costs less, the \
         rival used as the data or you have it; rent: against the rival's published rent"
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
        "USD an hour",
        "the rivals' USD",
        "run on",
    ];
    let title = format!("{chip} that do what {} {rival} do", given(f64::from(of)));
    let mut table = Table::new(title, &head);
    for row in rows {
        let Outcome::Known(c) = &row.comparison else {
            continue;
        };
        let usd = |hour: &Option<Money<UsdPerHour>>| match hour {
            Some(money) => estimate(&money.usd),
            None => "unknown price".to_owned(),
        };
        let on = if c.scales.0 == c.scales.1 {
            scale(c.scales.0)
        } else {
            format!("{}; {}", scale(c.scales.0), scale(c.scales.1))
        };
        let mut cells = keys(row);
        cells.extend([
            estimate(&c.matched_by),
            estimate(&c.power.0),
            estimate(&c.power.1),
            usd(&c.hour.0),
            usd(&c.hour.1),
            on,
        ]);
        table.row(cells);
    }
    table
}
