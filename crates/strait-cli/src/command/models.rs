//! `strait models`: architectures and their counts.

use super::run::model_named;
use crate::args::{Global, ModelsArgs};
use crate::input::{Inputs, bundle};
use crate::text::Layout;
use crate::{Exit, output, text, view};
use miette::{Result, miette};
use serde_json::json;
use strait::catalog::Catalog;
use strait::perf::{Counts, Model, PerfModel, StatedCount};

pub(crate) fn run(args: &ModelsArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let models: Vec<Model> = match &args.name {
        Some(name) => vec![model_named(&perf, name)?],
        None => perf.models().cloned().collect(),
    };
    let counted: Vec<(&Model, Counts)> = models.iter().map(|m| (m, Counts::of(m, args.context))).collect();
    let stated: Vec<&StatedCount> = perf
        .stated_counts()
        .iter()
        .filter(|s| models.iter().any(|m| m.id == s.model))
        .collect();
    if args.stated && stated.is_empty() {
        return Err(miette!(
            help = "leave --stated out, or write them into data/validation/models.csv",
            "no published count of this model stands in the data"
        ));
    }
    if global.json {
        let models: Vec<_> = counted
            .iter()
            .map(|(model, counts)| {
                let stated: Vec<_> = stated.iter().filter(|s| s.model == model.id).collect();
                json!({ "architecture": model, "counts": counts, "stated": stated })
            })
            .collect();
        let about = output::About::new(inputs.made(), json!({ "context": args.context }));
        output::print_json(&json!({ "strait": about, "models": models }))?;
        return Ok(Exit::Answered);
    }
    let page = match (&args.name, counted.as_slice()) {
        _ if args.stated => view::stated_page(&stated),
        (Some(_), [(model, counts)]) => view::model_page(model, counts, &stated),
        _ => view::models_page(&counted),
    };
    output::print(&text::page(&page.under(&inputs.made()), Layout::of_stdout(true)))?;
    Ok(Exit::Answered)
}
