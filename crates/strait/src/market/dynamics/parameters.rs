//! Priors of the quarterly model, and the values of one draw: `data/market/dynamics/parameters.toml`.

use crate::data::{DataFile, Problems};
use crate::figure::Sources;
use crate::market::Stream;
use crate::market::prior::{self, Prior};
use jiff::civil::Date;

macro_rules! parameters {
    ($($name:ident),+ $(,)?) => {
        /// Names of the parameters, in the order of every vector of values.
        pub struct Names;
        impl Names {
            /// The names.
            pub const ALL: &'static [&'static str] = &[$(stringify!($name)),+];
        }
        /// Values of the parameters in one draw; the data file says what each is.
        #[derive(Debug, Clone, Copy, PartialEq)]
        #[allow(missing_docs, reason = "documented in the data file")]
        pub struct Theta { $(pub $name: f64),+ }
        impl Theta {
            /// From values in the order of [`Names::ALL`].
            ///
            /// # Panics
            /// Where there are fewer values than names.
            pub fn from_values(values: &[f64]) -> Self {
                let mut at = values.iter().copied();
                Self { $($name: at.next().expect("a value a name")),+ }
            }
            /// The values in the order of [`Names::ALL`].
            pub fn values(&self) -> Vec<f64> { vec![$(self.$name),+] }
        }
    };
}

parameters! {
    budget_2022, growth_2022, growth_2023, growth_2024, growth_2025, growth_2026, growth_later,
    budget_volatility, offshore_level, offshore_trend, offshore_leak, gaming,
    nvidia_quality, switching_cost, home_preference,
    guidance_discouraged, guidance_mild, guidance_conditional, guidance_banned, guidance_unknown,
    license_execution, quota_execution,
    maker_price, huawei_capacity, hbm_bank, die_bank, prebuying, model_error, error_memory, card_factor, small_cards_imported,
    bias_share_units, bias_share_dollars, bias_share_servers,
    price_exponent, nest_correlation, outside_utility, cut_off_aversion, base_hazard, memory_years,
    chip_share_of_cost, supply_domestic, supply_foreign, supply_grey, grey_channel, grey_premium,
    yield_2025, yield_learning, state_wafers, reinvestment, domestic_hbm, domestic_hbm_growth,
    service_life, software_learning, levy_pass_through, write_down, supply_packaging,
}

/// Priors in the order of [`Names::ALL`].
#[derive(Debug, Clone, Default)]
pub struct Priors(pub Vec<Prior>);

impl Priors {
    /// The priors as they could have been written on a day: those of later sources take their wider form.
    #[must_use]
    pub fn known(&self, day: Date) -> Self {
        Self(self.0.iter().map(|prior| prior.known(day)).collect())
    }

    /// Values at standard scores.
    pub fn theta(&self, z: &[f64]) -> Theta {
        let values: Vec<f64> = self.0.iter().zip(z).map(|(prior, z)| prior.at(*z)).collect();
        Theta::from_values(&values)
    }

    /// Where a chain may begin: a draw of the prior shrunk by half, so that chains start apart and none at an absurd place.
    pub fn start(&self, stream: &mut Stream) -> Vec<f64> {
        (0..self.len()).map(|_| 0.5 * stream.normal()).collect()
    }

    /// A short hash of names and shapes: equal priors hash alike.
    pub fn hash(&self) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for p in &self.0 {
            hash.update(format!("{}\n", p.line()));
        }
        hash.finalize()[..6].iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Number of parameters.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True before loading.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Priors {
    let of = ("the quarterly model", "dynamics.parameters");
    Priors(prior::load(file, Names::ALL, of, sources, problems))
}
