//! How a family's few physical parameters are declared: name, unit, meaning, range, prior.

/// One parameter of an operator family.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Name in `data/perf/operators.toml`.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Where a fit begins, and the centre of its prior.
    pub prior: f64,
    /// Logarithmic standard deviation of the prior; zero for a constant of the hardware, which is not fitted.
    pub sigma: f64,
    /// Smallest admissible value.
    pub low: f64,
    /// Largest admissible value.
    pub high: f64,
}

/// A set of parameters that can be written as a list in the order of its declaration.
pub trait Parameters: Sized + Copy {
    /// Declarations, in order.
    const LIST: &'static [Parameter];
    /// From a list in that order; missing values take the prior.
    fn from_list(values: &[f64]) -> Self;
    /// To a list in that order.
    fn list(&self) -> Vec<f64>;
}

/// Declares a struct of parameters with its list.
macro_rules! parameters {
    ($(#[$doc:meta])* $name:ident { $( $field:ident: $unit:literal, $meaning:literal, $prior:literal +- $sigma:literal in $low:literal to $high:literal; )+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name { $( #[doc = $meaning] pub $field: f64, )+ }
        impl $crate::perf::ops::Parameters for $name {
            const LIST: &'static [$crate::perf::ops::Parameter] = &[ $( $crate::perf::ops::Parameter {
                name: stringify!($field), unit: $unit, meaning: $meaning, prior: $prior, sigma: $sigma,
                low: $low, high: $high,
            }, )+ ];
            fn from_list(values: &[f64]) -> Self {
                let mut at = 0;
                $( let $field = values.get(at).copied().unwrap_or($prior); at += 1; )+
                let _ = at;
                Self { $($field,)+ }
            }
            fn list(&self) -> Vec<f64> {
                vec![$(self.$field,)+]
            }
        }
    };
}
pub(crate) use parameters;
