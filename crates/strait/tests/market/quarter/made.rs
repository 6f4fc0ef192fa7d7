//! The shipped model with offers of our own.

use jiff::civil::date;
use std::collections::BTreeMap;
use strait::catalog::{ChipId, Software};
use strait::data::{DataSet, load_sources};
use strait::figure::{Estimate, Quantity, TokensPerDollar, Usd};
use strait::market::dynamics::Dynamics;
use strait::market::{Access, MarketCase, MarketModel, MarketOutcome, Offer, Quarter};
use strait::perf::WorkloadClass;
use strait::rules::{Channel, ChinaState, Segment, Site, SupplyEffect};

pub(crate) const ALL_WORK: [WorkloadClass; 5] = [
    WorkloadClass::DenseTraining,
    WorkloadClass::MoeTraining,
    WorkloadClass::Prefill,
    WorkloadClass::Chat,
    WorkloadClass::Reasoning,
];
pub(crate) const Q: Quarter = Quarter {
    year: 2025,
    quarter: 3,
};

pub(crate) fn model() -> MarketModel {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap();
    let mut model = MarketModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}"));
    let dynamics = Dynamics::load(&data, &model, &sources).unwrap_or_else(|p| panic!("{p}"));
    model.fit(&dynamics);
    model
}

pub(crate) fn offer(model: &MarketModel, chip: &str, price: f64, value: f64, supply: SupplyEffect) -> Offer {
    let nvidia = chip.starts_with("nvidia");
    Offer {
        chip: ChipId(chip.into()),
        vendor: chip.split('-').next().unwrap().into(),
        channel: Channel::Direct,
        domestic: !nvidia,
        software: Some(Software(if nvidia { "CUDA" } else { "CANN/MindSpore" }.into())),
        price: Some(Estimate::exact(Usd::of(price))),
        value: ALL_WORK
            .into_iter()
            .map(|w| (w, Estimate::exact(TokensPerDollar::of(value)).widen(1.3)))
            .collect::<BTreeMap<_, _>>(),
        access: model
            .segments()
            .iter()
            .map(|s| Access {
                segment: s.segment,
                site: s.site,
                supply_effect: supply,
                china: ChinaState::None,
                quota: None,
            })
            .collect(),
        interposed_dies: Some(if chip.ends_with("910c") { 2 } else { 1 }),
        left_out: None,
    }
}

pub(crate) fn offers(model: &MarketModel) -> Vec<Offer> {
    vec![
        offer(model, "nvidia-h20-96gb", 12_000.0, 1000.0, SupplyEffect::Licensed),
        offer(model, "nvidia-rtx-pro-6000d", 7_000.0, 900.0, SupplyEffect::Open),
        offer(
            model,
            "huawei-ascend-910b1",
            16_000.0,
            700.0,
            SupplyEffect::NotBound,
        ),
        offer(
            model,
            "huawei-ascend-910c",
            26_000.0,
            800.0,
            SupplyEffect::NotBound,
        ),
        offer(model, "nvidia-h100-sxm", 28_000.0, 1100.0, SupplyEffect::Blocked),
    ]
}

pub(crate) fn run(model: &MarketModel, offers: &[Offer], case: MarketCase) -> MarketOutcome {
    model.quarter(offers, (Q, date(2025, 9, 30)), case, None)
}

pub(crate) fn share(outcome: &MarketOutcome, segment: Segment, site: Site, chip: &str) -> f64 {
    let s = outcome
        .segments
        .iter()
        .find(|s| s.segment == segment && s.site == site)
        .unwrap();
    s.shares
        .iter()
        .filter(|x| x.chip.0 == chip)
        .map(|x| x.share)
        .sum()
}
