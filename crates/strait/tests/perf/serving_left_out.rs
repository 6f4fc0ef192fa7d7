//! Served runs scored with their chip left out: of what is fitted end to end, and of the operators under it.

use std::collections::BTreeMap;
use strait::catalog::{Catalog, ChipId};
use strait::data::{DataSet, load_sources};
use strait::perf::PerfModel;
use strait::perf::inference::{ServingNames, Timed, leave_one_out, time};
use strait::scenario::Scenario;

const SYSTEMS: [(&str, &str); 2] = [("h100_sxm", "nvidia-h100-sxm"), ("h200_sxm", "nvidia-h200-sxm")];

/// Runs of both systems, timed as if on `on` where it is named, else on their own chips.
fn runs(names: &ServingNames, catalog: &Catalog, perf: &PerfModel, on: Option<&str>) -> Vec<Timed> {
    let systems: BTreeMap<String, ChipId> = SYSTEMS
        .map(|(system, chip)| (system.to_owned(), ChipId(chip.into())))
        .into();
    let mut rows = Vec::new();
    for (system, _) in SYSTEMS {
        for users in ["4", "16", "64"] {
            let source = format!("db-dump/x; silicon_concurrency={users}");
            let cells = BTreeMap::from([
                ("id", users),
                ("silicon_data_source", source.as_str()),
                ("backend", "vllm"),
                ("model_path", "meta-llama/Llama-3.1-70B"),
                ("system", system),
                ("mode", "agg"),
                ("isl", "1024"),
                ("osl", "1024"),
                ("gemm_quant_mode", "fp8"),
                ("batch_size", users),
                ("tp_size", "4"),
                ("pp_size", "1"),
                ("silicon_ttft_ms", "150"),
                ("silicon_tpot_ms", "12"),
            ]);
            let row = names.row(&|name| cells.get(name).map(|s| (*s).to_owned()), &systems);
            rows.push(row.unwrap());
        }
    }
    let chip = |id: &ChipId| catalog.get(&on.map_or_else(|| id.clone(), |other| ChipId(other.into())));
    let mut why = BTreeMap::new();
    let timed = time(
        rows,
        perf.inference(),
        &names.clients(),
        |id| perf.model(id),
        chip,
        &mut why,
    );
    assert!(why.is_empty(), "{why:?}");
    timed
}

#[test]
fn a_chip_left_out_of_the_operators_is_scored_by_what_never_saw_it() {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap();
    let catalog = Catalog::load(&data, &Scenario::default()).unwrap();
    let perf = PerfModel::load(&data, &sources).unwrap();
    let names = ServingNames::read(data.get("perf/serving_rows.toml").unwrap(), &sources).unwrap();
    let rows = runs(&names, &catalog, &perf, None);
    // Steps of another chip stand for those of other operators: what matters is where they are taken.
    let other = runs(&names, &catalog, &perf, Some("nvidia-h20-96gb"));
    let h100 = ChipId("nvidia-h100-sxm".into());
    let score = |unseen: BTreeMap<ChipId, Vec<Timed>>| {
        let (all, out, alone) = leave_one_out(&rows, &unseen, 0.1);
        let of = |runs: &[strait::perf::inference::ServedRun], chip: &str| -> Vec<f64> {
            let own = runs.iter().filter(|r| r.timed.row.chip.0 == chip);
            own.map(|r| r.seen.tpot).collect()
        };
        (
            all.engines["VLLM"],
            of(&out, &h100.0),
            of(&out, "nvidia-h200-sxm"),
            of(&alone, &h100.0),
        )
    };
    let (fit, mine, theirs, alone) = score(BTreeMap::new());
    let (fit_2, mine_2, theirs_2, alone_2) = score(BTreeMap::from([(h100.clone(), other)]));
    assert_eq!(
        (fit, &theirs, &alone),
        (fit_2, &theirs_2, &alone_2),
        "only the chip itself is scored anew"
    );
    // At 64 users the other chip has a seventh of the arithmetic.
    assert!(mine_2[2] > 1.3 * mine[2], "{mine:?} {mine_2:?}");
}
