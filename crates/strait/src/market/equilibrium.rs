//! Differentiated products: what buyers choose at given prices, and the prices firms set against one another.
//!
//! Nested logit and random-coefficients nested logit demand at given nodes and weights; Bertrand–Nash prices of firms with
//! several products; bans, mergers, levies and quotas. Conventions and results are those of PyBLP (Conlon and
//! Gortmaker 2020). Formulas: `docs/market.md`.

mod bertrand;
mod cells;
mod change;
mod compare;
mod comparison;
mod counterfactual;
mod diversion;
mod elasticities;
mod error;
mod foc;
mod holdings;
mod implied_costs;
mod inversion;
mod logit;
mod market;
mod nodes;
mod outcome;
mod price_term;
mod product;
mod quarter;
mod quota;
mod random_coefficients;
mod second_order;
mod shares;
mod table;

pub use bertrand::Bertrand;
pub use change::Change;
pub use comparison::{Comparison, Counterfactual, FirmChange, ProductChange};
pub use diversion::Diversion;
pub use error::EquilibriumError;
pub use holdings::Holding;
pub use inversion::mean_utilities;
#[cfg(test)]
pub(crate) use logit::nested_logit;
pub(crate) use logit::{part_by_nest, part_by_power, power};
pub use market::{Demand, Market};
pub use nodes::{Node, Tastes};
pub use outcome::{FirmOutcome, Outcome, ProductOutcome};
pub use price_term::PriceTerm;
pub use product::Product;
pub use quarter::{Good, QuarterMarket};
pub use random_coefficients::BuyerType;
pub use table::{LogitDemand, ProductTable};
