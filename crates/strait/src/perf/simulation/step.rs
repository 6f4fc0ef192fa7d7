//! What one step computes, and who says how long it takes.

use crate::figure::Seconds;
use serde::Serialize;

/// One iteration of a replica: new prompt tokens and one new token of each decoding sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Load {
    /// Prompt tokens computed.
    pub prompt_tokens: u32,
    /// Prompts they belong to.
    pub prompts: u32,
    /// Keys that these tokens meet, summed over them: a token at position p (from one) meets p, what was
    /// cached or computed before included.
    pub prompt_keys: u64,
    /// Prompts that end in this step, so that their next token is sampled.
    pub sampled: u32,
    /// Sequences that decode.
    pub decodes: u32,
    /// Keys that their new tokens meet, summed over them, the new token's own included.
    pub decode_keys: u64,
}

impl Load {
    /// A chunk of `tokens` prompt tokens after `before` that are cached already.
    #[must_use]
    pub fn prompt(tokens: u32, before: u32, last: bool) -> Self {
        let (t, b) = (u64::from(tokens), u64::from(before));
        Self {
            prompt_tokens: tokens,
            prompts: 1,
            prompt_keys: t * b + t * (t + 1) / 2,
            sampled: u32::from(last),
            ..Self::default()
        }
    }

    /// Adds another load to this one.
    pub fn add(&mut self, other: &Self) {
        self.prompt_tokens += other.prompt_tokens;
        self.prompts += other.prompts;
        self.prompt_keys += other.prompt_keys;
        self.sampled += other.sampled;
        self.decodes += other.decodes;
        self.decode_keys += other.decode_keys;
    }

    /// Whether there is nothing to compute.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prompt_tokens == 0 && self.decodes == 0
    }
}

/// How long a step takes on one replica.
pub trait StepTime: Sync {
    /// Time of one step from its launch to its sampled tokens; a function of the load alone.
    fn time(&self, load: &Load) -> Seconds;
}
