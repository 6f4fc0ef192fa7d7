//! A chip under one of its variants: values that hold together replace the filed ones.

use crate::catalog::{Chip, Engine, Format, Variant};
use crate::figure::{Figure, Quantity};

/// The chip with a variant's values in place; paths no rule reads are left alone.
pub(crate) fn apply(chip: &Chip, variant: &Variant) -> Chip {
    let mut changed = chip.clone();
    changed.variants.clear();
    for (path, value) in &variant.values {
        let mut parts = path.split('.');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("peak" | "peaks"), Some(engine), Some(format)) => {
                for peak in &mut changed.peaks {
                    if engine_name(peak.engine) == engine && format_name(peak.format) == format {
                        set(&mut peak.rate, *value);
                    }
                }
            }
            (Some("die"), Some(name), Some("area")) => {
                for die in changed.dies.iter_mut().filter(|d| d.name == name) {
                    die.area.as_mut().into_iter().for_each(|f| set(f, *value));
                }
            }
            (Some("memory"), Some("bandwidth"), None) => {
                changed
                    .memory
                    .bandwidth
                    .as_mut()
                    .into_iter()
                    .for_each(|f| set(f, *value));
            }
            (Some("io"), Some("scale_up_bidirectional"), None) => {
                let figure = changed.io.scale_up_bidirectional.as_mut();
                figure.into_iter().for_each(|f| set(f, *value));
            }
            (Some("io"), Some("host_bidirectional"), None) => {
                let figure = changed.io.host_bidirectional.as_mut();
                figure.into_iter().for_each(|f| set(f, *value));
            }
            _ => {}
        }
    }
    changed
}

fn set<Q: Quantity>(figure: &mut Figure<Q>, value: f64) {
    figure.value = Q::of(value);
    figure.alternatives.clear();
}

fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Tensor => "tensor",
        Engine::Vector => "vector",
        Engine::Headline => "headline",
    }
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Fp64 => "fp64",
        Format::Fp32 => "fp32",
        Format::Tf32 => "tf32",
        Format::Fp16 => "fp16",
        Format::Fp8 => "fp8",
        Format::Fp6 => "fp6",
        Format::Fp4 => "fp4",
        Format::Int8 => "int8",
        Format::Int4 => "int4",
    }
}
