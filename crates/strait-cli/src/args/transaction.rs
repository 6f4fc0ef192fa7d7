//! The facts of a transaction as flags; a deal file states them under the same names.

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;
use strait::rules::{
    Channel, ExporterRole, Knower, Listed, Segment, Site, Use, read_condition, read_day, read_percent,
    read_share, read_word, read_yes_no,
};

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
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) to: Option<String>,
    /// Day of shipment, as 2025-04-20; default: today
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(crate) on: Option<Date>,
    /// Day of knowledge: nothing the public learned later is used; default: today
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(crate) known: Option<Date>,
    /// Whose knowledge: public, addressee (of a letter that was not public yet)
    #[arg(long, value_parser = |text: &str| read_word::<Knower>("knower", text))]
    pub(crate) known_to: Option<Knower>,
    /// Country it leaves from; default: where its maker is, the US where that is not known
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
    #[arg(long, value_parser = |text: &str| read_word::<Segment>("segment", text))]
    pub(crate) segment: Option<Segment>,
    /// Where the buyer puts it: mainland, offshore
    #[arg(long, value_parser = |text: &str| read_word::<Site>("site", text))]
    pub(crate) site: Option<Site>,
    /// How it is sold: direct, grey
    #[arg(long, value_parser = |text: &str| read_word::<Channel>("channel", text))]
    pub(crate) channel: Option<Channel>,
    /// Your own screening of the end user: none, entity, entity-fn1, entity-fn4, meu, unknown
    #[arg(long, value_parser = |text: &str| read_word::<Listed>("result of screening", text))]
    pub(crate) listed: Option<Listed>,
    /// Percent of the end user owned by listed parties
    #[arg(long, value_name = "PERCENT", value_parser = read_share)]
    pub(crate) owned_by_listed: Option<f64>,
    /// What for: own, cloud, resale
    #[arg(long = "use", value_parser = |text: &str| read_word::<Use>("use", text))]
    pub(crate) use_: Option<Use>,
    /// Countries where remote users are headquartered; `none` where there are no remote users
    #[arg(long, value_name = "COUNTRY,COUNTRY", value_delimiter = ',')]
    pub(crate) remote_users: Option<Vec<String>>,
    /// Whether the end use is a supercomputer in the sense of 15 CFR 744.23
    #[arg(long, value_name = "true|false", value_parser = read_yes_no)]
    pub(crate) supercomputer: Option<bool>,
    /// Whether end use or end user is military
    #[arg(long, value_name = "true|false", value_parser = read_yes_no)]
    pub(crate) military: Option<bool>,
    /// Who exports: seller, foundry, osat
    #[arg(long, value_parser = |text: &str| read_word::<ExporterRole>("exporter", text))]
    pub(crate) exporter: Option<ExporterRole>,
    /// Number of items
    #[arg(long)]
    pub(crate) quantity: Option<u64>,
    /// TPP shipped to China and Macau as percent of that shipped to US customers
    #[arg(long, value_name = "PERCENT", value_parser = read_percent)]
    pub(crate) china_to_us_tpp: Option<f64>,
    /// Whether an independent US laboratory has certified it
    #[arg(long, value_name = "true|false", value_parser = read_yes_no)]
    pub(crate) us_laboratory: Option<bool>,
    /// Days between the notification under a license exception and the shipment
    #[arg(long, value_name = "DAYS")]
    pub(crate) notified_days_before: Option<u32>,
    /// Whether a chip made abroad is a direct product of US technology, software or tools (15 CFR 734.9)
    #[arg(long, value_name = "true|false", value_parser = read_yes_no)]
    pub(crate) direct_product: Option<bool>,
    /// Percent of US-controlled content by value (15 CFR 734.4)
    #[arg(long, value_name = "PERCENT", value_parser = read_share)]
    pub(crate) us_content: Option<f64>,
    /// ECCN of the computer that holds the chip, before .z, such as 5A992
    #[arg(long, value_name = "ECCN")]
    pub(crate) host: Option<String>,
    /// A condition of a review policy or license exception by its id, met or not
    #[arg(long = "condition", value_name = "ID[=yes|no]", value_parser = read_condition)]
    pub(crate) conditions: Vec<(String, bool)>,
    /// A TOML file with these facts under the same names; flags prevail
    #[arg(long, value_name = "FILE")]
    pub(crate) deal: Option<PathBuf>,
    /// Ask the codified text instead of what is enforced
    #[arg(long)]
    pub(crate) codified: bool,
}
