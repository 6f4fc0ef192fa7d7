//! Pages of `strait cost`.

mod compare;
mod fleet;
mod hour;
mod tokens;
mod train;

pub(crate) use compare::compare_page;
pub(crate) use fleet::fleet_page;
pub(crate) use hour::hour_page;
pub(crate) use tokens::tokens_page;
pub(crate) use train::train_page;

use super::number::{days, estimate, number};
use super::{Page, Section, word};
use crate::command::cost::About;
use std::collections::BTreeSet;
use strait::brief::Charges;
use strait::cost::{BreakEven, HourlyCost, InYuan, LevyPaid, Money};
use strait::figure::{HOURS_A_YEAR, Need, Quantity};

/// An empty page under its title, with days and versions.
fn page(title: impl Into<String>, about: &About) -> Page {
    let s = &about.strait;
    let scenario = s
        .made
        .scenario
        .as_ref()
        .map_or_else(String::new, |id| format!(" · scenario {id}"));
    Page {
        title: title.into(),
        subtitle: format!(
            "on {} · as known on {} · strait {} · data {}{scenario}",
            s.on, s.known, s.made.version, s.made.data
        ),
        sections: Vec::new(),
    }
}

/// What holds for every row: rates, stated figures, the law asked, what lies past what was read; then remarks.
fn remarks(about: &About, remarks: impl IntoIterator<Item = String>) -> Section {
    let mut items = Vec::new();
    if about.stale_days > 0 {
        items.push(format!(
            "Prices, rents, tariffs and rates were looked for through {}: the latest are carried on for {}.",
            about.verified_through,
            days(about.stale_days)
        ));
    }
    if let Some(fx) = &about.fx {
        items.push(format!(
            "Yuan at {} for a dollar, of {} ({}).",
            fx.cny_per_usd, fx.date, fx.row.grade
        ));
    }
    let stated = stated(about);
    if !stated.is_empty() {
        items.push(format!(
            "Stated by you and taken as exact: {}.",
            stated.join(", ")
        ));
    }
    items.push(format!(
        "Law: for a buyer on no list, read through {}. No legal advice.",
        about.law_verified_through
    ));
    let mut seen = BTreeSet::new();
    items.extend(remarks.into_iter().filter(|r| seen.insert(r.clone())));
    let mut section = Section::default();
    section.items("Remarks", items);
    section
}

fn stated(about: &About) -> Vec<String> {
    let s = &about.stated;
    let one = |name: &str, value: Option<f64>, unit: &str| value.map(|v| format!("{name} {v}{unit}"));
    let all = [
        one("utilisation", s.utilisation.map(Quantity::get), ""),
        one("PUE", s.pue.map(Quantity::get), ""),
        one("tariff", s.tariff.map(Quantity::get), " USD/kWh"),
        one(
            "write-off",
            s.amortisation.map(|h| h.get() / HOURS_A_YEAR),
            " years",
        ),
        one("residual", s.residual.map(Quantity::get), ""),
        one("cost of capital", s.capital_rate.map(Quantity::get), " a year"),
    ];
    all.into_iter().flatten().collect()
}

/// What to know of an hour's price, tariff and levies.
fn of_hour(hour: &HourlyCost) -> Vec<String> {
    let of = |note: &String| format!("{} in {}: {note}.", hour.chip, hour.place);
    let mut told: Vec<String> = hour.price.notes.iter().chain(&hour.notes).map(of).collect();
    told.extend(
        hour.price
            .levies
            .iter()
            .map(|levy| format!("{}: {}", hour.chip, levied(levy))),
    );
    told
}

/// A levy as it bears on a price.
pub(super) fn levied(levy: &LevyPaid) -> String {
    format!(
        "{} {} % of the {} by {}, {} USD a chip; {}.",
        if levy.certain { "" } else { "perhaps " },
        number(levy.rate.get() * 100.0),
        match levy.on {
            strait::cost::LevyOn::Revenue => "seller's revenue",
            strait::cost::LevyOn::Import => "customs value",
        },
        levy.instrument,
        estimate(&levy.usd),
        if levy.in_price {
            "the published price is as new and is taken to hold it"
        } else {
            "the price is older and was raised by the part passed on"
        }
    )
    .trim_start()
    .to_owned()
}

/// Law in a cell.
fn law(charges: &Charges) -> String {
    let license = word(&charges.license);
    match charges.is_open() {
        true => license,
        false => format!("{license}; {}", word(&charges.supply)),
    }
}

/// Missing facts, each as a remark.
fn missing(needs: &[Need]) -> Vec<String> {
    needs
        .iter()
        .map(|need| format!("Unknown: {}.", super::number::need(need)))
        .collect()
}

/// Yuan in a cell.
fn yuan<Q: InYuan>(money: &Money<Q>) -> String {
    money.cny.as_ref().map_or_else(|| "–".to_owned(), estimate)
}

/// `0.62 (0.41–0.9)`, with `never` where its high end may need more hours than there are.
fn break_even(found: Option<&BreakEven>) -> String {
    let Some(found) = found else {
        return "not even at full use".to_owned();
    };
    let u = &found.utilisation;
    let high = if found.may_never {
        "never".to_owned()
    } else {
        number(u.high.get())
    };
    format!("{} ({}–{high})", number(u.value.get()), number(u.low.get()))
}
