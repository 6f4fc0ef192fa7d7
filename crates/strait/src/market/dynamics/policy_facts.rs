//! How changes of policy and makers' answers are told and drawn: `data/market/dynamics/policy.toml`.

use super::assumed::Read;
use crate::data::{DataFile, Problems, RawFigure};
use crate::figure::Sources;
use crate::market::policy_hazard::HazardPrior;
use serde::Deserialize;

/// How policy and makers' answers are told and drawn.
#[derive(Debug, Clone, Default)]
pub(crate) struct PolicyFacts {
    pub(crate) tightening: HazardPrior,
    pub(crate) reopening: HazardPrior,
    pub(crate) answer: HazardPrior,
    pub(crate) licensed: f64,
    pub(crate) unknown_supply: f64,
    pub(crate) discouraged: f64,
    pub(crate) unknown_guidance: f64,
    pub(crate) conditional: f64,
    /// Openness from which a good counts as open.
    pub(crate) open: f64,
    /// Part of openness under which it counts as lost.
    pub(crate) left: f64,
    /// Months after which a lost good is past reopening.
    pub(crate) reach: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPolicy {
    tightening: RawRate,
    reopening: RawRate,
    answer: RawRate,
    openness: RawOpenness,
    change: RawChange,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRate {
    changes: RawFigure,
    quarters: RawFigure,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOpenness {
    licensed: RawFigure,
    unknown_supply: RawFigure,
    discouraged: RawFigure,
    unknown_guidance: RawFigure,
    conditional: RawFigure,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChange {
    open: RawFigure,
    left: RawFigure,
    reach: RawFigure,
}

impl Read<'_> {
    fn rate(&mut self, raw: &RawRate) -> HazardPrior {
        HazardPrior {
            changes: self.count(&raw.changes),
            quarters: self.count(&raw.quarters),
        }
    }
}

/// Reads `policy.toml`.
pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> PolicyFacts {
    let Some((mut read, raw)) = Read::open::<RawPolicy>(file, sources, problems) else {
        return PolicyFacts::default();
    };
    let out = PolicyFacts {
        tightening: read.rate(&raw.tightening),
        reopening: read.rate(&raw.reopening),
        answer: read.rate(&raw.answer),
        licensed: read.share(&raw.openness.licensed),
        unknown_supply: read.share(&raw.openness.unknown_supply),
        discouraged: read.share(&raw.openness.discouraged),
        unknown_guidance: read.share(&raw.openness.unknown_guidance),
        conditional: read.share(&raw.openness.conditional),
        open: read.share(&raw.change.open),
        left: read.share(&raw.change.left),
        reach: read.count(&raw.change.reach),
    };
    read.close(problems);
    out
}
