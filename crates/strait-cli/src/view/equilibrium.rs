//! An equilibrium of prices, and what changes do to it.

mod base;
mod changes;

use super::number::{number, scaled};
use super::{Page, Section};
use jiff::civil::Date;
use serde_json::{Value, json};
use strait::brief::Made;
use strait::figure::{Estimate, Quantity};
use strait::market::equilibrium::{
    Comparison, Counterfactual, Holding, LogitDemand, Market, Outcome, QuarterMarket,
};
use strait::market::{MarketCase, MarketOutcome, PriorLine};

/// Largest market whose matrices are printed.
const WIDEST: usize = 8;

/// What was solved.
pub(crate) struct Priced {
    pub(crate) title: String,
    pub(crate) market: Market,
    pub(crate) base: Outcome,
    pub(crate) cases: Vec<Case>,
    /// How a table's buyers choose.
    pub(crate) choice: Option<LogitDemand>,
    /// Whether costs were given, and prices found from them.
    pub(crate) costs_given: bool,
    pub(crate) china: Option<China>,
}

/// Where the market is a quarter of China's.
pub(crate) struct China {
    pub(crate) on: Date,
    pub(crate) known: Date,
    pub(crate) case: MarketCase,
    pub(crate) quarter: QuarterMarket,
    /// The same quarter and case of the market over time, which spending is taken from.
    pub(crate) over_time: MarketOutcome,
    pub(crate) parameters: Vec<PriorLine>,
}

/// One counterfactual, with its 90 % band where inputs are uncertain.
pub(crate) struct Case {
    pub(crate) found: Counterfactual,
    pub(crate) band: Option<[Comparison; 2]>,
    pub(crate) draws: usize,
}

impl Case {
    pub(crate) fn title(&self) -> String {
        let all: Vec<String> = self.found.changes.iter().map(ToString::to_string).collect();
        all.join(", ")
    }
}

/// Parameters that demand rests on here.
const DEMAND: [&str; 6] = [
    "price_exponent",
    "nest_correlation",
    "chip_share_of_cost",
    "outside_utility",
    "nvidia_quality",
    "home_preference",
];

pub(crate) fn equilibrium_page(priced: &Priced, made: Option<&Made>) -> Page {
    let mut sections = vec![base::products(priced)];
    sections.extend(base::beside(priced));
    if priced.base.products.len() <= WIDEST {
        sections.push(base::matrices(&priced.base));
    } else {
        let mut section = Section::new("Substitution");
        section.text("Elasticities and diversion between all products are in --json and --out.");
        sections.push(section);
    }
    sections.extend(priced.cases.iter().map(|case| changes::changed(priced, case)));
    sections.push(rests(priced));
    let mut subtitle = format!("strait {}", env!("CARGO_PKG_VERSION"));
    if let Some(china) = &priced.china {
        subtitle = format!("law of {}, as known on {} · {subtitle}", china.on, china.known);
    }
    if let Some(made) = made {
        subtitle = format!("{subtitle} · data {}", made.data);
    }
    let page = Page {
        title: format!("Market equilibrium, {}", priced.title),
        subtitle,
        sections,
    };
    match made {
        Some(made) => page.under(made),
        None => page,
    }
}

/// A part in percent.
fn percent(part: f64) -> String {
    format!("{} %", decimals(part, ""))
}

/// A change in percent.
fn signed(part: f64) -> String {
    format!("{} %", decimals(part, "+"))
}

/// A part times a hundred, to a hundredth at most; `plus` before what is above zero.
fn decimals(part: f64, plus: &str) -> String {
    let x = part * 100.0;
    if x.abs() < 0.005 {
        return "0".into();
    }
    let digits = match x.abs() {
        x if x < 10.0 => 2,
        x if x < 100.0 => 1,
        _ => 0,
    };
    let plus = if x > 0.0 { plus } else { "" };
    format!("{plus}{x:.digits$}")
}

/// An amount of money, or of what a table counts in.
fn money(priced: &Priced, amount: f64) -> String {
    if priced.china.is_some() {
        format!("{} million USD", number(amount / 1e6))
    } else {
        number(amount)
    }
}

/// A distance from a first-order condition that is not worth telling.
const ROUNDING: f64 = 1e-12;

/// How well an equilibrium was met.
fn solved(outcome: &Outcome) -> String {
    let failing: Vec<&str> = outcome
        .firms
        .iter()
        .filter(|f| !f.second_order)
        .map(|f| f.firm.as_str())
        .collect();
    let second = if failing.is_empty() {
        "every seller's prices are a local maximum of its profit (Hessian negative definite)".to_owned()
    } else {
        format!(
            "not a maximum for {}: read it as no equilibrium",
            failing.join(", ")
        )
    };
    // What is below is rounding, which differs between machines.
    let off = if outcome.residual < ROUNDING {
        format!("hold to {ROUNDING:.0e} of a price")
    } else {
        format!("are off by {:.0e} of a price", outcome.residual)
    };
    format!("First-order conditions {off}; {second}.")
}

fn rests(priced: &Priced) -> Section {
    let mut section = Section::new("What it rests on");
    section.text(solved(&priced.base));
    if let Some(choice) = &priced.choice {
        section.text(format!(
            "Nested logit: utility {} per unit of price, correlation within nests {}, {} possible buyers.",
            choice.price_coefficient, choice.correlation, choice.size
        ));
        if let Some(tastes) = &choice.tastes {
            section.text(format!(
                "Tastes differ over {} nodes: standard deviation {} of the price coefficient, {} of that on the characteristic.",
                tastes.nodes.len(),
                tastes.sigma_price,
                tastes.sigma_characteristic
            ));
        }
        let held = |h: &Holding| format!("{} counts {} of the profit of {}", h.holder, h.part, h.held);
        section.items("Holdings:", priced.market.holdings().iter().map(held).collect());
        if !priced.costs_given {
            section.text("Marginal costs are those at which the given prices are best for every seller.");
        }
    }
    let Some(china) = &priced.china else {
        return section;
    };
    section.text(format!(
        "Spending of the quarter on the mainland {} million USD. Shares are of spending, {}; what a chip is worth to whom is the quarterly model's.",
        scaled(&china.quarter.spending, 1e-6),
        match china.case {
            MarketCase::AsIs => "under the law and guidance of the day",
            MarketCase::WithoutGuidance => "without the China side",
            MarketCase::WithoutUsRule => "without the US side",
        }
    ));
    section.text("No limit on what can be made or delivered counts here: `units there are` stands beside for comparison, and `--quota` sets one. What is rationed is in `strait market run`. Costs are those at which published prices are best for every seller, so they hold whatever a unit's scarcity is worth to it; each good bought around the law has a seller of its own.");
    let line = |p: &PriorLine| {
        let told = if p.assumed { "assumed" } else { "moved by the fit" };
        let range = p.after.map_or_else(String::new, |[low, high]| {
            format!("{} to {}, ", number(low), number(high))
        });
        format!("{} {} ({range}{told}; prior {})", p.id, number(p.median), p.prior)
    };
    let demand: Vec<String> = china
        .parameters
        .iter()
        .filter(|p| DEMAND.contains(&p.id.as_str()))
        .map(line)
        .collect();
    section.items(
        "How demand answers, as the fit of `strait market run` has it. Whatever it moved it told from shares and sales: no price in this market moved apart from policy, so how demand answers to price rests on the model's form and the priors:",
        demand,
    );
    let mut left_out: Vec<String> = china
        .quarter
        .left_out
        .iter()
        .map(|(chip, why)| format!("{chip}: {why}"))
        .collect();
    left_out.dedup();
    section.items(
        "Left out, so that none of these gains anything here; what is missing:",
        left_out,
    );
    section
}

pub(crate) fn equilibrium_json(priced: &Priced, made: Option<&Made>) -> Value {
    let band = |e: &Estimate<strait::figure::Usd>| json!({ "value": e.value.get(), "low": e.low.get(), "high": e.high.get() });
    // A table of the user's own rests on no data of ours.
    let about = made.map_or_else(
        || json!({ "version": env!("CARGO_PKG_VERSION"), "data": null }),
        |made| json!(made),
    );
    let mut out = json!({
        "strait": about,
        "base": priced.base,
        "second_order": priced.base.second_order(),
        "counterfactuals": priced.cases.iter().map(|case| json!({
            "title": case.title(),
            "changes": case.found.changes,
            "after": case.found.after,
            "second_order": case.found.after.second_order(),
            "comparison": case.found.comparison,
            "low": case.band.as_ref().map(|b| &b[0]),
            "high": case.band.as_ref().map(|b| &b[1]),
            "draws": case.draws,
        })).collect::<Vec<_>>(),
    });
    if let Some(choice) = &priced.choice {
        out["demand"] = json!({ "price_coefficient": choice.price_coefficient, "correlation": choice.correlation,
            "size": choice.size, "costs": if priced.costs_given { "given" } else { "implied" } });
    }
    if let Some(china) = &priced.china {
        let demand: Vec<Value> = china
            .parameters
            .iter()
            .filter(|p| DEMAND.contains(&p.id.as_str()))
            .map(|p| json!({ "parameter": p.id, "median": p.median, "after": p.after, "assumed": p.assumed, "prior": p.prior, "grade": p.reference.grade, "why": p.why }))
            .collect();
        out["market"] = json!({
            "on": china.on, "known": china.known, "case": china.case, "spending_usd": band(&china.quarter.spending),
            "goods": china.quarter.goods.iter().map(|g| json!({
                "id": g.id, "chip": g.chip, "vendor": g.vendor, "channel": g.channel, "price_usd": band(&g.price),
                "units_there_are": g.limit.map(|l| l.value.get()),
            })).collect::<Vec<_>>(),
            "over_time": { "draws": china.over_time.draws, "goods": china.over_time.goods,
                "budget_usd": band(&china.over_time.budget), "spending_usd": band(&china.over_time.spending) },
            "demand": demand, "left_out": china.quarter.left_out, "rests_on": china.quarter.rests_on,
        });
    }
    out
}
