//! How an engine takes prompts into its steps.

use serde::Deserialize;

/// How an engine takes prompts into its steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intake {
    /// Tokens of one step, those of sequences that decode among them.
    pub tokens: f64,
    /// Whether a prompt that does not fit what is left of a step is split.
    pub chunked: bool,
    /// Steps between two looks at what has come.
    pub poll: f64,
    /// Steps that prompts are held back for while they fill less than `full` of a step.
    pub hold: f64,
    /// See `hold`.
    pub full: f64,
}

impl Default for Intake {
    /// What engines do where nothing is set.
    fn default() -> Self {
        Self {
            tokens: 8192.0,
            chunked: true,
            poll: 0.0,
            hold: 0.0,
            full: 0.0,
        }
    }
}

/// How it is set in some runs; what is left out says nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIntake {
    begins: Vec<String>,
    engine: String,
    #[serde(default)]
    models: Vec<String>,
    #[serde(default)]
    systems: Vec<String>,
    #[serde(default)]
    precisions: Vec<String>,
    /// Prompt and output tokens, as named.
    lengths: Option<[f64; 2]>,
    /// Fewer chips than this share a matrix.
    tensor_below: Option<f64>,
    /// So many users or more.
    #[serde(default)]
    users: f64,
    tokens: f64,
    /// Further tokens for each of a prompt, of an answer and for each user.
    #[serde(default)]
    with: [f64; 3],
    #[serde(default)]
    least: f64,
    chunked: bool,
    #[serde(default)]
    poll: f64,
    #[serde(default)]
    hold: f64,
    #[serde(default)]
    full: f64,
}

/// What decides how a run's engine was set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) origin: &'a str,
    pub(super) engine: &'a str,
    pub(super) model: &'a str,
    pub(super) system: &'a str,
    pub(super) precision: &'a str,
    pub(super) input: f64,
    pub(super) output: f64,
    pub(super) tensor: f64,
    pub(super) users: f64,
}

impl RawIntake {
    fn fits(&self, run: &Run<'_>) -> bool {
        let any = |list: &[String], word: &str| list.is_empty() || list.iter().any(|w| w == word);
        self.begins.iter().any(|b| run.origin.contains(b.as_str()))
            && self.engine == run.engine
            && any(&self.models, run.model)
            && any(&self.systems, run.system)
            && any(&self.precisions, run.precision)
            && self.lengths.is_none_or(|l| l == [run.input, run.output])
            && self.tensor_below.is_none_or(|t| run.tensor < t)
            && run.users >= self.users
    }

    fn of(&self, run: &Run<'_>) -> Intake {
        let [input, output, users] = self.with;
        let tokens = self.tokens + input * run.input + output * run.output + users * run.users;
        Intake {
            tokens: tokens.max(self.least),
            chunked: self.chunked,
            poll: self.poll,
            hold: self.hold,
            full: self.full,
        }
    }

    /// How a run's engine was set: the last entry that fits it counts.
    pub(super) fn find(list: &[Self], run: &Run<'_>) -> Intake {
        let found = list.iter().rev().find(|i| i.fits(run));
        found.map_or_else(Intake::default, |i| i.of(run))
    }
}
