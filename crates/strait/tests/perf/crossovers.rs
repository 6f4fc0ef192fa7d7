//! A chip with more bandwidth and less arithmetic: where it is faster, where it is not, and where that turns.

use std::sync::LazyLock;
use strait::catalog::{Catalog, ChipId};
use strait::data::DataSet;
use strait::perf::crossovers::{Crossovers, Held, Two, served_pairs};
use strait::perf::{PerfModel, makers_page, validate};
use strait::scenario::Scenario;

static DATA: LazyLock<DataSet> = LazyLock::new(DataSet::embedded);
static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(&DATA, &Scenario::default()).unwrap_or_else(|p| panic!("{p}")));
static PERF: LazyLock<PerfModel> =
    LazyLock::new(|| PerfModel::load(&DATA, &CATALOG.sources).unwrap_or_else(|p| panic!("{p}")));
static ASKED: LazyLock<Crossovers> = LazyLock::new(|| {
    let file = DATA.get("validation/crossovers.toml").unwrap();
    Crossovers::read(file, &CATALOG, &PERF).unwrap_or_else(|p| panic!("{p}"))
});

/// An H20 and an H100 serving a model.
fn two(held: &Held) -> Two<'static> {
    let chips = [&ASKED.slow, &ASKED.fast].map(|id| CATALOG.get(id).unwrap());
    Two::of(&PERF, chips, held).unwrap_or_else(|n| panic!("{n:?}"))
}

fn held(model: &str) -> &'static Held {
    ASKED.models.iter().find(|m| m.id.0 == model).unwrap()
}

#[test]
fn one_user_waits_for_memory_and_a_prompt_for_arithmetic() {
    for held in &ASKED.models {
        let two = two(held);
        let ratio = two.decoding(1, 512);
        // The bandwidths stand as 1.19 to 1; links and hosts are alike.
        assert!((1.0..=1.2).contains(&ratio), "{}: {ratio}", held.id);
        for tokens in [1024, 8192] {
            let ratio = two.prompt(tokens);
            // No slower than the arithmetic, a seventh.
            assert!((0.14..0.5).contains(&ratio), "{}: {ratio} of {tokens}", held.id);
        }
    }
}

#[test]
fn a_prompt_reaches_more_of_a_small_peak() {
    for held in &ASKED.models {
        let [slow, fast] = two(held).reached(8192);
        assert!(fast < slow && slow < 1.0, "{}: {slow} {fast}", held.id);
    }
}

#[test]
fn decoding_turns_at_a_batch_that_grows_with_what_is_cached() {
    let two = two(held("llama-3.1-70b"));
    let at = |context| {
        let turn = two.decoding_turns(context);
        assert!(turn.first >= 1.0, "{turn:?}");
        if let Some(until) = turn.until {
            assert!(two.decoding(until, context) >= 1.0 && two.decoding(until + 1, context) < 1.0);
        }
        // Where it does not turn, reading the cache takes all the time.
        turn.until.unwrap_or(u32::MAX)
    };
    // Reading keys and values asks for bandwidth where eight queries share them in 16 bits.
    let [short, middle, long] = [512, 32768, 131_072].map(at);
    assert!(
        (8..128).contains(&short) && short <= middle && short < long && middle <= long,
        "{short} {middle} {long}"
    );
    for each in [32, 64, 128] {
        let [short, middle, long] = [512, 8192, 32768].map(|context| two.decoding(each, context));
        assert!(short < middle && middle < long, "{each}: {short} {middle} {long}");
    }
}

#[test]
fn a_latent_shared_by_all_heads_turns_the_other_way() {
    let two = two(held("deepseek-v3"));
    let at = |context| two.decoding_turns(context).until.unwrap_or(0);
    // 128 heads multiply with every cached latent: a longer cache asks for arithmetic.
    assert!(at(32768) < at(512), "{} {}", at(32768), at(512));
}

#[test]
fn measured_pairs_are_on_the_side_that_the_model_says() {
    let served = validate(&PERF, |id| CATALOG.get(id));
    let pairs = served_pairs(&PERF, &served, &ASKED);
    let h20: Vec<_> = pairs.iter().filter(|p| p.chip == ASKED.slow).collect();
    assert!(h20.iter().any(|p| p.phase == "prefill") && h20.iter().any(|p| p.phase == "decode"));
    for p in pairs.iter().filter(|p| p.phase == "prefill") {
        assert!(p.same_side(), "{p:?}");
    }
    let same = pairs.iter().filter(|p| p.same_side()).count();
    assert!(same * 4 >= pairs.len() * 3, "{same} of {}", pairs.len());
}

#[test]
fn factors_of_other_makers_are_shown_beside_none() {
    let served = validate(&PERF, |id| CATALOG.get(id));
    let page = makers_page(&PERF, &CATALOG, &served);
    assert!(
        page.contains("| amd-mi300x |") && page.contains("| huawei-ascend-910c |"),
        "{page}"
    );
    assert!(!page.contains("| nvidia-h20-96gb |"), "{page}");
    let chip = CATALOG.get(&ChipId("amd-mi300x".into())).unwrap();
    assert_ne!(
        PERF.inference().makers.of(chip),
        PERF.without_makers().inference().makers.of(chip)
    );
}
