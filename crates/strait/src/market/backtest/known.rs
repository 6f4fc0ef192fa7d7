//! What was public on a day, and nothing else.

use super::series::{Point, Series};
use jiff::civil::Date;

/// Series as they stood on a day. It is made by filtering, or by [`KnownBy::admit`], which refuses a later row; there is no
/// other way to make one, and none to add to it.
#[derive(Debug, Clone)]
pub struct KnownBy<'a> {
    day: Date,
    series: Vec<(&'a str, Vec<&'a Point>)>,
}

/// A row that was not public yet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{id}` was public from {known_from} and cannot be shown on {day}")]
pub struct Leak {
    /// The row.
    pub id: String,
    /// When it became public.
    pub known_from: Date,
    /// Day of the view.
    pub day: Date,
}

impl<'a> KnownBy<'a> {
    /// Everything that was public by the end of `day`.
    pub fn of(all: &'a [Series], day: Date) -> Self {
        let seen = |s: &'a Series| s.points.iter().filter(|p| p.known_from <= day).collect();
        Self {
            day,
            series: all.iter().map(|s| (s.key.as_str(), seen(s))).collect(),
        }
    }

    /// Rows somebody else chose, each of which must have been public.
    ///
    /// # Errors
    /// The first row that was not.
    pub fn admit(rows: impl IntoIterator<Item = (&'a str, &'a Point)>, day: Date) -> Result<Self, Leak> {
        let mut out = Self {
            day,
            series: Vec::new(),
        };
        for (key, point) in rows {
            if point.known_from > day {
                return Err(Leak {
                    id: point.id.clone(),
                    known_from: point.known_from,
                    day,
                });
            }
            match out.series.iter_mut().find(|s| s.0 == key) {
                Some(s) => s.1.push(point),
                None => out.series.push((key, vec![point])),
            }
        }
        Ok(out)
    }

    /// The day.
    pub fn day(&self) -> Date {
        self.day
    }

    /// A series as it stood, in order of its periods' ends; empty where nothing of it was public.
    pub fn points(&self, key: &str) -> &[&'a Point] {
        self.series
            .iter()
            .find(|s| s.0 == key)
            .map_or(&[], |s| s.1.as_slice())
    }

    /// Whether a row is in view.
    pub fn shows(&self, id: &str) -> bool {
        self.series.iter().any(|s| s.1.iter().any(|p| p.id == id))
    }

    /// A series without its longer periods where shorter ones in them were public: years beside their quarters.
    pub fn finest(&self, key: &str) -> Vec<&'a Point> {
        let all = self.points(key);
        let holds = |a: &Point, b: &Point| {
            a.period.from <= b.period.to && b.period.from <= a.period.to && b.days() < a.days() - 1.0
        };
        all.iter()
            .filter(|a| !all.iter().any(|b| holds(a, b)))
            .copied()
            .collect()
    }
}
