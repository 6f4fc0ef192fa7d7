//! Precisions whose kernels nobody measured: whose time them, and how far that may be off.

use super::{Kernels, Set, student};
use crate::perf::ops::gemm::Gemm;
use crate::perf::ops::grouped_gemm::{GroupedGemm, Routing, Tokens};
use crate::perf::ops::{Cache, Call, Device, Engine, Operator, Precision, seconds};
use serde::Serialize;
use std::fmt;

/// Rows of the product that stands for those of prompts and training, and of the one that stands for new tokens.
const ROWS: [f64; 2] = [4096.0, 16.0];
/// Its columns and its inner width; of experts, width of the model.
const WIDTH: f64 = 8192.0;
/// A mixture as those of today: experts, of which a token chooses so many, and their inner width.
const EXPERTS: [f64; 3] = [64.0, 8.0, 2048.0];

/// A precision of an operator that was not measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Lent {
    /// Operator.
    pub operator: Operator,
    /// Precision asked for.
    pub precision: &'static str,
    /// Precision whose kernels time it.
    pub by: &'static str,
}

impl fmt::Display for Lent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} in {} (kernels of {})",
            self.operator, self.precision, self.by
        )
    }
}

/// A call that stands for those of an operator in a precision, of so many rows.
fn typical(operator: Operator, precision: Precision, rows: f64) -> Call {
    let cache = Cache::Cold;
    if operator == Operator::GroupedGemm {
        let [experts, chosen, inner] = EXPERTS;
        return Call::GroupedGemm(GroupedGemm {
            tokens: rows,
            hidden: WIDTH,
            inner,
            chosen,
            experts,
            tensor: 1.0,
            expert_ranks: 1.0,
            matrices: 3.0,
            routing: Routing::Random,
            given: Tokens::Shared,
            walks_all: false,
            precision,
            cache,
        });
    }
    Call::Gemm(Gemm {
        m: rows,
        n: WIDTH,
        k: WIDTH,
        precision,
        cache,
    })
}

impl Kernels {
    /// Whose kernels time products of a precision, where its own were not measured.
    #[must_use]
    pub fn lent(&self, operator: Operator, precision: &Precision) -> Option<Lent> {
        let held = |name: &str| self.sets.contains_key(&(operator, name.to_owned()));
        if held(precision.name) {
            return None;
        }
        let mut key = (operator, precision.timed_as(operator).to_owned());
        while !self.sets.contains_key(&key) {
            key = super::parent(&key)?;
        }
        Some(Lent {
            operator,
            precision: precision.name,
            by: Precision::of(&key.1)?.name,
        })
    }

    /// Half-width of the 90 % interval of the logarithm of a time that lending adds: the precision is one more beside those
    /// measured, and its kernels lie about the ones it takes as those of the others do. So a typical product is timed on
    /// the chip, in the precision's own bytes and at its own peak, by every precision's parameters in turn. Kernels that
    /// unpack weights, or add up blocks by instructions, tell nothing of others and others nothing of them.
    #[must_use]
    pub fn lending(&self, operator: Operator, precision: &Precision, first: bool, device: &Device) -> f64 {
        let Some(lent) = self.lent(operator, precision) else {
            return 0.0;
        };
        let call = typical(operator, *precision, ROWS[usize::from(!first)]);
        let time = |set: &Set| seconds(&call, device, set.family(), &Engine::BEST);
        let key = (operator, lent.by.to_owned());
        let Some(taken) = self.sets.get(&key).and_then(time) else {
            return 0.0;
        };
        let alike = |p: &Precision| {
            p.name != lent.by
                && p.weight_only() == precision.weight_only()
                && p.scaled_by_blocks() == precision.scaled_by_blocks()
        };
        let others = Precision::ALL.into_iter().filter(alike);
        let squares: Vec<f64> = others
            .filter_map(|p| self.sets.get(&(operator, p.name.to_owned())))
            .filter_map(|set| Some((time(set)? / taken).ln()))
            .filter(|off| off.is_finite())
            .map(|off| off * off)
            .collect();
        if squares.is_empty() {
            return 0.0;
        }
        #[allow(clippy::cast_precision_loss)]
        let mean = squares.iter().sum::<f64>() / squares.len() as f64;
        student(squares.len()) * mean.sqrt()
    }
}
