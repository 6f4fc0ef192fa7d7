//! `strait market claims`.

use crate::args::{ClaimsArgs, Global};
use crate::input::{Inputs, bundle, library, today};
use crate::text::Layout;
use crate::view::{Page, Section, Table, word};
use crate::{Exit, output, text};
use miette::Result;
use serde_json::json;

pub(crate) fn run(args: &ClaimsArgs, global: &Global) -> Result<Exit> {
    super::market::enough(args.draws)?;
    let inputs = Inputs::read(global)?;
    let known = args.known.unwrap_or_else(today);
    inputs.check_day("--known", known)?;
    let library = library(&inputs.data, &inputs.scenario)?;
    let claims = library
        .claims(&inputs.data, known, args.draws, args.seed)
        .map_err(bundle)?;
    if global.json {
        let asked = json!({ "known": known, "seed": args.seed, "draws": args.draws });
        let about = output::About::new(inputs.made(), asked);
        output::print_json(&json!({ "strait": about, "claims": claims }))?;
        return Ok(Exit::Answered);
    }
    let mut table = Table::new("", &["", "claim", "verdict", "figure"]);
    for c in &claims {
        table.row([
            c.n.to_string(),
            c.claim.to_owned(),
            word(&c.verdict),
            c.figure.clone(),
        ]);
    }
    let mut section = Section::new("Claims");
    section.table(table);
    let mut how = Section::new("How each was tested");
    how.items(
        "By number:",
        claims
            .iter()
            .map(|c| {
                let needs = c.needs.iter().map(|n| format!(" Needed: {}; {}.", n.fact, n.why));
                format!(
                    "{}. {}. Remark: {}.{}",
                    c.n,
                    c.test,
                    c.remark,
                    needs.collect::<String>()
                )
            })
            .collect(),
    );
    let page = Page {
        title: "Fifteen claims about the H20".into(),
        subtitle: format!(
            "as known on {known} · {} paths · strait {} · data {}",
            args.draws,
            env!("CARGO_PKG_VERSION"),
            inputs.data.version()
        ),
        sections: vec![section, how],
    };
    output::print(&text::page(&page, Layout::of_stdout(true)))?;
    Ok(Exit::Answered)
}
