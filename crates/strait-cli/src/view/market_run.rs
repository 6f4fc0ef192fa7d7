//! A run of the quarterly market as a page and as JSON.

use super::{Page, Section, Table};
use crate::command::market::Extra;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use strait::market::Quarter;
use strait::market::dynamics::{Band, Ensemble, Fitted, name};

/// A run, and what of it is shown.
pub(crate) struct Shown<'a> {
    /// Scenario's name.
    pub(crate) label: &'a str,
    /// What it asks.
    pub(crate) title: &'a str,
    /// Its paths.
    pub(crate) ensemble: &'a Ensemble,
    /// The scenario it is compared with.
    pub(crate) against: Option<(&'a str, &'a Ensemble)>,
    /// Quarters shown.
    pub(crate) window: (Quarter, Quarter),
    /// Parts shown.
    pub(crate) show: &'a [&'static str],
    /// Decomposition and the like.
    pub(crate) extra: &'a Extra,
    /// Day of knowledge.
    pub(crate) known: Date,
    /// Goods that could not be valued.
    pub(crate) left_out: &'a [(String, String)],
    /// What the posterior was fitted to.
    pub(crate) fitted: &'a Fitted,
    /// Parameters the data said nothing of.
    pub(crate) assumed: &'a [&'static str],
}

/// Definitions of self-sufficiency: name, variable, level.
const DEFINITIONS: [(&str, &str, f64); 5] = [
    ("four fifths of cards", name::SHARE_UNITS, 0.8),
    ("four fifths of dollars", name::SHARE_DOLLARS, 0.8),
    ("nine tenths of dollars", name::SHARE_DOLLARS, 0.9),
    ("four fifths of compute (TPP)", name::SHARE_COMPUTE, 0.8),
    ("supply at list price covers budgets", name::COVERAGE, 1.0),
];

/// A variable's name with its levels apart by commas, so that it can be broken over lines.
fn spoken(name: &str, unit: &str) -> String {
    let words = name.replace('|', ", ");
    if unit == "1" {
        words
    } else {
        format!("{words} ({unit})")
    }
}

/// A number of a table, in the digits its size deserves.
fn figure(x: f64, unit: &str) -> String {
    if unit == "1" {
        return format!("{:.0} %", x * 100.0);
    }
    match x.abs() {
        a if a >= 1000.0 => {
            let whole = format!("{:.0}", x.abs());
            let mut out = String::new();
            for (n, c) in whole.chars().enumerate() {
                if n > 0 && (whole.len() - n) % 3 == 0 {
                    out.push(' ');
                }
                out.push(c);
            }
            if x < 0.0 { format!("-{out}") } else { out }
        }
        a if a >= 10.0 => format!("{x:.0}"),
        a if a >= 0.05 => format!("{x:.1}"),
        _ => "0".into(),
    }
}

/// Median and 90 % band in words.
fn band_of(band: &Band, unit: &str) -> String {
    format!(
        "{} ({} to {})",
        figure(band.median, unit),
        figure(band.p05, unit),
        figure(band.p95, unit)
    )
}

fn positions(facts: &Shown<'_>) -> Vec<usize> {
    let (from, to) = facts.window;
    (0..facts.ensemble.quarters.len())
        .filter(|q| (from..=to).contains(&facts.ensemble.quarters[*q]))
        .collect()
}

/// Quarters down, variables across.
fn table(facts: &Shown<'_>, title: &str, names: &[&str]) -> Table {
    let found: Vec<usize> = names.iter().filter_map(|n| facts.ensemble.find(n)).collect();
    let mut heads = vec!["quarter".to_owned()];
    heads.extend(found.iter().map(|v| {
        let variable = &facts.ensemble.variables[*v];
        spoken(&variable.name, variable.unit)
    }));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut out = Table::new(title, &heads);
    for q in positions(facts) {
        let cells = found
            .iter()
            .map(|v| band_of(&facts.ensemble.band(*v, q), facts.ensemble.variables[*v].unit));
        out.row(std::iter::once(facts.ensemble.quarters[q].to_string()).chain(cells));
    }
    out
}

/// Quarters by year for tables that would be too wide.
fn yearly(facts: &Shown<'_>, title: &str, names: &[String]) -> Table {
    let (from, to) = facts.window;
    let years: Vec<i16> = (from.year..=to.year).collect();
    let mut heads = vec!["median (5th to 95th percentile)".to_owned()];
    heads.extend(years.iter().map(ToString::to_string));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut out = Table::new(title, &heads);
    for wanted in names {
        let Some(v) = facts.ensemble.find(wanted) else {
            continue;
        };
        let unit = facts.ensemble.variables[v].unit;
        let mean = unit == "1" || unit == "USD a unit";
        let of = |year: &i16| {
            let over = facts.ensemble.year(*year);
            let draws = if mean {
                facts.ensemble.averaged(v, over)
            } else {
                facts.ensemble.summed(v, over)
            };
            Band::of(draws)
        };
        let bands: Vec<Band> = years.iter().map(of).collect();
        if bands.iter().all(|b| b.p95 < 0.05) {
            continue;
        }
        let cells = bands.iter().map(|b| band_of(b, unit));
        out.row(std::iter::once(spoken(wanted, unit)).chain(cells));
    }
    out
}

/// A definition, the 5th, 50th and 95th percentile of its date, and the part of paths that never get there.
type Reached = (
    &'static str,
    Option<Quarter>,
    Option<Quarter>,
    Option<Quarter>,
    f64,
);

/// Date by definition, with the part of paths that never get there.
fn dates(ensemble: &Ensemble) -> Vec<Reached> {
    let from = ensemble.quarters.iter().position(|q| q.year == 2024).unwrap_or(0);
    DEFINITIONS
        .iter()
        .filter_map(|(words, variable, level)| {
            let found = ensemble.reaches(ensemble.find(variable)?, *level, from);
            let never = found.iter().filter(|f| f.is_none()).count() as f64 / found.len().max(1) as f64;
            let mut sorted: Vec<usize> = found.iter().map(|f| f.unwrap_or(usize::MAX)).collect();
            sorted.sort_unstable();
            let at = |p: f64| {
                let n = ((sorted.len() - 1) as f64 * p).round() as usize;
                ensemble.quarters.get(sorted[n]).copied()
            };
            Some((*words, at(0.05), at(0.5), at(0.95), never))
        })
        .collect()
}

/// A quarter, or that it is not reached.
fn when(quarter: Option<Quarter>) -> String {
    quarter.map_or_else(|| "after 2030".into(), |q| q.to_string())
}

pub(crate) fn market_page(facts: &Shown<'_>, data: &str) -> Page {
    let shows = |word: &str| facts.show.contains(&word);
    let mut sections = Vec::new();
    if shows("overview") {
        let mut section = Section::new("Overview");
        section.text("NVIDIA's two geographic bases are two rows and never join; shares of cards, dollars and compute differ by definition, not by error.");
        let names: Vec<String> = [
            name::BILLING,
            name::HEADQUARTERS,
            name::NVIDIA_MAINLAND,
            name::NVIDIA_OFFSHORE,
            name::DOMESTIC,
            "Revenue|huawei|Mainland",
            name::SPENDING,
            name::GREY,
            name::SHARE_UNITS,
            name::SHARE_DOLLARS,
            name::SHARE_COMPUTE,
            name::COVERAGE,
            name::COMPUTE,
            name::COMPUTE_DOMESTIC,
            name::WRITE_DOWN,
            name::LEVIES,
            name::CUT_OFF,
        ]
        .iter()
        .map(ToString::to_string)
        .collect();
        section.table(yearly(facts, "By year: sums, of shares and rents means", &names));
        section.table(table(
            facts,
            "By quarter",
            &[
                name::BILLING,
                name::HEADQUARTERS,
                name::DOMESTIC,
                name::SHARE_DOLLARS,
            ],
        ));
        let mut sufficient = Table::new(
            "Self-sufficient from",
            &["definition", "5 %", "median", "95 %", "not by 2030"],
        );
        for (words, early, middle, late, never) in dates(facts.ensemble) {
            sufficient.row([
                words.to_owned(),
                when(early),
                when(middle),
                when(late),
                format!("{:.0} % of paths", never * 100.0),
            ]);
        }
        section.table(sufficient);
        sections.push(section);
    }
    if let Some((label, other)) = facts.against {
        sections.push(differences(facts, label, other));
    }
    if shows("goods") {
        let mut section = Section::new("Goods");
        let names = |prefix: &str| -> Vec<String> {
            facts
                .ensemble
                .variables
                .iter()
                .map(|v| v.name.clone())
                .filter(|n| n.starts_with(prefix) && n.matches('|').count() <= 2)
                .collect()
        };
        section.table(yearly(facts, "Units on the mainland", &names("Units|")));
        let revenue: Vec<String> = names("Revenue|")
            .into_iter()
            .filter(|n| n.ends_with("|Mainland") && !n.starts_with("Revenue|NVIDIA"))
            .collect();
        section.table(yearly(facts, "Revenue on the mainland", &revenue));
        section.table(yearly(
            facts,
            "Scarcity rent: what a buyer would give above the price for one more",
            &names("Scarcity rent|"),
        ));
        sections.push(section);
    }
    if shows("buyers") {
        let mut section = Section::new("Buyers");
        let names: Vec<String> = facts
            .ensemble
            .variables
            .iter()
            .map(|v| v.name.clone())
            .filter(|n| {
                (n.starts_with("Spending|") && n.contains(", "))
                    || n.starts_with("Share|Chinese vendors|Dollars|")
            })
            .filter(|n| n.matches('|').count() == 1 || n.starts_with("Share|"))
            .collect();
        section.table(yearly(
            facts,
            "Spending, and the part of Chinese vendors in it",
            &names,
        ));
        sections.push(section);
    }
    sections.extend(extra_sections(facts));
    let mut last = Section::new("What it rests on");
    last.text(format!(
        "{} paths; each draws parameters from a posterior fitted to what was published by {} and budgets beyond the day of knowledge from a random walk. Under every scenario the same draws are used.",
        facts.ensemble.values.len(),
        facts.fitted.known
    ));
    last.text(format!(
        "Assumed, for the data moved them less than a tenth from their prior: {}.",
        facts.assumed.join(", ")
    ));
    let left_out: Vec<String> = facts
        .left_out
        .iter()
        .map(|(good, why)| format!("{good}: {why}"))
        .collect();
    last.items("Left out:", left_out);
    sections.push(last);
    let asks = if facts.title.is_empty() {
        "Law and guidance as they were"
    } else {
        facts.title
    };
    let mut first = Section::new("Asked");
    first.text(format!("{asks}."));
    sections.insert(0, first);
    Page {
        title: format!("Market, {}", facts.label),
        subtitle: format!(
            "as known on {} · strait {} · data {data}",
            facts.known,
            env!("CARGO_PKG_VERSION")
        ),
        sections,
    }
}

/// Differences by draw, which are narrower than the difference of bands.
fn difference(a: &Ensemble, b: &Ensemble, variable: &str, year: i16) -> Option<(Band, f64)> {
    let (va, vb) = (a.find(variable)?, b.find(variable)?);
    let mean = a.variables[va].unit == "1";
    let over = a.year(year);
    let of = |e: &Ensemble, v: usize| {
        if mean {
            e.averaged(v, over.clone())
        } else {
            e.summed(v, over.clone())
        }
    };
    let gaps: Vec<f64> = of(a, va).iter().zip(of(b, vb)).map(|(x, y)| x - y).collect();
    let above = gaps.iter().filter(|g| **g > 0.0).count() as f64 / gaps.len().max(1) as f64;
    Some((Band::of(gaps), above))
}

fn differences(facts: &Shown<'_>, label: &str, other: &Ensemble) -> Section {
    let (from, to) = facts.window;
    let years: Vec<i16> = (from.year..=to.year).collect();
    let mut heads = vec![format!("{} less {label}", facts.label)];
    heads.extend(years.iter().map(ToString::to_string));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new("Differences by path", &heads);
    for variable in COMPARED {
        let Some(v) = facts.ensemble.find(variable) else {
            continue;
        };
        let unit = facts.ensemble.variables[v].unit;
        let cells: Vec<String> = years
            .iter()
            .map(|y| {
                difference(facts.ensemble, other, variable, *y).map_or_else(String::new, |(band, above)| {
                    format!("{}; more in {:.0} %", band_of(&band, unit), above * 100.0)
                })
            })
            .collect();
        table.row(std::iter::once(spoken(variable, unit)).chain(cells));
    }
    let mut section = Section::new(format!("Against {label}"));
    section.table(table);
    let mut moved = Table::new(
        "Self-sufficient from, median",
        &["definition", facts.label, label],
    );
    for (a, b) in dates(facts.ensemble).into_iter().zip(dates(other)) {
        moved.row([a.0.to_owned(), when(a.2), when(b.2)]);
    }
    section.table(moved);
    section
}

/// Variables that scenarios are compared by.
const COMPARED: [&str; 9] = [
    name::BILLING,
    name::HEADQUARTERS,
    name::DOMESTIC,
    "Revenue|huawei|Mainland",
    name::SPENDING,
    name::SHARE_DOLLARS,
    name::COMPUTE,
    name::COMPUTE_ALL,
    name::LEVIES,
];

fn extra_sections(facts: &Shown<'_>) -> Vec<Section> {
    let mut out = Vec::new();
    if let Some(causes) = &facts.extra.causes {
        let mut section = Section::new("Why US makers sold less, May 2025 to January 2026");
        let mut table = Table::new(
            "Shapley split of the change in mainland sales, million USD",
            &["cause", "part", "largest in"],
        );
        for cause in &causes.causes {
            table.row([
                cause.cause.to_owned(),
                band_of(&cause.usd_million, "million USD"),
                format!("{:.0} % of paths", cause.largest * 100.0),
            ]);
        }
        table.row([
            "all together".into(),
            band_of(&causes.whole, "million USD"),
            String::new(),
        ]);
        table.row([
            "guidance with license, beyond their sum".into(),
            band_of(&causes.guidance_with_license, "million USD"),
            String::new(),
        ]);
        section.table(table);
        section.text(match causes.main {
            Some(main) => format!("Main cause: {main}, the largest in at least nine paths of ten."),
            None => "Cannot tell: no cause is the largest in nine paths of ten. Guidance, license delay and the 15 % term came together, and one event cannot part them.".into(),
        });
        section.text("Every world without a cause is the model's own; performance is taken away by giving the chip the throughput of the flagship it was cut from.");
        out.push(section);
    }
    if let Some(refusal) = &facts.extra.refusal {
        let mut section = Section::new("Who gains when the H20 is refused");
        let mut table = Table::new(
            "Where its mainland sales of August 2025 to July 2026 would go, part of what is lost",
            &[
                "to",
                "within what others can make",
                "were there no limit on Chinese vendors",
            ],
        );
        for row in &refusal.to {
            table.row([
                row.to.clone(),
                band_of(&row.part, "1"),
                band_of(&row.part_unlimited, "1"),
            ]);
        }
        section.table(table);
        section.text(format!("Open, the H20 would have sold more by {} million USD. In the first column what others can make is limited in both runs.", band_of(&refusal.lost, "million USD")));
        out.push(section);
    }
    if let Some(inputs) = &facts.extra.inputs {
        let mut section = Section::new("What binds Chinese output");
        let years: Vec<String> = inputs
            .first()
            .map(|i| i.by_year.iter().map(|(y, _)| y.to_string()).collect())
            .unwrap_or_default();
        let heads: Vec<&str> = std::iter::once("a tenth more of")
            .chain(years.iter().map(String::as_str))
            .collect();
        let mut table = Table::new("Elasticity of the compute Chinese vendors sell", &heads);
        for input in inputs {
            let cells = input
                .by_year
                .iter()
                .map(|(_, b)| format!("{:.2} ({:.2} to {:.2})", b.median, b.p05, b.p95));
            table.row(std::iter::once(input.input.to_owned()).chain(cells));
        }
        section.table(table);
        section.table(yearly(
            facts,
            "Part of months in which Huawei is short, and of what",
            &[
                name::BOUND_DIES.to_owned(),
                name::BOUND_MEMORY.to_owned(),
                name::YIELD.to_owned(),
                name::MEMORY.to_owned(),
            ],
        ));
        out.push(section);
    }
    if let Some((what, swings, worth)) = &facts.extra.swings {
        let mut section = Section::new("What moves the answer");
        let mut table = Table::new(
            what.clone(),
            &[
                "parameter",
                "at its 10th percentile",
                "at its 90th",
                "Sobol, first order",
                "",
            ],
        );
        for s in swings.iter().take(15) {
            table.row([
                s.id.to_owned(),
                format!("{:.1} %", s.low * 100.0),
                format!("{:.1} %", s.high * 100.0),
                format!("{:.2}", s.sobol),
                if s.assumed {
                    "assumed".to_owned()
                } else {
                    String::new()
                },
            ]);
        }
        section.table(table);
        let mut data = Table::new(
            "Which datum would shrink it",
            &[
                "were this published, with an error of a tenth",
                "variance that would go",
            ],
        );
        for d in worth.iter().take(6) {
            data.row([d.what.clone(), format!("{:.0} %", d.shrinks * 100.0)]);
        }
        section.table(data);
        out.push(section);
    }
    out
}

pub(crate) fn market_json(facts: &Shown<'_>, about: Value) -> Value {
    let ensemble = |e: &Ensemble| -> Value {
        let quarters = positions(facts);
        e.variables
            .iter()
            .enumerate()
            .map(|(v, variable)| {
                let by: Map<String, Value> = quarters
                    .iter()
                    .map(|q| (e.quarters[*q].to_string(), json!(e.band(v, *q))))
                    .collect();
                json!({ "variable": variable.name, "unit": variable.unit, "quarters": by })
            })
            .collect()
    };
    let sufficient = |e: &Ensemble| -> Value {
        dates(e)
            .into_iter()
            .map(|(words, early, middle, late, never)| {
                json!({ "definition": words, "p05": early, "median": middle, "p95": late, "not_by_2030": never })
            })
            .collect()
    };
    let mut out = json!({ "strait": about, "scenario": { "id": facts.label, "title": facts.title },
        "posterior": facts.fitted, "assumed": facts.assumed, "left_out": facts.left_out,
        "variables": ensemble(facts.ensemble), "self_sufficiency": sufficient(facts.ensemble) });
    if let Some((label, other)) = facts.against {
        let years: Vec<i16> = (facts.window.0.year..=facts.window.1.year).collect();
        let rows: Vec<Value> = COMPARED
            .iter()
            .flat_map(|v| years.iter().map(move |y| (v, y)))
            .filter_map(|(v, y)| {
                let (band, above) = difference(facts.ensemble, other, v, *y)?;
                Some(json!({ "variable": v, "year": y, "difference": band, "more_in": above }))
            })
            .collect();
        out["against"] = json!({ "scenario": label, "variables": ensemble(other), "self_sufficiency": sufficient(other),
            "differences": rows });
    }
    if let Some(causes) = &facts.extra.causes {
        out["causes"] = json!(causes);
    }
    if let Some(refusal) = &facts.extra.refusal {
        out["diversion"] = json!(refusal);
    }
    if let Some(inputs) = &facts.extra.inputs {
        out["inputs"] = json!(inputs);
    }
    if let Some((what, swings, worth)) = &facts.extra.swings {
        out["sensitivity"] = json!({ "answer": what, "swings": swings, "data": worth });
    }
    out
}
