//! The facts of a transaction as flags; a deal file states them under the same names.

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use strait::rules::{Channel, ExporterRole, Listed, Segment, Site, Use};

/// How it moves; derived from where it leaves and where it goes, a contradiction is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Route {
    /// From the United States
    Export,
    /// From another country to a third
    Reexport,
    /// Within one country
    Transfer,
}

impl Route {
    /// As the flag takes it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Reexport => "reexport",
            Self::Transfer => "transfer",
        }
    }
}

/// Everything a verdict depends on besides the chip. What is not given stays unstated and is never guessed.
#[derive(Debug, Args)]
pub(crate) struct TransactionArgs {
    /// Destination: a country's name or two-letter code
    #[arg(long, value_name = "COUNTRY", required_unless_present = "deal")]
    pub(crate) to: Option<String>,
    /// Day of shipment, as 2025-04-20; default: today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Option<Date>,
    /// Day of knowledge: nothing the public learned later is used; default: today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known: Option<Date>,
    /// Country it leaves from; default: US, or the destination for a maker at home there
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) from: Option<String>,
    /// Route, checked against --from and --to
    #[arg(long, value_enum)]
    pub(crate) route: Option<Route>,
    /// Country of the end user's headquarters; default: the destination
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) hq: Option<String>,
    /// Country of the ultimate parent's headquarters; default: the headquarters
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) parent: Option<String>,
    /// Buyer: platform, state_funded, government, enterprise, university, consumer
    #[arg(long, value_parser = vocabulary::<Segment>)]
    pub(crate) segment: Option<Segment>,
    /// Where the buyer puts it: mainland, offshore
    #[arg(long, value_parser = vocabulary::<Site>)]
    pub(crate) site: Option<Site>,
    /// How it is sold: direct, grey
    #[arg(long, value_parser = vocabulary::<Channel>)]
    pub(crate) channel: Option<Channel>,
    /// Your own screening of the end user: none, entity, entity-fn1, entity-fn4, meu, unknown
    #[arg(long, value_parser = vocabulary::<Listed>)]
    pub(crate) listed: Option<Listed>,
    /// Percent of the end user owned by listed parties
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) owned_by_listed: Option<f64>,
    /// What for: own, cloud, resale
    #[arg(long = "use", value_parser = vocabulary::<Use>)]
    pub(crate) use_: Option<Use>,
    /// Countries where remote users are headquartered
    #[arg(long, value_name = "COUNTRY,COUNTRY", value_delimiter = ',')]
    pub(crate) remote_users: Option<Vec<String>>,
    /// Whether the end use is a supercomputer in the sense of 15 CFR 744.23
    #[arg(long, value_name = "true|false")]
    pub(crate) supercomputer: Option<bool>,
    /// Whether end use or end user is military
    #[arg(long, value_name = "true|false")]
    pub(crate) military: Option<bool>,
    /// Who exports: seller, foundry, osat
    #[arg(long, value_parser = vocabulary::<ExporterRole>)]
    pub(crate) exporter: Option<ExporterRole>,
    /// Number of items
    #[arg(long)]
    pub(crate) quantity: Option<u64>,
    /// TPP shipped to China and Macau as percent of that shipped to US customers
    #[arg(long, value_name = "PERCENT", value_parser = positive)]
    pub(crate) china_to_us_tpp: Option<f64>,
    /// Whether an independent US laboratory has certified it
    #[arg(long, value_name = "true|false")]
    pub(crate) us_laboratory: Option<bool>,
    /// A TOML file with these facts under the same names; flags prevail
    #[arg(long, value_name = "FILE")]
    pub(crate) deal: Option<PathBuf>,
    /// Ask the codified text instead of what is enforced
    #[arg(long)]
    pub(crate) codified: bool,
}

pub(crate) fn day(text: &str) -> Result<Date, String> {
    let shaped = text.len() == 10 && text.as_bytes()[4] == b'-';
    let parsed = shaped.then(|| text.parse::<Date>().ok()).flatten();
    parsed.ok_or_else(|| format!("`{text}` is no day; write year, month and day as in 2025-04-09"))
}

fn positive(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
        _ => Err(format!("`{text}` is no percentage of zero or more")),
    }
}

fn percent(text: &str) -> Result<f64, String> {
    positive(text).and_then(|value| {
        if value <= 100.0 {
            Ok(value)
        } else {
            Err(format!("`{text}` where a percentage from 0 to 100 was expected"))
        }
    })
}

/// A word of one of the library's closed vocabularies, with `-` and `_` alike.
fn vocabulary<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let read = |word: String| serde_json::from_value::<T>(serde_json::Value::String(word));
    read(text.replace('-', "_"))
        .or_else(|_| read(text.replace('_', "-")))
        .map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_needs_all_its_parts() {
        assert!(day("2025-04-09").is_ok());
        for text in [
            "2025-4-9",
            "2025-02-30",
            "09.04.2025",
            "2025-04",
            "today",
            "20250409",
            "2025-04-09T10:00",
        ] {
            assert!(day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn words_take_either_dash() {
        assert_eq!(vocabulary("entity_fn4"), Ok(Listed::EntityFn4));
        assert_eq!(vocabulary("state-funded"), Ok(Segment::StateFunded));
        assert!(vocabulary::<Segment>("bank").unwrap_err().contains("platform"));
    }

    #[test]
    fn a_share_is_at_most_all_of_it() {
        assert_eq!((percent("100"), percent("50%")), (Ok(100.0), Ok(50.0)));
        assert!(percent("100.01").is_err() && percent("-1").is_err() && percent("nan").is_err());
    }
}
