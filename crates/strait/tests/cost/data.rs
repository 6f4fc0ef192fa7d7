//! The shipped prices, tariffs and parameters: they load, answer for the chips of a brief, and come near
//! published owning costs.

use jiff::civil::{Date, date};
use strait::catalog::{Catalog, ChipId};
use strait::cost::{CostModel, HourOf, Modelled, PriceForm, Published, PublishedChecks, Use};
use strait::data::{DataSet, Problems, load_sources};
use strait::figure::{Outcome, Quantity};
use strait::perf::PerfModel;
use strait::scenario::Scenario;

fn load() -> (DataSet, Catalog, CostModel) {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap_or_else(|problems| panic!("{problems}"));
    let catalog = Catalog::load(&data, &Scenario::default()).unwrap_or_else(|problems| panic!("{problems}"));
    let model = CostModel::load(&data, &sources);
    (
        data,
        catalog,
        model.unwrap_or_else(|problems| panic!("{problems}")),
    )
}

fn usd(model: &CostModel, catalog: &Catalog, id: &str, on: Date) -> Option<(f64, f64, f64, String)> {
    let chip = catalog.get(&ChipId(id.into())).expect("in the catalog");
    let price = model.price(chip, "CN", on, on);
    let price = price.known()?;
    let (low, value, high) = (price.usd.low, price.usd.value, price.usd.high);
    Some((
        low.get().round(),
        value.get().round(),
        high.get().round(),
        price.row.clone(),
    ))
}

/// Computed by hand from the rows of `data/market/prices.csv`.
#[test]
fn prices_of_the_brief_s_chips() {
    let (_, catalog, model) = load();
    let spring = date(2025, 4, 20);
    let price = |id: &str, on| usd(&model, &catalog, id, on);
    // 12000 to 13000 of 2024-07-05; the server of that day: 1200000/8/7.27 = 20633, less 8100 to 9250.
    assert_eq!(
        price("nvidia-h20-96gb", spring),
        Some((11_383.0, 12_500.0, 13_000.0, "h20-2024-07-estimate".into()))
    );
    // On the day: street 110000/7.18; list 12000 to 15000; server 1400000/8/7.18 = 24373, less 8100 to 9250.
    let first = date(2024, 2, 1);
    assert_eq!(
        price("nvidia-h20-96gb", first),
        Some((12_000.0, 15_320.0, 16_273.0, "h20-2024-02-street".into()))
    );
    assert_eq!(price("nvidia-h20-96gb", date(2024, 1, 31)), None);
    // The sibling has its own price, public only at the end of 2025.
    assert_eq!(price("nvidia-h20-141gb", spring), None);
    assert_eq!(price("huawei-ascend-910b1", spring).unwrap().1, 16_575.0);
    assert_eq!(price("huawei-ascend-910c", spring).unwrap().1, 28_571.0);
    assert_eq!(price("nvidia-h800-sxm", spring).unwrap().1, 27_232.0);
    assert_eq!(price("baidu-kunlun-p800", spring), None);
    // FT 20000, channel 1400000/8/7.12 = 24579, Reuters 27000: one dispute.
    let january = price("nvidia-h200-sxm", date(2026, 1, 31)).unwrap();
    assert_eq!((january.0, january.1, january.2), (20_000.0, 27_000.0, 27_000.0));
}

#[test]
fn owning_costs_near_the_published_ones() {
    let (data, catalog, model) = load();
    let find = |id: &str, place: &str| {
        let chip = catalog.get(&ChipId(id.into()))?;
        Some((chip, catalog.designer_country(chip) == Some(place)))
    };
    let found = model
        .validate(&data, &catalog.sources, find)
        .unwrap_or_else(|problems| panic!("{problems}"));
    let hyperscaler = |c: &&strait::cost::OwnershipCheck| c.for_use == Use::Test && c.id.as_str() <= "C07";
    let errors: Vec<f64> = found
        .checks
        .iter()
        .filter(hyperscaler)
        .filter_map(|c| Some(c.error?.get().abs()))
        .collect();
    assert_eq!(errors.len(), 5, "GB200 and MI325X have no price");
    assert!(errors.iter().all(|e| *e < 0.25), "{errors:?}");
    assert!(found.median_error.unwrap().get() < 0.20);
}

#[test]
fn every_price_row_can_be_reached_and_every_answer_says_where_it_is_from() {
    let (_, catalog, model) = load();
    let (mut rows, mut answered) = (0, 0);
    let on = date(2026, 10, 9);
    for chip in catalog.iter() {
        for place in ["CN", "US"] {
            rows += model.prices(chip, place, on).len();
        }
        let domestic = catalog.designer_country(chip) == Some("CN");
        match model.hourly(chip, domestic, "CN", on, on) {
            Outcome::Known(cost) => {
                answered += 1;
                assert!(
                    cost.total.low.get() > 0.0 && cost.parts.chip.get() > 0.0,
                    "{}",
                    chip.id
                );
                assert!(cost.price.form == PriceForm::Card || !cost.price.notes.is_empty());
                assert!(
                    cost.rests_on
                        .iter()
                        .all(|r| catalog.sources.get(&r.source).is_some())
                );
                assert!(cost.rests_on.iter().any(|r| r.of == cost.price.row));
            }
            Outcome::Unknown(needs) => assert!(!needs.is_empty() && needs.iter().all(|n| n.flag.is_some())),
        }
    }
    assert!(
        rows >= 53 && answered >= 25,
        "{rows} rows, {answered} chips answered"
    );
}

#[test]
fn the_exchange_rate_is_the_last_one_known() {
    let (.., model) = load();
    let rate = |known| model.fx(date(2026, 11, 20), known).map(|fx| fx.cny_per_usd);
    assert_eq!(rate(date(2025, 1, 15)), Some(7.3));
    assert_eq!(rate(date(2026, 11, 20)), Some(6.8));
}

fn published(data: &DataSet) -> Result<PublishedChecks, Problems> {
    let (_, catalog, model) = load();
    let perf = PerfModel::load(data, &catalog.sources)?;
    let find = |id: &str, place: &str| {
        let chip = catalog.get(&ChipId(id.into()))?;
        Some((chip, catalog.designer_country(chip) == Some(place)))
    };
    model.validate_published(data, &catalog.sources, &perf, find)
}

#[test]
fn a_published_million_tokens_is_run_as_its_source_says_and_its_error_told_in_two_parts() {
    let found = published(&DataSet::embedded()).unwrap_or_else(|problems| panic!("{problems}"));
    let rows: Vec<_> = found
        .checks
        .iter()
        .filter(|c| c.quantity == Published::PerMillion)
        .collect();
    let row = |id: &str| rows.iter().find(|c| c.id == id).unwrap_or_else(|| panic!("{id}"));
    let mut both = 0;
    for check in &rows {
        let tokens = check.tokens.expect("its parts");
        match (tokens.of_hour, tokens.of_rate, check.error) {
            (Some(hour), Some(rate), Some(whole)) => {
                both += 1;
                let product = (1.0 + hour.get()) * (1.0 + rate.get());
                assert!(
                    (product / (1.0 + whole.get()) - 1.0).abs() < 1e-12,
                    "{}",
                    check.id
                );
            }
            (None, Some(rate), Some(whole)) => {
                assert!(tokens.hour_of == HourOf::Rented, "{}", check.id);
                assert_eq!(rate, whole, "{}", check.id);
            }
            (_, _, whole) => assert!(whole.is_none(), "{}", check.id),
        }
    }
    assert!(both >= 15, "{both} rows with hour and rate");
    // 22.3 thousand tokens a second of eight chips at 2 USD: 16 / (22,282 x 3600) x 10^6 = 0.1995.
    let sglang = row("C28");
    assert_eq!(sglang.for_use, Use::Context, "performance was fitted to its rate");
    let Outcome::Known(Modelled::PerMillion(ours)) = &sglang.modelled else {
        panic!("{:?}", sglang.modelled)
    };
    let rate = 2.0 / ours.value.get() / 3600.0 * 1e6;
    assert!((rate / 2785.0).ln().abs() < 0.2, "{rate} tokens a second");
    // DeepSeek's day: 168 billion output tokens and 266 billion prompt tokens computed are its 87,072 USD.
    let day = 168e3 * row("C09d").published.0 + 266e3 * row("C09p").published.0;
    assert!((day / 87_072.0 - 1.0).abs() < 0.005, "{day}");
    // A model whose layers are not in the data is said to be missing, its hour is scored all the same.
    let m3 = row("C29-b200-98");
    assert!(m3.tokens.unwrap().of_hour.is_some());
    let Outcome::Unknown(needs) = &m3.modelled else {
        panic!("{:?}", m3.modelled)
    };
    assert!(needs[0].fact.contains("minimax-m3"), "{}", needs[0].fact);
    assert!(
        found
            .rate_by_source
            .iter()
            .map(|(_, s)| s.answered)
            .sum::<usize>()
            >= 20
    );
}

#[test]
fn a_row_of_tokens_without_its_hour_or_with_one_where_none_belongs_is_refused() {
    let path = "validation/cost_published.csv";
    let shipped = DataSet::embedded();
    let text = shipped.get(path).expect("shipped").text.to_owned();
    for (from, to, said) in [
        (",2.0,rented,decode,", ",,rented,decode,", "how it was served"),
        (
            ",prompt,test,",
            ",output,test,",
            "`counts` is `prompt` in prefill",
        ),
        (",0.749,owned,", ",-1,owned,", "no positive number"),
        (
            "P11,provisioned_kw,nvidia-h100-sxm,US,2026-04,1.73,1.73,,,,,,,",
            "P11,provisioned_kw,nvidia-h100-sxm,US,2026-04,1.73,1.73,,,,,,2.0,",
            "fields of served tokens",
        ),
    ] {
        assert!(text.contains(from), "`{from}` is in the file");
        let data = shipped.clone().with(path, text.replacen(from, to, 1));
        let problems = published(&data).expect_err(said).to_string();
        assert!(problems.contains(said), "{problems}");
    }
}
