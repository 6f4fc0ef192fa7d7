//! Small hand-made data of cost, chips and runs, for tests that compute by hand.

use jiff::civil::Date;
use std::sync::LazyLock;
use strait::catalog::{Catalog, Chip, ChipId, Form};
use strait::cost::{CostModel, HourlyCost};
use strait::data::{DataSet, load_sources};
use strait::figure::{Estimate, Outcome, Place, Quantity, TeraOps, TokensPerSecond, Watts};
use strait::perf::{Limit, LimitShares, ModelId, Performance, Plan, Scale, WorkloadClass, WorkloadId};
use strait::scenario::{PriceChange, Scenario};

pub(crate) const HEADER: &str =
    "id,chip,market,from_date,known_from,low,high,currency,form,kind,source,grade,notes\n";
pub(crate) const PRICES: &str = "\
a1,x-a,CN,2024-01-10,2024-02-01,71000,71000,CNY,card,list,s,analysis,
a2,x-a,CN,2024-06-01,2024-08-01,12000,14000,USD,card,street,s,analysis,
a3,x-a,CN,2025-01-01,2025-01-01,160000,160000,USD,server8,grey,s,analysis,
b1,x-b,US,2023-01-01,2023-01-01,30000,30000,USD,card,list,s,analysis,
c1,x-c,CN,2024-01-01,2024-01-01,9000,9000,USD,card,plan,s,analysis,
d1,x-d,CN,2024-01-01,2024-01-01,160000,160000,USD,server8,street,s,analysis,
";
pub(crate) const PARAMETERS: &str = r#"
amortisation = { value = 4, unit = "year", source = "s" }
residual = { value = 0.1, source = "s" }
capital_rate = { value = 0.0, source = "s" }
server_module = { value = 8000, unit = "USD", source = "s", alternatives = [{ value = 9000, source = "s", grade = "analysis" }] }
server_card = { value = 2000, unit = "USD", source = "s" }
network_module = { value = 4000, unit = "USD", source = "s" }
network_card = { value = 500, unit = "USD", source = "s" }
maintenance = { value = 0.02, source = "s" }
hosting = { value = 0.1, unit = "USD/kWh", source = "s" }
pue = { value = 1.25, source = "s" }
utilisation = { value = 0.8, source = "s", alternatives = [{ value = 0.5, source = "s", grade = "analysis" }] }
load = { value = 0.75, source = "s" }
server_power_module = { value = 300, unit = "W", source = "s" }
server_power_card = { value = 100, unit = "W", source = "s" }
server_rated_module = { value = 300, unit = "W", source = "s" }
server_rated_card = { value = 100, unit = "W", source = "s" }
network_power_module = { value = 0, unit = "W", source = "s" }
dispute_days = { value = 120, unit = "count", source = "s" }
levy_pass_through = { value = 0.4, source = "s", alternatives = [{ value = 0, source = "s", grade = "analysis" }, { value = 1, source = "s", grade = "analysis" }] }
"#;

pub(crate) fn data(prices: &str) -> DataSet {
    let mut data = DataSet::empty()
        .with(
            "sources.toml",
            "[[source]]\nid = \"s\"\ntitle = \"S\"\ngrade = \"analysis\"\n",
        )
        .with("market/prices.csv", format!("{HEADER}{prices}"))
        .with(
            "market/fx.csv",
            "date,known_from,cny_per_usd,source,grade\n2023,2023-01-01,7.1,s,analysis\n2024-03,2024-03-01,7.3,s,analysis\n",
        )
        .with(
            "market/tariffs.csv",
            "id,place,chips,from_date,known_from,low,value,high,currency,source,grade,notes\n\
             cn,CN,any,2020,2020,0.71,0.71,0.71,CNY,s,analysis,\n\
             cn-home,CN,domestic,2025-11-03,2025-11-04,0.365,0.365,0.365,CNY,s,analysis,\n\
             us,US,any,2020,2020,0.09,0.09,0.09,USD,s,analysis,\n\
             west,CN-GS,domestic,2025-11-03,2025-11-04,0.146,0.292,0.365,CNY,s,analysis,\n",
        )
        .with("cost/meta.toml", "verified_through = 2026-01-31\n")
        .with(
            "market/rentals.csv",
            "id,chip,market,from_date,known_from,low,high,currency,terms,source,grade,notes\n\
             r1,x-b,US,2023-09-01,2023-09-01,1.5,1.5,USD,reserved_1y,s,analysis,\n\
             r2,x-b,US,2023-12-01,2023-12-01,1.8,2.2,USD,on_demand,s,analysis,\n\
             r3,x-b,US,2023-07-01,2023-07-01,9,9,USD,on_demand,s,analysis,\n",
        )
        .with("cost/parameters.toml", PARAMETERS);
    for id in ["x-a", "x-b", "x-c", "x-d", "x-none"] {
        data = data.with(
            format!("chips/x/{id}.toml"),
            format!("id = \"{id}\"\nfamily = \"f\"\n"),
        );
    }
    data
}

pub(crate) fn load(data: &DataSet, scenario: &Scenario) -> Result<CostModel, String> {
    let sources = load_sources(data).expect("the test's register is sound");
    let model = CostModel::load(data, &sources).map_err(|problems| problems.to_string())?;
    Ok(model.fixing(scenario.prices.clone()))
}

pub(crate) fn model() -> CostModel {
    load(&data(PRICES), &Scenario::default()).expect("the test's data are sound")
}

pub(crate) fn chip(id: &str) -> Chip {
    static LIKE: LazyLock<Chip> = LazyLock::new(|| {
        let catalog = Catalog::load(&DataSet::embedded(), &Scenario::default()).expect("sound data");
        catalog
            .get(&ChipId("nvidia-h20-96gb".into()))
            .expect("in the catalog")
            .clone()
    });
    let mut chip = LIKE.clone();
    chip.id = ChipId(id.into());
    chip.name = id.to_uppercase();
    chip.family = "f".into();
    chip.default = false;
    chip.aliases.clear();
    chip.former_ids.clear();
    chip.form = Form::Module;
    let tdp = chip.tdp.as_mut().expect("the H20 has one");
    tdp.value = Watts::of(400.0);
    tdp.alternatives.clear();
    chip
}

pub(crate) fn performance(id: &str, per_chip: f64, watts: Option<f64>) -> Performance {
    let rate = |k: f64| TokensPerSecond::of(per_chip * k);
    let spread = |k: f64| Estimate::new(rate(k), rate(0.9 * k), rate(1.1 * k));
    Performance {
        chip: ChipId(id.into()),
        workload: WorkloadId("chat".into()),
        class: WorkloadClass::Chat,
        model: ModelId("m".into()),
        scale: Scale::Node,
        rate: spread(8.0),
        per_chip: spread(1.0),
        achieved: Estimate::exact(TeraOps::of(1.0)),
        mfu: 0.1,
        ttft: None,
        tpot: None,
        prompt_share: None,
        limit: Limit::MemoryBandwidth,
        shares: LimitShares {
            compute: 0.0,
            memory_bandwidth: 1.0,
            network: 0.0,
            overhead: 0.0,
        },
        plan: Plan {
            tensor: 8,
            pipeline: 1,
            data: 1,
            expert: 1,
            batch: 1,
            weights: strait::catalog::Format::Fp8,
            arithmetic: strait::catalog::Format::Fp8,
            kv_cache: None,
        },
        power: watts.map(|w| Estimate::exact(Watts::of(w))),
        extrapolated: false,
        rests_on: Vec::new(),
    }
}

pub(crate) fn hourly(model: &CostModel, id: &str, place: &str, on: Date) -> HourlyCost {
    match model.hourly(&chip(id), false, place, on, on) {
        Outcome::Known(cost) => cost,
        Outcome::Unknown(needs) => panic!("{id}: {needs:?}"),
    }
}

pub(crate) fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1.0)
}

/// A price as a scenario fixes it.
pub(crate) fn fixed(chip: &str, usd: f64, from: Option<&str>) -> PriceChange {
    PriceChange {
        chip: chip.into(),
        place: "CN".into(),
        usd,
        from: from.map(|day| day.parse().unwrap()),
        written: Place::line("mine.toml", 7),
    }
}
