//! `strait market equilibrium`: prices that firms set against one another, and what a change does to them.

use crate::args::{EquilibriumArgs, Global, PolicyCase};
use crate::input::{Inputs, bundle, library, read, today};
use crate::text::Layout;
use crate::view::{Case, Priced, equilibrium_json, equilibrium_page};
use crate::{Exit, output, text};
use miette::{Report, Result, miette};
use std::path::Path;
use strait::catalog::Catalog;
use strait::data::DataFile;
use strait::market::equilibrium::{
    Change, EquilibriumError, Holding, LogitDemand, Market, Node, Outcome, ProductTable, QuarterMarket,
    Tastes,
};
use strait::market::{MarketCase, Quarter};

pub(crate) fn run(args: &EquilibriumArgs, global: &Global) -> Result<Exit> {
    let changes = changes(args)?;
    args.out.as_deref().map(output::columns::expect).transpose()?;
    let (priced, made) = match &args.table {
        Some(path) => (of_table(args, path, changes)?, None),
        None => {
            let inputs = Inputs::read(global)?;
            (of_china(args, &inputs, changes)?, Some(inputs.made()))
        }
    };
    if let Some(path) = &args.out {
        super::equilibrium_files::write(path, &priced)?;
    }
    if global.json {
        output::print_json(&equilibrium_json(&priced, made.as_ref()))?;
    } else {
        let page = equilibrium_page(&priced, made.as_ref());
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    Ok(Exit::Answered)
}

/// What was wrong, with what to do about it.
fn told(error: EquilibriumError) -> Report {
    match error.help() {
        Some(help) => miette!(help = help, "{error}"),
        None => miette!("{error}"),
    }
}

fn of_table(args: &EquilibriumArgs, path: &Path, changes: Vec<Vec<Change>>) -> Result<Priced> {
    let name = path.display().to_string();
    let content = read(path)?;
    let file = DataFile {
        path: &name,
        text: &content,
    };
    let table = ProductTable::read(file).map_err(bundle)?;
    let Some(price_coefficient) = args.price_coefficient else {
        return Err(miette!(
            help = "give --price-coefficient, utility per unit of price (below zero); a product of small share has an own-price elasticity of about that times its price, over 1 less --nest-correlation",
            "how demand answers to price is not in `{name}`"
        ));
    };
    let tastes = tastes(args, &table, &name)?;
    let choice = LogitDemand {
        price_coefficient,
        correlation: args.nest_correlation.unwrap_or(0.0),
        size: args.size.unwrap_or(1.0),
        tastes,
    };
    let held = holdings(args)?;
    let market = table.market(&choice, held).map_err(told)?;
    let (base, market) = at_equilibrium(&market)?;
    let cases = cases(&market, &base, changes, |_| Vec::new())?;
    Ok(Priced {
        title: name,
        market,
        base,
        cases,
        choice: Some(choice),
        costs_given: table.has_costs(),
        china: None,
    })
}

/// How the table's buyers differ, where nodes are given.
fn tastes(args: &EquilibriumArgs, table: &ProductTable, name: &str) -> Result<Option<Tastes>> {
    let Some(path) = &args.nodes else { return Ok(None) };
    let (sigma_price, sigma_characteristic) = (
        args.sigma_price.unwrap_or(0.0),
        args.sigma_characteristic.unwrap_or(0.0),
    );
    let wrong = [
        ("--sigma-price", sigma_price),
        ("--sigma-characteristic", sigma_characteristic),
    ];
    if let Some((flag, sigma)) = wrong.into_iter().find(|(_, s)| !(s.is_finite() && *s >= 0.0)) {
        return Err(miette!(
            "`{flag} {sigma}` where a standard deviation, zero or more, was expected"
        ));
    }
    if sigma_price == 0.0 && sigma_characteristic == 0.0 {
        return Err(miette!(
            help = "give --sigma-price, --sigma-characteristic or both",
            "--nodes without a standard deviation: all buyers would be alike"
        ));
    }
    if sigma_characteristic > 0.0 && !table.has_characteristic() {
        return Err(miette!(
            help = "add a column `characteristic`, or leave --sigma-characteristic out",
            "`{name}` has no column `characteristic` that tastes could differ about"
        ));
    }
    let file = path.display().to_string();
    let content = read(path)?;
    let nodes = Node::read(DataFile {
        path: &file,
        text: &content,
    })
    .map_err(bundle)?;
    if let Some(node) = nodes
        .iter()
        .find(|n| args.price_coefficient.unwrap_or(-1.0) + sigma_price * n.price >= 0.0)
    {
        return Err(miette!(
            help = "give a smaller --sigma-price or nodes nearer to zero",
            "at the node with price score {} utility rises with price",
            node.price
        ));
    }
    Ok(Some(Tastes {
        sigma_price,
        sigma_characteristic,
        nodes,
    }))
}

/// What firms hold of one another.
fn holdings(args: &EquilibriumArgs) -> Result<Vec<Holding>> {
    let one = |text: &String| {
        let (pair, part) = amount("--holding", text, "one,two=0.3, a part from 0 to 1")?;
        let Some((holder, held)) = pair.split_once(',') else {
            return Err(miette!(
                help = "like --holding one,two=0.3: the first counts 30 % of the second's profit",
                "`--holding {text}` names no two firms"
            ));
        };
        Ok(Holding {
            holder: holder.trim().to_owned(),
            held: held.trim().to_owned(),
            part,
        })
    };
    args.holding.iter().map(one).collect()
}

/// The market at its equilibrium prices.
fn at_equilibrium(market: &Market) -> Result<(Outcome, Market)> {
    let base = market.equilibrium().map_err(told)?;
    let prices: Vec<f64> = base.products.iter().map(|p| p.price).collect();
    Ok((base, market.with_prices(&prices).map_err(told)?))
}

fn of_china(args: &EquilibriumArgs, inputs: &Inputs, changes: Vec<Vec<Change>>) -> Result<Priced> {
    let on = args.on.unwrap_or_else(today);
    let known = args.known.unwrap_or_else(today);
    inputs.check_days(on, known)?;
    let library = library(&inputs.data, &inputs.scenario.on(Some(on)))?;
    let case = match args.case {
        PolicyCase::AsIs => MarketCase::AsIs,
        PolicyCase::WithoutGuidance => MarketCase::WithoutGuidance,
        PolicyCase::WithoutUsRule => MarketCase::WithoutUsRule,
    };
    let over_time = library.over_time(Quarter::of(on), known, &[case]);
    let Some(over_time) = over_time
        .map_err(|wrong| bundle(wrong.into()))?
        .and_then(|mut cases| cases.pop())
    else {
        return Err(miette!(
            help = "its quarters are those of 2022 to 2030",
            "{} lies outside the market over time, whose buyers and budgets these are",
            Quarter::of(on)
        ));
    };
    let quarter = library.quarter_market((on, known), case, over_time.budget);
    let Some(quarter) = quarter.map_err(told)? else {
        return Err(miette!(
            help = "give a later --on or --known",
            "no chip on offer is known for {}, as known on {known}",
            Quarter::of(on)
        ));
    };
    let changes: Vec<Vec<Change>> = changes
        .into_iter()
        .map(|set| {
            set.into_iter()
                .map(|c| named(&library.catalog, &quarter, c))
                .collect()
        })
        .collect();
    if let Some(holding) = args.holding.first() {
        return Err(miette!(
            help = "give a table of products: strait market equilibrium my.csv --holding one,two=0.3",
            "`--holding {holding}` without a table: no stake of one maker in another is known in this market"
        ));
    }
    let base = quarter.middle.at_given_prices().map_err(told)?;
    let cases = cases(&quarter.middle, &base, changes, |set| quarter.draws_of(set))?;
    Ok(Priced {
        title: format!("mainland China, {}", Quarter::of(on)),
        market: quarter.middle.clone(),
        base,
        cases,
        choice: None,
        costs_given: false,
        china: Some(crate::view::China {
            on,
            known,
            case,
            quarter,
            over_time,
            parameters: library.market.parameters(),
        }),
    })
}

/// Chips by any name the catalog knows; what is no chip on offer stays as it was typed.
fn named(catalog: &Catalog, quarter: &QuarterMarket, change: Change) -> Change {
    let full = |typed: String| {
        let found = catalog.resolve(&typed).ok().map(|r| r.chip.id.0.clone());
        found
            .filter(|id| quarter.goods.iter().any(|g| g.id == *id))
            .unwrap_or(typed)
    };
    match change {
        Change::Ban(id) => Change::Ban(full(id)),
        Change::Levy(name, part) => Change::Levy(full(name), part),
        Change::Quota(id, units) => Change::Quota(full(id), units),
        Change::Merge(..) => change,
    }
}

fn cases(
    market: &Market,
    base: &Outcome,
    changes: Vec<Vec<Change>>,
    draws: impl Fn(&[Change]) -> Vec<strait::market::equilibrium::Comparison>,
) -> Result<Vec<Case>> {
    changes
        .into_iter()
        .map(|set| {
            let found = market.counterfactual(base, &set).map_err(told)?;
            let draws = draws(&set);
            let band = (!draws.is_empty()).then(|| found.comparison.band(&draws));
            Ok(Case {
                found,
                band,
                draws: draws.len(),
            })
        })
        .collect()
}

/// The changes asked for: each by itself, or all together.
fn changes(args: &EquilibriumArgs) -> Result<Vec<Vec<Change>>> {
    let mut all: Vec<Change> = args.ban.iter().cloned().map(Change::Ban).collect();
    for pair in &args.merge {
        let Some((a, b)) = pair.split_once(',') else {
            return Err(miette!(
                help = "two firms with a comma between: --merge nvidia,amd",
                "`--merge {pair}` names no two firms"
            ));
        };
        all.push(Change::Merge(a.trim().to_owned(), b.trim().to_owned()));
    }
    for text in &args.levy {
        let (name, part) = amount("--levy", text, "nvidia=0.25, a part of revenue from 0 to below 1")?;
        all.push(Change::Levy(name, part));
    }
    for text in &args.quota {
        let (name, units) = amount("--quota", text, "h20=100000, units above zero")?;
        all.push(Change::Quota(name, units));
    }
    if all.is_empty() {
        return Ok(Vec::new());
    }
    Ok(if args.together {
        vec![all]
    } else {
        all.into_iter().map(|c| vec![c]).collect()
    })
}

/// A name and a number of `NAME=NUMBER`.
fn amount(flag: &str, text: &str, like: &str) -> Result<(String, f64)> {
    let read = |text: &str| {
        let (name, number) = text.rsplit_once('=')?;
        let number: f64 = number.trim().parse().ok()?;
        Some((name.trim().to_owned(), number))
    };
    read(text).ok_or_else(|| {
        miette!(
            help = format!("like {flag} {like}"),
            "`{flag} {text}` is no name with a number"
        )
    })
}
