//! Tastes that differ between buyers, as a CSV table of nodes.

use super::BuyerType;
use super::cells::Cells;
use crate::data::{DataFile, Problem, Problems, Sheet};

const COLUMNS: [&str; 3] = ["weight", "price", "characteristic"];

/// A point that the integral over tastes is taken at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// Its part of the buyers.
    pub weight: f64,
    /// Standard score of the taste for a low price.
    pub price: f64,
    /// Standard score of the taste for the characteristic.
    pub characteristic: f64,
}

/// Independent normal coefficients on price and on one characteristic, at nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Tastes {
    /// Standard deviation of the price coefficient.
    pub sigma_price: f64,
    /// Standard deviation of the coefficient on the characteristic.
    pub sigma_characteristic: f64,
    /// Nodes, whose weights sum to one.
    pub nodes: Vec<Node>,
}

impl Tastes {
    /// Types of buyers about a mean price coefficient.
    pub(super) fn buyers(&self, mean_price: f64, characteristic: &[f64]) -> Vec<BuyerType> {
        let sigma = [self.sigma_price, self.sigma_characteristic];
        self.nodes
            .iter()
            .map(|n| {
                BuyerType::node(
                    n.weight,
                    mean_price,
                    sigma,
                    [n.price, n.characteristic],
                    characteristic,
                )
            })
            .collect()
    }
}

impl Node {
    /// Reads a table of nodes; `#` starts a comment line.
    ///
    /// # Errors
    /// Everything wrong with it, with line and field, and weights that do not sum to one.
    pub fn read(file: DataFile<'_>) -> Result<Vec<Self>, Problems> {
        let sheet = Sheet::open(file)?;
        let head = sheet.head.clone();
        let mut problems = Problems::default();
        sheet.unknown_columns(&COLUMNS, "table of nodes", &mut problems);
        for name in COLUMNS.into_iter().filter(|name| sheet.column(name).is_none()) {
            problems.push(Problem::at(head.clone(), format!("column `{name}` is missing")));
        }
        problems.or(())?;
        let mut problems = Problems::default();
        let mut nodes = Vec::new();
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
            nodes.push(Self {
                weight: cells.number(
                    "weight",
                    |x| x > 0.0 && x <= 1.0,
                    "a part of the buyers above 0, at most 1",
                ),
                price: cells.number("price", |_| true, "a standard score"),
                characteristic: cells.number("characteristic", |_| true, "a standard score"),
            });
        }
        problems.or(())?;
        let sum: f64 = nodes.iter().map(|n| n.weight).sum();
        if (sum - 1.0).abs() > 1e-6 {
            return Err(
                Problem::in_file(file.path, format!("weights sum to `{sum}` where 1 was expected")).into(),
            );
        }
        Ok(nodes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_with_line_and_field() {
        let read = |text| {
            Node::read(DataFile {
                path: "nodes.csv",
                text,
            })
            .map_err(|p| p.to_string())
        };
        assert_eq!(
            read("weight,price,characteristic\n0.5,1,0\n0.5,-1,0.2\n")
                .unwrap()
                .len(),
            2
        );
        for (text, told) in [
            (
                "weight,price\n1,0\n",
                "nodes.csv:1: column `characteristic` is missing",
            ),
            (
                "weight,price,characteristic,x\n1,0,0,0\n",
                "nodes.csv:1: `x` is no column of a table of nodes",
            ),
            (
                "weight,price,characteristic\n0,0,0\n",
                "nodes.csv:2: field `weight` is `0` where a part of the buyers above 0, at most 1 was expected",
            ),
            (
                "weight,price,characteristic\n0.5,0,0\n",
                "nodes.csv: weights sum to `0.5` where 1 was expected",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), told);
        }
    }
}
