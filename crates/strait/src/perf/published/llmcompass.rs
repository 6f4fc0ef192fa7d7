//! LLMCompass's measured A100 operators: four files without a header.
//!
//! Products in `m, n, k, time in ms, rate`; softmax, layer norm and GELU as 1e9 elements a second in 16 bits.
//! All were timed by the host's clock around a launch and a wait for the device.

use super::{PublishedRow, Publisher, Work};
use crate::catalog::ChipId;
use crate::data::Problem;
use crate::figure::Place;
use crate::perf::ops::gemm::Gemm;
use crate::perf::ops::pointwise::Pointwise;
use crate::perf::ops::{Cache, Call, Precision};

const CHIP: &str = "nvidia-a100-sxm-80gb";

type Convert = fn(&[f64]) -> (String, Work, f64);

/// The operator a file's name means, with the numbers of its lines.
fn table(name: &str) -> Option<(&'static str, usize, Convert)> {
    let has = |word| name.contains(word);
    if !name.ends_with("_A100.csv") {
        return None;
    }
    match () {
        () if has("matmul") => Some(("matmul", 5, product)),
        () if has("softmax") => Some(("softmax", 3, |n| rows(n, Pointwise::softmax(n[0], n[1], 2.0)))),
        () if has("layernorm") => Some(("layernorm", 3, |n| rows(n, Pointwise::norm(n[0], n[1], 2.0)))),
        () if has("gelu") => Some(("gelu", 2, |n| {
            let work = Pointwise::activation(1.0, n[0], 2.0);
            (
                format!("{} elements", n[0]),
                Work::Pointwise(work),
                n[0] / n[1] / 1e9,
            )
        })),
        () => None,
    }
}

fn product(n: &[f64]) -> (String, Work, f64) {
    let call = Gemm {
        m: n[0],
        n: n[1],
        k: n[2],
        precision: Precision::BF16,
        cache: Cache::Warm { copies: 1 },
    };
    (
        format!("{} x {} x {}", n[0], n[1], n[2]),
        Work::Call(Call::Gemm(call)),
        n[3] * 1e-3,
    )
}

fn rows(n: &[f64], work: Pointwise) -> (String, Work, f64) {
    (
        format!("{} x {}", n[0], n[1]),
        Work::Pointwise(work),
        n[0] * n[1] / n[2] / 1e9,
    )
}

/// The rows of one file; `None` where its name is none of theirs.
///
/// # Errors
/// The first line that does not fit.
pub fn read_llmcompass(file: &str, text: &str) -> Option<Result<Vec<PublishedRow>, Problem>> {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let (operator, width, convert) = table(name)?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let read = |(at, line): (usize, &str)| {
        let problem = |message: String| {
            let place = Place::line(file, at + 1);
            Problem::at(place, message).help(format!(
                "{width} positive numbers were expected, with commas between"
            ))
        };
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        if fields.len() != width {
            return Err(problem(format!(
                "a line of {} fields where {width} were expected",
                fields.len()
            )));
        }
        let number = |field: &&str| {
            let bare = field.trim_end_matches(|c: char| c.is_alphabetic());
            match bare.parse::<f64>() {
                Ok(n) if n.is_finite() && n > 0.0 => Ok(n),
                _ => Err(problem(format!("`{field}` is no positive number"))),
            }
        };
        let numbers: Vec<f64> = fields.iter().map(number).collect::<Result<_, _>>()?;
        let (shape, work, seconds) = convert(&numbers);
        Ok(PublishedRow {
            publisher: Publisher::LlmCompass,
            chip: ChipId(CHIP.to_owned()),
            operator,
            shape,
            work,
            seconds,
            by_host: true,
        })
    };
    Some(lines.map(read).collect())
}
