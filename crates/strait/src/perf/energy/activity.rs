//! A chip's power by what its time is spent on.

use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{Estimate, FigureRef, Quantity, Ratio, Sources, Watts};
use crate::perf::LimitShares;
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
    compute: RawFigure,
    memory: RawFigure,
    network: RawFigure,
    sigma: RawFigure,
}

/// Shares of board power by activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Activity {
    idle: f64,
    compute: f64,
    memory: f64,
    network: f64,
    /// Spread of the logarithm of the power of a chip.
    pub(crate) sigma: f64,
}

impl Activity {
    /// Share of board power: idle power, and of the rest what each activity takes by its share of the time. Time
    /// spent on launches and the host leaves the chip idle.
    ///
    /// Form: linear in utilisation, as Fan, Weber and Barroso (ISCA 2007) found of servers, one slope an activity.
    pub(crate) fn share_of_board_power(&self, shares: &LimitShares) -> f64 {
        let busy = shares.compute * self.compute
            + shares.memory_bandwidth * self.memory
            + shares.network * self.network;
        self.idle + (1.0 - self.idle) * busy
    }

    /// Power of a chip with its 90 % interval, no end of which is above the board power's own.
    pub(crate) fn power(&self, board: Estimate<Watts>, shares: &LimitShares) -> Estimate<Watts> {
        let share = self.share_of_board_power(shares);
        let wide = board.map(|w| w * share).widen((NINETY * self.sigma).exp());
        let high = Watts::of(wide.high.get().min(board.high.get()));
        Estimate::new(wide.value, wide.low, high)
    }
}

/// Reads the chip's part of `data/perf/energy.toml`, with the figures it rests on.
pub(crate) fn read(file: DataFile<'_>, sources: &Sources) -> Result<(Activity, Vec<FigureRef>), Problems> {
    let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut reader = Reader::new(file, sources, None);
    let mut refs = Vec::new();
    let mut share = |path: &str, raw: &RawFigure| {
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
        if !(0.0..=1.0).contains(&value) {
            reader.problem(
                raw.value.span(),
                format!("a share of board power is `{value}`"),
                Some("a number from 0 to 1".to_owned()),
            );
        }
        value
    };
    let raw = &raw.chip;
    let activity = Activity {
        idle: share("idle", &raw.idle),
        compute: share("compute", &raw.compute),
        memory: share("memory", &raw.memory),
        network: share("network", &raw.network),
        sigma: share("sigma", &raw.sigma),
    };
    reader.problems.or((activity, refs))
}
