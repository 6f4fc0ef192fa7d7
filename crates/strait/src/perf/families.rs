//! What share of its peaks the products of a family of chips reach where its operators were never measured, and the
//! spread of a family's own bias.

use super::PerfFamilyId;
use crate::catalog::Format;
use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{FigureRef, Quantity, Ratio, Sources};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    ceiling: RawFigure,
    prior: RawFamily,
    #[serde(default)]
    family: Vec<RawNamed>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFamily {
    products: Option<RawProducts>,
    sigma: RawFigure,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNamed {
    id: Spanned<String>,
    products: Option<RawProducts>,
    sigma: RawFigure,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProducts {
    fp16: RawFigure,
    fp8: Option<RawFigure>,
    fed_by: RawFigure,
}

/// The share of its peak that a large product reaches: ceiling / (1 + k x FLOP per byte of memory bandwidth).
#[derive(Debug, Clone, Copy)]
struct Products {
    ceiling: f64,
    k16: f64,
    k8: f64,
}

/// One family.
#[derive(Debug, Clone)]
pub(crate) struct Family {
    products: Option<Products>,
    /// Spread of the family's own bias, logarithmic.
    pub(crate) sigma: f64,
    /// Figures it rests on.
    pub(crate) refs: Vec<FigureRef>,
}

/// All families.
#[derive(Debug, Clone)]
pub(crate) struct Families {
    prior: (Family, Products),
    by_id: BTreeMap<PerfFamilyId, Family>,
}

impl Families {
    /// The family, and whether it is the prior, as nobody published a measurement of it.
    pub(crate) fn get(&self, id: &str) -> (&Family, bool) {
        match self.by_id.get(&PerfFamilyId(id.to_owned())) {
            Some(family) => (family, false),
            None => (&self.prior.0, true),
        }
    }

    /// FLOP/s that large products of a family reach at a peak (FLOP/s) and a memory bandwidth (bytes/s).
    pub(crate) fn products(&self, id: &str, format: Format, peak: f64, bandwidth: f64) -> f64 {
        let p = self.get(id).0.products.unwrap_or(self.prior.1);
        let k = if format == Format::Fp16 { p.k16 } else { p.k8 };
        peak * p.ceiling / (1.0 + k * peak / bandwidth)
    }
}

struct Collect<'r, 'a> {
    reader: &'r mut Reader<'a>,
    of: String,
    refs: Vec<FigureRef>,
}

impl Collect<'_, '_> {
    /// A share above zero and at most one, or a number above zero.
    fn read(&mut self, path: &str, raw: &RawFigure, most: f64) -> f64 {
        let Some(figure) = self.reader.figure::<Ratio>(raw) else {
            return 1.0;
        };
        let value = figure.value.get();
        self.refs.push(FigureRef {
            of: self.of.clone(),
            path: path.to_owned(),
            source: figure.source,
            grade: figure.grade,
            place: figure.place,
        });
        if value <= 0.0 || value > most {
            self.reader.problem(
                raw.value.span(),
                format!("`{path}` is `{value}`"),
                Some(format!("a number above 0 and at most {most}")),
            );
            return 1.0;
        }
        value
    }

    fn products(&mut self, raw: &RawProducts, ceiling: f64) -> Products {
        let fp16 = self.read("products.fp16", &raw.fp16, 1.0);
        let fp8 = raw.fp8.as_ref().map(|raw| self.read("products.fp8", raw, 1.0));
        let fed_by = self.read("products.fed_by", &raw.fed_by, 1e4);
        let ceiling = ceiling.max(fp16).max(fp8.unwrap_or(0.0));
        let k16 = (ceiling / fp16 - 1.0) / fed_by;
        Products {
            ceiling,
            k16,
            // The 8-bit peak of the measured chip is twice its 16-bit peak, so it asks twice the bytes.
            k8: fp8.map_or(k16, |fp8| (ceiling / fp8 - 1.0) / (2.0 * fed_by)),
        }
    }
}

/// Reads `data/perf/families.toml`.
pub(crate) fn read(file: DataFile<'_>, sources: &Sources) -> Result<Families, Problems> {
    let raw: RawFile = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut reader = Reader::new(file, sources, None);
    let mut collect = Collect {
        reader: &mut reader,
        of: "perf families".to_owned(),
        refs: Vec::new(),
    };
    let ceiling = collect.read("ceiling", &raw.ceiling, 1.0);
    let shared = collect.refs;
    let mut family = |of: &str, products: Option<&RawProducts>, sigma: &RawFigure| {
        let mut collect = Collect {
            reader: &mut reader,
            of: of.to_owned(),
            refs: shared.clone(),
        };
        let products = products.map(|raw| collect.products(raw, ceiling));
        let sigma = collect.read("sigma", sigma, 3.0);
        Family {
            products,
            sigma,
            refs: collect.refs,
        }
    };
    let prior = family("prior", raw.prior.products.as_ref(), &raw.prior.sigma);
    let mut by_id = BTreeMap::new();
    let mut twice = Vec::new();
    for f in &raw.family {
        let id = f.id.get_ref();
        let read = family(id, f.products.as_ref(), &f.sigma);
        if by_id.insert(PerfFamilyId(id.clone()), read).is_some() {
            twice.push(f);
        }
    }
    for f in twice {
        reader.problem(
            f.id.span(),
            format!("family `{}` stands twice", f.id.get_ref()),
            None,
        );
    }
    let Some(products) = prior.products else {
        let missing = Problem::in_file(file.path, "`prior` without `products`")
            .help("families without products of their own take it");
        reader.problems.push(missing);
        return Err(reader.problems);
    };
    let prior = (prior, products);
    reader.problems.or(Families { prior, by_id })
}
