//! `strait calibrate`: fits the operator models to measured tables.

use crate::args::{CalibrateArgs, Fitted, Global};
use crate::command::operators::load;
use crate::input::Inputs;
use crate::{Exit, output};
use miette::{Result, miette};
use strait::perf::kernels::{Settings, leave_one_out};
use strait::perf::measured::RealShapes;

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
    kernels.data = loaded.hash;
    let text = kernels.to_toml();
    match &args.out {
        Some(path) => output::write_whole(path, &text)?,
        None => output::print(&text)?,
    }
    Ok(Exit::Answered)
}
