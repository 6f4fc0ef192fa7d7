//! A user's products as a CSV table.

use super::cells::Cells;
use super::{BuyerType, Demand, EquilibriumError, Market, PriceTerm, Product, mean_utilities};
use crate::data::{DataFile, Problem, Problems, nearest};
use crate::figure::Place;

/// Columns a table may have; `product`, `firm`, `price` and one of the last three it must.
const COLUMNS: [&str; 10] = [
    "product", "firm", "price", "nest", "cost", "levy", "quota", "share", "units", "utility",
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
    place: Place,
}

/// A table of products, read and checked.
#[derive(Debug, Clone)]
pub struct ProductTable {
    rows: Vec<Row>,
    known: Known,
    costs: bool,
}

/// How the buyers of a table choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogitDemand {
    /// Utility per unit of price, below zero.
    pub price_coefficient: f64,
    /// Correlation within a nest, 0 to below 1.
    pub correlation: f64,
    /// Possible buyers.
    pub size: f64,
}

impl ProductTable {
    /// Reads a table; `#` starts a comment line.
    ///
    /// # Errors
    /// Everything wrong with it, with line and field.
    pub fn read(file: DataFile<'_>) -> Result<Self, Problems> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(file.text.as_bytes());
        let at = |line: u64| Place {
            file: file.path.to_owned(),
            line: usize::try_from(line).ok(),
        };
        let mut problems = Problems::default();
        let header = reader
            .headers()
            .map_err(|e| Problem::in_file(file.path, e.to_string()))?
            .clone();
        let head = at(header.position().map_or(1, csv::Position::line));
        for name in header.iter().filter(|name| !COLUMNS.contains(name)) {
            let near = nearest(name, COLUMNS.into_iter()).join("`, `");
            let help = if near.is_empty() {
                format!("columns are `{}`", COLUMNS.join("`, `"))
            } else {
                format!("did you mean `{near}`?")
            };
            problems.push(
                Problem::at(head.clone(), format!("`{name}` is no column of a product table")).help(help),
            );
        }
        let column = |name: &str| header.iter().position(|h| h == name);
        for name in COLUMNS.into_iter().take(3).filter(|name| column(name).is_none()) {
            problems.push(Problem::at(head.clone(), format!("column `{name}` is missing")));
        }
        let kinds = [
            ("share", Known::Shares),
            ("units", Known::Units),
            ("utility", Known::Utility),
        ];
        let given: Vec<_> = kinds
            .into_iter()
            .filter(|(name, _)| column(name).is_some())
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
        let costs = column("cost").is_some();
        let mut problems = Problems::default();
        let mut rows: Vec<Row> = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(1, csv::Position::line);
                    problems.push(Problem::at(
                        at(line),
                        "a row with another number of fields than the header",
                    ));
                    continue;
                }
            };
            let place = at(record.position().map_or(1, csv::Position::line));
            let mut cells = Cells {
                field: |name: &str| {
                    column(name)
                        .and_then(|n| record.get(n))
                        .filter(|text| !text.is_empty())
                },
                place: &place,
                problems: &mut problems,
            };
            let part = |x: f64| (0.0..1.0).contains(&x);
            let product = Product {
                id: cells.text("product"),
                firm: cells.text("firm"),
                nest: (cells.field)("nest").unwrap_or("all").to_owned(),
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
            if let Some(other) = rows.iter().find(|r| r.product.id == product.id) {
                let message = format!("product `{}` stands at {} too", product.id, other.place);
                problems.push(Problem::at(place.clone(), message));
            }
            rows.push(Row {
                product,
                demand,
                place,
            });
        }
        if rows.is_empty() && problems.0.is_empty() {
            problems.push(Problem::in_file(file.path, "a table without rows"));
        }
        problems.or(Self { rows, known, costs })
    }

    /// Whether marginal costs stand in the table; without them its prices are taken to be the equilibrium.
    pub fn has_costs(&self) -> bool {
        self.costs
    }

    /// The market of the table: utilities from shares where these are given, costs from prices where none are given.
    ///
    /// # Errors
    /// Shares that leave nobody out, or numbers out of range.
    pub fn market(&self, choice: LogitDemand) -> Result<Market, EquilibriumError> {
        let demand = Demand {
            correlation: choice.correlation,
            price: PriceTerm::Linear,
            buyers: vec![BuyerType::average(choice.price_coefficient, self.rows.len())],
            outside: 0.0,
            size: choice.size,
        };
        let mut products: Vec<Product> = self.rows.iter().map(|r| r.product.clone()).collect();
        // Numbers the nests, and checks what does not depend on utilities.
        let bare = Market::new(products.clone(), demand.clone())?;
        let utilities: Vec<f64> = match self.known {
            Known::Utility => self.rows.iter().map(|r| r.demand).collect(),
            Known::Shares | Known::Units => {
                let whole = if self.known == Known::Units {
                    choice.size
                } else {
                    1.0
                };
                let shares: Vec<f64> = self.rows.iter().map(|r| r.demand / whole).collect();
                let mean = mean_utilities(&shares, &bare.nest, choice.correlation)?;
                let apart = |(u, p): (f64, &Product)| u - choice.price_coefficient * p.price;
                mean.into_iter().zip(&products).map(apart).collect()
            }
        };
        for (product, utility) in products.iter_mut().zip(utilities) {
            product.utility = utility;
        }
        let market = Market::new(products, demand)?;
        if self.costs {
            return Ok(market);
        }
        let costs = market.implied_costs()?;
        market.with_costs(&costs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ProductTable, String> {
        ProductTable::read(DataFile { path: "my.csv", text }).map_err(|p| p.to_string())
    }

    const CHOICE: LogitDemand = LogitDemand {
        price_coefficient: -2.0,
        correlation: 0.4,
        size: 100.0,
    };

    #[test]
    fn shares_come_back_and_prices_are_an_equilibrium_at_the_implied_costs() {
        let table =
            read("# mine\nproduct,firm,nest,price,share\na,x,1,1.5,0.2\nb,x,1,1.7,0.1\nc,y,2,1.4,0.3\n")
                .unwrap();
        let market = table.market(CHOICE).unwrap();
        let found = market.equilibrium().unwrap();
        for (p, (price, share)) in found.products.iter().zip([(1.5, 0.2), (1.7, 0.1), (1.4, 0.3)]) {
            assert!(
                (p.price - price).abs() < 1e-9 && (p.share - share).abs() < 1e-9,
                "{p:?}"
            );
            assert!((p.units - 100.0 * share).abs() < 1e-7 && p.cost < p.price);
        }
        let units =
            read("product,firm,nest,price,units\na,x,1,1.5,20\nb,x,1,1.7,10\nc,y,2,1.4,30\n").unwrap();
        assert_eq!(units.market(CHOICE).unwrap(), market);
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_field() {
        for (text, told) in [
            (
                "product,firm,prise,share\na,x,1,0.1\n",
                "my.csv:1: `prise` is no column of a product table\nmy.csv:1: column `price` is missing",
            ),
            (
                "product,firm,price\na,x,1\n",
                "my.csv:1: none of the columns `share`, `units` and `utility`",
            ),
            (
                "product,firm,price,share,units\na,x,1,0.1,4\n",
                "my.csv:1: more than one of the columns `share`, `units` and `utility`",
            ),
            (
                "product,firm,price,share\na,x,-1,0.1\nb,,1,2\n",
                "my.csv:2: field `price` is `-1` where a price above zero was expected\nmy.csv:3: field `firm` is empty\nmy.csv:3: field `share` is `2` where a share between 0 and 1 was expected",
            ),
            (
                "product,firm,price,cost,share\na,x,1,,0.1\n",
                "my.csv:2: field `cost` is empty where a cost, zero or more was expected",
            ),
            (
                "product,firm,price,share\na,x,1,0.1\na,x,1,0.1\n",
                "my.csv:3: product `a` stands in line 2 too",
            ),
            (
                "product,firm,price,share\na,x,1\n",
                "my.csv:2: a row with another number of fields than the header",
            ),
            ("product,firm,price,share\n", "my.csv:1: a table without rows"),
        ] {
            assert_eq!(read(text).unwrap_err(), told);
        }
        let full = read("product,firm,price,share\na,x,1,0.6\nb,y,1,0.4\n").unwrap();
        assert!(
            full.market(CHOICE)
                .unwrap_err()
                .to_string()
                .contains("add up to `1`")
        );
    }
}
