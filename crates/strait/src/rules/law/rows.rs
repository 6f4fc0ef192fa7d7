//! The shapes of rule an instrument's file may hold.

mod china;
mod classes;
mod license;
mod reach;

pub use china::{ChinaRow, LevyRow, PracticeRow, SubsidyKind, SubsidyRow};
pub use classes::{ClassifyRow, Condition, FactName, Items, MetricName, ZItemRow};
pub use license::{ConditionRow, DealFact, Except, ExceptionRow, ProductRow, RequireRow, ReviewRow};
pub use reach::{EndUseRow, JurisdictionRow, PresumeRow, ProhibitionRow, RedFlagRow, Trigger};
