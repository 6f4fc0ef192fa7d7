//! What every question of cost is asked over: data, places, days, figures stated, and the law of the day.

use crate::args::{Global, SiteArgs, StatedArgs};
use crate::input::{self, Inputs, bundle, today};
use crate::output::{self, columns};
use crate::text::{self, Layout};
use crate::view::Page;
use jiff::civil::Date;
use miette::{Result, miette};
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;
use strait::brief::{Charges, Header, SEED, charges, fixed_prices, market_place};
use strait::catalog::{Catalog, Chip, ChipId};
use strait::cost::{Assumptions, CostModel, FxRate, Regions, country_of};
use strait::figure::{HOURS_A_YEAR, Hours, Place, Quantity, Ratio, UsdPerKilowattHour};
use strait::perf::PerfModel;
use strait::rules::{LawBook, Places};
use strait::scenario::PriceChange;

/// Everything loaded, with the places and days asked.
pub(crate) struct Desk {
    pub(crate) catalog: Catalog,
    pub(crate) law: LawBook,
    pub(crate) perf: PerfModel,
    cost: CostModel,
    places: Vec<String>,
    pub(crate) about: About,
    json: bool,
    out: Option<PathBuf>,
}

/// What an answer was computed under.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct About {
    pub(crate) strait: Header,
    /// Last day through which prices, rents, tariffs and rates were looked for.
    pub(crate) verified_through: Date,
    /// Days by which the day asked lies past it.
    pub(crate) stale_days: i64,
    /// Last day through which the law was read.
    pub(crate) law_verified_through: Date,
    /// Exchange rate applied.
    pub(crate) fx: Option<FxRate>,
    /// What the user stated.
    pub(crate) stated: Assumptions,
}

/// A chip in a place, with the law on buying it there and the cost under its levies.
pub(crate) struct Asked<'d> {
    pub(crate) chip: &'d Chip,
    /// As shown: `CN-GS`, `HK`.
    pub(crate) place: &'d str,
    /// Where its prices and tariffs are those of: `CN` for `HK`.
    pub(crate) market: &'d str,
    pub(crate) domestic: bool,
    pub(crate) law: Charges,
    pub(crate) cost: CostModel,
    pub(crate) on: Date,
    pub(crate) known: Date,
}

impl Desk {
    pub(crate) fn open(site: &SiteArgs, global: &Global) -> Result<Self> {
        let inputs = Inputs::read(global)?;
        let today = today();
        let (on, known) = (site.on.unwrap_or(today), site.known.unwrap_or(today));
        inputs.check_days(on, known)?;
        let catalog = Catalog::load(&inputs.data, &inputs.scenario.on(Some(on))).map_err(bundle)?;
        let sources = &catalog.sources;
        let law = LawBook::load(&inputs.data, &inputs.scenario, sources).map_err(bundle)?;
        let perf = PerfModel::load(&inputs.data, sources).map_err(bundle)?;
        let mut cost = CostModel::load(&inputs.data, sources).map_err(bundle)?;
        let prices = fixed_prices(&inputs.scenario, &catalog, &law.places).map_err(bundle)?;
        cost = cost.fixing(prices);
        let regions = Regions::load(&inputs.data).map_err(bundle)?;
        let resolve = |typed: &String| place(&regions, &law.places, typed);
        let places = site.place.iter().map(resolve).collect::<Result<Vec<_>>>()?;
        for (chip, usd) in stated_prices(&catalog, &site.stated.price)? {
            for place in &places {
                cost = cost.with_price(PriceChange {
                    chip: chip.clone(),
                    place: country_of(market_place(place)).to_owned(),
                    usd,
                    from: None,
                    written: Place::whole("--price"),
                });
            }
        }
        let stated = stated(&site.stated);
        let cost = cost.assuming(&stated).map_err(|wrong| {
            miette!(
                help = "give the flag of that name a value in the range",
                "{wrong}"
            )
        })?;
        let about = About {
            strait: Header {
                made: inputs.made(),
                on,
                known,
                seed: SEED,
            },
            verified_through: cost.verified_through(),
            stale_days: cost.days_past(on),
            law_verified_through: law.verified_through(),
            fx: cost.fx(on, known),
            stated,
        };
        Ok(Self {
            catalog,
            law,
            perf,
            cost,
            places,
            about,
            json: global.json,
            out: site.out.clone(),
        })
    }

    /// The chips named, each once.
    pub(crate) fn chips(&self, typed: &[String]) -> Result<Vec<Chip>> {
        let mut chips: Vec<Chip> = Vec::new();
        for name in typed.iter().flat_map(|t| t.split(',')).filter(|n| !n.is_empty()) {
            let chip = input::chip(&self.catalog, name)?.chip;
            if chips.iter().all(|c| c.id != chip.id) {
                chips.push(chip);
            }
        }
        self.cost
            .check_prices(&self.catalog, chips.iter())
            .map_err(bundle)?;
        Ok(chips)
    }

    /// The one place asked, for a question about one place.
    pub(crate) fn only_place(&self) -> Result<&str> {
        match &self.places[..] {
            [place] => Ok(place),
            _ => Err(miette!(
                help = "ask once for each place",
                "--place names {} places, and a fleet stands in one",
                self.places.len()
            )),
        }
    }

    /// Every chip in every place, places first.
    pub(crate) fn asked<'d>(&'d self, chips: &'d [Chip]) -> Result<Vec<Asked<'d>>> {
        let pairs = self.places.iter().flat_map(|p| chips.iter().map(move |c| (p, c)));
        pairs.map(|(place, chip)| self.ask(place, chip)).collect()
    }

    fn ask<'d>(&'d self, place: &'d str, chip: &'d Chip) -> Result<Asked<'d>> {
        let (on, known) = (self.about.strait.on, self.about.strait.known);
        let law = charges(&self.law, &self.catalog, chip, place, on, known).map_err(|e| miette!("{e}"))?;
        let market = market_place(place);
        Ok(Asked {
            chip,
            place,
            market,
            domestic: self.catalog.designer_country(chip) == Some(country_of(market)),
            cost: self.cost.clone().with_levies(law.levies.clone()),
            law,
            on,
            known,
        })
    }

    /// Prints the answer as JSON or text, and writes the rows where a file was named.
    pub(crate) fn show(&self, facts: &impl Serialize, page: &Page, rows: &columns::Columns) -> Result<()> {
        if let Some(path) = &self.out {
            columns::write(path, rows)?;
        }
        if self.json {
            return output::print_json(&json!({ "about": self.about, "cost": facts }));
        }
        output::print(&text::page(page, Layout::of_stdout(true)))
    }
}

/// A country or region by name or code.
fn place(regions: &Regions, places: &Places, typed: &str) -> Result<String> {
    if let Some(code) = regions.resolve(typed) {
        return Ok(code.to_owned());
    }
    places.resolve(typed).map_err(|unknown| {
        let near: Vec<&str> = regions
            .near(typed)
            .into_iter()
            .chain(unknown.near.iter().map(String::as_str))
            .collect();
        let own = "a country or a Chinese province, by English name or code";
        let help = if near.is_empty() {
            own.to_owned()
        } else {
            format!("did you mean `{}`? {own}", near.join("`, `"))
        };
        miette!(help = help, "--place: no place `{typed}` in the data")
    })
}

/// `h200=4096`: a chip and a number of them.
pub(super) fn counted(catalog: &Catalog, flag: &str, text: &str) -> Result<(ChipId, u32)> {
    match text.split_once('=').map(|(chip, n)| (chip, n.parse::<u32>())) {
        Some((chip, Ok(n))) => Ok((input::chip(catalog, chip)?.chip.id, n)),
        _ => Err(miette!(
            help = "give a chip and a whole number of them",
            "{flag} `{text}` is no number of chips, as h200=4096"
        )),
    }
}

/// The prices stated, one a chip.
fn stated_prices(catalog: &Catalog, texts: &[String]) -> Result<Vec<(String, f64)>> {
    let mut prices: Vec<(String, f64)> = Vec::new();
    for text in texts {
        let (chip, usd) = priced(catalog, text)?;
        if let Some((_, first)) = prices.iter().find(|(other, _)| *other == chip) {
            return Err(miette!(
                help = "give one price a chip",
                "--price `{text}` is a second price of {chip}, after {first}"
            ));
        }
        prices.push((chip, usd));
    }
    Ok(prices)
}

/// `h200=27000`.
fn priced(catalog: &Catalog, text: &str) -> Result<(String, f64)> {
    let parts = text.split_once('=').map(|(chip, usd)| (chip, usd.parse::<f64>()));
    match parts {
        Some((chip, Ok(usd))) if usd.is_finite() && usd > 0.0 => {
            Ok((input::chip(catalog, chip)?.chip.id.0, usd))
        }
        _ => Err(miette!(
            help = "give a chip and a positive number of US dollars, as --price h200=27000",
            "--price `{text}` is no price of a chip"
        )),
    }
}

fn stated(args: &StatedArgs) -> Assumptions {
    Assumptions {
        utilisation: args.utilisation.map(Ratio::of),
        pue: args.pue.map(Ratio::of),
        tariff: args.tariff.map(UsdPerKilowattHour::of),
        amortisation: args.years.map(|years| Hours::of(years * HOURS_A_YEAR)),
        residual: args.residual.map(Ratio::of),
        capital_rate: args.capital_rate.map(Ratio::of),
    }
}
