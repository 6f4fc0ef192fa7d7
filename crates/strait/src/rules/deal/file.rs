//! The facts of a deal from a TOML file, under the same names as the flags.

use crate::data::Problem;
use crate::figure::When;
use crate::rules::{Channel, ExporterRole, Knower, Listed, Segment, Site, Transaction, Use};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Deal {
    to: Option<String>,
    from: Option<String>,
    on: Option<Spanned<When>>,
    known: Option<Spanned<When>>,
    hq: Option<String>,
    parent: Option<String>,
    segment: Option<Segment>,
    site: Option<Site>,
    channel: Option<Channel>,
    listed: Option<Listed>,
    owned_by_listed: Option<Spanned<f64>>,
    #[serde(rename = "use")]
    use_: Option<Use>,
    remote_users: Option<Vec<String>>,
    supercomputer: Option<bool>,
    military: Option<bool>,
    exporter: Option<ExporterRole>,
    quantity: Option<u64>,
    china_to_us_tpp: Option<Spanned<f64>>,
    us_laboratory: Option<bool>,
    known_to: Option<Knower>,
    notified_days_before: Option<u32>,
    direct_product: Option<bool>,
    us_content: Option<Spanned<f64>>,
    host: Option<String>,
    #[serde(default)]
    conditions: BTreeMap<String, bool>,
    codified: Option<bool>,
}

/// Sets the fields of `tx` that the file states.
///
/// # Errors
/// With the line of the first thing that is no fact of a deal.
pub fn read_deal(path: &str, text: &str, tx: &mut Transaction) -> Result<(), Problem> {
    let deal: Deal = toml::from_str(text).map_err(|e| {
        Problem::from_toml(path, text, &e)
            .help("the fields are the flags of `strait check` without the dashes")
    })?;
    let percent = |value: Option<Spanned<f64>>, most: f64| match value {
        Some(v) if !(0.0..=most).contains(v.get_ref()) => Err(Problem::spanned(
            path,
            text,
            v.span(),
            format!(
                "`{}` where a percentage from 0 to {most} was expected",
                v.get_ref()
            ),
        )),
        other => Ok(other.map(Spanned::into_inner)),
    };
    let day = |value: Option<Spanned<When>>| match value {
        Some(when) if !when.get_ref().is_exact() => Err(Problem::spanned(
            path,
            text,
            when.span(),
            format!(
                "`{}` where a day such as `2026-02-01` was expected",
                when.get_ref()
            ),
        )),
        other => Ok(other.map(|when| when.into_inner().first())),
    };
    let on = day(deal.on)?;
    let known = day(deal.known)?;
    let owned = percent(deal.owned_by_listed, 100.0)?;
    let content = percent(deal.us_content, 100.0)?;
    let ledger = percent(deal.china_to_us_tpp, 1e6)?;
    fn set<T>(field: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *field = value;
        }
    }
    fn set_some<T>(field: &mut Option<T>, value: Option<T>) {
        if value.is_some() {
            *field = value;
        }
    }
    set(&mut tx.to, deal.to);
    set(&mut tx.from, deal.from);
    set(&mut tx.on, on);
    set(&mut tx.known, known);
    set(&mut tx.segment, deal.segment);
    set(&mut tx.channel, deal.channel);
    set(&mut tx.listed, deal.listed);
    set(&mut tx.exporter, deal.exporter);
    set(&mut tx.codified, deal.codified);
    set_some(&mut tx.headquarters, deal.hq);
    set_some(&mut tx.parent, deal.parent);
    set_some(&mut tx.site, deal.site);
    set_some(&mut tx.owned_by_listed_percent, owned);
    set_some(&mut tx.use_, deal.use_);
    set_some(&mut tx.remote_users, deal.remote_users);
    set_some(&mut tx.supercomputer, deal.supercomputer);
    set_some(&mut tx.military, deal.military);
    set_some(&mut tx.quantity, deal.quantity);
    set_some(&mut tx.china_to_us_tpp_percent, ledger);
    set_some(&mut tx.us_laboratory, deal.us_laboratory);
    set(&mut tx.known_to, deal.known_to);
    set_some(&mut tx.notified_days_before, deal.notified_days_before);
    set_some(&mut tx.direct_product, deal.direct_product);
    set_some(&mut tx.us_content_percent, content);
    set_some(&mut tx.host, deal.host);
    tx.conditions.extend(deal.conditions);
    Ok(())
}
