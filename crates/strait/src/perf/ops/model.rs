//! The fitted parameters of one family, and the time of any call under them.

use super::{
    Call, Device, Engine, Operator, Parameter, Parameters, attention_decode, attention_prefill, collective,
    custom_all_reduce, gemm, grouped_gemm, mla,
};

/// Parameters of one operator family.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub enum Family {
    Gemm(gemm::Fit),
    GroupedGemm(grouped_gemm::Fit),
    Prefill(attention_prefill::Fit),
    Decode(attention_decode::Fit),
    Collective(collective::Fit),
    CustomAllReduce(custom_all_reduce::Fit),
}

impl Family {
    /// Declarations of an operator's parameters.
    #[must_use]
    pub fn list(operator: Operator) -> &'static [Parameter] {
        match operator {
            Operator::Gemm => gemm::Fit::LIST,
            Operator::GroupedGemm => grouped_gemm::Fit::LIST,
            Operator::AttentionPrefill | Operator::MlaPrefill => attention_prefill::Fit::LIST,
            Operator::AttentionDecode | Operator::MlaDecode => attention_decode::Fit::LIST,
            Operator::Collective => collective::Fit::LIST,
            Operator::CustomAllReduce => custom_all_reduce::Fit::LIST,
        }
    }

    /// Parameters from a list in the order of [`Family::list`].
    #[must_use]
    pub fn of(operator: Operator, values: &[f64]) -> Self {
        match operator {
            Operator::Gemm => Self::Gemm(gemm::Fit::from_list(values)),
            Operator::GroupedGemm => Self::GroupedGemm(grouped_gemm::Fit::from_list(values)),
            Operator::AttentionPrefill | Operator::MlaPrefill => {
                Self::Prefill(attention_prefill::Fit::from_list(values))
            }
            Operator::AttentionDecode | Operator::MlaDecode => {
                Self::Decode(attention_decode::Fit::from_list(values))
            }
            Operator::Collective => Self::Collective(collective::Fit::from_list(values)),
            Operator::CustomAllReduce => Self::CustomAllReduce(custom_all_reduce::Fit::from_list(values)),
        }
    }
}

/// Seconds of a call; `None` where the parameters are another family's, or the chip lacks the arithmetic or link.
#[must_use]
pub fn seconds(call: &Call, device: &Device, family: &Family, engine: &Engine) -> Option<f64> {
    let time = match (call, family) {
        (Call::Gemm(c), Family::Gemm(p)) => gemm::seconds(c, device, p, engine),
        (Call::GroupedGemm(c), Family::GroupedGemm(p)) => grouped_gemm::seconds(c, device, p, engine),
        (Call::AttentionPrefill(c), Family::Prefill(p)) => attention_prefill::seconds(c, device, p, engine),
        (Call::AttentionDecode(c), Family::Decode(p)) => attention_decode::seconds(c, device, p, engine),
        (Call::MlaPrefill(c), Family::Prefill(p)) => mla::prefill_seconds(c, device, p, engine),
        (Call::MlaDecode(c), Family::Decode(p)) => mla::decode_seconds(c, device, p, engine),
        (Call::Collective(c), Family::Collective(p)) => collective::seconds(c, device, p, engine),
        (Call::CustomAllReduce(c), Family::CustomAllReduce(p)) => {
            custom_all_reduce::seconds(c, device, p, engine)
        }
        _ => return None,
    };
    time.is_finite().then_some(time)
}
