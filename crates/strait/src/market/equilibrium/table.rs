//! A user's products as a CSV table.

use super::cells::Cells;
use super::{BuyerType, Demand, EquilibriumError, Holding, Market, PriceTerm, Product, Tastes};
use crate::data::{DataFile, Problem, Problems, Sheet};
use crate::figure::Place;

/// Columns a table may have; `product`, `firm`, `price` and one of the last three it must.
const COLUMNS: [&str; 11] = [
    "product",
    "firm",
    "price",
    "nest",
    "cost",
    "levy",
    "quota",
    "characteristic",
    "share",
    "units",
    "utility",
];

/// What a table says of demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Shares of all possible buyers at the given prices.
    Shares,
    /// Units at the given prices.
    Units,
    /// Utility apart from price.
    Utility,
}

/// One row: a product, and its share, units or utility.
#[derive(Debug, Clone)]
struct Row {
    product: Product,
    demand: f64,
    characteristic: f64,
    place: Place,
}

/// A table of products, read and checked.
#[derive(Debug, Clone)]
pub struct ProductTable {
    rows: Vec<Row>,
    known: Known,
    costs: bool,
    characteristic: bool,
}

/// How the buyers of a table choose.
#[derive(Debug, Clone, PartialEq)]
pub struct LogitDemand {
    /// Utility per unit of price, below zero; the mean where tastes differ.
    pub price_coefficient: f64,
    /// Correlation within a nest, 0 to below 1.
    pub correlation: f64,
    /// Possible buyers.
    pub size: f64,
    /// How tastes differ; all buyers alike where `None`.
    pub tastes: Option<Tastes>,
}

impl ProductTable {
    /// Reads a table; `#` starts a comment line.
    ///
    /// # Errors
    /// Everything wrong with it, with line and field.
    pub fn read(file: DataFile<'_>) -> Result<Self, Problems> {
        let sheet = Sheet::open(file)?;
        let head = sheet.head.clone();
        let mut problems = Problems::default();
        sheet.unknown_columns(&COLUMNS, "product table", &mut problems);
        for name in COLUMNS
            .into_iter()
            .take(3)
            .filter(|name| sheet.column(name).is_none())
        {
            problems.push(Problem::at(head.clone(), format!("column `{name}` is missing")));
        }
        let kinds = [
            ("share", Known::Shares),
            ("units", Known::Units),
            ("utility", Known::Utility),
        ];
        let given: Vec<_> = kinds
            .into_iter()
            .filter(|(name, _)| sheet.column(name).is_some())
            .collect();
        let [(demand, known)] = given[..] else {
            let found = if given.is_empty() { "none" } else { "more than one" };
            problems.push(
                Problem::at(
                    head,
                    format!("{found} of the columns `share`, `units` and `utility`"),
                )
                .help("give one: shares of all possible buyers, units sold, or utility apart from price"),
            );
            return Err(problems);
        };
        problems.or(())?;
        let costs = sheet.column("cost").is_some();
        let mut problems = Problems::default();
        let mut rows: Vec<Row> = Vec::new();
        for row in &sheet.rows {
            let (place, record) = match row {
                Ok(row) => row,
                Err(problem) => {
                    problems.push(problem.clone());
                    continue;
                }
            };
            let mut cells = Cells {
                sheet: &sheet,
                record,
                place,
                problems: &mut problems,
            };
            let part = |x: f64| (0.0..1.0).contains(&x);
            let product = Product {
                id: cells.text("product"),
                firm: cells.text("firm"),
                nest: cells.field("nest").unwrap_or("all").to_owned(),
                utility: 0.0,
                price: cells.number("price", |x| x > 0.0, "a price above zero"),
                cost: if costs {
                    cells.number("cost", |x| x >= 0.0, "a cost, zero or more")
                } else {
                    0.0
                },
                levy: cells
                    .optional("levy", part, "a part of the price from 0 to below 1")
                    .unwrap_or(0.0),
                quota: cells.optional("quota", |x| x > 0.0, "a number of units above zero"),
            };
            let demand = match known {
                Known::Utility => cells.number(demand, |_| true, "a number"),
                Known::Shares => cells.number(demand, |x| x > 0.0 && x < 1.0, "a share between 0 and 1"),
                Known::Units => cells.number(demand, |x| x > 0.0, "units above zero"),
            };
            let characteristic = cells
                .optional("characteristic", |_| true, "a number")
                .unwrap_or(0.0);
            if let Some(other) = rows.iter().find(|r| r.product.id == product.id) {
                let message = format!("product `{}` stands at {} too", product.id, other.place);
                problems.push(Problem::at(place.clone(), message));
            }
            rows.push(Row {
                product,
                demand,
                characteristic,
                place: place.clone(),
            });
        }
        if rows.is_empty() && problems.0.is_empty() {
            problems.push(Problem::in_file(file.path, "a table without rows"));
        }
        problems.or(Self {
            rows,
            known,
            costs,
            characteristic: sheet.column("characteristic").is_some(),
        })
    }

    /// Whether marginal costs stand in the table; without them its prices are taken to be the equilibrium.
    pub fn has_costs(&self) -> bool {
        self.costs
    }

    /// Whether it says what tastes may differ about besides price.
    pub fn has_characteristic(&self) -> bool {
        self.characteristic
    }

    /// The market of the table: utilities from shares where these are given, costs from prices where none are given, with
    /// what firms hold of one another.
    ///
    /// # Errors
    /// Shares that leave nobody out, numbers out of range, or holdings of firms it does not have.
    pub fn market(&self, choice: &LogitDemand, holdings: Vec<Holding>) -> Result<Market, EquilibriumError> {
        let demand = Demand {
            correlation: choice.correlation,
            price: PriceTerm::Linear,
            buyers: match &choice.tastes {
                None => vec![BuyerType::average(choice.price_coefficient, self.rows.len())],
                Some(tastes) => {
                    let characteristic: Vec<f64> = self.rows.iter().map(|r| r.characteristic).collect();
                    tastes.buyers(choice.price_coefficient, &characteristic)
                }
            },
            outside: 0.0,
            size: choice.size,
        };
        let mut products: Vec<Product> = self.rows.iter().map(|r| r.product.clone()).collect();
        let whole = if self.known == Known::Units {
            choice.size
        } else {
            1.0
        };
        let market = if self.known == Known::Utility {
            for (product, row) in products.iter_mut().zip(&self.rows) {
                product.utility = row.demand;
            }
            Market::new(products, demand)?
        } else {
            let shares: Vec<f64> = self.rows.iter().map(|r| r.demand / whole).collect();
            Market::new(products, demand)?.with_shares(&shares)?
        };
        let market = if holdings.is_empty() {
            market
        } else {
            market.with_holdings(holdings)?
        };
        if self.costs {
            return Ok(market);
        }
        let costs = market.implied_costs()?;
        market.with_costs(&costs)
    }
}

#[cfg(test)]
mod tests;
