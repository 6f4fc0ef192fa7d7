//! An equilibrium of prices, and what changes do to it.

use super::number::{number, share};
use super::{Page, Section, Table};
use jiff::civil::Date;
use serde_json::{Value, json};
use strait::figure::{Estimate, Grade, Quantity};
use strait::market::equilibrium::{Comparison, Counterfactual, LogitDemand, Market, Outcome, QuarterMarket};
use strait::market::{MarketCase, PriorLine};

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
const DEMAND: [&str; 4] = [
    "price_exponent",
    "nest_correlation",
    "chip_share_of_cost",
    "outside_utility",
];

pub(crate) fn equilibrium_page(priced: &Priced, data: Option<&str>) -> Page {
    let mut sections = vec![products(priced)];
    if priced.base.products.len() <= WIDEST {
        sections.push(matrices(&priced.base));
    }
    sections.extend(priced.cases.iter().map(|case| changed(priced, case)));
    sections.push(rests(priced));
    let mut subtitle = format!("strait {}", env!("CARGO_PKG_VERSION"));
    if let Some(china) = &priced.china {
        subtitle = format!("law of {}, as known on {} · {subtitle}", china.on, china.known);
    }
    if let Some(data) = data {
        subtitle = format!("{subtitle} · data {data}");
    }
    Page {
        title: format!("Market equilibrium, {}", priced.title),
        subtitle,
        sections,
    }
}

/// Percent of a part.
fn percent(part: f64) -> String {
    format!("{} %", number(part * 100.0))
}

fn signed(part: f64) -> String {
    let text = percent(part);
    if part > 0.0 { format!("+{text}") } else { text }
}

fn products(priced: &Priced) -> Section {
    let mut section = Section::new("Products");
    let china = priced.china.as_ref();
    let mut head = vec!["product", "seller", "nest", "price"];
    head.extend([
        if china.is_some() {
            "share of spending"
        } else {
            "share"
        },
        "units",
    ]);
    if china.is_some() {
        head.push("units there are");
    }
    let cost = if priced.costs_given {
        "marginal cost"
    } else {
        "cost implied"
    };
    head.extend([cost, "margin", "own elasticity", "lost to none"]);
    let title = match china {
        Some(_) => "At published prices, USD and units of the quarter",
        None if priced.costs_given => "At equilibrium prices",
        None => "At the given prices, taken to be the equilibrium",
    };
    let mut table = Table::new(title, &head);
    let mut order: Vec<usize> = (0..priced.base.products.len()).collect();
    if china.is_some() {
        order.sort_by(|a, b| {
            priced.base.products[*b]
                .share
                .total_cmp(&priced.base.products[*a].share)
        });
    }
    for j in order {
        let p = &priced.base.products[j];
        let mut row = vec![
            p.id.clone(),
            p.firm.clone(),
            p.nest.clone(),
            number(p.price),
            percent(p.share),
            number(p.units),
        ];
        if let Some(china) = china {
            row.push(
                china.quarter.goods[j]
                    .limit
                    .map_or_else(|| "–".into(), |l| number(l.value.get())),
            );
        }
        row.extend([
            number(p.cost),
            percent(p.lerner),
            format!("{:.2}", priced.base.elasticities[j][j]),
            percent(priced.base.diversion[j].outside),
        ]);
        table.row(row);
    }
    if let Some(china) = china {
        table.figures.extend(china.quarter.rests_on.iter().cloned());
    }
    section.table(table);
    section.text(format!(
        "{} buys nothing here. Herfindahl–Hirschman index {}. Lost to none: of the buyers whom a slightly higher price drives away, the part that buys none of the others.",
        percent(priced.base.outside),
        number(priced.base.hhi)
    ));
    let levied: Vec<String> = priced
        .market
        .products()
        .iter()
        .filter(|p| p.levy > 0.0)
        .map(|p| format!("{} of the revenue of {}", percent(p.levy), p.id))
        .collect();
    section.items("Levies in force:", levied);
    section
}

fn matrices(base: &Outcome) -> Section {
    let mut section = Section::new("Substitution");
    let ids: Vec<&str> = base.products.iter().map(|p| p.id.as_str()).collect();
    let head: Vec<&str> = std::iter::once("units of").chain(ids.iter().copied()).collect();
    let mut table = Table::new("Elasticities of units in the price of", &head);
    for (id, row) in ids.iter().zip(&base.elasticities) {
        table.row(std::iter::once((*id).to_owned()).chain(row.iter().map(|e| format!("{e:.3}"))));
    }
    section.table(table);
    let head: Vec<&str> = std::iter::once("from")
        .chain(ids.iter().copied())
        .chain(["none"])
        .collect();
    let mut table = Table::new(
        "Diversion: where those go whom a slightly higher price drives away, to",
        &head,
    );
    for (j, (id, d)) in ids.iter().zip(&base.diversion).enumerate() {
        let cells =
            d.to.iter()
                .enumerate()
                .map(|(k, part)| if k == j { "–".into() } else { percent(*part) });
        table.row(
            std::iter::once((*id).to_owned())
                .chain(cells)
                .chain([percent(d.outside)]),
        );
    }
    section.table(table);
    section
}

/// A value with its band, where it has one.
struct Banded<'a> {
    middle: &'a Comparison,
    band: Option<&'a [Comparison; 2]>,
}

impl Banded<'_> {
    fn part(&self, of: impl Fn(&Comparison) -> Option<f64>) -> String {
        match (of(self.middle), self.band) {
            (None, _) => "–".into(),
            (Some(value), None) => percent(value),
            (Some(value), Some([low, high])) => {
                share(value, of(low).unwrap_or(value), of(high).unwrap_or(value))
            }
        }
    }

    fn change(&self, of: impl Fn(&Comparison) -> f64) -> String {
        let value = of(self.middle);
        match self.band {
            None => signed(value),
            Some([low, high]) => format!("{} ({} to {})", signed(value), signed(of(low)), signed(of(high))),
        }
    }
}

fn changed(priced: &Priced, case: &Case) -> Section {
    let mut section = Section::new(format!("If {}", case.title()));
    let comparison = &case.found.comparison;
    let banded = Banded {
        middle: comparison,
        band: case.band.as_ref(),
    };
    let mut order: Vec<usize> = (0..comparison.products.len()).collect();
    let banned = comparison.outside_gains.is_some();
    if banned {
        let gain = |j: usize| {
            comparison.products[j]
                .gains_at_given_prices
                .unwrap_or(f64::INFINITY)
        };
        order.sort_by(|a, b| gain(*b).total_cmp(&gain(*a)));
        let mut table = Table::new(
            "Who gains, of what is lost",
            &["to", "prices as they are", "prices set anew"],
        );
        let mut firms: Vec<usize> = (0..comparison.firms.len()).collect();
        let of_firm = |f: usize| comparison.firms[f].gains_at_given_prices.unwrap_or(0.0);
        firms.sort_by(|a, b| of_firm(*b).total_cmp(&of_firm(*a)));
        for f in firms {
            table.row([
                comparison.firms[f].firm.clone(),
                banded.part(|c| c.firms[f].gains_at_given_prices),
                banded.part(|c| c.firms[f].gains),
            ]);
        }
        table.row([
            "none of them".to_owned(),
            banded.part(|c| c.outside_gains_at_given_prices),
            banded.part(|c| c.outside_gains),
        ]);
        section.table(table);
    }
    let levied = comparison.products.iter().any(|p| p.pass_through.is_some());
    let bound = comparison.products.iter().any(|p| p.shadow_price > 0.0);
    let mut head = vec![
        "product",
        "price before",
        "after",
        "change of price",
        "change of units",
    ];
    if levied {
        head.push("of the levy, added to price");
    }
    if bound {
        head.push("shadow price of a unit");
    }
    let mut table = Table::new("Products", &head);
    for j in order {
        let p = &comparison.products[j];
        let before = &priced.base.products[j];
        let after = case.found.after.products.iter().find(|q| q.id == p.id);
        let mut row = vec![
            p.id.clone(),
            number(before.price),
            after.map_or_else(|| "gone".into(), |q| number(q.price)),
            after.map_or_else(String::new, |_| banded.change(|c| c.products[j].price)),
            banded.change(|c| c.products[j].units),
        ];
        if levied {
            row.push(banded.part(|c| c.products[j].pass_through));
        }
        if bound {
            row.push(if p.shadow_price > 0.0 {
                number(p.shadow_price)
            } else {
                "–".into()
            });
        }
        table.row(row);
    }
    section.table(table);
    let mut table = Table::new("Sellers' profit", &["seller", "before", "after", "change"]);
    for (f, firm) in comparison.firms.iter().enumerate() {
        let change = |c: &Comparison| c.firms[f].profit_after / c.firms[f].profit_before - 1.0;
        table.row([
            firm.firm.clone(),
            number(firm.profit_before),
            number(firm.profit_after),
            signed(change(comparison)),
        ]);
    }
    section.table(table);
    let mut lines = vec![
        format!(
            "The part that buys nothing moves by {}, to {}.",
            signed(comparison.outside),
            percent(case.found.after.outside)
        ),
        surplus(priced, comparison),
        format!(
            "Herfindahl–Hirschman index {} to {}.",
            number(priced.base.hhi),
            number(case.found.after.hhi)
        ),
    ];
    if comparison.levies.abs() > 0.0 {
        lines.push(format!("Levies paid move by {}.", number(comparison.levies)));
    }
    lines.push(solved(&case.found.after));
    if case.band.is_some() {
        lines.push(format!(
            "In brackets the 5th to 95th percentile of {} draws.",
            case.draws
        ));
    }
    section.items("And:", lines);
    section
}

fn surplus(priced: &Priced, comparison: &Comparison) -> String {
    if priced.china.is_some() {
        format!(
            "Buyers are as well off as if every chip-hour had cost {} more.",
            percent((-comparison.consumer_surplus).exp_m1())
        )
    } else {
        format!(
            "Consumer surplus moves by {}.",
            number(comparison.consumer_surplus)
        )
    }
}

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
    format!(
        "First-order conditions off by at most {:.0e} of a price after {} rounds; {second}.",
        outcome.residual, outcome.rounds
    )
}

fn rests(priced: &Priced) -> Section {
    let mut section = Section::new("What it rests on");
    section.text(solved(&priced.base));
    if let Some(choice) = priced.choice {
        section.text(format!(
            "Nested logit: utility {} per unit of price, correlation within nests {}, {} possible buyers.",
            choice.price_coefficient, choice.correlation, choice.size
        ));
        if !priced.costs_given {
            section.text("Marginal costs are those at which the given prices are best for every seller.");
        }
    }
    let Some(china) = &priced.china else {
        return section;
    };
    section.text(format!(
        "Spending of the quarter on the mainland {} million USD. Shares are of spending, {}; what a chip is worth to whom is the quarterly model's.",
        crate::view::number::scaled(&china.quarter.spending, 1e-6),
        match china.case {
            MarketCase::AsIs => "under the law and guidance of the day",
            MarketCase::WithoutGuidance => "without the China side",
            MarketCase::WithoutUsRule => "without the US side",
        }
    ));
    section.text("No limit on what can be made or delivered counts here: `units there are` stands beside for comparison, and `--quota` sets one. What is rationed is in `strait market run`. Costs are those at which published prices are best for every seller, so they hold whatever a unit's scarcity is worth to it; each good bought around the law has a seller of its own.");
    let line = |p: &PriorLine| {
        let assumed = if p.reference.grade == Grade::Assumed {
            "assumed"
        } else {
            "from its source"
        };
        format!("{} {} ({}, {assumed})", p.id, number(p.median), p.prior)
    };
    let demand: Vec<String> = china
        .parameters
        .iter()
        .filter(|p| DEMAND.contains(&p.id.as_str()))
        .map(line)
        .collect();
    section.items(
        "How demand answers to price; no sale in this market has told it:",
        demand,
    );
    let left_out: Vec<String> = china
        .quarter
        .left_out
        .iter()
        .map(|(chip, why)| format!("{chip}: {why}"))
        .collect();
    section.items("Left out:", left_out);
    section
}

pub(crate) fn equilibrium_json(priced: &Priced, data: Option<&str>) -> Value {
    let band = |e: &Estimate<strait::figure::Usd>| json!({ "value": e.value.get(), "low": e.low.get(), "high": e.high.get() });
    let mut out = json!({
        "strait": { "version": env!("CARGO_PKG_VERSION"), "data": data },
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
    if let Some(choice) = priced.choice {
        out["demand"] = json!({ "price_coefficient": choice.price_coefficient, "correlation": choice.correlation,
            "size": choice.size, "costs": if priced.costs_given { "given" } else { "implied" } });
    }
    if let Some(china) = &priced.china {
        let demand: Vec<Value> = china
            .parameters
            .iter()
            .filter(|p| DEMAND.contains(&p.id.as_str()))
            .map(|p| json!({ "parameter": p.id, "median": p.median, "prior": p.prior, "grade": p.reference.grade, "why": p.why }))
            .collect();
        out["market"] = json!({
            "on": china.on, "known": china.known, "case": china.case, "spending_usd": band(&china.quarter.spending),
            "goods": china.quarter.goods.iter().map(|g| json!({
                "id": g.id, "chip": g.chip, "vendor": g.vendor, "channel": g.channel, "price_usd": band(&g.price),
                "units_there_are": g.limit.map(|l| l.value.get()),
            })).collect::<Vec<_>>(),
            "demand": demand, "left_out": china.quarter.left_out, "rests_on": china.quarter.rests_on,
        });
    }
    out
}
