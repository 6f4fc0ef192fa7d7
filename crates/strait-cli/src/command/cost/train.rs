//! `strait cost train`.

use super::desk::{Asked, Desk};
use super::table::{estimates, keys};
use super::workload;
use crate::args::{Global, TrainingRunArgs};
use crate::output::columns::Columns;
use crate::{Exit, view};
use miette::{Result, miette};
use serde::Serialize;
use strait::brief::Charges;
use strait::cost::{HourlyCost, Training, TrainingRun};
use strait::figure::{Flop, Outcome, Quantity, Tokens};

/// One chip in one place.
#[derive(Serialize)]
pub(crate) struct Trained<'d> {
    #[serde(skip)]
    pub(crate) asked: Asked<'d>,
    chip: String,
    place: String,
    law: Charges,
    #[serde(skip)]
    pub(crate) hourly: Outcome<HourlyCost>,
    pub(crate) run: Outcome<TrainingRun>,
}

pub(super) fn run(args: &TrainingRunArgs, global: &Global) -> Result<Exit> {
    let desk = Desk::open(&args.site, global)?;
    let chips = desk.chips(&args.chips)?;
    let workload = workload::training(&desk, args)?;
    let perf = desk.perf.clone().with_workload(workload.clone());
    let perf = perf.map_err(|id| miette!("no model `{id}`"))?;
    let training = match (args.tokens, args.flop) {
        (_, Some(flop)) => Training::Flop(Flop::of(flop)),
        (tokens, None) => Training::Tokens(Tokens::of(tokens.unwrap_or_default())),
    };
    let rows: Vec<Trained<'_>> = desk
        .asked(&chips)?
        .into_iter()
        .map(|asked| {
            let (hourly, rent) = (asked.hourly(), asked.rent());
            let run = match &hourly {
                Outcome::Known(hour) => {
                    asked
                        .cost
                        .training(&perf, asked.chip, &workload, training, hour, rent.as_ref())
                }
                Outcome::Unknown(needs) => Outcome::Unknown(needs.clone()),
            };
            Trained {
                chip: asked.chip.id.0.clone(),
                place: asked.place.to_owned(),
                law: asked.law.clone(),
                hourly,
                run,
                asked,
            }
        })
        .collect();
    let page = view::train_page(&desk.about, &workload, training, &rows);
    desk.show(&rows, &page, &columns(&rows))?;
    Ok(Exit::Answered)
}

fn columns(rows: &[Trained<'_>]) -> Columns {
    let mut c = keys(rows, |r| &r.asked);
    c.real("tokens", rows.iter().map(|r| Some(r.run.known()?.tokens.get())));
    c.real("flop", rows.iter().map(|r| Some(r.run.known()?.flop.get())));
    estimates(&mut c, "cluster_hours", rows, |r| Some(r.run.known()?.time));
    estimates(&mut c, "chip_hours", rows, |r| Some(r.run.known()?.chip_hours));
    estimates(&mut c, "owned_usd", rows, |r| Some(r.run.known()?.owned.usd));
    estimates(&mut c, "owned_cny", rows, |r| r.run.known()?.owned.cny);
    estimates(&mut c, "rented_usd", rows, |r| Some(r.run.known()?.rented?.usd));
    estimates(&mut c, "kwh", rows, |r| Some(r.run.known()?.energy));
    estimates(&mut c, "kw", rows, |r| Some(r.run.known()?.power));
    c
}
