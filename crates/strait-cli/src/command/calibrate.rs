//! `strait calibrate`: fits the operator models to measured tables, and what chips of other makers and silent chip files
//! are taken to do to the data.

use crate::args::{CalibrateArgs, Fitted, Global};
use crate::command::operators::load;
use crate::input::{Inputs, bundle};
use crate::{Exit, output};
use miette::{Result, miette};
use strait::catalog::{Catalog, Chip};
use strait::perf::PerfModel;
use strait::perf::kernels::{Settings, leave_one_out};
use strait::perf::measured::RealShapes;
use strait::perf::ops::Typical;

pub(crate) fn run(args: &CalibrateArgs, global: &Global) -> Result<Exit> {
    if args.part == Some(Fitted::Market) {
        return super::calibrate_market::run(args, global);
    }
    if let Some(path) = &args.out {
        output::expect_folder_of(path)?;
    }
    if args.part == Some(Fitted::Serving) {
        return super::serving::calibrate(args, global);
    }
    if args.part == Some(Fitted::Training) {
        return super::training::calibrate(args, global);
    }
    if args.part == Some(Fitted::Power) {
        return super::power::calibrate(global);
    }
    if let Some(part @ (Fitted::Makers | Fitted::Devices)) = args.part {
        return of_chips(part, args, global);
    }
    let inputs = Inputs::read(global)?;
    let Some(folder) = &args.measured.measured else {
        return Err(miette!(
            help = "name the folder with --measured DIR; docs/perf.md describes its tables",
            "no measured tables given"
        ));
    };
    let loaded = load(folder, &args.measured.map, &inputs)?;
    let settings = Settings {
        seed: args.seed,
        sample: args.sample,
        ..Settings::default()
    };
    // The spreads in the file are those of chips left out, so that every chip is left out once here, too.
    let (mut kernels, _) = leave_one_out(
        &loaded.groups,
        &settings,
        &RealShapes::default(),
        false,
        &mut |step| {
            output::remark(step);
        },
    );
    kernels.origin = loaded.origin;
    let fitted = kernels.sets.len();
    // What the folder does not measure stays as it was, so that the file can be laid over the data.
    let whole = kernels.over(&loaded.before, &loaded.groups);
    if whole.sets.len() > fitted {
        output::remark(&format!(
            "{fitted} sets fitted; {} that the folder does not measure kept as they were",
            whole.sets.len() - fitted
        ));
    }
    for (why, n) in &loaded.skipped {
        let rows = if *n == 1 { "row" } else { "rows" };
        output::remark(&format!("{n} {rows}: {why}"));
    }
    if args
        .out
        .as_ref()
        .is_some_and(|path| path.ends_with("perf/operators.toml"))
    {
        output::remark(
            "give the folder that holds perf/ as --data to use it; steps of serving and of training, and their intervals, \
             keep the fits they have (`strait calibrate serving`, `strait calibrate training`)",
        );
    }
    told(args, &whole.to_toml())
}

/// What the data themselves say of chips: nothing is drawn, and nothing outside the data is read.
fn of_chips(part: Fitted, args: &CalibrateArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    if part == Fitted::Devices {
        let chips: Vec<&Chip> = catalog.iter().collect();
        return told(args, &Typical::of(&chips).to_toml());
    }
    let model = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let rates = inputs.data.require("validation/chip_rates.csv")?;
    let fitted = model.fit_makers(rates, &catalog).map_err(bundle)?;
    told(args, &fitted.to_toml())
}

/// The fit in the file asked for, or on standard output.
fn told(args: &CalibrateArgs, text: &str) -> Result<Exit> {
    match &args.out {
        Some(path) => output::write_whole(path, text)?,
        None => output::print(text)?,
    }
    Ok(Exit::Answered)
}
