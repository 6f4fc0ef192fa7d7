//! What a run answers: names, regions and units of its variables, and how each is read off what is kept of a path.
//!
//! Names go from the whole to its parts by levels, so that under one beginning the parts of a level add up to it. The
//! same money by seller, by segment and by purpose has three beginnings, for it would be counted thrice under one.

mod kept;
mod listed;
/// Names that other parts look up.
pub mod name;
mod quarterly;
mod reading;

pub use listed::variables;
pub use quarterly::read;
pub(crate) use reading::Reading;

use crate::rules::Site;
use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::Range;

/// Whose purchases a variable counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// Buyers on the mainland.
    Mainland,
    /// Sites abroad of Chinese buyers.
    Offshore,
    /// Both.
    Both,
}

impl Region {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mainland, Self::Offshore, Self::Both];

    /// The region of a site alone.
    pub fn of(site: Site) -> Self {
        match site {
            Site::Mainland => Self::Mainland,
            Site::Offshore => Self::Offshore,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mainland => "China mainland",
            Self::Offshore => "Chinese buyers offshore",
            Self::Both => "China mainland and offshore",
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What a variable is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key<'a> {
    /// Name.
    pub name: &'a str,
    /// Region.
    pub region: Region,
}

impl<'a> Key<'a> {
    /// Of buyers on the mainland.
    pub const fn mainland(name: &'a str) -> Self {
        Self {
            name,
            region: Region::Mainland,
        }
    }

    /// Of sites abroad of Chinese buyers.
    pub const fn offshore(name: &'a str) -> Self {
        Self {
            name,
            region: Region::Offshore,
        }
    }

    /// Of both.
    pub const fn both(name: &'a str) -> Self {
        Self {
            name,
            region: Region::Both,
        }
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.region)
    }
}

/// A variable of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Name, levels apart by `|` as in the IAMC format.
    pub name: String,
    /// Region.
    pub region: Region,
    /// Unit.
    pub unit: &'static str,
    pub(crate) reading: Reading,
}

impl Variable {
    /// What it is found by.
    pub fn key(&self) -> Key<'_> {
        Key {
            name: &self.name,
            region: self.region,
        }
    }

    /// Its value over quarters, in its unit, out of the series that [`read`] keeps of a path.
    pub fn over(&self, series: &[f32], quarters: Range<usize>) -> f64 {
        self.reading.over(series, quarters)
    }
}

/// Which variables a run keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Totals, and goods on the mainland.
    Totals,
    /// Also sellers and goods by region and by segment, and every share.
    Everything,
}

/// Last level of the part of months in which a rent is at least what is told.
pub const AT_LEAST: &str = "At least";
