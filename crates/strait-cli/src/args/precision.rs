//! The number formats that `--precision` takes: one list for every command.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use strait::perf::ops::Precision;
use strait::perf::training::Recipe;

/// Names, other names of the same, and what each is.
const NAMES: [(&str, &[&str], &str); 13] = [
    ("fp32", &[], "everything in 32 bits"),
    ("tf32", &[], "held in 32 bits, multiplied in TF32"),
    (
        "bf16",
        &["fp16"],
        "16 bits, BF16 or FP16, which chips compute alike",
    ),
    ("fp8", &[], "FP8, a scale a tensor"),
    ("fp8_block", &[], "FP8, a scale every 128 elements"),
    ("nvfp4", &["fp4"], "FP4, a scale every 16"),
    ("mxfp4", &[], "FP4, a scale every 32"),
    ("int8", &["w8a8"], "INT8"),
    ("int4", &["w4a4"], "INT4"),
    ("int8_wo", &["w8a16"], "weights in INT8, multiplied in 16 bits"),
    ("int4_wo", &["w4a16"], "weights in INT4, multiplied in 16 bits"),
    (
        "mxfp4_wo",
        &["mxfp4_bf16"],
        "weights in MXFP4, multiplied in 16 bits",
    ),
    ("mxfp4_fp8", &["w4a8"], "weights in MXFP4, multiplied in FP8"),
];

/// Parses a precision of serving.
pub(crate) fn served() -> impl TypedValueParser<Value = Precision> {
    named(|_| true).map(|word| of(&word))
}

/// Parses a precision of training: those whose products have gradients.
pub(crate) fn trained() -> impl TypedValueParser<Value = Recipe> {
    let has = |name: &str| Recipe::of(&of(name)).is_some();
    named(has).map(|word| Recipe::of(&of(&word)).unwrap_or(Recipe::Bf16))
}

fn named(keep: impl Fn(&str) -> bool) -> PossibleValuesParser {
    let kept = NAMES.iter().filter(|(name, ..)| keep(name));
    PossibleValuesParser::new(kept.map(|(name, others, help)| {
        PossibleValue::new(*name)
            .aliases(others.iter().copied())
            .help(*help)
    }))
}

/// The precision of a name that the parser let through.
fn of(word: &str) -> Precision {
    let same = |(name, others, _): &&(&str, &[&str], &str)| *name == word || others.contains(&word);
    let name = NAMES.iter().find(same).map_or(word, |(name, ..)| *name);
    Precision::of(name).unwrap_or(Precision::BF16)
}

#[cfg(test)]
mod tests {
    use super::{NAMES, of};
    use strait::perf::ops::Precision;

    #[test]
    fn every_precision_has_a_name_and_every_name_is_one() {
        let names: Vec<&str> = NAMES.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, Precision::ALL.map(|p| p.name));
        for (name, others, _) in NAMES {
            for word in others.iter().chain([&name]) {
                assert_eq!(of(word).name, name);
            }
        }
    }
}
