//! How the chips of a scale-up domain are joined, as chip files write it.

use serde::{Serialize, Serializer};
use std::fmt;

/// How links join the chips of a scale-up domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topology {
    /// Switches: any chip reaches any other at its whole rate.
    Switch {
        /// Whether they add up what passes (NVLink SHARP).
        sums: bool,
    },
    /// A direct link between any two.
    Mesh(Mesh),
    /// A ring, or rings along two or three axes.
    Torus(Torus),
}

/// Chips of which any two have a link of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mesh {
    /// Chips joined so.
    pub chips: u16,
    /// Ports of a chip that these links take, and all that the figure of its scale-up link counts.
    pub ports: [u16; 2],
}

/// Chips linked to their two neighbours along each axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Torus {
    /// Axes: one of a ring, at most three.
    pub axes: u8,
    /// Chips along each axis, the longest first, one beyond the last axis; without a bound where switches join cubes.
    pub extents: [u16; 3],
    /// Edge of the cubes that optical switches join: the ends of whole cubes meet. Otherwise an axis closes where a group
    /// spans the whole of it.
    pub cube: Option<u16>,
}

/// What a chip file may write.
pub(crate) const WORDS: &str = "`switch`, `summing switch`, `mesh of 8`, `mesh of 8 over 21 of 24 ports`, `ring of 8`, `torus of 16x16` or \
     `torus of 3 axes in cubes of 4`";

impl Topology {
    /// Reads the words of a chip file.
    #[must_use]
    pub fn of(words: &str) -> Option<Self> {
        let number = |word: &str| word.parse::<u16>().ok();
        let all: Vec<&str> = words.split(' ').collect();
        match all.as_slice() {
            ["switch"] => Some(Self::Switch { sums: false }),
            ["summing", "switch"] => Some(Self::Switch { sums: true }),
            ["mesh", "of", chips] => Self::mesh(number(chips)?, [1, 1]),
            ["mesh", "of", chips, "over", used, "of", ports, "ports"] => {
                Self::mesh(number(chips)?, [number(used)?, number(ports)?])
            }
            ["ring", "of", chips] => Self::torus(&[number(chips)?]),
            ["torus", "of", extents] => {
                let extents: Option<Vec<u16>> = extents.split('x').map(number).collect();
                Self::torus(&extents?).filter(|t| !matches!(t, Self::Torus(Torus { axes: 1, .. })))
            }
            [
                "torus",
                "of",
                axes @ ("2" | "3"),
                "axes",
                "in",
                "cubes",
                "of",
                edge,
            ] => {
                let edge = number(edge).filter(|edge| *edge > 1)?;
                let axes = if *axes == "2" { 2 } else { 3 };
                let bound = |axis: u8| if axis < axes { u16::MAX } else { 1 };
                Some(Self::Torus(Torus {
                    axes,
                    extents: [bound(0), bound(1), bound(2)],
                    cube: Some(edge),
                }))
            }
            _ => None,
        }
    }

    fn mesh(chips: u16, ports: [u16; 2]) -> Option<Self> {
        let [used, all] = ports;
        (chips > 1 && used > 0 && used <= all).then_some(Self::Mesh(Mesh { chips, ports }))
    }

    fn torus(extents: &[u16]) -> Option<Self> {
        let axes = u8::try_from(extents.len()).ok().filter(|axes| *axes <= 3)?;
        if axes == 0 || extents.iter().any(|extent| *extent < 2) {
            return None;
        }
        let mut held = [1; 3];
        for (to, from) in held.iter_mut().zip(extents) {
            *to = *from;
        }
        held.sort_unstable_by(|a, b| b.cmp(a));
        Some(Self::Torus(Torus {
            axes,
            extents: held,
            cube: None,
        }))
    }

    /// Chips that the links join at most; none where that is the whole domain.
    #[must_use]
    pub fn joined(&self) -> Option<u32> {
        match self {
            Self::Switch { .. } => None,
            Self::Mesh(mesh) => Some(u32::from(mesh.chips)),
            Self::Torus(torus) if torus.cube.is_some() => None,
            Self::Torus(torus) => Some(torus.extents.iter().map(|e| u32::from(*e)).product()),
        }
    }
}

impl fmt::Display for Topology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch { sums: false } => f.write_str("switch"),
            Self::Switch { sums: true } => f.write_str("summing switch"),
            Self::Mesh(Mesh { chips, ports }) if ports[0] == ports[1] => write!(f, "mesh of {chips}"),
            Self::Mesh(Mesh {
                chips,
                ports: [used, all],
            }) => {
                write!(f, "mesh of {chips} over {used} of {all} ports")
            }
            Self::Torus(Torus {
                axes,
                cube: Some(edge),
                ..
            }) => {
                write!(f, "torus of {axes} axes in cubes of {edge}")
            }
            Self::Torus(Torus { axes: 1, extents, .. }) => write!(f, "ring of {}", extents[0]),
            Self::Torus(Torus { axes, extents, .. }) => {
                let words: Vec<String> = extents
                    .iter()
                    .take(usize::from(*axes))
                    .map(u16::to_string)
                    .collect();
                write!(f, "torus of {}", words.join("x"))
            }
        }
    }
}

impl Serialize for Topology {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
