//! `strait chips`: the catalog.

use crate::args::{ChipsArgs, Global};
use crate::input::{Inputs, bundle, chip};
use crate::text::Layout;
use crate::{Exit, output, text, view};
use miette::Result;
use strait::catalog::{Catalog, Chip};

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
            return json(&refs, &inputs.data.version());
        }
        view::comparison_page(&refs)
    } else if let Some(name) = &args.name {
        let named = chip(&catalog, name)?;
        if global.json {
            return json(&[&named.chip], &inputs.data.version());
        }
        let mut page = view::chip_page(&named.chip);
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
            return json(&chips, &inputs.data.version());
        }
        view::list_page(chips.into_iter())
    };
    output::print(&text::page(&page, Layout::of_stdout(true)))?;
    Ok(Exit::Answered)
}

fn json(chips: &[&Chip], data: &str) -> Result<Exit> {
    let chips: Vec<_> = chips
        .iter()
        .map(|chip| serde_json::json!({ "chip": chip, "figures": chip.figures() }))
        .collect();
    output::print_json(&serde_json::json!({
        "strait": { "version": env!("CARGO_PKG_VERSION"), "data": data },
        "chips": chips,
    }))?;
    Ok(Exit::Answered)
}
