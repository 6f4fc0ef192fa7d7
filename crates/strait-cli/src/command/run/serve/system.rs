//! What serves: replicas as computed, and at the ends of their interval.

use crate::args::{EngineArgs, ServeArgs};
use crate::input;
use crate::view::serve::Operators;
use miette::{Result, miette};
use serde_json::{Value, json};
use strait::catalog::{Catalog, Chip};
use strait::figure::{GigabytesPerSecond, Outcome, Quantity, Ratio};
use strait::perf::inference::Formats;
use strait::perf::ops::{End, Precision};
use strait::perf::simulation::{
    AtEnd, Batching, Built, Fleet, Pool, Replica, Report, Settings, StepTime, Tabulated, Transfer,
};
use strait::perf::{Model, PerfModel};

/// A fleet with what its ends are computed from.
pub(super) struct System<'a> {
    perf: &'a PerfModel,
    args: &'a ServeArgs,
    model: &'a Model,
    pub(super) chip: Chip,
    pub(super) second_chip: Chip,
    pub(super) first: Replica<'a>,
    /// Replicas that decode alone.
    pub(super) second: Option<(u32, Replica<'a>)>,
}

/// Replicas of both pools.
type Replicas<'a> = (Replica<'a>, Option<(u32, Replica<'a>)>);

impl<'a> System<'a> {
    pub(super) fn of(
        perf: &'a PerfModel,
        catalog: &Catalog,
        args: &'a ServeArgs,
        chip: Chip,
        model: &'a Model,
    ) -> Result<Self> {
        let second_chip = match &args.engine.decode_on {
            Some(name) => input::chip(catalog, name)?.chip,
            None => chip.clone(),
        };
        let engine = args.software.name();
        let first = replica(perf, &chip, model, (args.tp, args.ep), args.precision, engine)?;
        let second = match args.engine.decode_replicas {
            Some(n) => {
                let degrees = (args.engine.decode_tp, args.ep);
                Some((
                    n,
                    replica(perf, &second_chip, model, degrees, args.precision, engine)?,
                ))
            }
            None => None,
        };
        Ok(Self {
            perf,
            args,
            model,
            chip,
            second_chip,
            first,
            second,
        })
    }

    /// Its chips.
    pub(super) fn chips(&self) -> Vec<&Chip> {
        let second = self.second.as_ref().map(|_| &self.second_chip);
        std::iter::once(&self.chip).chain(second).collect()
    }

    /// Chips of all replicas.
    pub(super) fn all_chips(&self) -> u32 {
        let decodes = self.second.as_ref().map_or(0, |(n, r)| n * r.chips);
        self.args.replicas * self.first.chips + decodes
    }

    /// What it is and what was taken for it.
    pub(super) fn told(&self) -> Value {
        let second = self.second.as_ref();
        let decode = second
            .map(|(n, r)| json!({ "chip": self.second_chip.id, "replicas": n, "chips_a_replica": r.chips }));
        let (transfer, settings) = (self.transfer(), self.settings(End::Middle));
        let (assumed, lent) = self.rests();
        json!({
            "chip": self.chip.id, "chips_a_replica": self.first.chips, "format": self.first.format,
            "cache_tokens_a_replica": self.first.tokens, "decode": decode,
            "transfer_gb_per_s": transfer.rate, "transfer_latency_s": transfer.latency,
            "request_s": settings.request, "wait_steps": settings.wait, "within90": [self.ratio(true), self.ratio(false)],
            "assumed": assumed, "lent": lent,
        })
    }

    /// The mean step of each kind of replica, taken apart.
    pub(super) fn operators(&self, found: &Report) -> Vec<Operators> {
        let mut kinds: Vec<Operators> = Vec::new();
        for of in &found.replicas {
            if of.mean_step.is_empty() || kinds.iter().any(|k| k.role == of.role) {
                continue;
            }
            let (chip, replica) = match &self.second {
                Some((_, second)) if of.role == "decodes" => (&self.second_chip, second),
                _ => (&self.chip, &self.first),
            };
            kinds.push(Operators {
                role: of.role,
                chip: chip.id.clone(),
                step: of.mean_step,
                lines: replica.explain(&of.mean_step),
            });
        }
        kinds
    }

    /// How caches go to the pool that decodes.
    pub(super) fn transfer(&self) -> Transfer {
        let server = &self.perf.inference().server;
        let asked = self.args.engine.transfer.map(GigabytesPerSecond::of);
        Transfer {
            rate: asked.unwrap_or(server.transfer),
            latency: server.transfer_latency,
        }
    }

    /// Factor by which steps, or (`first`) first tokens, may be off each way at 90 %.
    pub(super) fn ratio(&self, first: bool) -> f64 {
        let second = self.second.as_ref().map(|(_, replica)| replica);
        let replicas = std::iter::once(&self.first).chain(second);
        let ratios = self.chips().into_iter().zip(replicas).map(|(chip, replica)| {
            let formats = Formats::throughout(replica.format);
            self.perf.serving_ratio(chip, (self.model, &formats), first)
        });
        ratios.fold(1.0, f64::max)
    }

    /// What of its chips is assumed, and whose kernels time products that were not measured.
    fn rests(&self) -> (Vec<&'static str>, Vec<String>) {
        let inference = self.perf.inference();
        let (mut assumed, mut lent) = (Vec::new(), Vec::new());
        let second = self.second.as_ref().map(|(_, replica)| replica);
        for (chip, replica) in self
            .chips()
            .into_iter()
            .zip(std::iter::once(&self.first).chain(second))
        {
            let formats = Formats::throughout(replica.format);
            let found = inference.lent(self.model, &formats);
            lent.extend(found.iter().map(ToString::to_string));
            if let Ok(system) = inference.system(chip, End::Middle) {
                assumed.extend(system.device.assumed.names());
            }
        }
        assumed.dedup();
        lent.dedup();
        (assumed, lent)
    }

    /// Factor on times at an end.
    fn factor(&self, end: End, first: bool) -> f64 {
        match end {
            End::Middle => 1.0,
            End::Low => self.ratio(first),
            End::High => 1.0 / self.ratio(first),
        }
    }

    /// The replicas at an end; none where the model does not fit there.
    pub(super) fn replicas(&self, end: End) -> Option<Replicas<'a>> {
        let at = |chip: &Chip, middle: &Replica<'a>| {
            if end == End::Middle {
                return Some(middle.clone());
            }
            let built = Built {
                chips: middle.chips,
                experts: self.args.ep.unwrap_or(1),
                format: Some(middle.format),
                engine: self.args.software.name(),
                end,
            };
            match self.perf.built(chip, self.model, &built) {
                Outcome::Known(replica) => Some(replica),
                Outcome::Unknown(_) => None,
            }
        };
        let second = match &self.second {
            Some((n, middle)) => Some((*n, at(&self.second_chip, middle)?)),
            None => None,
        };
        Some((at(&self.chip, &self.first)?, second))
    }

    /// What holds for every replica at an end.
    pub(super) fn settings(&self, end: End) -> Settings {
        Settings {
            request: self.first.request() * self.factor(end, true),
            wait: self.first.wait(),
            ..super::settings(self.first.token, &self.args.engine)
        }
    }

    /// Runs something on the fleet at an end; none where the model does not fit there.
    pub(super) fn with_fleet<R>(&self, end: End, run: impl FnOnce(&Fleet<'_>) -> R) -> Option<R> {
        let (first, second) = self.replicas(end)?;
        let factor = Ratio::of(self.factor(end, false));
        let of = |replica| AtEnd { replica, factor };
        let (first_end, second_end) = (of(&first), second.as_ref().map(|(_, replica)| of(replica)));
        let first_table = Tabulated::over(if end == End::Middle { &first } else { &first_end });
        let second_table = second
            .as_ref()
            .zip(second_end.as_ref())
            .map(|((_, replica), at)| {
                let exact: &dyn StepTime = if end == End::Middle { replica } else { at };
                Tabulated::over(exact)
            });
        let engine = &self.args.engine;
        let fleet = Fleet {
            pool: pool(&first, &first_table, self.args.replicas, engine),
            decodes: second
                .as_ref()
                .zip(second_table.as_ref())
                .map(|((n, replica), table)| (pool(replica, table, *n, engine), self.transfer())),
        };
        Some(run(&fleet))
    }
}

/// The replica asked for; the fewest chips that hold the model where none are.
fn replica<'m>(
    perf: &PerfModel,
    chip: &Chip,
    model: &'m Model,
    (chips, experts): (Option<u32>, Option<u32>),
    format: Option<Precision>,
    engine: Option<&'static str>,
) -> Result<Replica<'m>> {
    let tried: Vec<u32> = chips.map_or_else(|| vec![1, 2, 4, 8, 16, 32, 64], |n| vec![n]);
    let mut first = None;
    for chips in tried {
        let built = Built {
            chips,
            experts: experts.unwrap_or(1),
            format,
            engine,
            end: End::Middle,
        };
        match perf.built(chip, model, &built) {
            Outcome::Known(replica) => return Ok(replica),
            Outcome::Unknown(needs) => first = first.or(needs.into_iter().next()),
        }
    }
    let Some(need) = first else {
        return Err(miette!("no replica was tried"));
    };
    Err(miette!(
        help = need
            .flag
            .unwrap_or_else(|| "give a chip file with the missing figure".to_owned()),
        "unknown: {}: {}",
        need.fact,
        need.why
    ))
}

fn pool<'a>(replica: &Replica<'_>, step: &'a dyn StepTime, replicas: u32, engine: &EngineArgs) -> Pool<'a> {
    Pool {
        replicas,
        blocks: replica.tokens / u64::from(engine.block),
        sequences: engine.max_sequences,
        batching: if engine.whole_prompts {
            Batching::Separate {
                tokens: engine.step_tokens,
            }
        } else {
            Batching::Chunked {
                tokens: engine.step_tokens,
            }
        },
        step,
    }
}
