//! What was public on a day, and nothing else.

use super::series::{Point, Series};
use jiff::civil::Date;

/// Series as they stood on a day. It is made by filtering; there is no other way to make one, and none to add to it.
#[derive(Debug, Clone)]
pub struct KnownBy<'a> {
    day: Date,
    series: Vec<(&'a str, Vec<&'a Point>)>,
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
