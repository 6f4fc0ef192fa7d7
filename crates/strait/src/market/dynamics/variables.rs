//! What a run answers, by quarter: names, units, and how each is read off a path.

use super::calendar::{Month, quarters};
use super::capacity::Binding;
use super::environment::Environment;
use super::path::Path;
use super::target::nvidia;
use crate::rules::Site;

/// A variable of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Name, levels apart by `|` as in the IAMC format.
    pub name: String,
    /// Unit.
    pub unit: &'static str,
}

/// Which variables a run keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Totals, vendors, goods.
    Totals,
    /// Also every good at every demand point.
    Everything,
}

/// Names of the totals that other parts look up.
pub mod name {
    #![allow(missing_docs, reason = "the names speak for themselves")]
    pub const BILLING: &str = "Revenue|NVIDIA|China by billing location";
    pub const HEADQUARTERS: &str = "Revenue|NVIDIA|China by customer headquarters";
    pub const NVIDIA_MAINLAND: &str = "Revenue|NVIDIA|Data center|Mainland";
    pub const NVIDIA_OFFSHORE: &str = "Revenue|NVIDIA|Data center|Offshore";
    pub const DOMESTIC: &str = "Revenue|Chinese vendors";
    pub const SPENDING: &str = "Spending|Mainland";
    pub const FOR_USE: &str = "Spending|Mainland|For use";
    pub const FOR_STOCK: &str = "Spending|Mainland|For stock";
    pub const FROM_STOCK: &str = "Use|Mainland|From stock";
    pub const DEMAND: &str = "Demand|Mainland, without limits or stocking";
    pub const GREY: &str = "Spending|Grey channel";
    pub const GREY_UNITS: &str = "Units|Grey channel";
    pub const SHARE_UNITS: &str = "Share|Chinese vendors|Units";
    pub const SHARE_DOLLARS: &str = "Share|Chinese vendors|Dollars";
    pub const SHARE_COMPUTE: &str = "Share|Chinese vendors|Compute";
    pub const COVERAGE: &str = "Share|Chinese vendors|Supply over demand";
    pub const SHARE_TRAINING: &str = "Share|Chinese vendors|Compute, training grade";
    pub const COMPUTE: &str = "Compute acquired|Mainland";
    pub const COMPUTE_ALL: &str = "Compute acquired|Mainland and offshore";
    pub const COMPUTE_DOMESTIC: &str = "Compute acquired|Chinese vendors";
    pub const INSTALLED: &str = "Compute installed";
    pub const WRITE_DOWN: &str = "Charge|Stock without a license";
    pub const LEVIES: &str = "Levies";
    pub const CUT_OFF: &str = "Expectation|Cut off within a year";
    pub const YIELD: &str = "Yield";
    pub const MEMORY: &str = "Memory bank";
    pub const BOUND_DIES: &str = "Binding|Wafers and yield";
    pub const BOUND_MEMORY: &str = "Binding|Memory";
    pub const BOUND_PACKAGING: &str = "Binding|Packaging";
    pub const BOUND_ABROAD: &str = "Binding|Packaging abroad";
}

/// Last level of the part of months in which a rent is at least what is told.
pub const AT_LEAST: &str = "At least";

/// Totals in order.
fn totals() -> Vec<(&'static str, &'static str)> {
    use name as n;
    vec![
        (n::BILLING, "million USD"),
        (n::HEADQUARTERS, "million USD"),
        (n::NVIDIA_MAINLAND, "million USD"),
        (n::NVIDIA_OFFSHORE, "million USD"),
        (n::DOMESTIC, "million USD"),
        (n::SPENDING, "million USD"),
        (n::FOR_USE, "million USD"),
        (n::FOR_STOCK, "million USD"),
        (n::FROM_STOCK, "million USD"),
        (n::DEMAND, "million USD"),
        (n::GREY, "million USD"),
        (n::GREY_UNITS, "thousand"),
        (n::SHARE_UNITS, "1"),
        (n::SHARE_DOLLARS, "1"),
        (n::SHARE_COMPUTE, "1"),
        (n::COVERAGE, "1"),
        (n::SHARE_TRAINING, "1"),
        (n::COMPUTE, "thousand H100 by TPP"),
        (n::COMPUTE_ALL, "thousand H100 by TPP"),
        (n::COMPUTE_DOMESTIC, "thousand H100 by TPP"),
        (n::INSTALLED, "thousand H100 by TPP"),
        (n::WRITE_DOWN, "million USD"),
        (n::LEVIES, "million USD"),
        (n::CUT_OFF, "1"),
        (n::YIELD, "1"),
        (n::MEMORY, "million stacks"),
        (n::BOUND_DIES, "1"),
        (n::BOUND_MEMORY, "1"),
        (n::BOUND_PACKAGING, "1"),
        (n::BOUND_ABROAD, "1"),
    ]
}

/// Variables of an environment's runs, in the order [`read`] fills.
pub fn variables(env: &Environment, detail: Detail) -> Vec<Variable> {
    let mut out: Vec<Variable> = totals()
        .into_iter()
        .map(|(name, unit)| Variable {
            name: name.into(),
            unit,
        })
        .collect();
    for good in &env.goods {
        out.push(Variable {
            name: format!("Units|{}|Mainland", good.id),
            unit: "thousand",
        });
        out.push(Variable {
            name: format!("Revenue|{}|Mainland", good.id),
            unit: "million USD",
        });
        out.push(Variable {
            name: format!("Scarcity rent|{}", good.id),
            unit: "USD a unit",
        });
        out.push(Variable {
            name: format!("Scarcity rent|{}|{AT_LEAST}", good.id),
            unit: "1",
        });
        if good.is_foreign_direct() {
            out.push(Variable {
                name: format!("Units|{}|For stock", good.id),
                unit: "thousand",
            });
        }
    }
    for point in &env.points {
        out.push(Variable {
            name: format!("Spending|{}", point.name),
            unit: "million USD",
        });
        out.push(Variable {
            name: format!("Share|Chinese vendors|Dollars|{}", point.name),
            unit: "1",
        });
    }
    if detail == Detail::Everything {
        for good in &env.goods {
            for point in &env.points {
                out.push(Variable {
                    name: format!("Units|{}|{}", good.id, point.name),
                    unit: "thousand",
                });
                out.push(Variable {
                    name: format!("Spending|{}|{}", good.id, point.name),
                    unit: "million USD",
                });
            }
        }
    }
    out
}

/// Every variable by quarter: `[variable * quarters + quarter]`.
pub fn read(path: &Path, env: &Environment, detail: Detail) -> Vec<f32> {
    let n = quarters().len();
    let count = variables(env, detail).len();
    let mut out = vec![0.0_f32; count * n];
    for q in 0..n {
        let row = of_quarter(path, env, q, detail);
        debug_assert_eq!(row.len(), count);
        for (v, value) in row.into_iter().enumerate() {
            out[v * n + q] = value as f32;
        }
    }
    out
}

/// Total processing performance from which a chip counts as one to train on: the bound of 3A090.a.1 of October 2022.
const TRAINING_GRADE: f64 = 4800.0;

fn of_quarter(path: &Path, env: &Environment, quarter: usize, detail: Detail) -> Vec<f64> {
    let months = quarter * 3..quarter * 3 + 3;
    let goods = path.goods;
    let sum = |of: &dyn Fn(usize) -> f64| months.clone().map(of).sum::<f64>();
    let over = |take: &dyn Fn(usize) -> bool, of: &dyn Fn(usize, usize) -> f64| {
        sum(&|t| (0..goods).filter(|g| take(*g)).map(|g| of(t, g)).sum())
    };
    let usd = |t: usize, g: usize| path.mainland_usd(env, t, g);
    let units = |t: usize, g: usize| path.mainland_units(env, t, g);
    let tpp = |t: usize, g: usize| env.tpp[env.at(Month(t), g)];
    let power = |t: usize, g: usize, n: f64| {
        if tpp(t, g).is_finite() {
            n * tpp(t, g) / env.compute_unit / 1e3
        } else {
            0.0
        }
    };
    let compute = |t: usize, g: usize| power(t, g, units(t, g));
    let training = |t: usize, g: usize| {
        if tpp(t, g) >= TRAINING_GRADE {
            compute(t, g)
        } else {
            0.0
        }
    };
    let domestic = |g: usize| env.goods[g].domestic;
    let grey = |g: usize| !env.goods[g].is_foreign_direct() && !env.goods[g].domestic;
    let any = |_: usize| true;
    let ratio = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    let last = quarter * 3 + 2;
    let mainland = sum(&|t| nvidia(path, env, t, Site::Mainland));
    let offshore = sum(&|t| nvidia(path, env, t, Site::Offshore));
    let spending = over(&any, &usd);
    // Buyers on the mainland alone buy ahead, and of foreign makers alone.
    let ahead = |t: usize, g: usize| path.ahead[t * goods + g];
    let stocked = over(&|g| env.goods[g].is_foreign_direct(), &|t, g| {
        if ahead(t, g) > 0.0 {
            ahead(t, g) * path.paid[t * goods + g]
        } else {
            0.0
        }
    });
    let offshore_units = |t: usize, g: usize| {
        let row = (t * goods + g) * path.points;
        (0..path.points)
            .filter(|p| env.points[*p].site == Site::Offshore)
            .map(|p| path.flows.units[row + p])
            .sum::<f64>()
    };
    let budget = sum(&|t| {
        (0..path.points)
            .filter(|p| env.points[*p].site == Site::Mainland)
            .map(|p| path.budget[t * path.points + p])
            .sum()
    });
    let bound = |what: Binding| months.clone().filter(|t| path.binding[*t] == what).count() as f64 / 3.0;
    // In the catalog's units a chip keeps the compute it was bought with.
    let installed = (0..goods)
        .map(|g| power(last, g, path.installed[last * goods + g]))
        .sum::<f64>();
    let mut out = vec![
        (mainland + 3.0 * path.gaming) / 1e6,
        (mainland + offshore + 3.0 * path.gaming) / 1e6,
        mainland / 1e6,
        offshore / 1e6,
        over(&domestic, &usd) / 1e6,
        spending / 1e6,
        (spending - stocked) / 1e6,
        stocked / 1e6,
        sum(&|t| path.from_stock[t]) / 1e6,
        sum(&|t| path.wanted[t]) / 1e6,
        over(&grey, &usd) / 1e6,
        over(&grey, &units) / 1e3,
        ratio(over(&domestic, &units), over(&any, &units)),
        ratio(over(&domestic, &usd), spending),
        ratio(over(&domestic, &compute), over(&any, &compute)),
        ratio(sum(&|t| path.domestic_limit[t]), budget),
        ratio(
            over(&domestic, &|t, g| training(t, g)),
            over(&any, &|t, g| training(t, g)),
        ),
        over(&any, &compute),
        over(&any, &compute) + over(&any, &|t, g| power(t, g, offshore_units(t, g))),
        over(&domestic, &compute),
        installed,
        over(&any, &|t, g| path.write_down[t * goods + g]) / 1e6,
        sum(&|t| path.levies[t]) / 1e6,
        path.cut_off[last],
        path.yields[last],
        path.banks[last].1 / 1e6,
        bound(Binding::Dies),
        bound(Binding::Memory),
        bound(Binding::Packaging),
        months.clone().filter(|t| path.packaging_abroad[*t]).count() as f64 / 3.0,
    ];
    for g in 0..goods {
        out.push(over(&|x| x == g, &units) / 1e3);
        out.push(over(&|x| x == g, &usd) / 1e6);
        out.push(sum(&|t| path.rent[t * goods + g]) / 3.0);
        out.push(sum(&|t| f64::from(u8::from(path.rent_at_least[t * goods + g]))) / 3.0);
        if env.goods[g].is_foreign_direct() {
            out.push(sum(&|t| ahead(t, g)) / 1e3);
        }
    }
    for p in 0..path.points {
        let here = |t: usize, g: usize| path.flows.usd[(t * goods + g) * path.points + p];
        let all = over(&any, &here);
        out.push(all / 1e6);
        out.push(ratio(over(&domestic, &here), all));
    }
    if detail == Detail::Everything {
        for g in 0..goods {
            for p in 0..path.points {
                let at = |t: usize| (t * goods + g) * path.points + p;
                out.push(sum(&|t| path.flows.units[at(t)]) / 1e3);
                out.push(sum(&|t| path.flows.usd[at(t)]) / 1e6);
            }
        }
    }
    out
}
