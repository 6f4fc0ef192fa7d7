//! A chip's power by what its time is spent on.

use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{FigureRef, Quantity, Ratio, Sources};
use crate::perf::LimitShares;
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    chip: RawActivity,
    /// Read by `node`.
    #[allow(dead_code)]
    node: IgnoredAny,
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
