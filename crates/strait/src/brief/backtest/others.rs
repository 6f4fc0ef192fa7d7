//! What others said: `data/market/forecasts.csv`, the forecasts of `china_share.csv`, and company guidance.

use crate::data::{DataSet, Problem, Problems, read_table};
use crate::figure::Quantity;
use crate::market::backtest::{GuidanceRow, Published};
use crate::market::dynamics::{Period, Target};
use crate::market::{PublishedShare, ReportedRevenue};
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    id: String,
    target: String,
    period: String,
    low: f64,
    high: f64,
    made_on: Date,
    organisation: String,
    #[serde(rename = "ref")]
    row: String,
    condition: String,
}

/// The good that a vendor's model of `china_share.csv` is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelName {
    vendor: String,
    model: String,
    good: String,
}

/// What others forecast.
#[derive(Default)]
pub(super) struct Others {
    /// Of a series of this market.
    pub published: Vec<Published>,
    /// Rows that speak of what no series measures: id, and of what.
    pub unmeasured: Vec<String>,
}

/// Forecasts in the order of the files; rows of `forecasts.csv` stand for the rows of `china_share.csv` they name. `fx`
/// gives yuan a dollar on a day.
pub(super) fn published(
    data: &DataSet,
    shares: &[PublishedShare],
    models: &[ModelName],
    fx: &dyn Fn(Date) -> Option<f64>,
) -> Result<Others, Problems> {
    const FILE: &str = "market/forecasts.csv";
    let file = data.require(FILE)?;
    let mut problems = Problems::default();
    let mut others = Others::default();
    let out = &mut others.published;
    let mut named = Vec::new();
    for (place, row) in read_table::<Row>(file)? {
        let (Some(target), Some(period)) = (Target::read(&row.target), Period::read(&row.period)) else {
            let what = format!(
                "`{}` of `{}` is no target and period of the model",
                row.target, row.period
            );
            problems.push(Problem::at(place, what));
            continue;
        };
        let factor = if target.is_usd() { 1e6 } else { 1.0 };
        named.extend(row.row.strip_prefix("share:").map(str::to_owned));
        out.push(Published {
            id: row.id,
            organisation: row.organisation,
            series: target.key(),
            period,
            low: row.low * factor,
            high: row.high * factor,
            made_on: row.made_on,
            condition: row.condition,
        });
    }
    let forecast = |s: &&PublishedShare| s.kind.starts_with("forecast") || s.kind == "plan";
    for row in shares.iter().filter(forecast).filter(|s| !named.contains(&s.id)) {
        let dated = Period::read(&row.period).zip(row.value);
        let Some(((period, (low, high)), (series, factor))) = dated.zip(series_of(row, models, fx)) else {
            others.unmeasured.push(format!(
                "{} ({} {}, {}, {})",
                row.id, row.vendor, row.model, row.metric, row.period
            ));
            continue;
        };
        out.push(Published {
            id: row.id.clone(),
            organisation: row.organisation.clone(),
            series,
            period,
            low: low * factor,
            high: high * factor,
            made_on: row.made_on.last(),
            condition: row
                .kind
                .strip_prefix("forecast_")
                .unwrap_or_default()
                .replace('_', " "),
        });
    }
    problems.or(others)
}

/// Series a row of `china_share.csv` speaks of and the factor to its unit; nothing where no series measures the same.
fn series_of(
    row: &PublishedShare,
    models: &[ModelName],
    fx: &dyn Fn(Date) -> Option<f64>,
) -> Option<(String, f64)> {
    let whole = ["all", "Ascend", "AI GPU"].contains(&row.model.as_str());
    let named = models
        .iter()
        .find(|m| m.vendor == row.vendor && m.model == row.model);
    let good = match named {
        Some(model) => model.good.as_str(),
        None if whole => row.vendor.as_str(),
        None => return None,
    };
    Some(match (row.metric.as_str(), row.unit.as_str()) {
        ("share_units", "fraction") => (format!("share_units:{good}"), 1.0),
        ("share_revenue", "fraction") => (format!("share_dollars:{good}"), 1.0),
        ("share_ai_server", "fraction") => (format!("share_servers:{good}"), 1.0),
        ("units", "cards") if good == "all" => ("units_all".into(), 1.0),
        ("units", "cards") => (format!("units:{good}"), 1.0),
        ("market_usd_bn" | "supply_usd_bn", "USD_bn") if good == "all" => ("market_dollars".into(), 1e9),
        ("revenue_usd_bn" | "supply_usd_bn", "USD_bn") => (format!("revenue:{good}"), 1e9),
        ("market_cny_bn", "CNY_bn") if good == "all" => {
            ("market_dollars".into(), 1e9 / fx(row.made_on.last())?)
        }
        ("revenue_cny_bn", "CNY_bn") => (format!("revenue:{good}"), 1e9 / fx(row.made_on.last())?),
        _ => return None,
    })
}

/// What companies said of a period of their own: rows above, and NVIDIA's outlook for all the world.
pub(super) fn guidance(
    published: &[Published],
    revenue: &[ReportedRevenue],
    sellers: &[String],
) -> Vec<GuidanceRow> {
    let own = published
        .iter()
        .filter(|p| sellers.contains(&p.organisation))
        .map(|p| GuidanceRow {
            series: p.series.clone(),
            period: p.period.name.clone(),
            low: p.low,
            high: p.high,
            made_on: p.made_on,
        });
    let whole = revenue
        .iter()
        .filter(|r| r.metric == "guidance_revenue_total")
        .map(|r| GuidanceRow {
            series: "revenue_total".into(),
            period: r.period.clone(),
            low: r.usd.low.get(),
            high: r.usd.high.get(),
            made_on: r.known_from,
        });
    own.chain(whole).collect()
}
