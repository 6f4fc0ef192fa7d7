//! The dated prices of `data/market/prices.csv` and the rents of `data/market/rentals.csv`.

use super::checks::ChipNames;
use super::{PriceForm, PriceKind, quoted};
use crate::catalog::Chip;
use crate::data::{DataSet, Problem, Problems, read_table};
use crate::figure::{FigureRef, Grade, Place, SourceId, Sources, When};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Path of the prices below `data/`.
pub(crate) const PRICES: &str = "market/prices.csv";
/// Path of the rents below `data/`.
pub(crate) const RENTALS: &str = "market/rentals.csv";

/// Currency a price was published in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// US dollars.
    Usd,
    /// Chinese yuan.
    Cny,
}

impl Currency {
    /// Three-letter code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Cny => "CNY",
        }
    }
}

impl PriceForm {
    /// Chips in what was bought.
    pub fn chips(self) -> f64 {
        match self {
            Self::Card => 1.0,
            Self::Module8 | Self::Server8 => 8.0,
            Self::System384 => 384.0,
        }
    }

    /// Whether a server is part of the price.
    pub fn has_server(self) -> bool {
        matches!(self, Self::Server8 | Self::System384)
    }

    /// Whether the cluster network is part of the price.
    pub fn has_network(self) -> bool {
        matches!(self, Self::System384)
    }

    /// What was bought, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Card => "a chip",
            Self::Module8 => "a board of 8",
            Self::Server8 => "a server of 8",
            Self::System384 => "a system of 384",
        }
    }
}

/// One published price: a row of `data/market/prices.csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceRow {
    /// Id, unique and never renamed.
    pub id: String,
    /// Chip id; `family:NAME` where the source names only the family.
    pub chip: String,
    /// Market, two-letter code.
    pub market: String,
    /// Day the price held.
    pub from_date: When,
    /// Day it became public.
    pub known_from: When,
    /// Lower end, in `currency` for one `form`.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Currency of `low` and `high`.
    pub currency: Currency,
    /// What was bought.
    pub form: PriceForm,
    /// Kind of price.
    pub kind: PriceKind,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
    /// What the source says beside the number.
    pub notes: String,
    /// Where it is written.
    #[serde(skip_deserializing, default)]
    pub place: Place,
}

/// One published rent: a row of `data/market/rentals.csv`. Shown beside owned cost, never mixed into it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RentalRow {
    /// Id.
    pub id: String,
    /// Chip id or `family:NAME`.
    pub chip: String,
    /// Place, two-letter code.
    pub market: String,
    /// Day the rent held.
    pub from_date: When,
    /// Day it became public.
    pub known_from: When,
    /// Lower end, `currency` for one chip and hour.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Currency.
    pub currency: Currency,
    /// Terms (`on_demand`, `reserved_1y`, `reserved_3y`, `spot_index`, `monthly_node`, `tariff`).
    pub terms: String,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
    /// What the source says beside the number.
    pub notes: String,
    /// Where it is written.
    #[serde(skip_deserializing, default)]
    pub place: Place,
}

/// Whether a table's chip column means this chip.
pub(crate) fn means(column: &str, chip: &Chip) -> bool {
    match column.strip_prefix("family:") {
        Some(family) => family == chip.family,
        None => column == chip.id.0 || chip.former_ids.iter().any(|former| former.0 == column),
    }
}

impl PriceRow {
    /// The reference by which an answer names this row.
    pub fn reference(&self) -> FigureRef {
        FigureRef {
            of: self.id.clone(),
            path: "price".to_owned(),
            source: self.source.clone(),
            grade: self.grade,
            place: self.place.clone(),
        }
    }

    /// The price as its source gives it (`110000 CNY a chip, street, 2024-02-01`).
    pub fn as_published(&self) -> String {
        let amount = amount(self.low, self.high);
        let kind = match self.kind {
            PriceKind::List => "list",
            PriceKind::Street => "street",
            PriceKind::Grey => "grey market",
            PriceKind::Plan => "plan",
            PriceKind::Estimate => "estimate",
            PriceKind::Scenario => "scenario",
        };
        let (code, form) = (self.currency.code(), self.form.words());
        format!("{amount} {code} {form}, {kind}, {}", self.from_date)
    }
}

impl RentalRow {
    /// The reference by which an answer names this row.
    pub fn reference(&self) -> FigureRef {
        FigureRef {
            of: self.id.clone(),
            path: "rent".to_owned(),
            source: self.source.clone(),
            grade: self.grade,
            place: self.place.clone(),
        }
    }

    /// The rent as its source gives it (`11.99 CNY an hour, monthly node, 2024-10`).
    pub fn as_published(&self) -> String {
        let terms = self.terms.replace('_', " ");
        format!(
            "{} {} an hour, {terms}, {}",
            amount(self.low, self.high),
            self.currency.code(),
            self.from_date
        )
    }
}

/// `10 to 12`, or one number where both ends are the same.
fn amount(low: f64, high: f64) -> String {
    if low == high {
        low.to_string()
    } else {
        format!("{low} to {high}")
    }
}

/// Reads and checks the prices.
///
/// # Errors
/// Every row that does not fit, with its line.
pub(crate) fn read_prices(
    data: &DataSet,
    sources: &Sources,
    names: &ChipNames,
) -> Result<Vec<PriceRow>, Problems> {
    let file = data.require(PRICES)?;
    let mut problems = Problems::default();
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for (place, row) in read_table::<PriceRow>(file)? {
        quoted::check(&row, &place, &mut seen, sources, names, &mut problems);
        if row.kind == PriceKind::Scenario {
            problems.push(
                Problem::at(place.clone(), "kind `scenario` in the shipped prices")
                    .help("a scenario's price stands in the scenario file, under `[[price]]`"),
            );
        }
        rows.push(PriceRow { place, ..row });
    }
    problems.or(rows)
}

/// Reads and checks the rents; a set without the file has none.
///
/// # Errors
/// Every row that does not fit, with its line.
pub(crate) fn read_rentals(
    data: &DataSet,
    sources: &Sources,
    names: &ChipNames,
) -> Result<Vec<RentalRow>, Problems> {
    let Some(file) = data.get(RENTALS) else {
        return Ok(Vec::new());
    };
    let mut problems = Problems::default();
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for (place, row) in read_table::<RentalRow>(file)? {
        quoted::check(&row, &place, &mut seen, sources, names, &mut problems);
        rows.push(RentalRow { place, ..row });
    }
    problems.or(rows)
}
