//! `strait cost fleet`.

use super::desk::{Asked, Desk, counted};
use super::workload;
use crate::args::{FleetArgs, Global};
use crate::output::columns::Columns;
use crate::{Exit, view};
use miette::{Result, miette};
use serde::Serialize;
use std::collections::BTreeMap;
use strait::brief::Charges;
use strait::catalog::{Chip, ChipId};
use strait::cost::{Candidate, FleetLimits, FleetPlan, NoFleet, PriceKind, Service, fleet};
use strait::figure::{FigureRef, Kilowatts, Outcome, Quantity, TokensPerSecond, Usd};
use strait::perf::Workload;

/// Everything about one fleet.
#[derive(Serialize)]
pub(crate) struct FleetAnswer {
    pub(crate) place: String,
    pub(crate) workload: Workload,
    pub(crate) limits: FleetLimits,
    pub(crate) candidates: Vec<Candidate>,
    /// The best, or why there is none.
    pub(crate) fleet: Planned,
    /// The best of each kind alone, best first.
    pub(crate) alone: Vec<Alone>,
    /// The same without further deliveries of a chip.
    pub(crate) stopped: Option<Stopped>,
    /// Chips that could not be considered, and why.
    pub(crate) left_out: Vec<(ChipId, String)>,
    #[serde(skip)]
    pub(crate) figures: Vec<FigureRef>,
}

/// A fleet, or why there is none.
#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "result")]
pub(crate) enum Planned {
    /// The best there is.
    Feasible(FleetPlan),
    /// Why there is none.
    Infeasible(String),
}

impl Planned {
    fn of(found: std::result::Result<FleetPlan, NoFleet>) -> Self {
        match found {
            // Nothing bought is no fleet.
            Ok(plan) if plan.parts.is_empty() => {
                Self::Infeasible("the limits leave room for no whole unit of any chip".into())
            }
            Ok(plan) => Self::Feasible(plan),
            Err(why) => Self::Infeasible(why.to_string()),
        }
    }
}

/// The best of one kind alone.
#[derive(Serialize)]
pub(crate) struct Alone {
    pub(crate) law: Charges,
    pub(crate) price_kind: Option<PriceKind>,
    pub(crate) plan: FleetPlan,
}

/// The fleet without further deliveries of a chip.
#[derive(Serialize)]
pub(crate) struct Stopped {
    pub(crate) chip: ChipId,
    pub(crate) fleet: Planned,
}

/// What choosing needs of a chip.
struct Considered<'d> {
    asked: Asked<'d>,
    kind: Option<PriceKind>,
}

pub(super) fn run(args: &FleetArgs, global: &Global) -> Result<Exit> {
    let desk = Desk::open(&args.site, global)?;
    let place = desk.only_place()?.to_owned();
    let chips: Vec<Chip> = if args.chips.is_empty() {
        desk.catalog
            .iter()
            .filter(|chip| is_on_offer(chip))
            .cloned()
            .collect()
    } else {
        desk.chips(&args.chips)?
    };
    let (available, held) = (
        numbers(&desk, "--available", &args.available)?,
        numbers(&desk, "--held", &args.held)?,
    );
    let workload = workload::serving(&desk, &args.serving)?;
    let service = Service::new(&desk.perf, &workload).map_err(|id| miette!("no model `{id}`"))?;
    let limits = FleetLimits {
        budget: args.budget.map(Usd::of),
        power: args.power.map(|mw| Kilowatts::of(mw * 1e3)),
        demand: args.demand.map(TokensPerSecond::of),
    };
    let asked = desk.asked(&chips)?;
    let rate = asked
        .first()
        .and_then(|a| Some(a.cost.fx(a.on, a.known)?.cny_per_usd));
    let mut candidates = Vec::new();
    let mut considered = Vec::new();
    let mut answer_left_out = Vec::new();
    let mut figures = Vec::new();
    for asked in asked {
        match consider(&service, &asked, args.lawful, &available, &held) {
            // Unless it is named, nothing is bought around the law or before it is on sale.
            Ok((_, Some(PriceKind::Grey | PriceKind::Plan), _)) if args.chips.is_empty() => {}
            Ok((own, kind, rests_on)) => {
                candidates.extend(own);
                figures.extend(rests_on);
                considered.push(Considered { asked, kind });
            }
            Err(why) if !args.chips.is_empty() => answer_left_out.push((asked.chip.id.clone(), why)),
            Err(_) => {}
        }
    }
    if candidates.is_empty() {
        let why = answer_left_out.iter().map(|(chip, why)| format!("{chip}: {why}"));
        return Err(miette!(
            help = why.collect::<Vec<_>>().join("; "),
            "no chip can be considered: each needs a price and a rate, and with --lawful a way to buy it"
        ));
    }
    let best = match fleet(&candidates, &limits, rate) {
        Err(NoFleet::NoLimit) => {
            return Err(miette!(
                help = "give --budget, --power or --demand",
                "nothing limits the fleet"
            ));
        }
        Err(wide @ NoFleet::TooMany { .. }) => {
            return Err(miette!(
                help = "give a lower --budget, --power or --demand",
                "{wide}"
            ));
        }
        found => Planned::of(found),
    };
    let stopped = match &args.stopped {
        Some(name) => {
            let chip = desk.chips(std::slice::from_ref(name))?.remove(0).id;
            let left: Vec<Candidate> = candidates
                .iter()
                .filter(|c| c.held || c.chip != chip)
                .cloned()
                .collect();
            let fleet = Planned::of(fleet(&left, &limits, rate));
            Some(Stopped { chip, fleet })
        }
        None => None,
    };
    let feasible = matches!(best, Planned::Feasible(_));
    let answer = FleetAnswer {
        place,
        workload,
        limits,
        alone: alone(considered, &candidates, &limits, rate),
        fleet: best,
        candidates,
        stopped,
        left_out: answer_left_out,
        figures,
    };
    desk.show(
        &answer,
        &view::fleet_page(&desk.about, &answer),
        &columns(&answer),
    )?;
    Ok(if feasible {
        Exit::Answered
    } else {
        Exit::Infeasible
    })
}

/// Whether a chip is made for data centers and was sold at all, as far as is known.
fn is_on_offer(chip: &Chip) -> bool {
    chip.market.datacenter.as_ref().is_none_or(|fact| fact.value)
        && !chip.market.never_sold.as_ref().is_some_and(|fact| fact.value)
}

/// What may be bought of a chip and what is on hand of it, or why it cannot be considered.
#[allow(clippy::type_complexity, reason = "what choosing needs, taken apart at once")]
fn consider(
    service: &Service,
    asked: &Asked<'_>,
    lawful: bool,
    available: &BTreeMap<ChipId, u32>,
    held: &BTreeMap<ChipId, u32>,
) -> std::result::Result<(Vec<Candidate>, Option<PriceKind>, Vec<FigureRef>), String> {
    let Asked {
        chip,
        market,
        domestic,
        ..
    } = *asked;
    let on_hand = held.get(&chip.id).copied().unwrap_or(0);
    let hourly = asked.hourly();
    let barred = lawful && !asked.law.is_open();
    if on_hand == 0 {
        if barred {
            return Err(format!("not open to buy: {}", view::word(&asked.law.supply)));
        }
        if let Some(need) = hourly.needs().first() {
            return Err(format!("unknown, needs {}", need.fact));
        }
    }
    let rate = match service.rate(chip) {
        Outcome::Known(rate) => rate,
        Outcome::Unknown(needs) => return Err(view::unknown(&needs)),
    };
    let unit = rate.performance.scale.chips();
    let mut figures = rate.performance.rests_on.clone();
    let mut candidates = Vec::new();
    if on_hand > 0 {
        let basis = match asked.cost.unpriced(chip, domestic, market, asked.on, asked.known) {
            Outcome::Known(basis) => basis,
            Outcome::Unknown(needs) => return Err(view::unknown(&needs)),
        };
        candidates.push(
            asked
                .cost
                .held(chip.id.clone(), &basis, rate.output, unit, on_hand),
        );
    }
    if let (Outcome::Known(hour), false) = (&hourly, barred) {
        let most = available.get(&chip.id).copied();
        candidates.push(asked.cost.candidate(hour, rate.output, unit, most));
        figures.extend(hour.rests_on.iter().cloned());
    }
    Ok((candidates, hourly.known().map(|h| h.price.kind), figures))
}

/// Each kind alone under the same limits, the best first.
fn alone(
    considered: Vec<Considered<'_>>,
    candidates: &[Candidate],
    limits: &FleetLimits,
    rate: Option<f64>,
) -> Vec<Alone> {
    let mut alone: Vec<Alone> = considered
        .into_iter()
        .filter_map(|c| {
            let own = |k: &&Candidate| k.chip == c.asked.chip.id;
            let own: Vec<Candidate> = candidates.iter().filter(own).cloned().collect();
            Some(Alone {
                plan: fleet(&own, limits, rate).ok()?,
                law: c.asked.law,
                price_kind: c.kind,
            })
        })
        .filter(|a| !a.plan.parts.is_empty())
        .collect();
    let cost = |a: &Alone| a.plan.hour.usd.value.get();
    let speed = |a: &Alone| a.plan.rate.value.get();
    alone.sort_by(|a, b| {
        let order = match limits.demand {
            Some(_) => cost(a).total_cmp(&cost(b)),
            None => speed(b).total_cmp(&speed(a)),
        };
        order.then_with(|| a.law.chip.cmp(&b.law.chip))
    });
    alone
}

fn numbers(desk: &Desk, flag: &str, texts: &[String]) -> Result<BTreeMap<ChipId, u32>> {
    texts
        .iter()
        .map(|text| counted(&desk.catalog, flag, text))
        .collect()
}

/// One line a part of the fleet, then one for each kind alone.
fn columns(answer: &FleetAnswer) -> Columns {
    let mut rows: Vec<(&str, &str, u64, f64, f64)> = Vec::new();
    if let Planned::Feasible(plan) = &answer.fleet {
        rows.extend(
            plan.parts
                .iter()
                .map(|p| ("fleet", p.chip.0.as_str(), p.chips, p.rate.value.get(), f64::NAN)),
        );
    }
    for a in &answer.alone {
        let chips = a.plan.parts.iter().map(|p| p.chips).sum();
        let (rate, hour) = (a.plan.rate.value.get(), a.plan.hour.usd.value.get());
        rows.push(("alone", a.law.chip.0.as_str(), chips, rate, hour));
    }
    let mut c = Columns::default();
    c.text("of", rows.iter().map(|r| r.0.to_owned()));
    c.text("chip", rows.iter().map(|r| r.1.to_owned()));
    c.whole(
        "chips",
        rows.iter().map(|r| i64::try_from(r.2).unwrap_or(i64::MAX)),
    );
    c.number("output_tokens_per_s", rows.iter().map(|r| r.3));
    c.real(
        "usd_per_hour",
        rows.iter().map(|r| r.4.is_finite().then_some(r.4)),
    );
    c
}
