//! Figures that an answer rests on.

use super::PerfModel;
use super::inference::Maturity;
use super::kernels::Lent;
use crate::catalog::{Chip, Format};
use crate::data::{DataFile, DataSet, Problem, Problems, source_registered};
use crate::figure::{Figure, FigureRef, Grade, Place, Quantity, SourceId, Sources};
use serde::Deserialize;
use toml::Spanned;

fn reference<Q>(chip: &Chip, path: &str, figure: &Figure<Q>) -> FigureRef {
    FigureRef {
        of: chip.id.0.clone(),
        path: path.to_owned(),
        source: figure.source.clone(),
        grade: figure.grade,
        place: figure.place.clone(),
    }
}

/// The chip's figures a result with this arithmetic rests on.
pub(crate) fn chip_refs(chip: &Chip, arithmetic: Format) -> Vec<FigureRef> {
    let mut refs = Vec::new();
    for format in [Format::Fp16, arithmetic] {
        if let Some(peak) = chip.tensor_peak(format) {
            refs.push(reference(
                chip,
                &format!("peak.tensor.{}", format.name()),
                &peak.rate,
            ));
        }
    }
    macro_rules! add {
        ($($path:literal => $figure:expr),+ $(,)?) => {
            $(if let Some(figure) = &$figure { refs.push(reference(chip, $path, figure)); })+
        };
    }
    add! {
        "memory.bandwidth" => chip.memory.bandwidth,
        "memory.capacity" => chip.memory.capacity,
        "cache.last_level" => chip.last_level_cache,
        "micro.cores" => chip.micro.cores,
        "micro.boost_clock" => chip.micro.boost_clock,
        "io.scale_up_bidirectional" => chip.io.scale_up_bidirectional,
        "io.host_bidirectional" => chip.io.host_bidirectional,
        "io.scale_out" => chip.io.scale_out,
        "power.tdp" => chip.tdp,
    }
    refs.extend(topology(chip));
    refs
}

/// How its links join chips: the fact of its file, or what is assumed in its place, told where the link is written.
fn topology(chip: &Chip) -> Option<FigureRef> {
    let path = "io.scale_up_topology".to_owned();
    let of = chip.id.0.clone();
    if let Some(stated) = &chip.io.scale_up_topology {
        return Some(FigureRef {
            of,
            path,
            source: stated.source.clone(),
            grade: stated.grade,
            place: stated.place.clone(),
        });
    }
    let link = chip.io.scale_up_bidirectional.as_ref();
    let link = link.filter(|link| link.value.get() > 0.0)?;
    Some(FigureRef {
        of,
        path,
        source: SourceId("assumed".to_owned()),
        grade: Grade::Assumed,
        place: link.place.clone(),
    })
}

/// What every answer of a kind rests on beside the chip.
#[derive(Debug, Clone)]
pub(crate) struct Rests {
    serving: Vec<FigureRef>,
    training: Vec<FigureRef>,
    pub(crate) power: Vec<FigureRef>,
    /// Of chips whose kernels are not those fitted.
    makers: FigureRef,
    /// Of precisions whose kernels were not measured.
    lent: FigureRef,
}

impl Rests {
    /// Reads where the fitted files come from.
    pub(crate) fn load(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        let of = |path: &'static str, of| fitted(data.require(path)?, of, sources);
        let operators = of("perf/operators.toml", "fit of operators")?;
        let serving = of("perf/serving.toml", "fit of engines")?;
        let training = of("perf/training.toml", "fit of training")?;
        // A fit to a folder of few tables stands beside sets kept from the fit before.
        let lent = FigureRef {
            source: SourceId("assumed".to_owned()),
            grade: Grade::Assumed,
            ..operators.clone()
        };
        let mut operators = vec![operators];
        operators.extend(kept(data.require("perf/operators.toml")?, sources)?);
        Ok(Self {
            serving: operators.iter().cloned().chain([serving]).collect(),
            training: operators.into_iter().chain([training]).collect(),
            power: Vec::new(),
            makers: of("perf/makers.toml", "fit of other makers' kernels")?,
            lent,
        })
    }
}

impl PerfModel {
    /// Figures beside those of the chip and the workload; `lent` names the precisions that kernels of others time, as
    /// [`super::kernels::Lent`] writes it.
    pub(super) fn rests_on(
        &self,
        chip: &Chip,
        training: bool,
        lent: &[Lent],
    ) -> impl Iterator<Item = FigureRef> {
        let rests = &self.rests;
        let family = &self.families.get(&chip.perf_family).0.refs;
        let of = if training { &rests.training } else { &rests.serving };
        let others = self.inference.makers.of(chip) != Maturity::FULL;
        let makers = others.then_some(&rests.makers);
        let lent: Vec<FigureRef> = lent
            .iter()
            .map(|lent| FigureRef {
                path: lent.to_string(),
                ..rests.lent.clone()
            })
            .collect();
        let all = of.iter().chain(family).chain(&rests.power).chain(makers);
        all.cloned().chain(lent)
    }
}

#[derive(Deserialize)]
struct Origin {
    source: Spanned<String>,
    grade: Grade,
}
#[derive(Deserialize)]
struct Headed {
    fit: Option<Origin>,
}

/// The source of a fitted file as one reference: its parameters were found together.
fn fitted(file: DataFile<'_>, of: &str, sources: &Sources) -> Result<FigureRef, Problems> {
    let failed = |e: &toml::de::Error| Problem::from_toml(file.path, file.text, e);
    // The origin stands below `[fit]`, or at the top of the file.
    let headed: Headed = toml::from_str(file.text).map_err(|e| failed(&e))?;
    let origin = match headed.fit {
        Some(origin) => origin,
        None => toml::from_str(file.text).map_err(|e| failed(&e))?,
    };
    registered(file, of, &origin, sources)
}

/// Sources of sets that a fit kept from the fit before, each once.
fn kept(file: DataFile<'_>, sources: &Sources) -> Result<Vec<FigureRef>, Problems> {
    #[derive(Deserialize)]
    struct Kept {
        source: Option<Spanned<String>>,
    }
    #[derive(Deserialize)]
    struct Sets {
        #[serde(default)]
        set: Vec<Kept>,
    }
    let sets: Sets = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut found: Vec<FigureRef> = Vec::new();
    for source in sets.set.into_iter().filter_map(|set| set.source) {
        if !found.iter().any(|f| f.source.0 == *source.get_ref()) {
            let grade = Grade::Derived;
            let origin = Origin { source, grade };
            found.push(registered(file, "fit of operators, sets kept", &origin, sources)?);
        }
    }
    Ok(found)
}

/// What a fitted file says of where it is from, as a reference.
fn registered(
    file: DataFile<'_>,
    of: &str,
    origin: &Origin,
    sources: &Sources,
) -> Result<FigureRef, Problems> {
    let source = SourceId(origin.source.get_ref().clone());
    source_registered(file, &origin.source, origin.grade, sources)?;
    let before = &file.text[..origin.source.span().start];
    Ok(FigureRef {
        of: of.to_owned(),
        path: "values".to_owned(),
        source,
        grade: origin.grade,
        place: Place {
            file: file.path.to_owned(),
            line: Some(before.matches('\n').count() + 1),
        },
    })
}
