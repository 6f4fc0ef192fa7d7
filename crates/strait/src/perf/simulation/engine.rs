//! A replica of a chip and a model: how long its steps take, and how many tokens its cache holds.

use super::{Load, ReplicaUse, StepTime};
use crate::catalog::{Chip, Format};
use crate::figure::{Gigabytes, Need, Outcome, Quantity, Seconds, Watts};
use crate::perf::energy::share_of_board_power;
use crate::perf::family::Fit;
use crate::perf::machine::{End, Machine, bytes};
use crate::perf::operators::{Attention, Split, Time, forward};
use crate::perf::serving::{cache_format, kv_share, weight_bytes};
use crate::perf::{LimitShares, Model, PerfModel};

/// One replica.
#[derive(Debug, Clone)]
pub struct Replica<'a> {
    model: &'a Model,
    machine: Machine,
    split: Split,
    fit: Fit,
    board: Option<Watts>,
    /// Chips of the replica.
    pub chips: u32,
    /// Weights' and arithmetic's format.
    pub format: Format,
    /// Tokens of cache that fit beside the weights.
    pub tokens: u64,
    /// Cache of one token over all chips of the replica.
    pub token: Gigabytes,
}

impl PerfModel {
    /// A replica of `chips` chips that share every layer (tensor parallel), at the chip's usual format of
    /// serving where none is given; unknown where a figure is missing or the weights do not fit.
    pub fn replica<'a>(
        &self,
        chip: &Chip,
        model: &'a Model,
        chips: u32,
        format: Option<Format>,
    ) -> Outcome<Replica<'a>> {
        let machine = match Machine::of(chip, &self.families, End::Middle) {
            Ok(machine) => machine,
            Err(needs) => return Outcome::Unknown(needs),
        };
        let unknown = |fact: String, why: String| {
            Outcome::Unknown(vec![Need {
                fact,
                flag: Some("--tp".to_owned()),
                why,
                flips: Vec::new(),
            }])
        };
        let format = format.unwrap_or_else(|| machine.serving_format());
        if machine.peak(format).is_none() {
            return unknown(
                format!("a {format:?} matrix peak of {}", chip.id).to_lowercase(),
                "its file gives none".to_owned(),
            );
        }
        if chips == 0 || chips > machine.domain || !model.splits_over(chips) {
            return unknown(
                format!("a split of {} over {chips} chips", model.name),
                format!(
                    "a layer is shared by chips of one scale-up domain ({}) that divide the model's heads",
                    machine.domain
                ),
            );
        }
        let split = Split {
            tensor: chips,
            expert: chips,
            arithmetic: format,
            weights: format,
            kv: cache_format(model, format),
        };
        let usable = f64::from(chips) * machine.capacity * machine.system.memory_usable;
        let weights = weight_bytes(model, format);
        // What cannot be shared out among the chips lies on each of them.
        let copies = f64::from(chips) / kv_share(model, chips);
        let token = model.kv_elements_per_token() as f64 * bytes(split.kv) * copies;
        let tokens = ((usable - weights) / token).floor();
        if tokens < 1.0 {
            return unknown(
                format!("a plan for {} on {chips} of {}", model.name, chip.id),
                format!(
                    "weights of {:.0} GB and a cache do not fit {:.0} GB usable",
                    weights / 1e9,
                    usable / 1e9
                ),
            );
        }
        Outcome::Known(Replica {
            model,
            machine,
            split,
            fit: self.fit,
            board: chip.tdp.as_ref().map(|f| f.value),
            chips,
            format,
            tokens: tokens as u64,
            token: Gigabytes::of(token / 1e9),
        })
    }
}

impl Replica<'_> {
    /// Time of a step by what it is spent on: linear layers run on the tokens of prompts and of decoding together,
    /// attention of each apart.
    fn spent(&self, l: &Load) -> Time {
        let pass =
            |tokens: f64, attention| forward(self.model, &self.machine, self.split, tokens, attention, false);
        let (prompt, decodes) = (f64::from(l.prompt_tokens), f64::from(l.decodes));
        let decode = |context: f64| Attention::Cache {
            sequences: decodes,
            context,
            queries: 1.0,
        };
        let context = if l.decodes > 0 {
            l.decode_keys as f64 / decodes
        } else {
            0.0
        };
        if l.prompt_tokens == 0 {
            return pass(decodes, decode(context)).scaled(self.fit.decode.factor);
        }
        // A prompt of this length meets half of it on average; the keys are spread over all rows of the pass.
        let length = 2.0 * l.prompt_keys as f64 / (prompt + decodes);
        let time = pass(prompt + decodes, Attention::Prompt(length)).scaled(self.fit.prefill.factor);
        if l.decodes == 0 {
            return time;
        }
        let without = pass(decodes, decode(0.0)).scaled(-1.0);
        let attention = pass(decodes, decode(context)).plus(without);
        time.plus(attention.scaled(self.fit.decode.factor))
    }

    /// Power of one chip at a step; of an idle one where the step is empty. Absent where the chip's board power
    /// is unknown.
    #[must_use]
    pub fn power(&self, load: &Load) -> Option<Watts> {
        let time = if load.is_empty() {
            Time::default()
        } else {
            self.spent(load)
        };
        let share = |part: f64| {
            if time.total() > 0.0 {
                part / time.total()
            } else {
                0.0
            }
        };
        let shares = LimitShares {
            compute: share(time.compute),
            memory_bandwidth: share(time.memory),
            network: share(time.network),
            overhead: share(time.overhead),
        };
        Some(self.board? * share_of_board_power(&shares, &self.machine.system))
    }

    /// Mean power of one chip of a replica that did this, idle time included.
    #[must_use]
    pub fn mean_power(&self, of: &ReplicaUse) -> Option<Watts> {
        let busy = of.busy.min(1.0);
        Some(self.power(&of.mean_step)? * busy + self.power(&Load::default())? * (1.0 - busy))
    }
}

impl StepTime for Replica<'_> {
    fn time(&self, load: &Load) -> Seconds {
        Seconds::of(self.spent(load).total())
    }
}
