//! What was found of each chip, as written out.

use crate::output::columns::Columns;
use serde::Serialize;
use strait::catalog::Chip;
use strait::perf::inference::{Line, Operating, Spread};

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
    pub(super) fn spread(&self) -> Spread {
        Spread {
            tensor: self.tensor,
            data: self.data,
            experts: self.experts,
            pipeline: self.pipeline,
        }
    }
}

/// A way from how a replica serves.
pub(super) fn way(chip: &Chip, spread: &Spread, o: &Operating, prompts: Option<f64>) -> Way {
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

/// A row a way.
pub(super) fn rows(found: &[Found]) -> Columns {
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
