//! What `strait market run --show` adds to the variables: causes, diversion, inputs, sensitivity.

use super::rests::assumed;
use super::span::{Months, window};
use super::world::World;
use crate::args::MarketRunArgs;
use crate::interrupt;
use miette::{IntoDiagnostic, Result, miette};
use strait::market::dynamics::{
    Causes, Ensemble, Input, Key, Month, Path, Refusal, Run, Sensitivity, causes, inputs as input_values,
    name, noisy, refusal, sensitivity,
};
use strait::market::sensitivity::{Worth, data_worth};

/// What `--show` adds to the variables.
#[derive(Default)]
pub(crate) struct Extra {
    pub(crate) causes: Option<Split>,
    pub(crate) refusal: Option<Refused>,
    pub(crate) inputs: Option<Vec<Input>>,
    /// Paths that these were told from.
    pub(crate) paths: usize,
    pub(crate) sensitivity: Option<Moved>,
}

/// A change split by causes.
pub(crate) struct Split {
    /// The good whose sales are split; those of all US makers where none.
    pub(crate) good: Option<String>,
    pub(crate) months: Months,
    pub(crate) by: Causes,
}

/// A good refused.
pub(crate) struct Refused {
    pub(crate) good: String,
    pub(crate) months: Months,
    pub(crate) by: Refusal,
}

/// What moves an answer, and which datum would tell it.
pub(crate) struct Moved {
    pub(crate) answer: String,
    pub(crate) by: Sensitivity,
    pub(crate) data: Vec<Worth>,
}

impl Extra {
    /// Runs what `show` asks for and what has paths of its own: names that mean nothing are told before all others are drawn.
    pub(crate) fn of(world: &World, args: &MarketRunArgs, show: &[&str]) -> Result<Self> {
        let run = world.run(args.seed);
        let draws = args.draws.min(200);
        let mut out = Self {
            paths: draws,
            ..Self::default()
        };
        let wants = |word| show.contains(&word) && !interrupt::asked();
        let good = args.good.as_deref().map(|name| named(world, name)).transpose()?;
        let given = match &args.quarters {
            Some(text) => Some(Months::of(window(Some(text))?)),
            None => None,
        };
        let called = |g: usize| world.env.goods[g].name.clone();
        // NVIDIA's fiscal quarters after the license requirement.
        let license = Month::of(jiff::civil::date(2025, 5, 1)).0;
        if wants("decompose") {
            if let Some(g) = good.filter(|g| !world.env.goods[*g].china_only) {
                return Err(miette!(
                    help = "leave --good out for the sales of all US makers",
                    "`--show decompose` of `{}`: it was not made for this market, and the causes are taken away from chips that were",
                    world.env.goods[g].id
                ));
            }
            let months = given.clone().unwrap_or(Months(license..license + 9));
            out.causes = Some(Split {
                good: good.map(called),
                by: causes(&run, draws, months.0.clone(), good),
                months,
            });
        }
        let refused = good.or_else(|| world.env.good("nvidia-h20"));
        if let (true, Some(g)) = (wants("diversion"), refused) {
            let months = given.unwrap_or(Months(license + 3..license + 15));
            let by = refusal(&run, g, months.0.clone(), draws);
            if by.to.is_empty() {
                return Err(miette!(
                    help = "choose other --quarters, or another --good",
                    "`--show diversion`: nothing of `{}` would be sold from {months}, open or not",
                    world.env.goods[g].id
                ));
            }
            out.refusal = Some(Refused {
                good: called(g),
                months,
                by,
            });
        }
        if wants("inputs") {
            out.inputs = Some(input_values(&run, &[2025, 2026, 2027, 2028, 2030], draws));
        }
        Ok(out)
    }

    /// Adds what `show` asks for and is read off the paths drawn.
    pub(crate) fn read_off(
        &mut self,
        world: &World,
        args: &MarketRunArgs,
        show: &[&str],
        ensemble: &Ensemble,
    ) -> Result<()> {
        if show.contains(&"sensitivity") && !interrupt::asked() {
            self.sensitivity = moved(world, &world.run(args.seed), ensemble).transpose()?;
        }
        Ok(())
    }
}

/// The good of a foreign maker that a name means.
fn named(world: &World, name: &str) -> Result<usize> {
    let good = world
        .library
        .good(&world.env, name)
        .map_err(|meant| miette!(help = meant, "`--good {name}` is no good of the model"))?;
    if !world.env.goods[good].is_foreign_direct() {
        return Err(miette!(
            help = "give a good that a foreign maker sells, like `nvidia-h20`",
            "`--good {name}`: what policy refuses or takes from is sold by a foreign maker"
        ));
    }
    Ok(good)
}

/// What moves the Chinese vendors' share of dollars in 2027, and what would tell it.
fn moved(world: &World, run: &Run<'_>, ensemble: &Ensemble) -> Option<Result<Moved>> {
    let year = ensemble.year(2027)?;
    let variable = ensemble.find(name::SHARE_DOLLARS)?;
    let answer = ensemble.over(variable, year.clone());
    let env = &world.env;
    let read = |path: &Path| {
        let (mut own, mut all) = (0.0, 0.0);
        for t in year.start * 3..year.end * 3 {
            for (g, facts) in env.goods.iter().enumerate() {
                let usd = path.mainland_usd(env, t, g);
                all += usd;
                own += if facts.domestic { usd } else { 0.0 };
            }
        }
        if all > 0.0 { own / all } else { 0.0 }
    };
    let assumed = assumed(world);
    let candidates = [
        (
            name::HEADQUARTERS,
            2026,
            "NVIDIA revenue by customer headquarters, 2026",
        ),
        (name::SPENDING, 2026, "mainland spending on accelerators, 2026"),
        (name::DOMESTIC, 2026, "revenue of Chinese vendors, 2026"),
        (name::HUAWEI, 2026, "Huawei's accelerator revenue, 2026"),
        (
            Key::mainland("Sales|Units|Huawei"),
            2026,
            "Huawei's packages sold, 2026",
        ),
        (
            Key::mainland("Sales|Units|NVIDIA|H200"),
            2026,
            "H200 delivered to the mainland, 2026",
        ),
        (name::YIELD, 2026, "yield at SMIC, 2026"),
        (
            name::MEMORY,
            2026,
            "stacks of memory left in the bank, end of 2026",
        ),
        (name::GREY, 2026, "spending in the grey channel, 2026"),
        (name::SHARE_UNITS, 2026, "Chinese vendors' share of cards, 2026"),
    ];
    let published: Vec<(String, Vec<f64>)> = candidates
        .into_iter()
        .enumerate()
        .filter_map(|(n, (of, year, what))| {
            let draws = ensemble.over(ensemble.find(of)?, ensemble.year(year)?);
            Some((what.to_owned(), noisy(draws, n as u64)))
        })
        .collect();
    // More paths tell the indices more exactly, too.
    let points = (ensemble.values.len() as u32 / 32)
        .next_power_of_two()
        .clamp(4, 64);
    let found = sensitivity(run, (run.seed, points), |id| assumed.contains(&id), read)
        .and_then(|by| Ok((by, data_worth(&published, &answer)?)))
        .map(|(by, data)| Moved {
            answer: "Chinese vendors' share of mainland dollars, 2027".into(),
            by,
            data,
        });
    Some(found.into_diagnostic())
}
