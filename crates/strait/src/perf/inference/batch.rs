//! What one step computes, in one attention replica.

/// New prompt tokens and the new tokens of sequences that decode; sequences of a kind are taken as alike.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StepBatch {
    /// Prompts of which a part is computed.
    pub prompts: f64,
    /// Tokens of each that are computed.
    pub tokens: f64,
    /// Tokens of each that are cached already.
    pub cached: f64,
    /// Prompts that end in this step.
    pub sampled: f64,
    /// Sequences that decode.
    pub decodes: f64,
    /// Tokens each of them has in the cache, the new one included.
    pub context: f64,
    /// Tokens that each of them is given: one, or drafted tokens to verify and one.
    pub queries: f64,
}

impl StepBatch {
    /// Whole prompts alone.
    #[must_use]
    pub fn prompts(prompts: f64, tokens: f64, cached: f64) -> Self {
        Self {
            prompts,
            tokens,
            cached,
            sampled: prompts,
            queries: 1.0,
            ..Self::default()
        }
    }

    /// Sequences that decode alone.
    #[must_use]
    pub fn decodes(decodes: f64, context: f64) -> Self {
        Self {
            decodes,
            context,
            queries: 1.0,
            ..Self::default()
        }
    }

    /// Both in one step.
    #[must_use]
    pub fn with_decodes(self, decodes: f64, context: f64) -> Self {
        Self {
            decodes,
            context,
            ..self
        }
    }

    /// Tokens that pass the layers.
    #[must_use]
    pub fn rows(&self) -> f64 {
        self.prompts * self.tokens + self.decodes * self.queries
    }
}
