//! Which published price counts for a chip in a place on a day, as known on another day.
//!
//! Rows of the market, public by the day of knowledge and dated on or before the day asked; market
//! prices (street, list, estimate) before grey ones, grey ones before plans; of the best class the
//! latest, and where several share its day, a chip alone before one inside a server, then street before
//! list before estimate. Rows of that class within `dispute_days` before it widen the interval. A market
//! with no row takes the home price.

use super::fx::{Rates, days};
use super::hourly::{network_share, server_share};
use super::parameters::{Parameters, Term};
use super::prices::{Currency, PriceRow, means};
use super::region::country_of;
use super::{Price, PriceForm, PriceKind, checks};
use crate::catalog::{Chip, Form};
use crate::figure::{Estimate, FigureRef, Grade, Need, Outcome, Quantity, SourceId, Usd, When};
use crate::scenario::PriceChange;
use jiff::civil::Date;

/// The market whose prices stand in where another has none.
const HOME: &str = "US";

/// Everything selection reads.
pub(crate) struct Shelf<'a> {
    pub(crate) rows: &'a [PriceRow],
    pub(crate) rates: &'a Rates,
    pub(crate) parameters: &'a Parameters,
    /// Prices a user stated, which come before `fixed`.
    pub(crate) stated: &'a [PriceChange],
    /// Prices of the scenario.
    pub(crate) fixed: &'a [PriceChange],
}

/// True for chips that sit in a card server.
pub(crate) fn is_card(chip: &Chip) -> bool {
    chip.form == Form::Card
}

fn class(kind: PriceKind) -> u8 {
    match kind {
        PriceKind::Scenario | PriceKind::Street | PriceKind::List | PriceKind::Estimate => 0,
        PriceKind::Grey => 1,
        PriceKind::Plan => 2,
    }
}

fn order(kind: PriceKind) -> u8 {
    match kind {
        PriceKind::Scenario => 0,
        PriceKind::Street => 1,
        PriceKind::List => 2,
        PriceKind::Estimate => 3,
        PriceKind::Grey => 4,
        PriceKind::Plan => 5,
    }
}

/// One row in US dollars for one chip's part: what was bought, and the chip in it.
struct Converted<'a> {
    row: &'a PriceRow,
    fx: Option<(f64, FigureRef)>,
    bought: (f64, f64),
    /// Deducted for server and network: central, low, high.
    deducted: (f64, f64, f64),
}

impl Shelf<'_> {
    fn convert<'r>(&self, row: &'r PriceRow, card: bool, known: Date) -> Option<Converted<'r>> {
        let fx = match row.currency {
            Currency::Usd => None,
            Currency::Cny => {
                let rate = self.rates.on(row.from_date.first(), known)?;
                Some((rate.cny_per_usd, rate.row))
            }
        };
        let per = row.form.chips() * fx.as_ref().map_or(1.0, |(rate, _)| *rate);
        Some(Converted {
            row,
            fx,
            bought: (row.low / per, row.high / per),
            deducted: self.deducted(row.form, card),
        })
    }

    /// Server and network share inside a price of this form, USD: central, low, high.
    fn deducted(&self, form: PriceForm, card: bool) -> (f64, f64, f64) {
        let terms = self.parameters.centre();
        let (mut value, mut low, mut high) = (0.0, 0.0, 0.0);
        let mut add = |has: bool, centre: f64, term: Term| {
            if has {
                let range = self.parameters.range(term);
                (value, low, high) = (value + centre, low + range.0, high + range.1);
            }
        };
        let (server, network) = share_terms(card);
        add(form.has_server(), server_share(&terms, card), server);
        add(form.has_network(), network_share(&terms, card), network);
        (value, low, high)
    }

    /// The price that counts.
    pub(crate) fn price(&self, chip: &Chip, place: &str, on: Date, known: Date) -> Outcome<Price> {
        let place = country_of(place);
        if let Some(price) = self.scenario_price(chip, place, on) {
            return Outcome::Known(price);
        }
        for market in [place, HOME] {
            match self.in_market(chip, market, on, known) {
                Ok(Some(mut price)) => {
                    if market != place {
                        price.notes.push(format!(
                            "no price in {place} is known by then: the {HOME} price is used"
                        ));
                    }
                    return Outcome::Known(price);
                }
                Ok(None) => {}
                Err(rate) => return Outcome::Unknown(vec![rate]),
            }
        }
        Outcome::Unknown(vec![self.need(chip, place, on, known)])
    }

    /// The price in one market, none where it has no row; or the exchange rate that its rows lack.
    fn in_market(&self, chip: &Chip, market: &str, on: Date, known: Date) -> Result<Option<Price>, Need> {
        let card = is_card(chip);
        let usable: Vec<&PriceRow> = self
            .rows
            .iter()
            .filter(|row| row.market == market && means(&row.chip, chip))
            .filter(|row| checks::usable(row.from_date, row.known_from, on, known))
            .collect();
        let mut rows: Vec<Converted<'_>> = usable
            .iter()
            .filter_map(|row| self.convert(row, card, known))
            .collect();
        let Some(best) = rows.iter().map(|c| class(c.row.kind)).min() else {
            return match usable.first() {
                Some(row) => Err(Rates::need(
                    row.from_date.first(),
                    known,
                    &format!("price {} is in yuan", row.id),
                )),
                None => Ok(None),
            };
        };
        rows.retain(|c| class(c.row.kind) == best);
        let latest = rows.iter().map(|c| c.row.from_date.first()).max();
        let dispute_days = self.parameters.whole_days(Term::DisputeDays);
        rows.retain(|c| latest.is_none_or(|latest| days(c.row.from_date.first(), latest) <= dispute_days));
        rows.sort_by(|a, b| {
            let day = |c: &Converted<'_>| c.row.from_date.first();
            (day(b).cmp(&day(a)))
                .then(a.row.form.has_server().cmp(&b.row.form.has_server()))
                .then(order(a.row.kind).cmp(&order(b.row.kind)))
                .then(a.row.grade.cmp(&b.row.grade))
                .then(a.row.id.cmp(&b.row.id))
        });
        Ok(Some(self.hull(chip, card, market, on, &rows)))
    }

    /// The first row's middle inside the hull of all.
    fn hull(&self, chip: &Chip, card: bool, market: &str, on: Date, rows: &[Converted<'_>]) -> Price {
        let lead = &rows[0];
        let middle = f64::midpoint(lead.bought.0, lead.bought.1);
        let own = lead.deducted.0;
        let (mut bought, mut usd) = (lead.bought, (f64::MAX, 0.0_f64));
        for c in rows {
            let chip_only = |bought: f64, deducted: f64| (bought - deducted).max(0.0);
            bought.0 = bought.0.min(chip_only(c.bought.0, c.deducted.0) + own);
            bought.1 = bought.1.max(chip_only(c.bought.1, c.deducted.0) + own);
            usd.0 = usd.0.min(chip_only(c.bought.0, c.deducted.2));
            usd.1 = usd.1.max(chip_only(c.bought.1, c.deducted.1));
        }
        let mut notes = Vec::new();
        if lead.row.kind == PriceKind::Plan {
            notes.push("announced for a part not on sale".to_owned());
        }
        if lead.row.form != PriceForm::Card {
            notes.push(format!(
                "bought as {}; shown less the server's share",
                lead.row.form.words()
            ));
        }
        if rows.len() > 1 {
            notes.push(format!("{} published prices of nearly the same time", rows.len()));
        }
        let mut rests_on: Vec<FigureRef> = rows.iter().map(|c| c.row.reference()).collect();
        rests_on.extend(
            rows.iter()
                .filter_map(|c| c.fx.as_ref().map(|(_, row)| row.clone())),
        );
        let (server, network) = share_terms(card);
        if rows.iter().any(|c| c.row.form.has_server()) {
            rests_on.push(self.parameters.reference(server));
        }
        if rows.iter().any(|c| c.row.form.has_network()) {
            rests_on.push(self.parameters.reference(network));
        }
        let published: Vec<String> = rows.iter().map(|c| c.row.as_published()).collect();
        Price {
            chip: chip.id.clone(),
            market: market.to_owned(),
            usd: Estimate::new(Usd::of((middle - own).max(0.0)), Usd::of(usd.0), Usd::of(usd.1)),
            bought: Estimate::new(Usd::of(middle), Usd::of(bought.0), Usd::of(bought.1)),
            form: lead.row.form,
            as_published: published.join("; "),
            cny_per_usd: lead.fx.as_ref().map(|(rate, _)| *rate),
            kind: lead.row.kind,
            date: lead.row.from_date,
            age_days: days(lead.row.from_date.first(), on),
            row: lead.row.id.clone(),
            source: lead.row.source.clone(),
            grade: lead.row.grade,
            levies: Vec::new(),
            notes,
            rests_on,
        }
    }

    /// The price a user states, or else the one the scenario fixes; of several, the one from the latest day.
    fn scenario_price(&self, chip: &Chip, place: &str, on: Date) -> Option<Price> {
        let latest = |prices: &'_ [PriceChange]| {
            prices
                .iter()
                .filter(|c| c.place == place && chip.is_called(&c.chip))
                .filter(|c| c.from.is_none_or(|from| from.first() <= on))
                .max_by_key(|c| c.from.map(When::first))
                .cloned()
        };
        let change = latest(self.stated).or_else(|| latest(self.fixed))?;
        let date = change.from.unwrap_or(When::day(on));
        let usd = Estimate::exact(Usd::of(change.usd));
        let row = format!("price stated in {}", change.written);
        let source = SourceId("user".to_owned());
        Some(Price {
            chip: chip.id.clone(),
            market: place.to_owned(),
            usd,
            bought: usd,
            form: PriceForm::Card,
            as_published: format!("{} USD a chip, stated by the user", change.usd),
            cny_per_usd: None,
            kind: PriceKind::Scenario,
            date,
            age_days: days(date.first(), on),
            row: row.clone(),
            source: source.clone(),
            grade: Grade::Assumed,
            levies: Vec::new(),
            notes: vec![format!("stated in {}", change.written)],
            rests_on: vec![FigureRef {
                of: row,
                path: "price".to_owned(),
                source,
                grade: Grade::Assumed,
                place: change.written,
            }],
        })
    }

    fn need(&self, chip: &Chip, place: &str, on: Date, known: Date) -> Need {
        let later = self
            .rows
            .iter()
            .filter(|row| (row.market == place || row.market == HOME) && means(&row.chip, chip))
            .min_by_key(|row| (row.from_date.first(), row.known_from.last()));
        let why = match later {
            Some(row) => format!(
                "the first price of it is dated {} and public from {}; cost, price performance and shares rest on it",
                row.from_date, row.known_from
            ),
            None => "no price of it was found; cost, price performance and shares rest on it".to_owned(),
        };
        Need {
            fact: format!("price of {} in {place} on {on}, as known on {known}", chip.id),
            flag: Some("`[[price]]` of a scenario file".to_owned()),
            why,
            flips: Vec::new(),
        }
    }
}

fn share_terms(card: bool) -> (Term, Term) {
    if card {
        (Term::ServerCard, Term::NetworkCard)
    } else {
        (Term::ServerModule, Term::NetworkModule)
    }
}
