//! `strait validate perf --rows`: reported rows of training and of inference beside what strait computes.

use super::serving;
use crate::args::{Global, ValidateArgs};
use crate::input::{Inputs, bundle};
use crate::measured::rows::{Line, Rows};
use crate::{Exit, output};
use miette::{Result, miette};
use std::path::Path;
use strait::catalog::{Catalog, ChipId, DieRole};
use strait::perf::inference::{NamedChip, ReportedError, ReportedRow, ServingNames, reported_scores};
use strait::perf::measured::Skipped;
use strait::perf::training::TrainingNames;
use strait::perf::{ModelId, PerfModel};

/// Columns without which nothing of a layout can be computed: all of the first, and one of the second.
type Layout = (&'static [&'static str], &'static [&'static str]);

const INFERENCE: Layout = (
    &[
        "model",
        "chip",
        "n_chips",
        "precision",
        "phase",
        "input_len",
        "output_len",
        "batch_or_concurrency",
    ],
    &["ttft_ms", "tpot_ms", "tput_tok_s_per_chip"],
);
const TRAINING: Layout = (
    &[
        "model",
        "chip",
        "n_chips",
        "precision",
        "global_batch_seqs",
        "seq_len",
    ],
    &["iter_time_s", "tokens_per_s_per_chip", "tflops_per_chip"],
);

/// The columns of a layout that a file lacks, for a reader.
fn lacking((all, one_of): Layout, rows: &Rows) -> Option<String> {
    let mut missing: Vec<String> = all
        .iter()
        .filter(|name| !rows.has(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !one_of.iter().any(|name| rows.has(name)) {
        let names: Vec<String> = one_of.iter().map(|name| format!("`{name}`")).collect();
        missing.push(format!("one of {}", names.join(", ")));
    }
    (!missing.is_empty()).then(|| missing.join(", "))
}

/// What names in rows mean.
struct Known {
    catalog: Catalog,
    perf: PerfModel,
    serving: ServingNames,
    training: TrainingNames,
}

impl Known {
    fn read(inputs: &Inputs) -> Result<Self> {
        let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
        let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
        let file = |path: &'static str| inputs.data.require(path);
        let serving =
            ServingNames::read(file("perf/serving_rows.toml")?, &catalog.sources).map_err(bundle)?;
        let training =
            TrainingNames::read(file("perf/training_rows.toml")?, &catalog.sources).map_err(bundle)?;
        Ok(Self {
            catalog,
            perf,
            serving,
            training,
        })
    }

    fn chip(&self, name: &str) -> Option<ChipId> {
        let listed = self.serving.chip(name).or_else(|| self.training.chip(name));
        listed.or_else(|| Some(ChipId(self.catalog.resolve(name).ok()?.chip.id.0.clone())))
    }

    /// A chip of serving: by its name, without a remark in brackets, or counted in dies (`Ascend-910C die`).
    fn counted(&self, name: &str) -> Option<NamedChip> {
        let plain = name.split(" (").next().unwrap_or(name);
        let whole = plain.strip_suffix(" die").or_else(|| plain.strip_suffix(" dies"));
        let chip = match whole {
            Some(whole) => self.chip(whole)?,
            None => self.chip(name).or_else(|| self.chip(plain))?,
        };
        let dies = self.catalog.get(&chip)?.dies.iter();
        let dies = dies.filter(|die| die.role == DieRole::Compute);
        let dies = dies.map(|die| die.count).sum::<u32>().max(1);
        Some(NamedChip {
            chip,
            devices: if whole.is_some() { dies } else { 1 },
            dies,
        })
    }

    /// A model by the name of a report, or by its own.
    fn model(&self, name: &str) -> Option<ModelId> {
        let own = ModelId(name.to_lowercase());
        self.serving
            .model(name)
            .map(ModelId)
            .or_else(|| self.perf.model(&own).is_some().then_some(own))
    }

    /// Every figure of a row, and what it leaves out.
    fn inference(&self, line: &Line<'_>) -> Result<(Vec<ReportedError>, Vec<&'static str>), String> {
        let row = ReportedRow::read(
            &|name| line.cell(name),
            &self.serving,
            &|name| self.model(name),
            &|name| self.counted(name),
        )?;
        let model = self
            .perf
            .model(&row.model)
            .ok_or(format!("model `{}` is not shipped", row.model))?;
        let chip = self
            .catalog
            .get(&row.chip)
            .ok_or(format!("`{}` is no chip of the catalog", row.chip))?;
        let ratio = |first| self.perf.serving_ratio(chip, (model, &row.formats), first);
        Ok((row.errors(self.perf.inference(), model, chip, &ratio)?, row.taken))
    }
}

/// `strait validate perf --rows FILE`.
pub(crate) fn run(path: &Path, args: &ValidateArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let rows = Rows::read(path)?;
    let (of_training, of_inference) = (lacking(TRAINING, &rows), lacking(INFERENCE, &rows));
    if let (Some(training), Some(inference)) = (&of_training, &of_inference) {
        return Err(miette!(
            help = "docs/perf.md lists the columns of both layouts",
            "`{}` has rows neither of training (missing: {training}) nor of inference (missing: {inference})",
            path.display()
        ));
    }
    let known = Known::read(&inputs)?;
    let mut errors: Vec<ReportedError> = Vec::new();
    let mut skipped = Skipped::new();
    let mut taken = Skipped::new();
    let mut skip = |why: String| *skipped.entry(why).or_default() += 1;
    let mut steps = Vec::new();
    for line in rows.lines() {
        let line = match line {
            Ok(line) => line,
            Err(why) => {
                skip(why);
                continue;
            }
        };
        // A file may have the columns of both: then a row is of training where it gives a step's sequences.
        let trains = of_training.is_none()
            && (of_inference.is_some()
                || line.cell("global_batch_seqs").is_some()
                || line.cell("phase").is_none());
        if trains {
            let chip = |name: &str| {
                let chip = known.catalog.get(&known.chip(name)?)?;
                Some((ChipId(chip.id.0.clone()), chip.perf_family.clone()))
            };
            let cell = |name: &str| line.cell(name);
            match known
                .training
                .step(&cell, &known.perf, &|name| known.model(name), &chip)
            {
                Ok(step) => steps.push((step, line.cell("precision").unwrap_or_default())),
                Err(why) => skip(why),
            }
        } else {
            match known.inference(&line) {
                Ok((found, assumed)) => {
                    errors.extend(found);
                    for what in assumed {
                        *taken.entry(what.to_owned()).or_default() += 1;
                    }
                }
                Err(why) => skip(why),
            }
        }
    }
    for found in known.perf.reported_training(&steps, |id| known.catalog.get(id)) {
        match found {
            Ok(error) => errors.push(error),
            Err(why) => skip(why),
        }
    }
    if let Some(path) = &args.out {
        output::write_bytes(path, &lines(&errors)?)?;
    }
    let about = (
        "Reported rows",
        "Of training the error is that of the seconds of a step: with the plan given, or with what the row leaves out \
         searched for the fastest that fits, which need not be what was run. Rows of the public list whose plan is \
         given were among those that the parameters were fitted to.",
    );
    let made = (&inputs.made(), global.json);
    serving::show(about, &reported_scores(&errors), &[], (&skipped, &taken), made)
}

/// One line a figure.
fn lines(errors: &[ReportedError]) -> Result<Vec<u8>> {
    let head = [
        "id",
        "phase",
        "regime",
        "chip",
        "precision",
        "engine",
        "measured",
        "computed",
        "low",
        "high",
    ];
    let rows = errors.iter().map(|e| {
        let words = [
            e.id.to_string(),
            e.phase.to_string(),
            e.regime.to_string(),
            e.chip.to_string(),
            e.precision.to_string(),
            e.engine.to_string(),
        ];
        let numbers = [
            e.measured,
            e.computed,
            e.computed / e.half.exp(),
            e.computed * e.half.exp(),
        ];
        words
            .into_iter()
            .chain(numbers.map(|x| format!("{x:.6}")))
            .collect()
    });
    output::csv_lines(&head, rows)
}
