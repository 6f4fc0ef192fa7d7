//! Why sales fell, who gains, what binds, and what moves the answer.

use super::Shown;
use super::tables::{by_key, yearly};
use crate::view::number::number;
use crate::view::{Section, Table};
use strait::market::dynamics::name;

pub(super) fn extra_sections(facts: &Shown<'_>) -> Vec<Section> {
    [
        sales_lost(facts),
        refusal(facts),
        inputs(facts),
        sensitivity(facts),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Why sales fell: the Shapley split of the change.
fn sales_lost(facts: &Shown<'_>) -> Option<Section> {
    let split = facts.extra.causes.as_ref()?;
    let bands = facts.bands;
    let causes = &split.by;
    let mut section = Section::new(match &split.good {
        Some(good) => format!("Why the {good} sold less, {}", split.months),
        None => format!("Why US makers sold less, {}", split.months),
    });
    let mut table = Table::new(
        "Shapley split of the change in mainland sales, million USD",
        &["cause", "part", "largest in"],
    );
    for cause in &causes.causes {
        table.row([
            cause.cause.to_owned(),
            bands.band(&cause.usd_million, "million USD"),
            format!("{:.0} % of paths", cause.largest * 100.0),
        ]);
    }
    table.row([
        "all together".into(),
        bands.band(&causes.whole, "million USD"),
        String::new(),
    ]);
    table.row([
        "guidance with license, beyond their sum".into(),
        bands.band(&causes.guidance_with_license, "million USD"),
        String::new(),
    ]);
    section.table(table);
    section.text(match causes.main {
        Some(main) => format!("Main cause: {main}, the largest in at least nine paths of ten."),
        None => "Cannot tell: no cause is the largest in nine paths of ten. Guidance, license delay and the 15 % term came together, and one event cannot part them.".into(),
    });
    section.text("Every world without a cause is the model's own; performance is taken away by giving the chip the throughput of the flagship it was cut from. Sales hold what buyers lay in for fear of a cut-off, beside their budgets.");
    Some(section)
}

/// Who gains where a good is refused.
fn refusal(facts: &Shown<'_>) -> Option<Section> {
    let refused = facts.extra.refusal.as_ref()?;
    let bands = facts.bands;
    let (good, refusal) = (&refused.good, &refused.by);
    let mut section = Section::new(format!("Who gains when the {good} is refused"));
    let mut table = Table::new(
        format!(
            "Where its mainland sales of {} would go, part of what is lost",
            refused.months
        ),
        &[
            "to",
            "within what others can make",
            "were there no limit on Chinese vendors",
        ],
    );
    for row in &refusal.to {
        table.row([
            row.to.clone(),
            bands.band(&row.part, "1"),
            bands.band(&row.part_unlimited, "1"),
        ]);
    }
    section.table(table);
    section.text(format!("Open, the {good} would have sold more by {} million USD. In the first column what others can make is limited in both runs.", bands.band(&refusal.lost, "million USD")));
    Some(section)
}

/// What binds Chinese output.
fn inputs(facts: &Shown<'_>) -> Option<Section> {
    let inputs = facts.extra.inputs.as_ref()?;
    let bands = facts.bands;
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
    let heads: Vec<&str> = std::iter::once("a tenth more in every month of")
        .chain(years.iter().map(String::as_str))
        .collect();
    let mut worth = Table::new(
        "Effect of a tenth more: what Chinese vendors then sell more, million USD a year",
        &heads,
    );
    for input in inputs {
        let cells = input
            .usd_million
            .iter()
            .map(|(_, b)| bands.band(b, "million USD"));
        worth.row(std::iter::once(input.input.to_owned()).chain(cells));
    }
    section.table(worth);
    let heads: Vec<&str> = std::iter::once("one more")
        .chain(years.iter().map(String::as_str))
        .collect();
    let mut each = Table::new("The same over the units that tenth adds, USD for each", &heads);
    for input in inputs {
        let cells = input.usd_each.iter().map(|(_, band)| match band {
            Some(b) => format!("{} ({} to {})", number(b.median), number(b.p05), number(b.p95)),
            None => "not counted".into(),
        });
        each.row(std::iter::once(input.unit.to_owned()).chain(cells));
    }
    section.table(each);
    section.text(format!(
        "From {} paths. This is the effect of more that is used, no shadow price: that of a unit that may be left unused is never below zero. Below zero: what is made more of in one year, for there is more packaging say, takes memory out of the bank that a later year then lacks; and makers share what is short by what they could make, so that cheaper cards may take the memory of dearer ones. How many wafers, interposers and stacks a tenth is, the model says; none of these numbers is reported, so that what one is worth rests on assumptions more than the rest does.",
        facts.extra.paths
    ));
    section.table(yearly(
        facts,
        "Part of months in which Huawei is short, and of what",
        &by_key(
            facts,
            [
                name::BOUND_DIES,
                name::BOUND_PACKAGING,
                name::BOUND_MEMORY,
                name::YIELD,
                name::MEMORY,
            ],
        ),
    ));
    Some(section)
}

/// What moves the answer, and which datum would narrow it.
fn sensitivity(facts: &Shown<'_>) -> Option<Section> {
    let moved = facts.extra.sensitivity.as_ref()?;
    let mut section = Section::new("What moves the answer");
    let mut table = Table::new(
        format!(
            "{}: {:.1} % with every parameter at its middle",
            moved.answer,
            moved.by.base * 100.0
        ),
        &[
            "parameter",
            "at its 10th percentile",
            "at its 90th",
            "Sobol', alone",
            "Sobol', with others",
            "",
        ],
    );
    let index = |i: &strait::market::sensitivity::Index| format!("{:.2} ± {:.2}", i.value, i.error);
    for m in &moved.by.moved {
        table.row([
            m.bar.name.clone(),
            format!("{:.1} %", m.bar.at_low * 100.0),
            format!("{:.1} %", m.bar.at_high * 100.0),
            index(&m.first),
            index(&m.total),
            if m.assumed {
                "assumed".to_owned()
            } else {
                String::new()
            },
        ]);
    }
    section.table(table);
    section.text("Sobol' indices are parts of the variance that these parameters make together, each over its own posterior and independent of the others; ± is their standard error.");
    let mut data = Table::new(
        "Which datum would shrink it",
        &[
            "were this published, with an error of a tenth",
            "variance that would go",
            "90 % band left",
        ],
    );
    for d in moved.data.iter().take(6) {
        data.row([
            d.name.clone(),
            format!("{:.0} %", d.variance_gone * 100.0),
            format!("{:.0} %", d.width_left * 100.0),
        ]);
    }
    section.table(data);
    Some(section)
}
