//! `strait calibrate market`: fits the quarterly model to what was published.

use crate::args::{CalibrateArgs, Global};
use crate::input::{Inputs, library, read, today};
use crate::text::Layout;
use crate::view::{market_fit_page, market_fit_summary, self_check_page};
use crate::{Exit, output, revision, text};
use jiff::civil::Date;
use miette::{IntoDiagnostic, Result, miette};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use strait::brief::Knowledge;
use strait::market::dynamics::{Fit, Fitted, Posterior, learned, posterior_predictive, self_check};
use strait::market::sampler::{Sampler, Settings};

/// Draws that are shipped of the newest fit.
const KEPT: usize = 600;
/// Draws that are shipped of a fit to what was public by an earlier day, which lies in a folder named by that day.
const KEPT_EARLIER: usize = 300;
/// Draws of each posterior that true values are ranked among.
const RANKED: usize = 99;

/// What a checkpoint holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    made_from: String,
    sampler: Sampler,
}

pub(crate) fn run(args: &CalibrateArgs, global: &Global) -> Result<Exit> {
    if let Some(folder) = &args.out {
        output::make_folder(folder)?;
    }
    let inputs = Inputs::read(global)?;
    let library = library(&inputs.data, &inputs.scenario)?;
    let known = args.market.known.unwrap_or_else(today);
    let kept = kept(args.out.as_deref(), known)?;
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
        standard_scores: true,
        ..Settings::default()
    };
    if let Some(sets) = args.market.self_check {
        return check(&fit, sets, &settings, global);
    }
    // Law, prices and supply enter through the environment: a checkpoint is of all data, not of what is fitted alone.
    let made_from = format!("{}/{known}", revision::of_all(&inputs, &inputs.scenario));
    let sampler = sample(&fit, settings, &made_from, args.market.checkpoint.as_deref())?;
    let columns: Vec<Vec<Vec<f64>>> = (0..priors.len()).map(|k| sampler.values(k)).collect();
    let found = learned(&priors, &columns);
    let fitted = Fitted::new(
        sampler.settings(),
        observed.hash(),
        &priors,
        inputs.data.version(),
        known.to_string(),
    );
    let posterior = Posterior::of(&sampler, fitted, kept);
    let predicted = posterior_predictive(&fit, &posterior, 400, args.seed);
    if let Some(folder) = &args.out {
        output::write_whole(&folder.join("draws.csv"), &posterior.to_csv())?;
        let summary = market_fit_summary(&found, &predicted);
        output::write_whole(&folder.join("summary.csv"), &summary)?;
    }
    let moves: Vec<_> = sampler.chains().iter().map(|c| c.moves()).collect();
    if global.json {
        output::print_json(
            &json!({ "strait": about(&inputs, known), "fitted": posterior.fitted, "moves": moves,
            "learned": found, "predicted": predicted }),
        )?;
    } else {
        output::print(&text::page(
            &market_fit_page(&found, &predicted, &moves),
            Layout::of_stdout(true),
        ))?;
    }
    Ok(Exit::Answered)
}

/// Draws kept of a fit; a folder that is named by a day holds that of what was public by it and of no other.
fn kept(folder: Option<&Path>, known: Date) -> Result<usize> {
    let name = folder.and_then(|f| f.file_name()?.to_str()?.parse::<Date>().ok());
    match name {
        None => Ok(KEPT),
        Some(day) if day == known => Ok(KEPT_EARLIER),
        Some(day) => Err(miette!(
            help = format!("give --known {day}, or a folder called {known}"),
            "`--out` names a folder of {day}, and the fit is as known on {known}"
        )),
    }
}

fn about(inputs: &Inputs, known: Date) -> output::About {
    output::About::new(inputs.made(), json!({ "known": known }))
}

fn sample(fit: &Fit<'_>, settings: Settings, made_from: &str, file: Option<&Path>) -> Result<Sampler> {
    let mut sampler = match file.filter(|f| f.exists()) {
        Some(path) => {
            let kept: Kept = serde_json::from_str(&read(path)?).map_err(|e| {
                miette!(
                    help = "delete it to begin anew",
                    "`{}` is no checkpoint: {e}",
                    path.display()
                )
            })?;
            if *kept.sampler.settings() != settings || kept.made_from != made_from {
                return Err(miette!(
                    help =
                        "delete it, or give the same --seed, --steps, --chains, --known, --scenario and data",
                    "`{}` belongs to another fit",
                    path.display()
                ));
            }
            kept.sampler
        }
        None => Sampler::new(settings, fit, &|s| fit.priors.start(s)).into_diagnostic()?,
    };
    let mut told = (sampler.progress() * 20.0) as usize;
    let mut failed = None;
    let never = AtomicBool::new(false);
    let stop = &never;
    sampler
        .run(fit, stop, &mut |now| {
            let done = (now.progress() * 20.0) as usize;
            if done == told {
                return;
            }
            told = done;
            output::remark(&format!("{} % of all steps", done * 5));
            if let Some(path) = file
                && let Err(wrong) = keep(path, made_from, now)
            {
                failed = Some(wrong);
                stop.store(true, Ordering::Relaxed);
            }
        })
        .into_diagnostic()?;
    failed.map_or(Ok(sampler), Err)
}

fn keep(path: &Path, made_from: &str, sampler: &Sampler) -> Result<()> {
    let kept = Kept {
        made_from: made_from.to_owned(),
        sampler: sampler.clone(),
    };
    output::write_whole(path, &serde_json::to_string(&kept).into_diagnostic()?)
}

fn check(fit: &Fit<'_>, sets: usize, settings: &Settings, global: &Global) -> Result<Exit> {
    let done = AtomicUsize::new(0);
    let ranks = self_check(fit, sets, RANKED, settings, &|| {
        let n = done.fetch_add(1, Ordering::Relaxed) + 1;
        output::remark(&format!("data set {n} of {sets}"));
    })
    .into_diagnostic()?;
    if global.json {
        output::print_json(&json!({ "sets": sets, "draws": RANKED, "ranks": ranks }))?;
    } else {
        let page = self_check_page(&ranks, sets, RANKED);
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    Ok(Exit::Answered)
}
