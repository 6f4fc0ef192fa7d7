//! `strait chips`: the catalog.

use crate::args::{ChipsArgs, Global};
use crate::input::{Inputs, bundle, chip, public};
use crate::text::Layout;
use crate::{Exit, output, text, view};
use miette::{Result, miette};
use strait::brief::Made;
use strait::catalog::{Catalog, Chip};
use strait::rules::{Arithmetic, LawBook};

pub(crate) fn run(args: &ChipsArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let page = if let Some(names) = &args.compare {
        let chips = names
            .iter()
            .map(|n| Ok(chip(&catalog, n)?.chip))
            .collect::<Result<Vec<_>>>()?;
        let refs: Vec<&Chip> = chips.iter().collect();
        if global.json {
            return json(&refs, inputs.made());
        }
        view::comparison_page(&refs)
    } else if let Some(name) = &args.name {
        let named = chip(&catalog, name)?;
        let arithmetic = args
            .explain
            .then(|| arithmetic(&inputs, &catalog, &named.chip))
            .transpose()?;
        if let Some(arithmetic) = arithmetic.as_ref().filter(|_| global.json) {
            let chips = [(&named.chip, Some(arithmetic))];
            return print(&chips, inputs.made());
        }
        if global.json {
            return json(&[&named.chip], inputs.made());
        }
        let mut page = view::chip_page(&named.chip);
        if let Some(arithmetic) = &arithmetic {
            let title = format!("Metrics of the rules, with the bounds of {}", arithmetic.on);
            let mut section = view::Section::new(title);
            section.blocks = view::arithmetic_blocks(arithmetic);
            page.sections.push(section);
        }
        if named.by_family && !named.siblings.is_empty() {
            let others: Vec<&str> = named.siblings.iter().map(|c| c.id.0.as_str()).collect();
            page.subtitle = format!(
                "{} · `{}` is a family, others: {}",
                page.subtitle,
                named.asked,
                others.join(", ")
            );
        }
        page
    } else {
        let chips: Vec<&Chip> = catalog.iter().collect();
        if global.json {
            return json(&chips, inputs.made());
        }
        view::list_page(chips.into_iter())
    };
    let page = page.under(&inputs.made());
    output::print(&text::page(&page, Layout::of_stdout(true)))?;
    Ok(Exit::Answered)
}

/// The metrics worked out, with the bounds of the last day through which the law has been read.
fn arithmetic(inputs: &Inputs, catalog: &Catalog, chip: &Chip) -> Result<Arithmetic> {
    let law = LawBook::load(&inputs.data, &inputs.scenario, &catalog.sources).map_err(bundle)?;
    let day = law.verified_through();
    law.arithmetic(chip, public(day, day)).map_err(|e| miette!("{e}"))
}

fn json(chips: &[&Chip], made: Made) -> Result<Exit> {
    let chips: Vec<_> = chips.iter().map(|chip| (*chip, None)).collect();
    print(&chips, made)
}

fn print(chips: &[(&Chip, Option<&Arithmetic>)], made: Made) -> Result<Exit> {
    let chips: Vec<_> = chips
        .iter()
        .map(|(chip, arithmetic)| {
            let mut one = serde_json::json!({ "chip": chip, "figures": chip.figures() });
            if let Some(arithmetic) = arithmetic {
                one["arithmetic"] = serde_json::json!(arithmetic);
            }
            one
        })
        .collect();
    output::print_json(&serde_json::json!({
        "strait": made,
        "chips": chips,
    }))?;
    Ok(Exit::Answered)
}
