//! Priors of the quarterly model, and the values of one draw: `data/market/dynamics/parameters.toml`.

use crate::data::{DataFile, Problem, Problems, Reader, nearest};
use crate::figure::{FigureRef, Grade, Sources};
use crate::market::draws::normal_probability;
use crate::market::priors::{beta_quantile, beta_table};
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

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
    huawei_capacity, hbm_bank, die_bank, prebuying, model_error, card_factor,
    bias_share_units, bias_share_dollars, bias_share_servers,
    price_exponent, nest_correlation, outside_utility, cut_off_aversion, base_hazard, memory_years,
    chip_share_of_cost, supply_domestic, supply_foreign, supply_grey, grey_channel, grey_premium,
    yield_2025, yield_learning, state_wafers, reinvestment, domestic_hbm, domestic_hbm_growth,
    service_life, software_learning, levy_pass_through, write_down,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    parameter: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    prior: Shape,
    a: f64,
    b: f64,
    floor: Option<f64>,
    ceiling: Option<f64>,
    #[serde(default)]
    fitted: bool,
    known_from: Option<Date>,
    before: Option<[f64; 2]>,
    source: Spanned<String>,
    grade: Grade,
    why: String,
}

/// Kind of prior.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Normal,
    Lognormal,
    Beta,
}

/// A parameter's prior.
#[derive(Debug, Clone)]
pub struct Prior {
    /// Name.
    pub id: &'static str,
    shape: Shape,
    a: f64,
    b: f64,
    floor: f64,
    ceiling: f64,
    /// Cumulative distribution on a grid, for Beta.
    table: Vec<(f64, f64)>,
    before: Option<(Date, [f64; 2])>,
    /// Whether the data are meant to say something of it.
    pub fitted: bool,
    /// What it stands for.
    pub why: String,
    /// Source, grade, place.
    pub reference: FigureRef,
}

impl Prior {
    /// The value at a standard score: the prior's quantile at the normal probability of `z`, so that priors of every
    /// shape are standard normal in `z`.
    pub fn at(&self, z: f64) -> f64 {
        let value = match self.shape {
            Shape::Normal => self.a + self.b * z,
            Shape::Lognormal => self.a * (self.b * z).exp(),
            Shape::Beta => beta_quantile(&self.table, normal_probability(z)),
        };
        value.clamp(self.floor, self.ceiling)
    }

    /// In words (`Beta(2, 8)`).
    pub fn words(&self) -> String {
        match self.shape {
            Shape::Normal => format!("normal({}, {})", self.a, self.b),
            Shape::Lognormal => format!("lognormal({}, {})", self.a, self.b),
            Shape::Beta => format!("Beta({}, {})", self.a, self.b),
        }
    }

    fn shaped(mut self, [a, b]: [f64; 2]) -> Self {
        (self.a, self.b) = (a, b);
        if self.shape == Shape::Beta {
            self.table = beta_table(a, b);
        }
        self
    }
}

/// Priors in the order of [`Names::ALL`].
#[derive(Debug, Clone, Default)]
pub struct Priors(pub Vec<Prior>);

impl Priors {
    /// The priors as they could have been written on a day: those of later sources take their wider form.
    #[must_use]
    pub fn known(&self, day: Date) -> Self {
        let at = |prior: &Prior| match prior.before {
            Some((from, shape)) if day < from => prior.clone().shaped(shape),
            _ => prior.clone(),
        };
        Self(self.0.iter().map(at).collect())
    }

    /// Values at standard scores.
    pub fn theta(&self, z: &[f64]) -> Theta {
        let values: Vec<f64> = self.0.iter().zip(z).map(|(prior, z)| prior.at(*z)).collect();
        Theta::from_values(&values)
    }

    /// A short hash of names and shapes: equal priors hash alike.
    pub fn hash(&self) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for p in &self.0 {
            hash.update(format!("{}|{}|{}|{}\n", p.id, p.words(), p.floor, p.ceiling));
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
    let raw: File = match toml::from_str(file.text) {
        Ok(raw) => raw,
        Err(error) => {
            problems.push(Problem::from_toml(file.path, file.text, &error));
            return Priors::default();
        }
    };
    let mut reader = Reader::new(file, sources, None);
    let mut found: Vec<Option<Prior>> = vec![None; Names::ALL.len()];
    for raw in raw.parameter {
        let name = raw.id.get_ref();
        let Some(at) = Names::ALL.iter().position(|id| id == name) else {
            let near = nearest(name, Names::ALL.iter().copied()).join("`, `");
            reader.problem(
                raw.id.span(),
                format!("`{name}` is no parameter of the quarterly model"),
                (!near.is_empty()).then(|| format!("did you mean `{near}`?")),
            );
            continue;
        };
        let source = reader.source(raw.source.get_ref(), raw.grade, raw.source.span());
        let valid = |[a, b]: [f64; 2]| {
            a.is_finite() && b.is_finite() && b > 0.0 && (raw.prior == Shape::Normal || a > 0.0)
        };
        if !valid([raw.a, raw.b]) || raw.before.is_some_and(|ab| !valid(ab)) {
            reader.problem(
                raw.id.span(),
                format!("`a = {}`, `b = {}` is no prior of this kind", raw.a, raw.b),
                Some("a spread above zero; lognormal and beta also need `a` above zero".into()),
            );
            continue;
        }
        let before = match (raw.known_from, raw.before) {
            (Some(day), Some(shape)) => Some((day, shape)),
            (None, None) => None,
            _ => {
                reader.problem(
                    raw.id.span(),
                    "`known_from` and `before` stand together or not at all",
                    None,
                );
                None
            }
        };
        let prior = Prior {
            id: Names::ALL[at],
            shape: raw.prior,
            a: raw.a,
            b: raw.b,
            floor: raw.floor.unwrap_or(f64::MIN),
            ceiling: raw.ceiling.unwrap_or(f64::MAX),
            table: Vec::new(),
            before,
            fitted: raw.fitted,
            why: raw.why,
            reference: FigureRef {
                of: "market".into(),
                path: format!("dynamics.parameters.{name}"),
                source,
                grade: raw.grade,
                place: reader.place(&raw.id.span()),
            },
        };
        if found[at].is_some() {
            reader.problem(
                raw.id.span(),
                format!("parameter `{name}` stands twice"),
                Some("delete one".into()),
            );
        }
        found[at] = Some(prior.shaped([raw.a, raw.b]));
    }
    problems.0.append(&mut reader.problems.0);
    for (id, _) in Names::ALL.iter().zip(&found).filter(|(_, f)| f.is_none()) {
        problems.push(
            Problem::in_file(file.path, format!("parameter `{id}` is missing"))
                .help("add a `[[parameter]]` with its prior and source"),
        );
    }
    Priors(found.into_iter().flatten().collect())
}
