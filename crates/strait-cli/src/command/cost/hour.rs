//! `strait cost hour`.

use super::desk::{Asked, Desk};
use super::table::{estimates, keys};
use crate::args::{Global, HourArgs};
use crate::output::columns::Columns;
use crate::{Exit, view};
use miette::Result;
use serde::Serialize;
use strait::brief::Charges;
use strait::cost::{BreakEven, HourlyCost, Money, Price, PriceRow, Rent, RentalRow, country_of};
use strait::figure::{Outcome, Usd, UsdPerHour};

/// One chip in one place.
#[derive(Serialize)]
pub(crate) struct Hour<'d> {
    #[serde(skip)]
    pub(crate) asked: Asked<'d>,
    chip: String,
    place: String,
    law: Charges,
    pub(crate) price: Outcome<Price>,
    /// The price in both currencies.
    pub(crate) price_money: Option<Money<Usd>>,
    pub(crate) owned: Outcome<HourlyCost>,
    /// An hour in use, in both currencies.
    pub(crate) in_use: Option<Money<UsdPerHour>>,
    /// An hour of a chip that is never idle.
    pub(crate) fully_used: Option<Money<UsdPerHour>>,
    pub(crate) rent: Outcome<Rent>,
    /// Share of hours in use from which owning costs no more than renting.
    pub(crate) owning_from: Option<BreakEven>,
    /// Every published price of the market, where asked for.
    pub(crate) prices: Vec<PriceRow>,
    /// Every published rent.
    pub(crate) rents: Vec<RentalRow>,
}

pub(super) fn run(args: &HourArgs, global: &Global) -> Result<Exit> {
    let desk = Desk::open(&args.site, global)?;
    let chips = desk.chips(&args.chips)?;
    let rows: Vec<Hour<'_>> = desk
        .asked(&chips)?
        .into_iter()
        .map(|asked| row(asked, args.list))
        .collect();
    desk.show(&rows, &view::hour_page(&desk.about, &rows), &columns(&rows))?;
    Ok(Exit::Answered)
}

fn row(asked: Asked<'_>, list: bool) -> Hour<'_> {
    let (cost, chip) = (&asked.cost, asked.chip);
    let price = cost.price(chip, asked.market, asked.on, asked.known);
    let owned = asked.hourly();
    let rent = cost.rent(chip, asked.market, asked.on, asked.known);
    let owning_from = match (owned.known(), rent.known()) {
        (Some(hour), Some(rent)) => cost.own_or_rent(hour, &rent.hour.usd),
        _ => None,
    };
    let rate = cost.fx(asked.on, asked.known).map(|fx| fx.cny_per_usd);
    let market = country_of(asked.market);
    Hour {
        chip: chip.id.0.clone(),
        place: asked.place.to_owned(),
        law: asked.law.clone(),
        price_money: price.known().map(|p| Money::of(p.usd, rate)),
        in_use: owned.known().map(|h| h.money(h.total)),
        fully_used: owned.known().map(|h| h.money(h.owned)),
        prices: rows(list, || cost.prices(chip, market, asked.known)),
        rents: rows(list, || cost.rentals(chip, market, asked.known)),
        price,
        owned,
        rent,
        owning_from,
        asked,
    }
}

fn rows<'a, T: Clone + 'a>(list: bool, all: impl FnOnce() -> Vec<&'a T>) -> Vec<T> {
    if list {
        all().into_iter().cloned().collect()
    } else {
        Vec::new()
    }
}

impl Asked<'_> {
    /// What owning it costs by the hour.
    pub(super) fn hourly(&self) -> Outcome<HourlyCost> {
        let Self {
            chip,
            market,
            domestic,
            ..
        } = *self;
        self.cost.hourly(chip, domestic, market, self.on, self.known)
    }

    /// What renting it costs, where known.
    pub(super) fn rent(&self) -> Option<Rent> {
        let rent = self.cost.rent(self.chip, self.market, self.on, self.known);
        rent.known().cloned()
    }
}

fn columns(rows: &[Hour<'_>]) -> Columns {
    let mut c = keys(rows, |r| &r.asked);
    estimates(&mut c, "price_usd", rows, |r| Some(r.price_money?.usd));
    estimates(&mut c, "price_cny", rows, |r| r.price_money?.cny);
    estimates(&mut c, "owned_usd_per_hour", rows, |r| Some(r.in_use?.usd));
    estimates(&mut c, "owned_cny_per_hour", rows, |r| r.in_use?.cny);
    estimates(&mut c, "rent_usd_per_hour", rows, |r| {
        Some(r.rent.known()?.hour.usd)
    });
    estimates(&mut c, "rent_cny_per_hour", rows, |r| r.rent.known()?.hour.cny);
    estimates(&mut c, "owning_from_utilisation", rows, |r| {
        Some(r.owning_from?.utilisation)
    });
    let source = |r: &Hour<'_>| r.price.known().map_or_else(String::new, |p| p.row.clone());
    c.text("price_row", rows.iter().map(source));
    c
}
