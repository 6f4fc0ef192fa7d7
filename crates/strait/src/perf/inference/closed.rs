//! What users see of a replica that so many of them keep busy: each sends a request, waits for its last token
//! and sends the next.
//!
//! While a user's tokens are made, every other user's next prompt is computed once, in steps that it shares:
//! time per token = step + (others / output) x what one prompt adds to a step. A first token waits for the steps
//! under way and for its own prompt; of a load generator, whose users start at once, for what [`Waits`] counts.

use super::{Client, Software, StepBatch, StepModel, StepTime, Waits};

/// What users ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Demand {
    /// Prompt tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Share of the prompt found in the prefix cache.
    pub cached: f64,
    /// Tokens of one step; longer prompts are computed in chunks.
    pub step_tokens: f64,
    /// Tokens drafted a step, and how many of them are kept on average.
    pub drafted: f64,
    /// See `drafted`.
    pub accepted: f64,
}

impl Demand {
    /// Prompts and answers of one length, nothing cached or drafted.
    #[must_use]
    pub fn new(input: f64, output: f64) -> Self {
        Self {
            input,
            output,
            cached: 0.0,
            step_tokens: 8192.0,
            drafted: 0.0,
            accepted: 0.0,
        }
    }

    /// Cached tokens of a sequence, mean over its decoding.
    #[must_use]
    pub fn context(&self) -> f64 {
        self.input + 0.5 * self.output
    }
}

/// The steps of one replica under a demand, before an engine's parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steps {
    /// Decoding alone.
    pub decode: StepTime,
    /// One chunk of a prompt alone.
    pub prompt: StepTime,
    /// One chunk beside all other sequences.
    pub mixed: StepTime,
    /// Chunks of a prompt.
    pub chunks: f64,
    /// Sequences in flight in one attention replica.
    pub sequences: f64,
    /// Attention replicas.
    pub data: f64,
    /// What is asked.
    pub demand: Demand,
}

/// Seconds, as users see them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Time to the first token.
    pub ttft: f64,
    /// Time per output token after it.
    pub tpot: f64,
}

impl Steps {
    /// Times the steps of `users` on one replica.
    #[must_use]
    pub fn of(model: &StepModel<'_>, demand: &Demand, users: f64) -> Self {
        Self::apart(model, model, demand, users)
    }

    /// The same with prompts on a replica of their own.
    #[must_use]
    pub fn apart(prompts: &StepModel<'_>, decodes: &StepModel<'_>, demand: &Demand, users: f64) -> Self {
        let data = f64::from(decodes.spread().data);
        let pipeline = f64::from(decodes.spread().pipeline);
        let sequences = (users / data / pipeline).max(1.0);
        let fresh = demand.input * (1.0 - demand.cached);
        let room = (demand.step_tokens - sequences).max(256.0);
        let mut steps = Self {
            decode: StepTime::default(),
            prompt: StepTime::default(),
            mixed: StepTime::default(),
            chunks: (fresh / room).ceil().max(1.0),
            sequences,
            data,
            demand: *demand,
        };
        let (decode, prompt) = (steps.decode_batch(), steps.prompt_batch());
        let mut mixed = prompt.with_decodes(sequences - 1.0, decode.context);
        mixed.queries = decode.queries;
        steps.decode = decodes.step(&decode);
        steps.prompt = prompts.step(&prompt);
        steps.mixed = decodes.step(&mixed);
        steps
    }

    /// What a step of decoding computes in one attention replica.
    #[must_use]
    pub fn decode_batch(&self) -> StepBatch {
        let mut batch = StepBatch::decodes(self.sequences, self.demand.context());
        batch.queries = 1.0 + self.demand.drafted;
        batch
    }

    /// What one chunk of a prompt computes.
    #[must_use]
    pub fn prompt_batch(&self) -> StepBatch {
        let (input, cached) = (self.demand.input, self.demand.cached);
        let fresh = input * (1.0 - cached);
        let tokens = fresh / self.chunks;
        StepBatch::prompts(1.0, tokens, input * cached + 0.5 * (fresh - tokens))
    }

    /// Seconds of a decoding step.
    #[must_use]
    pub fn decode_seconds(&self, s: &Software) -> f64 {
        s.seconds(&self.decode, self.sequences)
    }

    /// Seconds that one prompt adds to the steps it is computed in.
    fn added(&self, s: &Software) -> f64 {
        let more = captured(&self.mixed, s) - captured(&self.decode, s);
        s.mixed * self.chunks * more.max(0.0)
    }

    /// Seconds of one prompt alone.
    #[must_use]
    pub fn prompt_seconds(&self, s: &Software) -> f64 {
        let one = self.prompt.work() + (s.links - 1.0) * self.prompt.communication() + self.prompt.launch;
        // A host that launches kernels one by one runs ahead of the chip, or the chip waits for it.
        self.chunks * one.max(self.prompt.host)
    }

    /// Times as users see them who come whenever they like.
    #[must_use]
    pub fn seen(&self, s: &Software) -> Seen {
        let mean = self.mean_step(s, (self.sequences - 1.0).max(0.0));
        Seen {
            ttft: s.request * 1e-3 + (s.wait + self.balance(s)) * mean + self.prompt_seconds(s),
            tpot: mean / (1.0 + self.demand.accepted),
        }
    }

    /// Times as the users of a load generator see them, whose requests wait as `waits` says.
    #[must_use]
    pub fn seen_by(&self, s: &Software, client: &Client, waits: &Waits) -> Seen {
        // Others' prompts that fall into one sequence's decoding; in the first round only those that come after it.
        let others = (self.sequences - 1.0).max(0.0) * (1.0 - 0.5 / client.rounds);
        let mean = self.mean_step(s, others);
        let wait = waits.at(s.wait);
        let waited = wait.steps * self.decode_seconds(s) + wait.prompts * self.added(s);
        Seen {
            ttft: s.request * 1e-3 + waited + self.balance(s) * mean,
            tpot: mean / (1.0 + self.demand.accepted),
        }
    }

    /// Seconds of a step, mean over an answer during which `others` have their prompts computed.
    fn mean_step(&self, s: &Software, others: f64) -> f64 {
        let kept = 1.0 + self.demand.accepted;
        self.decode_seconds(s) + others * kept / self.demand.output * self.added(s)
    }

    /// Further steps that a prompt waits for other attention replicas.
    fn balance(&self, s: &Software) -> f64 {
        if self.data > 1.0 { s.balance } else { 0.0 }
    }

    /// Times where prompts have replicas of their own: no prompt delays a token.
    #[must_use]
    pub fn seen_apart(&self, s: &Software) -> Seen {
        let step = self.decode_seconds(s);
        let prompt = self.prompt_seconds(s) + host(s, 1.0);
        Seen {
            ttft: s.request * 1e-3 + prompt + step,
            tpot: step / (1.0 + self.demand.accepted),
        }
    }
}

impl Software {
    /// Seconds of a step of so many sequences.
    #[must_use]
    pub fn seconds(&self, time: &StepTime, sequences: f64) -> f64 {
        captured(time, self) + host(self, sequences)
    }

    /// Seconds of a step in which the chip waits for its host, which launches its kernels and does its own part.
    #[must_use]
    pub fn waited(&self, time: &StepTime, sequences: f64) -> f64 {
        captured(time, self) - on_chip(time, self) + host(self, sequences)
    }
}

/// A step whose kernels were captured in a graph; where they were not, no shorter than its host launches them.
fn captured(time: &StepTime, s: &Software) -> f64 {
    on_chip(time, s).max(time.host)
}

/// What the chip takes of a step.
fn on_chip(time: &StepTime, s: &Software) -> f64 {
    time.work() + (s.links - 1.0) * time.communication() + s.captured * time.launch
}

fn host(s: &Software, sequences: f64) -> f64 {
    s.step * 1e-3 + s.sequence * 1e-6 * sequences
}
