//! The steps of a way to serve, taken apart: a prompt's and a decoding one, each on the chip that computes it.

use super::asked::Asked;
use serde::Serialize;
use strait::perf::inference::{Line, Replica, Software, Steps, explain};

/// What a step computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A prompt, or a part of one.
    Prompt,
    /// One further token of every sequence.
    Decode,
}

/// One step and its operators.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Told {
    /// What it computes.
    pub(crate) step: Kind,
    /// Chip that computes it.
    pub(crate) chip: String,
    /// Users of the replica.
    pub(crate) users: f64,
    /// Sequences that an attention replica computes in it.
    pub(crate) sequences: f64,
    /// New tokens of each.
    pub(crate) tokens: f64,
    /// Tokens that each new one finds in the cache, on average.
    pub(crate) cached: f64,
    /// Steps that a prompt takes.
    pub(crate) parts: f64,
    /// Operators, the longest first.
    pub(crate) operators: Vec<Line>,
}

impl Asked<'_> {
    /// The steps of prompts and, where an answer has more than one token, of decoding, with the chip of each.
    pub(super) fn told(
        &self,
        [(first, prompts), (second, decodes)]: [(&str, &Replica<'_>); 2],
        users: f64,
    ) -> Vec<Told> {
        let steps = Steps::apart(&prompts.steps, &decodes.steps, &self.demand, users);
        let prompt = steps.prompt_batch();
        // No graph is captured of a prompt: its launches count in full.
        let plain = Software {
            captured: 1.0,
            ..prompts.software
        };
        let mut told = vec![Told {
            step: Kind::Prompt,
            chip: first.to_owned(),
            users,
            sequences: prompt.prompts,
            tokens: prompt.tokens,
            cached: prompt.cached,
            parts: steps.chunks,
            operators: explain(&prompts.steps, &prompt, &plain),
        }];
        if self.demand.output > 1.0 {
            let decode = steps.decode_batch();
            told.push(Told {
                step: Kind::Decode,
                chip: second.to_owned(),
                users,
                sequences: decode.decodes,
                tokens: decode.queries,
                cached: decode.context,
                parts: 1.0,
                operators: explain(&decodes.steps, &decode, &decodes.software),
            });
        }
        told
    }
}
