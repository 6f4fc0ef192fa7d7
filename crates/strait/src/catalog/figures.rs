//! Every figure of a chip under its dotted path: listing, tracing, replacing.

use super::{Chip, Engine, Format, Peak};
use crate::data::nearest;
use crate::figure::{AlternativeState, Bits, Estimate, Figure, Grade, Place, Quantity, SourceId, TeraOps};
use serde::Serialize;

/// One figure of a chip with everything that is known about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureView {
    /// Dotted path (`peak.tensor.fp8`).
    pub path: String,
    /// The value taken, in `unit`.
    pub value: f64,
    /// Lowest live value.
    pub low: f64,
    /// Highest live value.
    pub high: f64,
    /// Unit of all its values.
    pub unit: &'static str,
    /// Grade of the value taken.
    pub grade: Grade,
    /// Source of the value taken.
    pub source: SourceId,
    /// Where it is written.
    pub place: Place,
    /// Other values, with source, grade and state.
    pub alternatives: Vec<(f64, SourceId, Grade, AlternativeState)>,
}

/// Why a chip cannot have a value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoValue {
    /// A path that names no figure of the chip.
    #[error("`{chip}` has no figure `{path}`{}", near_text(.near))]
    Path {
        /// Id of the chip.
        chip: String,
        /// What was asked for.
        path: String,
        /// Nearest paths, best first.
        near: Vec<String>,
    },
    /// A value that no file may give.
    #[error(
        "`{path}` is `{value}`, where {} was expected",
        if may_be_zero(.path) { "a number of zero or more" } else { "a number above zero" }
    )]
    OutOfRange {
        /// Dotted path.
        path: String,
        /// Value.
        value: f64,
    },
}

/// Whether a chip may have none of it; everything else is either more than nothing or not known.
fn may_be_zero(path: &str) -> bool {
    path.starts_with("io.") || path == "cache.last_level" || path == "micro.scratch_per_core"
}

fn near_text(near: &[String]) -> String {
    if near.is_empty() {
        String::new()
    } else {
        format!("; did you mean `{}`?", near.join("`, `"))
    }
}

/// A figure whatever its unit.
trait AnyFigure {
    fn view(&self, path: String) -> FigureView;
    fn set(&mut self, value: f64, place: Place);
}

impl<Q: Quantity> AnyFigure for Figure<Q> {
    fn view(&self, path: String) -> FigureView {
        let estimate = self.estimate();
        FigureView {
            path,
            value: self.value.get(),
            low: estimate.low.get(),
            high: estimate.high.get(),
            unit: Q::SYMBOL,
            grade: self.grade,
            source: self.source.clone(),
            place: self.place.clone(),
            alternatives: self
                .alternatives
                .iter()
                .map(|a| (a.value.get(), a.source.clone(), a.grade, a.state))
                .collect(),
        }
    }

    fn set(&mut self, value: f64, place: Place) {
        *self = given(value, place);
    }
}

/// Lists every figure there is, by reference or mutably.
macro_rules! slots {
    ($chip:expr, $iter:ident, $option:ident, $type:ty, $($mutable:tt)?) => {{
        let chip = $chip;
        let mut slots: Vec<(String, $type)> = Vec::new();
        for peak in chip.peaks.$iter() {
            slots.push((peak_path(peak.engine, peak.format), & $($mutable)? peak.rate));
        }
        for (n, die) in chip.dies.$iter().enumerate() {
            if let Some(area) = die.area.$option() {
                slots.push((format!("die.{n}.area"), area));
            }
        }
        macro_rules! field {
            ($path:literal, $field:expr) => {
                if let Some(figure) = $field.$option() {
                    slots.push(($path.to_owned(), figure));
                }
            };
        }
        field!("memory.capacity", chip.memory.capacity);
        field!("memory.bandwidth", chip.memory.bandwidth);
        field!("io.scale_up_bidirectional", chip.io.scale_up_bidirectional);
        field!("io.host_bidirectional", chip.io.host_bidirectional);
        field!("io.scale_out", chip.io.scale_out);
        field!("package.area", chip.package_area);
        field!("power.tdp", chip.tdp);
        field!("cache.last_level", chip.last_level_cache);
        field!("micro.cores", chip.micro.cores);
        field!("micro.boost_clock", chip.micro.boost_clock);
        field!("micro.scratch_per_core", chip.micro.scratch_per_core);
        field!("micro.fp16_flop_per_clock_per_core", chip.micro.fp16_flop_per_clock_per_core);
        field!("micro.weight_unpacking", chip.micro.weight_unpacking);
        field!("micro.transistors", chip.micro.transistors);
        slots
    }};
}

fn peak_path(engine: Engine, format: Format) -> String {
    format!("peak.{}.{}", engine.name(), format.name())
}

impl Chip {
    /// Every figure of the chip, peaks first, in the order of the file's layout.
    pub fn figures(&self) -> Vec<FigureView> {
        slots!(self, iter, as_ref, &dyn AnyFigure,)
            .into_iter()
            .map(|(path, figure)| figure.view(path))
            .collect()
    }

    /// The figure at a dotted path.
    pub fn figure(&self, path: &str) -> Option<FigureView> {
        slots!(self, iter, as_ref, &dyn AnyFigure,)
            .into_iter()
            .find(|(p, _)| p == path)
            .map(|(path, figure)| figure.view(path))
    }

    /// The same chip with one figure replaced by a point value that a user gives at `place`, in the figure's own
    /// unit ([`FigureView::unit`]): its source is `user`, its grade assumed. A figure the chip could have but does
    /// not (an unpublished bandwidth) is added.
    ///
    /// # Errors
    /// When the path names no figure that a chip can have, or a chip file could not give the value either.
    pub fn with_value(&self, path: &str, value: f64, place: &Place) -> Result<Self, NoValue> {
        let mut chip = self.clone();
        let slots = slots!(&mut chip, iter_mut, as_mut, &mut dyn AnyFigure, mut);
        let slot = slots.into_iter().find(|(p, _)| p == path);
        let found = slot.map(|(_, figure)| figure.set(value, place.clone())).is_some();
        if !found && !chip.add_figure(path, value, place) {
            let paths: Vec<String> = self.figures().into_iter().map(|f| f.path).collect();
            return Err(NoValue::Path {
                chip: self.id.0.clone(),
                path: path.to_owned(),
                near: nearest(path, paths.iter().map(String::as_str))
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            });
        }
        if !value.is_finite() || value < 0.0 || (value <= 0.0 && !may_be_zero(path)) {
            return Err(NoValue::OutOfRange {
                path: path.to_owned(),
                value,
            });
        }
        Ok(chip)
    }

    fn add_figure(&mut self, path: &str, value: f64, place: &Place) -> bool {
        match path {
            "memory.capacity" => self.memory.capacity = Some(given(value, place.clone())),
            "memory.bandwidth" => self.memory.bandwidth = Some(given(value, place.clone())),
            "io.scale_up_bidirectional" => self.io.scale_up_bidirectional = Some(given(value, place.clone())),
            "io.host_bidirectional" => self.io.host_bidirectional = Some(given(value, place.clone())),
            "io.scale_out" => self.io.scale_out = Some(given(value, place.clone())),
            "package.area" => self.package_area = Some(given(value, place.clone())),
            "power.tdp" => self.tdp = Some(given(value, place.clone())),
            "cache.last_level" => self.last_level_cache = Some(given(value, place.clone())),
            _ => return self.add_area(path, value, place) || self.add_peak(path, value, place),
        }
        true
    }

    fn add_area(&mut self, path: &str, value: f64, place: &Place) -> bool {
        let index = path
            .strip_prefix("die.")
            .and_then(|rest| rest.strip_suffix(".area"))
            .and_then(|n| n.parse::<usize>().ok());
        let Some(die) = index.and_then(|n| self.dies.get_mut(n)) else {
            return false;
        };
        die.area = Some(given(value, place.clone()));
        true
    }

    fn add_peak(&mut self, path: &str, value: f64, place: &Place) -> bool {
        for engine in [Engine::Tensor, Engine::Vector, Engine::Headline] {
            for format in Format::ALL {
                if peak_path(engine, format) == path {
                    let (low, high) = format.usual_bits();
                    self.peaks.push(Peak {
                        engine,
                        format,
                        input_bits: Estimate::new(Bits::of(high), Bits::of(low), Bits::of(high)),
                        rate: given::<TeraOps>(value, place.clone()),
                    });
                    return true;
                }
            }
        }
        false
    }
}

/// A figure that only a user or a scenario gives.
fn given<Q: Quantity>(value: f64, place: Place) -> Figure<Q> {
    Figure {
        value: Q::of(value),
        source: SourceId("user".into()),
        grade: Grade::Assumed,
        date: None,
        alternatives: Vec::new(),
        place,
    }
}
