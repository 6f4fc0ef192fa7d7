//! `strait cost tokens`.

use super::desk::{Asked, Desk};
use super::table::{estimates, keys};
use super::workload;
use crate::args::{Global, TokensArgs};
use crate::output::columns::Columns;
use crate::{Exit, view};
use miette::{Result, miette};
use serde::Serialize;
use std::collections::BTreeMap;
use strait::brief::Charges;
use strait::cost::{HourlyCost, PerMillion, Rent, Service, ServingRate, TokenCost};
use strait::figure::Outcome;

/// One chip in one place on the workload.
#[derive(Serialize)]
pub(crate) struct Served<'d> {
    #[serde(skip)]
    pub(crate) asked: Asked<'d>,
    chip: String,
    place: String,
    law: Charges,
    pub(crate) rate: Outcome<ServingRate>,
    #[serde(skip)]
    pub(crate) hourly: Outcome<HourlyCost>,
    pub(crate) rent: Option<Rent>,
    pub(crate) tokens: Outcome<TokenCost>,
}

pub(super) fn run(args: &TokensArgs, global: &Global) -> Result<Exit> {
    let desk = Desk::open(&args.site, global)?;
    let chips = desk.chips(&args.chips)?;
    let workload = workload::serving(&desk, &args.serving)?;
    let service = Service::new(&desk.perf, &workload).map_err(|id| miette!("no model `{id}`"))?;
    let rates: BTreeMap<_, _> = chips.iter().map(|chip| (&chip.id, service.rate(chip))).collect();
    let asked = desk.asked(&chips)?;
    let (kept, left_out): (Vec<_>, Vec<_>) = asked
        .into_iter()
        .partition(|asked| !args.lawful || asked.law.is_open());
    let rows: Vec<Served<'_>> = kept
        .into_iter()
        .map(|asked| {
            let rate = rates[&asked.chip.id].clone();
            row(asked, rate)
        })
        .collect();
    let page = view::tokens_page(&desk.about, &workload, &rows, &left_out);
    let facts = serde_json::json!({ "workload": workload, "rows": rows,
        "left_out": left_out.iter().map(|asked| &asked.law).collect::<Vec<_>>() });
    desk.show(&facts, &page, &columns(&rows))?;
    Ok(Exit::Answered)
}

fn row(asked: Asked<'_>, rate: Outcome<ServingRate>) -> Served<'_> {
    let (hourly, rent) = (asked.hourly(), asked.rent());
    let tokens = match (&hourly, &rate) {
        (Outcome::Known(hour), Outcome::Known(rate)) => {
            Outcome::Known(asked.cost.tokens(hour, rent.as_ref(), rate))
        }
        _ => Outcome::Unknown(hourly.needs().iter().chain(rate.needs()).cloned().collect()),
    };
    Served {
        chip: asked.chip.id.0.clone(),
        place: asked.place.to_owned(),
        law: asked.law.clone(),
        rate,
        hourly,
        rent,
        tokens,
        asked,
    }
}

fn columns(rows: &[Served<'_>]) -> Columns {
    fn owned<'a>(r: &'a Served<'_>) -> Option<&'a PerMillion> {
        Some(&r.tokens.known()?.owned)
    }
    let mut c = keys(rows, |r| &r.asked);
    estimates(&mut c, "input_tokens_per_s", rows, |r| {
        Some(r.rate.known()?.input)
    });
    estimates(&mut c, "output_tokens_per_s", rows, |r| {
        Some(r.rate.known()?.output)
    });
    estimates(&mut c, "ttft_s", rows, |r| r.rate.known()?.ttft);
    estimates(&mut c, "tpot_s", rows, |r| r.rate.known()?.tpot);
    estimates(&mut c, "input_usd_per_mtok", rows, |r| Some(owned(r)?.input.usd));
    estimates(&mut c, "output_usd_per_mtok", rows, |r| {
        Some(owned(r)?.output.usd)
    });
    estimates(&mut c, "output_bears_all_usd_per_mtok", rows, |r| {
        Some(owned(r)?.output_bears_all.usd)
    });
    estimates(&mut c, "input_cny_per_mtok", rows, |r| owned(r)?.input.cny);
    estimates(&mut c, "output_cny_per_mtok", rows, |r| owned(r)?.output.cny);
    estimates(&mut c, "rented_output_bears_all_usd_per_mtok", rows, |r| {
        Some(r.tokens.known()?.rented?.output_bears_all.usd)
    });
    estimates(&mut c, "tokens_per_joule", rows, |r| {
        Some(r.tokens.known()?.value.per_joule)
    });
    c
}
