//! A chip's power by what its time is spent on.

use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{Estimate, FigureRef, Quantity, Ratio, Sources, Watts};
use crate::perf::run::NINETY;
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    chip: RawActivity,
    /// Read by `node`.
    #[allow(dead_code)]
    node: IgnoredAny,
    /// The same.
    #[allow(dead_code)]
    card_node: IgnoredAny,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawActivity {
    idle: RawFigure,
    running: RawFigure,
    compute: RawFigure,
    memory: RawFigure,
    network: RawFigure,
    sigma: RawFigure,
}

/// Shares of board power: of a chip that waits, and of the rest by what its units do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Activity {
    idle: f64,
    running: f64,
    compute: f64,
    memory: f64,
    network: f64,
    /// Spread of the logarithm of the power of a chip.
    pub(crate) sigma: f64,
}

impl Activity {
    /// What an operator draws of the power above idle, times its seconds: the sum of what a running kernel takes and of
    /// what its arithmetic, bytes and link traffic take; never more than all of it.
    ///
    /// Form: linear in what is done, one energy a FLOP and a byte of each kind (Choi, Bedard, Fowler and Vuduc, IPDPS
    /// 2013), with static power above idle while kernels run.
    pub(crate) fn drawn(&self, seconds: f64, moved: &Moved) -> f64 {
        let work = self.compute * moved.arithmetic + self.memory * moved.memory + self.network * moved.links;
        (self.running * seconds + work).min(seconds)
    }

    /// The same of a second in which kernels run and move nothing.
    pub(crate) fn running(&self) -> f64 {
        self.running
    }

    /// Share of board power of a chip that draws this share of what is above idle.
    pub(crate) fn share_of_board_power(&self, drawn: Ratio) -> f64 {
        self.idle + (1.0 - self.idle) * drawn.get()
    }

    /// Power of a chip with its 90 % interval, no end of which is above the board power's own.
    pub(crate) fn power(&self, board: Estimate<Watts>, drawn: Ratio) -> Estimate<Watts> {
        let share = self.share_of_board_power(drawn);
        let wide = board.map(|w| w * share).widen((NINETY * self.sigma).exp());
        let high = Watts::of(wide.high.get().min(board.high.get()));
        Estimate::new(wide.value, wide.low, high)
    }
}

/// Seconds in which each unit of a chip would do a piece of work at its full rate.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Moved {
    /// Arithmetic at the peak.
    pub(crate) arithmetic: f64,
    /// Bytes at memory's bandwidth.
    pub(crate) memory: f64,
    /// Bytes at the rate of the scale-up link.
    pub(crate) links: f64,
}

/// Reads the chip's part of `data/perf/energy.toml`, with the figures it rests on.
pub(crate) fn read(file: DataFile<'_>, sources: &Sources) -> Result<(Activity, Vec<FigureRef>), Problems> {
    let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut reader = Reader::new(file, sources, None);
    let mut refs = Vec::new();
    let mut share = |path: &str, raw: &RawFigure, most: f64| {
        let Some(figure) = reader.figure::<Ratio>(raw) else {
            return 0.0;
        };
        let value = figure.value.get();
        refs.push(FigureRef {
            of: "power of a chip".to_owned(),
            path: format!("chip.{path}"),
            source: figure.source,
            grade: figure.grade,
            place: figure.place,
        });
        if !(0.0..=most).contains(&value) {
            reader.problem(
                raw.value.span(),
                format!("a share of board power is `{value}`"),
                Some(format!("a number from 0 to {most}")),
            );
        }
        value
    };
    let raw = &raw.chip;
    let activity = Activity {
        idle: share("idle", &raw.idle, 1.0),
        running: share("running", &raw.running, 1.0),
        // Arithmetic reaches board power before its peak.
        compute: share("compute", &raw.compute, 10.0),
        memory: share("memory", &raw.memory, 1.0),
        network: share("network", &raw.network, 1.0),
        sigma: share("sigma", &raw.sigma, 1.0),
    };
    reader.problems.or((activity, refs))
}
