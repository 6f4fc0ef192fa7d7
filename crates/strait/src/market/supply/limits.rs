//! How many units of a pool there are between two days.

use super::{Binds, Cap};
use crate::catalog::ChipId;
use crate::figure::{Count, Estimate, FigureRef, Quantity};
use crate::market::result::{MarketCase, days};
use crate::rules::Channel;
use jiff::civil::Date;

/// A limit on the units of a pool of chips between two days.
#[derive(Debug, Clone)]
pub(crate) struct PoolLimit {
    pub(crate) pool: String,
    pub(crate) chips: Vec<ChipId>,
    pub(crate) channel: Channel,
    pub(crate) units: Estimate<Count>,
    pub(crate) reference: FigureRef,
    /// What sets it.
    pub(crate) by: Binds,
}

/// Units from one day to another, both counted, as known on a day: a row's units are spread evenly over its days, so
/// that consecutive spans add up to the row. Rows of one pool over the same days are rival estimates: together the
/// interval, around the one known last. Days without a row add nothing to a pool that has one on others.
pub(crate) fn limits(
    caps: &[Cap],
    (first, last): (Date, Date),
    known: Date,
    case: MarketCase,
) -> Vec<PoolLimit> {
    let counts = |cap: &&Cap| {
        let binds = match cap.binds {
            Binds::Physical => true,
            Binds::UsRule => case != MarketCase::WithoutUsRule,
            Binds::CnRule => case != MarketCase::WithoutGuidance,
        };
        binds && cap.known_from <= known && cap.from <= last && cap.to >= first
    };
    let mut pools: Vec<Vec<&Cap>> = Vec::new();
    for cap in caps.iter().filter(counts) {
        let same = |p: &&mut Vec<&Cap>| p[0].pool == cap.pool && p[0].chips == cap.chips;
        match pools.iter_mut().find(same) {
            Some(pool) => pool.push(cap),
            None => pools.push(vec![cap]),
        }
    }
    pools.iter().map(|rows| limit(rows, first, last)).collect()
}

/// The limit that rows of one pool set from one day to another.
fn limit(rows: &[&Cap], first: Date, last: Date) -> PoolLimit {
    let ends = rows.iter().filter_map(|r| r.to.tomorrow().ok());
    let mut starts: Vec<Date> = rows.iter().map(|r| r.from).chain(ends).collect();
    starts.retain(|day| first < *day && *day <= last);
    starts.push(first);
    starts.sort_unstable();
    starts.dedup();
    let mut units = [0.0; 3];
    for (k, start) in starts.iter().enumerate() {
        let end = starts
            .get(k + 1)
            .and_then(|next| next.yesterday().ok())
            .unwrap_or(last);
        let there: Vec<&Cap> = rows
            .iter()
            .copied()
            .filter(|r| r.from <= *start && *start <= r.to)
            .collect();
        let Some(centre) = newest(&there) else { continue };
        let part = |row: &Cap, units: Count| units.get() * days(*start, end) / days(row.from, row.to);
        let low = there.iter().map(|r| part(r, r.units.low));
        let high = there.iter().map(|r| part(r, r.units.high));
        units[0] += low.fold(f64::INFINITY, f64::min);
        units[1] += part(centre, centre.units.value);
        units[2] += high.fold(0.0, f64::max);
    }
    let [low, value, high] = units.map(Count::of);
    let named = newest(rows).unwrap_or(rows[0]);
    PoolLimit {
        pool: named.pool.clone(),
        chips: named.chips.clone(),
        channel: named.channel,
        units: Estimate::new(value, low, high),
        by: named.binds,
        reference: named.reference(),
    }
}

/// The row known last; of those known since the same day the one further down the file.
fn newest<'a>(rows: &[&'a Cap]) -> Option<&'a Cap> {
    rows.iter().copied().max_by_key(|r| r.known_from)
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::*;
    use crate::data::{DataSet, Problems};
    use crate::market::dynamics::Month;
    use crate::scenario::Scenario;
    use jiff::civil::date;

    fn shipped() -> Vec<Cap> {
        let data = DataSet::embedded();
        let sources = crate::catalog::Catalog::load(&data, &Scenario::default())
            .unwrap()
            .sources;
        let mut problems = Problems::default();
        let caps = ["market/supply.csv", "market/dynamics/caps.csv"]
            .iter()
            .flat_map(|name| load(data.get(name).unwrap(), &sources, &mut problems))
            .collect();
        assert!(problems.0.is_empty());
        caps
    }

    fn units(caps: &[Cap], span: (Date, Date)) -> Option<Estimate<Count>> {
        let found = limits(caps, span, date(2031, 1, 1), MarketCase::AsIs);
        assert!(found.len() <= 1);
        found.first().map(|l| l.units)
    }

    #[test]
    fn quarters_and_months_of_a_row_add_up_to_it() {
        for cap in shipped() {
            let alone = std::slice::from_ref(&cap);
            let spans: [Vec<(Date, Date)>; 2] = [
                Month::all().step_by(3).map(|m| m.quarter().days()).collect(),
                Month::all().map(|m| (m.first_day(), m.last_day())).collect(),
            ];
            for spans in spans {
                let mut sum = [0.0; 3];
                for units in spans.into_iter().filter_map(|span| units(alone, span)) {
                    sum[0] += units.low.get();
                    sum[1] += units.value.get();
                    sum[2] += units.high.get();
                }
                let row = [cap.units.low, cap.units.value, cap.units.high].map(Count::get);
                for (got, want) in sum.into_iter().zip(row) {
                    assert!(
                        (got - want).abs() <= 1e-6 * want.max(1.0),
                        "{}: {got} for {want}",
                        cap.id
                    );
                }
            }
        }
    }

    #[test]
    fn a_row_that_begins_within_a_quarter_counts_for_its_days_alone() {
        let mut caps = shipped();
        caps.retain(|c| c.id == "h20-2025-stock");
        // 28 July to 30 September are 65 of the 277 days to the end of April 2026; July has four of them.
        let q3 = units(&caps, (date(2025, 7, 1), date(2025, 9, 30))).unwrap();
        assert!((q3.value.get() - 650_000.0 * 65.0 / 277.0).abs() < 1e-6);
        let july = units(&caps, (date(2025, 7, 1), date(2025, 7, 31))).unwrap();
        assert!((july.value.get() - 650_000.0 * 4.0 / 277.0).abs() < 1e-6);
        assert!(units(&caps, (date(2025, 6, 1), date(2025, 7, 27))).is_none());
        assert!(units(&caps, (date(2025, 6, 1), date(2025, 7, 28))).is_some());
    }

    #[test]
    fn rival_rows_form_an_interval_and_rows_in_succession_add_up() {
        let mut caps = shipped();
        caps.retain(|c| c.id == "cambricon-2025" || c.id == "cambricon-2025-before");
        let year = (date(2025, 1, 1), date(2025, 12, 31));
        let rivals = units(&caps, year).unwrap();
        let got = [rivals.low, rivals.value, rivals.high].map(Count::get);
        for (got, want) in got.into_iter().zip([25_000.0, 142_000.0, 160_000.0]) {
            assert!((got - want).abs() < 1e-6, "{got} for {want}");
        }
        // The newer row for the second half alone: the year holds half of the older and all of the newer.
        for cap in &mut caps {
            if cap.id == "cambricon-2025" {
                cap.from = date(2025, 7, 1);
            } else {
                cap.to = date(2025, 6, 30);
            }
        }
        let after = units(&caps, year).unwrap();
        assert!((after.value.get() - 222_000.0).abs() < 1e-6);
        assert!((after.low.get() - 167_000.0).abs() < 1e-6);
    }
}
