//! `strait calibrate market`: fits the quarterly model to what was published.

use crate::args::{CalibrateArgs, Global};
use crate::input::{Inputs, bundle, read, today};
use crate::text::Layout;
use crate::view::{Page, Section, Table};
use crate::{Exit, output, text};
use jiff::civil::Date;
use miette::{IntoDiagnostic, Result, miette};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use strait::brief::{Knowledge, Library};
use strait::market::dynamics::{
    Chain, Fit, Fitted, Form, Learned, Posterior, Predicted, Rank, Settings, columns, learned,
    posterior_predictive, self_check,
};

/// Draws that are shipped.
const KEPT: usize = 600;
/// Steps between two writings of the checkpoint.
const BLOCK: usize = 500;

/// What a checkpoint holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    settings: Settings,
    made_from: String,
    chains: Vec<Chain>,
}

pub(crate) fn run(args: &CalibrateArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let library = Library::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let known = args.market.known.unwrap_or_else(today);
    let env = library.environment(Knowledge::of(known))?;
    let priors = library.dynamics.priors.known(known);
    let observed = library.dynamics.observed.known(known);
    if observed.0.is_empty() {
        return Err(miette!(
            help = "give a later --known",
            "nothing was published by {known}"
        ));
    }
    let fit = Fit::new(&priors, &env, &observed);
    let settings = Settings {
        seed: args.seed,
        chains: args.market.chains,
        warm_up: args.market.steps / 3,
        steps: args.market.steps,
        thin: (args.market.steps / 1_500).max(1),
    };
    if let Some(sets) = args.market.self_check {
        return check(&fit, sets, &settings, global);
    }
    let made_from = format!("{}/{}/{known}", observed.hash(), priors.hash());
    let chains = sample(&fit, &settings, &made_from, args.market.checkpoint.as_deref())?;
    let found = learned(&priors, &columns(&chains));
    let fitted = Fitted::new(
        &settings,
        observed.hash(),
        &priors,
        inputs.data.version(),
        known.to_string(),
    );
    let posterior = Posterior::of(&chains, fitted, KEPT);
    let predicted = posterior_predictive(&fit, &posterior, 400, settings.seed);
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).into_diagnostic()?;
        output::write_whole(&folder.join("draws.csv"), &posterior.to_csv())?;
        output::write_whole(&folder.join("summary.csv"), &summary(&found, &predicted))?;
    }
    if global.json {
        output::print_json(
            &json!({ "strait": about(&inputs, known), "fitted": posterior.fitted,
            "acceptance": chains.iter().map(|c| c.acceptance(&settings)).collect::<Vec<_>>(),
            "learned": found, "predicted": predicted }),
        )?;
    } else {
        output::print(&text::page(
            &page(&found, &predicted, &chains, &settings),
            Layout::of_stdout(true),
        ))?;
    }
    Ok(Exit::Answered)
}

fn about(inputs: &Inputs, known: Date) -> serde_json::Value {
    json!({ "version": env!("CARGO_PKG_VERSION"), "data": inputs.data.version(), "known": known })
}

fn sample(fit: &Fit<'_>, settings: &Settings, made_from: &str, file: Option<&Path>) -> Result<Vec<Chain>> {
    let target = |z: &[f64]| fit.log_posterior(z);
    let mut chains = match file.filter(|f| f.exists()) {
        Some(path) => {
            let kept: Kept = serde_json::from_str(&read(path)?).map_err(|e| {
                miette!(
                    help = "delete it to begin anew",
                    "`{}` is no checkpoint: {e}",
                    path.display()
                )
            })?;
            if kept.settings != *settings || kept.made_from != made_from {
                return Err(miette!(
                    help = "delete it, or give the same --seed, --steps, --chains, --known and data",
                    "`{}` belongs to another fit",
                    path.display()
                ));
            }
            kept.chains
        }
        None => (0..settings.chains)
            .into_par_iter()
            .map(|n| Chain::start(settings, n, fit.priors.len(), &target))
            .collect(),
    };
    let all = settings.warm_up + settings.steps;
    let mut told = 0;
    while chains.iter().any(|c| !c.is_done(settings)) {
        chains
            .par_iter_mut()
            .for_each(|c| c.advance(settings, BLOCK, &target));
        let step = chains[0].step;
        if let Some(path) = file {
            let kept = Kept {
                settings: *settings,
                made_from: made_from.to_owned(),
                chains,
            };
            output::write_whole(path, &serde_json::to_string(&kept).into_diagnostic()?)?;
            chains = kept.chains;
        }
        if step * 20 / all > told {
            told = step * 20 / all;
            output::remark(&format!(
                "step {step} of {all} in each of {} chains",
                settings.chains
            ));
        }
    }
    Ok(chains)
}

fn check(fit: &Fit<'_>, sets: usize, settings: &Settings, global: &Global) -> Result<Exit> {
    let done = AtomicUsize::new(0);
    let ranks: Vec<Rank> = self_check(fit, sets, settings, &|| {
        let n = done.fetch_add(1, Ordering::Relaxed) + 1;
        output::remark(&format!("data set {n} of {sets}"));
    });
    if global.json {
        output::print_json(&json!({ "sets": sets, "ranks": ranks }))?;
        return Ok(Exit::Answered);
    }
    let mut table = Table::new(
        format!("{sets} data sets made from known parameters"),
        &["parameter", "inside 90 %", "inside 50 %", "mean rank"],
    );
    for r in &ranks {
        table.row([
            r.id.to_owned(),
            format!("{:.0} %", r.inside_90 * 100.0),
            format!("{:.0} %", r.inside_50 * 100.0),
            format!("{:.2}", r.mean_rank),
        ]);
    }
    let all = |of: &dyn Fn(&Rank) -> f64| ranks.iter().map(of).sum::<f64>() / ranks.len() as f64;
    let mut section = Section::new("Calibration of the sampler");
    section.table(table);
    section.text(format!(
        "Over all parameters the true value lies inside the central 90 % in {:.0} % of cases, inside the central 50 % in {:.0} %.",
        all(&|r| r.inside_90) * 100.0,
        all(&|r| r.inside_50) * 100.0
    ));
    let page = Page {
        title: "Market model on data it made itself".into(),
        sections: vec![section],
        ..Page::default()
    };
    output::print(&text::page(&page, Layout::of_stdout(true)))?;
    Ok(Exit::Answered)
}

fn summary(found: &[Learned], predicted: &[Predicted]) -> String {
    let mut text = String::from(
        "# What the fit says of each parameter, and of each observation. Written by `strait calibrate market`; do not edit.\n\
         kind,id,prior,before_05,before_50,before_95,after_05,after_50,after_95,contraction,assumed,r_hat,effective_draws,observed,place\n",
    );
    for l in found {
        let _ = writeln!(
            text,
            "parameter,{},\"{}\",{:.4},{:.4},{:.4},{:.4},{:.4},{:.4},{:.3},{},{:.3},{:.0},,",
            l.id,
            l.prior,
            l.before[0],
            l.before[1],
            l.before[2],
            l.after[0],
            l.after[1],
            l.after[2],
            l.contraction,
            l.assumed,
            l.r_hat,
            l.effective_draws
        );
    }
    for p in predicted {
        let _ = writeln!(
            text,
            "observation,{},,,,,{:.5e},{:.5e},{:.5e},,,,,{:.5e},{:.3}",
            p.id, p.band[0], p.band[2], p.band[4], p.observed, p.place
        );
    }
    text
}

/// A number of many sizes with three digits.
fn short(x: f64) -> String {
    match x.abs() {
        a if a >= 1e9 => format!("{:.2} bn", x / 1e9),
        a if a >= 1e6 => format!("{:.0} m", x / 1e6),
        a if a >= 1e4 => format!("{:.0} k", x / 1e3),
        a if a >= 100.0 => format!("{x:.0}"),
        _ => format!("{x:.3}"),
    }
}

fn page(found: &[Learned], predicted: &[Predicted], chains: &[Chain], settings: &Settings) -> Page {
    let mut moved = Table::new(
        "From prior to posterior",
        &[
            "parameter",
            "prior",
            "before, 5–95 %",
            "after, 5–95 %",
            "median",
            "contraction",
            "R-hat",
            "draws",
            "",
        ],
    );
    let mut sorted: Vec<&Learned> = found.iter().collect();
    sorted.sort_by(|a, b| b.contraction.total_cmp(&a.contraction));
    for l in sorted {
        moved.row([
            l.id.to_owned(),
            l.prior.clone(),
            format!("{} to {}", short(l.before[0]), short(l.before[2])),
            format!("{} to {}", short(l.after[0]), short(l.after[2])),
            short(l.after[1]),
            format!("{:.0} %", l.contraction * 100.0),
            format!("{:.3}", l.r_hat),
            format!("{:.0}", l.effective_draws),
            if l.assumed {
                "assumed".to_owned()
            } else {
                String::new()
            },
        ]);
    }
    let mut section = Section::new("Parameters");
    section.table(moved);
    let rates: Vec<String> = chains
        .iter()
        .map(|c| format!("{:.2}", c.acceptance(settings)))
        .collect();
    let worst = found.iter().map(|l| l.r_hat).fold(0.0, f64::max);
    let fewest = found
        .iter()
        .map(|l| l.effective_draws)
        .fold(f64::INFINITY, f64::min);
    section.text(format!(
        "Worst R-hat {worst:.3}, fewest effective draws {fewest:.0}; proposals accepted {}. {} of {} parameters moved less than a tenth and are assumed.",
        rates.join(", "),
        found.iter().filter(|l| l.assumed).count(),
        found.len()
    ));
    let mut table = Table::new(
        "Observed beside what the fit expects to be observed",
        &[
            "row",
            "what",
            "period",
            "observed",
            "expected",
            "90 % band",
            "place",
        ],
    );
    let mut inside = 0;
    for p in predicted {
        let form = match p.form {
            Form::About => "",
            Form::Below => "at most ",
            Form::Above => "at least ",
        };
        let fits = match p.form {
            Form::About => (0.05..=0.95).contains(&p.place),
            Form::Below => p.place >= 0.05,
            Form::Above => p.place <= 0.95,
        };
        inside += usize::from(fits);
        table.row([
            p.id.clone(),
            p.what.clone(),
            p.period.clone(),
            format!("{form}{}", short(p.observed)),
            short(p.band[2]),
            format!("{} to {}", short(p.band[0]), short(p.band[4])),
            format!("{:.2}{}", p.place, if fits { "" } else { " out" }),
        ]);
    }
    let mut fitted = Section::new("Observations");
    fitted.table(table);
    fitted.text(format!(
        "{inside} of {} inside the 90 % band; these are the data that were fitted, so this is no test.",
        predicted.len()
    ));
    Page {
        title: "Market model fitted to what was published".into(),
        sections: vec![section, fitted],
        ..Page::default()
    }
}
