//! What `strait market run --show` adds to the variables: causes, diversion, inputs, sensitivity.

use super::market::{World, assumed};
use crate::args::MarketRunArgs;
use crate::interrupt;
use miette::{IntoDiagnostic, Result};
use strait::market::dynamics::{
    Causes, Ensemble, Input, Month, Path, Refusal, Run, Sensitivity, causes, inputs as input_values, name,
    noisy, refusal, sensitivity,
};
use strait::market::sensitivity::{Worth, data_worth};

/// What `--show` adds to the variables.
#[derive(Default)]
pub(crate) struct Extra {
    pub(crate) causes: Option<Causes>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) inputs: Option<Vec<Input>>,
    /// Paths that these were told from.
    pub(crate) paths: usize,
    pub(crate) sensitivity: Option<Moved>,
}

/// What moves an answer, and which datum would tell it.
pub(crate) struct Moved {
    pub(crate) answer: String,
    pub(crate) by: Sensitivity,
    pub(crate) data: Vec<Worth>,
}

impl Extra {
    /// Runs what `show` asks for.
    pub(crate) fn of(
        world: &World,
        args: &MarketRunArgs,
        show: &[&str],
        ensemble: &Ensemble,
    ) -> Result<Self> {
        let run = world.run(args.seed);
        let draws = args.draws.min(200);
        let mut out = Self {
            paths: draws,
            ..Self::default()
        };
        let wants = |word| show.contains(&word) && !interrupt::asked();
        // May 2025 to January 2026: NVIDIA's fiscal quarters after the license requirement.
        let window = Month::of(jiff::civil::date(2025, 5, 1)).0..Month::of(jiff::civil::date(2026, 2, 1)).0;
        if wants("decompose") {
            out.causes = Some(causes(&run, draws, window.clone()));
        }
        if let (true, Some(h20)) = (wants("diversion"), world.env.good("nvidia-h20")) {
            out.refusal = Some(refusal(&run, h20, window.start + 3..window.start + 15, draws));
        }
        if wants("inputs") {
            out.inputs = Some(input_values(&run, &[2025, 2026, 2027, 2028, 2030], draws));
        }
        if wants("sensitivity") {
            out.sensitivity = moved(world, &run, ensemble).transpose()?;
        }
        Ok(out)
    }
}

/// What moves the Chinese vendors' share of dollars in 2027, and what would tell it.
fn moved(world: &World, run: &Run<'_>, ensemble: &Ensemble) -> Option<Result<Moved>> {
    let year = ensemble.year(2027)?;
    let variable = ensemble.find(name::SHARE_DOLLARS)?;
    let answer = ensemble.averaged(variable, year.clone());
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
        (
            "Revenue|huawei|Mainland",
            2026,
            "Huawei's accelerator revenue, 2026",
        ),
        ("Units|huawei|Mainland", 2026, "Huawei's packages sold, 2026"),
        (
            "Units|nvidia-h200|Mainland",
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
            let draws = ensemble.summed(ensemble.find(of)?, ensemble.year(year)?);
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
