//! `strait run infer`: how a chip serves a model, in a steady state.

use crate::args::{Global, InferArgs};
use crate::input::{self, Inputs, bundle};
use crate::output::columns::{self, Columns};
use crate::text::Layout;
use crate::view::infer as view;
use crate::{Exit, output, text};
use miette::{Result, miette};
use serde::Serialize;
use serde_json::json;
use strait::catalog::{Catalog, Chip, ChipId};
use strait::figure::Need;
use strait::perf::inference::{
    Chosen, Demand, Formats, Inference, Limits, Line, Operating, Replica, Setup, Spread, StepBatch, apart,
    best, explain, frontier, within,
};
use strait::perf::ops::End;
use strait::perf::{Model, PerfModel};

/// Share of their time that replicas of prompts are kept busy, so that queues stay short. Assumed.
const BUSY: f64 = 0.8;

/// One way to serve, as written out.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Way {
    /// Chip; of disaggregated serving the one that decodes.
    pub(crate) chip: String,
    /// Spread of a replica.
    pub(crate) tensor: u32,
    pub(crate) data: u32,
    pub(crate) experts: u32,
    pub(crate) pipeline: u32,
    /// Users at once on a replica.
    pub(crate) users: f64,
    pub(crate) ttft_s: f64,
    pub(crate) tpot_s: f64,
    /// Tokens a second of one user.
    pub(crate) interactivity: f64,
    /// Output tokens a second and chip.
    pub(crate) tokens_per_s_per_chip: f64,
    /// Requests a second of a replica.
    pub(crate) requests_per_s: f64,
    /// Replicas that compute prompts for one that decodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) prompt_replicas: Option<f64>,
}

/// What one chip does, or why nothing.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    pub(crate) chip: String,
    /// Format of large products.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) precision: Option<String>,
    /// Factors by which times to a first token and per token may be off at 90 %; absent where no chip of the
    /// maker was ever measured, so that nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) within90: Option<[f64; 2]>,
    /// Figures that the chip's file does not state, for which what is typical is taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) assumed: Vec<&'static str>,
    /// Factors on times to a first token and per token, least and most over the ways, with all that is assumed or
    /// disputed at its slow and fast ends; absent where the two chips of disaggregated serving are asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ends: Option<[[f64; 2]; 2]>,
    pub(crate) ways: Vec<Way>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operators: Option<Vec<Line>>,
}

impl Way {
    fn spread(&self) -> Spread {
        Spread {
            tensor: self.tensor,
            data: self.data,
            experts: self.experts,
            pipeline: self.pipeline,
        }
    }
}

pub(crate) fn run(args: &InferArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let inference = perf.inference();
    let model = super::model_named(&perf, &args.model)?;
    let accepted = args.accepted.unwrap_or(0.0);
    if accepted < 0.0 || accepted > f64::from(args.drafted) {
        return Err(miette!(
            help = "give a number from 0 to --drafted",
            "--accepted is {accepted}: no more tokens are kept than were drafted"
        ));
    }
    let demand = Demand {
        cached: args.cached,
        step_tokens: args.step_tokens,
        drafted: f64::from(args.drafted),
        accepted,
        ..Demand::new(args.input_tokens, args.output_tokens)
    };
    let limits = Limits {
        ttft: args.ttft.unwrap_or(f64::INFINITY),
        tpot: args.tpot.unwrap_or(f64::INFINITY),
    };
    let asked = Asked {
        args,
        inference,
        model: &model,
        demand,
        limits,
    };
    let decodes = match &args.decode_on {
        Some(name) => Some(input::chip(&catalog, name)?.chip),
        None => None,
    };
    let factors = inference.factors();
    let vendors: Vec<&str> = inference
        .measured()
        .iter()
        .filter_map(|id| Some(catalog.get(&ChipId(id.clone()))?.vendor.as_str()))
        .collect();
    let mut found = Vec::new();
    for name in &args.on {
        let chip = input::chip(&catalog, name)?.chip;
        let known = [Some(&chip), decodes.as_ref()]
            .into_iter()
            .flatten()
            .all(|chip| vendors.contains(&chip.vendor.as_str()));
        let (ways, why, operators) = match asked.ways(&chip, decodes.as_ref()) {
            Ok((ways, operators)) if ways.is_empty() => (ways, Some(asked.none()), operators),
            Ok((ways, operators)) => (ways, None, operators),
            Err(needs) => (Vec::new(), Some(told(&needs)), None),
        };
        found.push(Found {
            chip: chip.id.0.clone(),
            precision: asked.word(&chip),
            within90: known.then_some(factors),
            assumed: asked.assumed([Some(&chip), decodes.as_ref()]),
            ends: decodes.is_none().then(|| asked.ends(&chip, &ways)).flatten(),
            ways,
            why,
            operators: operators.filter(|_| args.explain),
        });
    }
    if let Some(path) = &args.out {
        columns::write(path, &rows(&found))?;
    }
    if global.json {
        let about = json!({ "version": env!("CARGO_PKG_VERSION"), "data": inputs.data.version(),
            "scenario": global.scenario, "model": model.id, "engine": args.engine.map(|e| e.name()),
            "input_tokens": demand.input, "output_tokens": demand.output,
            "measured": inference.measured() });
        output::print_json(&json!({ "strait": about, "chips": found }))?;
    } else {
        let page = view::page(&model, &demand, &limits, &found);
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    let nothing = found.iter().all(|f| f.ways.is_empty());
    Ok(if nothing { Exit::Infeasible } else { Exit::Answered })
}

/// What is asked of every chip.
struct Asked<'a> {
    args: &'a InferArgs,
    inference: &'a Inference,
    model: &'a Model,
    demand: Demand,
    limits: Limits,
}

/// Ways to serve and the operators of a step of the first.
type Ways = (Vec<Way>, Option<Vec<Line>>);

impl Asked<'_> {
    /// Name of the format that a chip serves in.
    fn word(&self, chip: &Chip) -> Option<String> {
        let usual = || {
            let system = self.inference.system(chip, End::Middle).ok()?;
            Formats::word(Formats::usual(&system)).map(str::to_owned)
        };
        self.args.precision.clone().or_else(usual)
    }

    /// Figures of the chips that their files do not state.
    fn assumed(&self, chips: [Option<&Chip>; 2]) -> Vec<&'static str> {
        let systems = chips.into_iter().flatten();
        let systems = systems.filter_map(|c| self.inference.system(c, End::Middle).ok());
        let mut names: Vec<_> = systems.flat_map(|s| s.device.assumed.names()).collect();
        names.dedup();
        names
    }

    /// Factors on the times of the ways with what is assumed or disputed at its ends; none where nothing is.
    fn ends(&self, chip: &Chip, ways: &[Way]) -> Option<[[f64; 2]; 2]> {
        let mut found = [[1.0_f64; 2]; 2];
        for end in [End::Low, End::High] {
            let setup = self.setup(chip, end).ok()?;
            for way in ways {
                let spread = way.spread();
                let replica = self.inference.replica(&Setup { spread, ..setup }).ok()?;
                let there = replica.at(&self.demand, way.users);
                let factors = [there.ttft / way.ttft_s, there.tpot / way.tpot_s];
                for (range, factor) in found.iter_mut().zip(factors) {
                    *range = [range[0].min(factor), range[1].max(factor)];
                }
            }
        }
        (found != [[1.0; 2]; 2]).then_some(found)
    }

    fn setup(&self, chip: &Chip, end: End) -> std::result::Result<Setup<'_>, Vec<Need>> {
        let system = self.inference.system(chip, end)?;
        let usual = Formats::word(Formats::usual(&system));
        let word = self.args.precision.as_deref().or(usual).unwrap_or_default();
        let formats = Formats::named(word).ok_or_else(|| {
            vec![Need {
                fact: format!("a format called `{word}`"),
                flag: Some("--precision".to_owned()),
                why: "those with fitted kernels are bf16, fp8, fp8_block, nvfp4, int8, int8_wo, int4_wo"
                    .to_owned(),
                flips: Vec::new(),
            }]
        })?;
        Ok(Setup {
            model: self.model,
            formats,
            spread: Spread::ONE,
            system,
            engine: self.args.engine.map(|e| e.name()),
        })
    }

    /// The spread that the flags name, if they do.
    fn named(&self) -> Option<Spread> {
        let a = self.args;
        if a.tp.is_none() && a.dp.is_none() && a.ep.is_none() && a.pp == 1 {
            return None;
        }
        let (tensor, data) = (a.tp.unwrap_or(1), a.dp.unwrap_or(1));
        let experts = a.ep.unwrap_or(if data > 1 { tensor * data } else { 1 });
        Some(Spread {
            tensor,
            data,
            experts,
            pipeline: a.pp,
        })
    }

    fn ways(&self, chip: &Chip, decodes: Option<&Chip>) -> std::result::Result<Ways, Vec<Need>> {
        let setup = self.setup(chip, End::Middle)?;
        if let Some(second) = decodes {
            return self.apart(&setup, chip, second);
        }
        let spread = match self.named() {
            Some(spread) => Some(self.fitting(spread, &setup)?),
            None => best(
                self.inference,
                &setup,
                self.args.chips,
                &self.demand,
                &self.limits,
            )?
            .map(|c| c.replica.steps.spread()),
        };
        let Some(spread) = spread else {
            return Ok((Vec::new(), None));
        };
        let replica = self.inference.replica(&Setup { spread, ..setup })?;
        let fits = replica.fits(&self.demand);
        let operating: Vec<Operating> = if self.args.users.is_empty() {
            let mut ways = frontier(&replica, &self.demand);
            ways.retain(|o| self.limits.keep(o));
            if let Some(most) = within(&replica, &self.demand, &self.limits, 0.0)
                && ways.last().is_none_or(|o| o.users < most.users)
            {
                ways.push(most);
            }
            ways
        } else {
            let users = self.args.users.iter().filter(|u| **u <= fits);
            users.map(|u| replica.at(&self.demand, *u)).collect()
        };
        let lines = operating.last().map(|o| self.lines(&replica, o.users));
        let ways = operating.iter().map(|o| way(chip, &spread, o, None)).collect();
        Ok((ways, lines))
    }

    fn fitting(&self, spread: Spread, setup: &Setup<'_>) -> std::result::Result<Spread, Vec<Need>> {
        let bad = !self.model.splits_over(spread.tensor)
            || spread.experts > spread.stage()
            || !spread.stage().is_multiple_of(spread.experts)
            || spread.tensor > setup.system.domain;
        if bad {
            return Err(vec![Need {
                fact: format!("a spread of {} over {} chips", self.model.name, spread.chips()),
                flag: Some("--tp".to_owned()),
                why: format!(
                    "--tp must divide the model's heads and lie in one scale-up domain ({}), --ep must divide --tp x --dp",
                    setup.system.domain
                ),
                flips: Vec::new(),
            }]);
        }
        Ok(spread)
    }

    fn apart(&self, setup: &Setup<'_>, chip: &Chip, second: &Chip) -> std::result::Result<Ways, Vec<Need>> {
        let other = self.setup(second, End::Middle)?;
        let none = Limits::NONE;
        let chips = self.args.chips;
        let first = match self.named() {
            Some(spread) => Some((spread, spread)),
            None => {
                let prompts = best(self.inference, setup, chips, &self.demand, &none)?;
                let decodes = best(self.inference, &other, chips, &self.demand, &self.limits)?;
                let spread = |c: Chosen<'_>| c.replica.steps.spread();
                prompts.zip(decodes).map(|(p, d)| (spread(p), spread(d)))
            }
        };
        let Some((p, d)) = first else {
            return Ok((Vec::new(), None));
        };
        let prompts = self.inference.replica(&Setup { spread: p, ..*setup })?;
        let decodes = self.inference.replica(&Setup { spread: d, ..other })?;
        let bytes = self.demand.input * prompts.memory.token * f64::from(p.tensor);
        let transfer = bytes / (self.args.transfer * 1e9);
        let found = apart(&prompts, &decodes, &self.demand, &self.limits, BUSY, transfer);
        let Some(pools) = found else {
            return Ok((Vec::new(), None));
        };
        let mut way = way(second, &d, &pools.operating, Some(pools.prompts));
        way.chip = format!("{} for prompts, {}", chip.id, second.id);
        let lines = self.lines(&decodes, pools.operating.users);
        Ok((vec![way], Some(lines)))
    }

    /// Operators of a decoding step.
    fn lines(&self, replica: &Replica<'_>, users: f64) -> Vec<Line> {
        let each = (users / f64::from(replica.steps.spread().data)).max(1.0);
        let mut batch = StepBatch::decodes(each, self.demand.context());
        batch.queries = 1.0 + self.demand.drafted;
        explain(&replica.steps, &batch, &replica.software)
    }

    fn none(&self) -> String {
        if self.args.users.is_empty() {
            "no plan on these chips keeps the limits: give more chips or looser limits".to_owned()
        } else {
            "so many users do not fit: their cache is larger than what the weights leave".to_owned()
        }
    }
}

fn way(chip: &Chip, spread: &Spread, o: &Operating, prompts: Option<f64>) -> Way {
    Way {
        chip: chip.id.0.clone(),
        tensor: spread.tensor,
        data: spread.data,
        experts: spread.experts,
        pipeline: spread.pipeline,
        users: o.users,
        ttft_s: o.ttft,
        tpot_s: o.tpot,
        interactivity: 1.0 / o.tpot,
        tokens_per_s_per_chip: o.per_chip,
        requests_per_s: o.requests,
        prompt_replicas: prompts,
    }
}

fn told(needs: &[Need]) -> String {
    let all: Vec<String> = needs.iter().map(|n| format!("{}: {}", n.fact, n.why)).collect();
    all.join("; ")
}

fn rows(found: &[Found]) -> Columns {
    let ways: Vec<&Way> = found.iter().flat_map(|f| &f.ways).collect();
    let mut columns = Columns::default();
    columns.text("chip", ways.iter().map(|w| w.chip.clone()));
    columns.whole("tensor", ways.iter().map(|w| i64::from(w.tensor)));
    columns.whole("data", ways.iter().map(|w| i64::from(w.data)));
    columns.whole("experts", ways.iter().map(|w| i64::from(w.experts)));
    columns.whole("pipeline", ways.iter().map(|w| i64::from(w.pipeline)));
    columns.number("users", ways.iter().map(|w| w.users));
    columns.number("ttft_s", ways.iter().map(|w| w.ttft_s));
    columns.number("tpot_s", ways.iter().map(|w| w.tpot_s));
    columns.number(
        "tokens_per_s_per_chip",
        ways.iter().map(|w| w.tokens_per_s_per_chip),
    );
    columns.number("requests_per_s", ways.iter().map(|w| w.requests_per_s));
    columns.real("prompt_replicas", ways.iter().map(|w| w.prompt_replicas));
    columns
}
