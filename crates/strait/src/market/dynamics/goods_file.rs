//! Reads goods and demand points: `data/market/dynamics/goods.toml`.

use super::specification::{GoodFacts, GoodSpec, MixRow, Nest, PointSpec, Specification};
use crate::catalog::ChipId;
use crate::data::{DataFile, Problem, Problems, RawFigure, Reader, nearest};
use crate::figure::{FigureRef, Grade, Quantity, Ratio, Sources, When};
use crate::rules::{Channel, Segment, Site};
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    firm_guidance_from: Date,
    compute_unit: String,
    grey_premium: RawFigure,
    good: Vec<RawGood>,
    point: Vec<RawPoint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGood {
    id: Spanned<String>,
    seller: String,
    name: String,
    vendor: String,
    nest: Nest,
    #[serde(default)]
    domestic: bool,
    channel: Option<Channel>,
    detour_of: Option<Spanned<String>>,
    #[serde(default)]
    china_only: bool,
    #[serde(default)]
    planned: bool,
    #[serde(default)]
    mainland_only: bool,
    mix: Vec<(When, String, f64)>,
    #[serde(default)]
    chip_price: Vec<(String, f64)>,
    value_as: Option<Spanned<String>>,
    work_factor: Option<f64>,
    #[serde(default)]
    pools: Vec<(String, f64)>,
    #[serde(default)]
    dies: Vec<(When, f64)>,
    #[serde(default)]
    stacks: Vec<(When, f64)>,
    source: Spanned<String>,
    grade: Grade,
    #[serde(default)]
    #[allow(dead_code, reason = "for the reader of the file")]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPoint {
    id: String,
    name: String,
    site: Site,
    buyers: Vec<(Segment, f64)>,
    share: f64,
    #[serde(default)]
    grey_only: bool,
}

fn first(rows: &[(When, f64)]) -> Vec<(Date, f64)> {
    rows.iter().map(|(when, value)| (when.first(), *value)).collect()
}

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Specification {
    let raw: File = match toml::from_str(file.text) {
        Ok(raw) => raw,
        Err(error) => {
            problems.push(Problem::from_toml(file.path, file.text, &error));
            return Specification::default();
        }
    };
    let mut reader = Reader::new(file, sources, None);
    let ids: Vec<String> = raw.good.iter().map(|g| g.id.get_ref().clone()).collect();
    let find = |reader: &mut Reader<'_>, named: &Option<Spanned<String>>| {
        let named = named.as_ref()?;
        let found = ids.iter().position(|id| id == named.get_ref());
        if found.is_none() {
            let near = nearest(named.get_ref(), ids.iter().map(String::as_str)).join("`, `");
            reader.problem(
                named.span(),
                format!("`{}` is no good of this file", named.get_ref()),
                (!near.is_empty()).then(|| format!("did you mean `{near}`?")),
            );
        }
        found
    };
    let mut out = Specification {
        firm_guidance_from: raw.firm_guidance_from,
        compute_unit: ChipId(raw.compute_unit),
        grey_premium: reader
            .figure(&raw.grey_premium)
            .map_or(Ratio::of(0.0), |f| f.value),
        ..Specification::default()
    };
    for (n, good) in raw.good.iter().enumerate() {
        let id = good.id.get_ref();
        if ids[..n].contains(id) {
            reader.problem(
                good.id.span(),
                format!("good `{id}` stands twice"),
                Some("delete one".into()),
            );
        }
        let level = |g: &RawGood| (g.seller.clone(), g.name.clone());
        if raw.good[..n].iter().any(|g| level(g) == level(good))
            || good.seller.contains('|')
            || good.name.contains('|')
        {
            reader.problem(
                good.id.span(),
                format!(
                    "`{id}` is called `{}|{}`: a seller and a name of its own without `|` were expected",
                    good.seller, good.name
                ),
                None,
            );
        }
        let bad = good.mix.iter().any(|m| !(0.0..=1.0).contains(&m.2))
            || good.chip_price.iter().any(|p| !p.1.is_finite() || p.1 <= 0.0)
            || good.mix.is_empty();
        if bad {
            reader.problem(
                good.id.span(),
                format!(
                    "`{id}`: weights between 0 and 1 and prices above 0 were expected, one mix row at least"
                ),
                None,
            );
        }
        let begins = good.mix.iter().map(|m| m.0.first()).min();
        for (name, rows) in [("dies", &good.dies), ("stacks", &good.stacks)] {
            let first = rows.iter().map(|r| r.0.first()).min();
            let late = first > begins || first.is_none() && good.dies.len() + good.stacks.len() > 0;
            if late {
                reader.problem(
                    good.id.span(),
                    format!("`{name}` of `{id}` does not say what holds when its mix begins"),
                    Some("give `dies` and `stacks` from the first day of `mix` on, or neither".into()),
                );
            }
        }
        let source = reader.source(good.source.get_ref(), good.grade, good.source.span());
        out.goods.push(GoodSpec {
            facts: GoodFacts {
                id: id.clone(),
                seller: good.seller.clone(),
                name: good.name.clone(),
                vendor: good.vendor.clone(),
                nest: good.nest,
                domestic: good.domestic,
                channel: good.channel.unwrap_or(Channel::Direct),
                detour_of: find(&mut reader, &good.detour_of),
                china_only: good.china_only,
                planned: good.planned,
                mainland_only: good.mainland_only,
            },
            mix: good
                .mix
                .iter()
                .map(|(from, chip, weight)| MixRow {
                    from: from.first(),
                    chip: (!chip.is_empty()).then(|| ChipId(chip.clone())),
                    weight: *weight,
                })
                .collect(),
            chip_price: good
                .chip_price
                .iter()
                .map(|(c, p)| (ChipId(c.clone()), *p))
                .collect(),
            value_as: find(&mut reader, &good.value_as),
            work_factor: good.work_factor.unwrap_or(1.0),
            pools: good.pools.clone(),
            dies: first(&good.dies),
            stacks: first(&good.stacks),
            reference: FigureRef {
                of: "market".into(),
                path: format!("dynamics.goods.{id}"),
                source,
                grade: good.grade,
                place: reader.place(&good.id.span()),
            },
        });
    }
    for point in raw.point {
        let sum: f64 = point.buyers.iter().map(|b| b.1).sum();
        if (sum - 1.0).abs() > 1e-9 || point.buyers.is_empty() {
            reader.problem(
                0..0,
                format!(
                    "buyers of point `{}` weigh `{sum}` where 1 was expected",
                    point.id
                ),
                None,
            );
        }
        let twice = |p: &PointSpec| p.site == point.site && p.name == point.name;
        if out.points.iter().any(twice) || point.name.contains('|') {
            reader.problem(
                0..0,
                format!(
                    "point `{}` is called `{}`: a name of its own at its site without `|` was expected",
                    point.id, point.name
                ),
                None,
            );
        }
        out.points.push(PointSpec {
            id: point.id,
            name: point.name,
            site: point.site,
            buyers: point.buyers,
            share: point.share,
            grey_only: point.grey_only,
        });
    }
    for site in [Site::Mainland, Site::Offshore] {
        let sum: f64 = out
            .points
            .iter()
            .filter(|p| p.site == site)
            .map(|p| p.share)
            .sum();
        if (sum - 1.0).abs() > 1e-9 {
            reader.problem(
                0..0,
                format!("shares of the points {site:?} sum to `{sum}` where 1 was expected"),
                None,
            );
        }
    }
    problems.0.append(&mut reader.problems.0);
    out
}
