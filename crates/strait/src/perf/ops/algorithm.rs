//! How a collective is done, in words.

use super::fabric::Fabric;
use serde::Serialize;
use std::fmt;

/// By which algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// Round a ring.
    Ring,
    /// Round rings without a common link, as many as a mesh has.
    Rings,
    /// Rings inside groups of eight, halving and doubling among them.
    Halving,
    /// The switch adds up.
    SwitchSums,
    /// Along one axis of a torus after another.
    AxisByAxis,
    /// Along all axes of a torus at once.
    AllAxes,
    /// First inside the groups that links join, then between them.
    InsideFirst,
    /// Every chip to every other.
    Direct,
    /// Every chip reads every buffer whole.
    OneShot,
    /// Every chip sums a part, then reads the other parts.
    TwoShots,
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ring => "ring",
            Self::Rings => "rings",
            Self::Halving => "halving",
            Self::SwitchSums => "sum in the switch",
            Self::AxisByAxis => "axis by axis",
            Self::AllAxes => "all axes",
            Self::InsideFirst => "inside first",
            Self::Direct => "direct",
            Self::OneShot => "one shot",
            Self::TwoShots => "two shots",
        })
    }
}

/// What a collective went over and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// What joins the chips of a server, or the servers where no two members share one.
    pub topology: Fabric,
    /// Algorithm on it.
    pub algorithm: Algorithm,
    /// Algorithm between servers, where members of one exchange first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub between_servers: Option<Algorithm>,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.algorithm, self.topology)?;
        match self.between_servers {
            Some(algorithm) => write!(f, "; {algorithm}, {}", Fabric::Network),
            None => Ok(()),
        }
    }
}
