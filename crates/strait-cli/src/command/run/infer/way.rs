//! What was found of each chip, as written out.

use super::told::Told;
use crate::command::run::figure::Figure;
use crate::output::columns::Columns;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use strait::figure::{Estimate, Quantity, Ratio, Watts};
use strait::perf::Intervals;
use strait::perf::inference::{Operating, Spread};

/// Replicas of a plan.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Replicas {
    /// That serve; of prompts and decoding apart those that decode.
    pub(crate) serving: Option<u32>,
    /// That compute prompts alone.
    pub(crate) prompts: Option<u32>,
    /// Chips that no further replica fits on.
    pub(crate) idle: Option<u32>,
}

/// One way to serve.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// Chip; of prompts and decoding apart both.
    pub(crate) chip: String,
    /// Of a replica.
    pub(crate) spread: Spread,
    pub(crate) replicas: Replicas,
    /// Users at once on a replica.
    pub(crate) users: f64,
    /// Whether it keeps the limits that were given.
    pub(crate) keeps: bool,
    /// Choices of experts on the busiest rank over the mean in a decoding step, where experts are dealt to ranks.
    pub(crate) busiest: Option<f64>,
    /// Seconds.
    pub(crate) ttft: Figure,
    /// Seconds; none for an answer of one token.
    pub(crate) tpot: Figure,
    /// Output tokens a second and chip.
    pub(crate) per_chip: Figure,
    /// Requests a second of a replica.
    pub(crate) requests: Figure,
    /// Mean power of a chip, W.
    pub(crate) power: Figure,
    /// The same with its part of an air-cooled node, at the wall.
    pub(crate) wall: Figure,
}

/// What a way is made from beside its chip.
pub(super) struct Parts<'a> {
    pub(super) spread: Spread,
    pub(super) replicas: Replicas,
    pub(super) operating: &'a Operating,
    pub(super) intervals: &'a Intervals,
    pub(super) keeps: bool,
    /// Load of the busiest rank of experts over the mean.
    pub(super) busiest: Option<Ratio>,
    /// Whether an answer has tokens after the first.
    pub(super) further: bool,
    /// Power of a chip and at the wall.
    pub(super) power: Option<[Estimate<Watts>; 2]>,
}

impl Way {
    pub(super) fn of(chip: String, p: &Parts<'_>) -> Self {
        let (o, i) = (p.operating, p.intervals);
        Self {
            chip,
            spread: p.spread,
            replicas: p.replicas,
            users: o.users,
            keeps: p.keeps,
            busiest: p.busiest.map(Ratio::get),
            ttft: Figure::of(o.ttft, i.ttft),
            tpot: if p.further {
                Figure::of(o.tpot, i.tpot)
            } else {
                Figure::default()
            },
            per_chip: Figure::of(o.per_chip, i.per_chip),
            requests: Figure::of(o.requests, i.requests),
            power: Figure::estimate(p.power.map(|p| p[0])),
            wall: Figure::estimate(p.power.map(|p| p[1])),
        }
    }

    /// Tokens a second of one user.
    pub(crate) fn interactivity(&self) -> Figure {
        let one = Figure {
            value: Some(1.0),
            low: Some(1.0),
            high: Some(1.0),
        };
        one.over(self.tpot)
    }

    /// Joules at the wall an output token, prompts included.
    pub(crate) fn joules(&self) -> Figure {
        self.wall.over(self.per_chip)
    }

    fn figures(&self) -> [(&'static str, Figure); 8] {
        [
            ("ttft_s", self.ttft),
            ("tpot_s", self.tpot),
            ("interactivity", self.interactivity()),
            ("tokens_per_s_per_chip", self.per_chip),
            ("requests_per_s", self.requests),
            ("chip_watts", self.power),
            ("wall_watts_per_chip", self.wall),
            ("joules_per_output_token", self.joules()),
        ]
    }

    fn degrees(&self) -> [(&'static str, u32); 4] {
        let s = &self.spread;
        [
            ("tensor", s.tensor),
            ("data", s.data),
            ("experts", s.experts),
            ("pipeline", s.pipeline),
        ]
    }

    fn counts(&self) -> [(&'static str, Option<u32>); 3] {
        let r = &self.replicas;
        [
            ("replicas", r.serving),
            ("prompt_replicas", r.prompts),
            ("idle_chips", r.idle),
        ]
    }
}

impl Serialize for Way {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("chip", &self.chip)?;
        for (name, degree) in self.degrees() {
            map.serialize_entry(name, &degree)?;
        }
        for (name, count) in self.counts() {
            if let Some(count) = count {
                map.serialize_entry(name, &count)?;
            }
        }
        map.serialize_entry("users", &self.users)?;
        map.serialize_entry("keeps_limits", &self.keeps)?;
        if let Some(busiest) = self.busiest {
            map.serialize_entry("busiest_rank_over_mean", &busiest)?;
        }
        for (name, figure) in self.figures() {
            figure.entries::<S>(&mut map, name)?;
        }
        map.end()
    }
}

/// What one chip does, or why nothing.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    pub(crate) chip: String,
    /// Format of large products.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) precision: Option<String>,
    /// Factors by which times to a first token and per token may be off at 90 %, before what is assumed or disputed of
    /// the chips.
    pub(crate) within90: [f64; 2],
    /// Whether operators of the chips' families were measured.
    pub(crate) operators_measured: bool,
    /// Whether served runs of chips of their makers were read.
    pub(crate) engine_measured: bool,
    /// Figures that the chip's file does not state, for which what is typical is taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) assumed: Vec<&'static str>,
    /// Products whose precision nobody measured, and whose kernels time them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) lent: Vec<String>,
    pub(crate) ways: Vec<Way>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// Steps of the last of its ways, taken apart where that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) steps: Vec<Told>,
}

/// A row a way.
pub(super) fn rows(found: &[Found]) -> Columns {
    let ways: Vec<&Way> = found.iter().flat_map(|f| &f.ways).collect();
    let mut columns = Columns::default();
    columns.text("chip", ways.iter().map(|w| w.chip.clone()));
    for at in 0..4 {
        let name = ["tensor", "data", "experts", "pipeline"][at];
        columns.whole(name, ways.iter().map(|w| i64::from(w.degrees()[at].1)));
    }
    columns.number("users", ways.iter().map(|w| w.users));
    columns.text("keeps_limits", ways.iter().map(|w| w.keeps.to_string()));
    let names = ways.first().map(|w| w.figures().map(|(name, _)| name));
    for (at, name) in names.into_iter().flatten().enumerate() {
        Figure::columns(&mut columns, name, ways.iter().map(|w| w.figures()[at].1));
    }
    for at in 0..3 {
        let name = ["replicas", "prompt_replicas", "idle_chips"][at];
        columns.real(name, ways.iter().map(|w| w.counts()[at].1.map(f64::from)));
    }
    columns.real("busiest_rank_over_mean", ways.iter().map(|w| w.busiest));
    columns
}
