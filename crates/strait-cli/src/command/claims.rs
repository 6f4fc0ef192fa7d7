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
    let fit = library.dynamics.fit_known(known).ok();
    let fitted = fit.and_then(|fit| fit.posterior.day());
    let claims = match claims {
        Ok(claims) => claims,
        Err(need) => {
            return super::market::unknown(&need, "Fifteen claims about the H20", &inputs, known, global);
        }
    };
    if global.json {
        let asked = json!({ "known": known, "seed": args.seed, "draws": args.draws });
        let about = output::About::new(inputs.made(), asked);
        output::print_json(&json!({ "strait": about, "fitted_to": fitted, "claims": claims }))?;
        return Ok(Exit::Answered);
    }
    let fitted = fitted.map_or_else(String::new, |day| day.to_string());
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
            "as known on {known} · {} paths of a fit to what was published by {fitted} · strait {} · data {}",
            args.draws,
            env!("CARGO_PKG_VERSION"),
            inputs.data.version()
        ),
        sections: vec![section, how],
    };
    output::print(&text::page(&page, Layout::of_stdout(true)))?;
    Ok(Exit::Answered)
}
