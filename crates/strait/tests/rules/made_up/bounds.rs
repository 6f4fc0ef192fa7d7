//! The numbers of the law: those typed from the rule texts, and those the data hold.

use crate::shipped::BOOK;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::sync::LazyLock;
use strait::data::{DataSet, read_table};
use strait::rules::{Condition, ConditionRow, Instrument, Limit};

/// One bound: where it stands, on what, how it compares.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Bound {
    pub(crate) instrument: String,
    pub(crate) part: String,
    pub(crate) paragraph: String,
    pub(crate) group: usize,
    pub(crate) metric: String,
    pub(crate) comparator: String,
    pub(crate) bound: Decimal,
}

/// A row of the fixture: a bound and a day on which it stands.
#[derive(Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) instrument: String,
    pub(crate) part: String,
    pub(crate) paragraph: String,
    pub(crate) group: usize,
    pub(crate) metric: String,
    pub(crate) comparator: String,
    pub(crate) bound: Decimal,
    pub(crate) on: String,
}

impl Row {
    /// Without its day.
    pub(crate) fn bound(&self) -> Bound {
        Bound {
            instrument: self.instrument.clone(),
            part: self.part.clone(),
            paragraph: self.paragraph.clone(),
            group: self.group,
            metric: self.metric.clone(),
            comparator: self.comparator.clone(),
            bound: self.bound,
        }
    }

    /// Whether a value holds, by the comparator typed.
    pub(crate) fn holds(&self, value: Decimal) -> bool {
        match self.comparator.as_str() {
            "ge" => value >= self.bound,
            "gt" => value > self.bound,
            "lt" => value < self.bound,
            "le" => value <= self.bound,
            other => panic!("no comparator `{other}`"),
        }
    }
}

/// The fixture.
pub(crate) static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let data = DataSet::embedded().with("bounds.csv", include_str!("../../fixtures/bounds.csv"));
    let rows = read_table::<Row>(data.get("bounds.csv").unwrap()).unwrap_or_else(|p| panic!("{p}"));
    rows.into_iter().map(|(_, row)| row).collect()
});

/// Every bound an instrument's rows hold.
fn bounds_of(law: &Instrument, out: &mut Vec<Bound>) {
    let mut add =
        |part: &str, paragraph: &str, group: usize, metric: &str, comparator: &str, bound: Option<Limit>| {
            out.extend(bound.map(|limit| Bound {
                instrument: law.id.clone(),
                part: part.into(),
                paragraph: paragraph.into(),
                group,
                metric: metric.into(),
                comparator: comparator.into(),
                bound: limit.0,
            }));
        };
    let mut on_chip = |part: &str, paragraph: &str, groups: &[Vec<Condition>]| {
        for (n, c) in groups
            .iter()
            .enumerate()
            .flat_map(|(n, g)| g.iter().map(move |c| (n, c)))
        {
            let metric = c.metric.map_or("none", |m| m.as_str());
            for (comparator, bound) in [("lt", c.lt), ("le", c.le), ("gt", c.gt), ("ge", c.ge)] {
                add(part, paragraph, n + 1, metric, comparator, bound);
            }
        }
    };
    law.classify
        .iter()
        .for_each(|r| on_chip("classify", &r.paragraph, std::slice::from_ref(&r.when)));
    law.review
        .iter()
        .for_each(|r| on_chip("review", &r.paragraph, std::slice::from_ref(&r.when)));
    law.exception
        .iter()
        .for_each(|r| on_chip("exception", &r.paragraph, std::slice::from_ref(&r.when)));
    law.product
        .iter()
        .for_each(|r| on_chip("any", &r.paragraph, &r.any));
    law.product
        .iter()
        .for_each(|r| on_chip("maybe", &r.paragraph, &r.maybe));
    law.levy.iter().for_each(|r| on_chip("levy", "band", &r.bands));
    let mut on_deal = |part: &str, rows: &[ConditionRow]| {
        for c in rows {
            let field = serde_json::to_value(c.field).unwrap();
            let metric = field.as_str().or(c.id.as_deref()).unwrap_or("none").to_owned();
            add(part, &c.paragraph, 1, &metric, "le", c.le);
            add(part, &c.paragraph, 1, &metric, "ge", c.ge);
        }
    };
    law.review
        .iter()
        .for_each(|r| on_deal("condition", &r.conditions));
    law.exception
        .iter()
        .for_each(|r| on_deal("exception", &r.conditions));
    for r in &law.exception {
        let days = r.notification_days.map(|d| Limit::from(Decimal::from(d)));
        add("exception", &r.paragraph, 1, "notification_days", "ge", days);
    }
    for r in &law.end_use {
        add("end_use", &r.paragraph, 1, "owned_percent", "ge", r.ge_percent);
    }
}

/// Every bound of the shipped law.
pub(crate) fn bounds() -> Vec<Bound> {
    let mut found = Vec::new();
    BOOK.instruments().iter().for_each(|i| bounds_of(i, &mut found));
    found
}
