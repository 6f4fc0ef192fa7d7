//! A page as blocks: built once from the results, then written as terminal text or as HTML, so that
//! both show the same facts.

mod answer;
mod arithmetic;
mod brief;
mod chips;
mod cost;
mod costs;
mod equilibrium;
pub(crate) mod infer;
mod law;
mod market;
mod market_fit;
mod market_run;
mod models;
mod nearest;
mod number;
mod page;
mod performance;
pub(crate) mod serve;
mod supply;
mod timeline;
pub(crate) mod train;
mod verdict;
mod weak;

pub(crate) use arithmetic::arithmetic_blocks;
pub(crate) use brief::brief_page;
pub(crate) use chips::{chip_page, comparison_page, list_page};
pub(crate) use costs::{compare_page, fleet_page, hour_page, tokens_page, train_page};
pub(crate) use equilibrium::{Case, China, Priced, equilibrium_json, equilibrium_page};
pub(crate) use market_fit::{market_fit_page, market_fit_summary, self_check_page};
pub(crate) use market_run::{
    Branch, Exposure, Shown, Told, exposure_json, exposure_page, market_json, market_page, spans,
};
pub(crate) use models::{model_page, models_page, stated_page};
pub(crate) use nearest::{nearest_page, summary};
pub(crate) use number::{count, days, estimate, given, need, number, spaced, unknown, word};
pub(crate) use page::{Block, Page, Section, Table};
pub(crate) use supply::supply_page;
pub(crate) use verdict::{explanation, verdict_blocks};
