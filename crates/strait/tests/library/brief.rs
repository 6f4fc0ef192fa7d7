//! The brief on real data: every chip and date the project promises, traced back to `data/`.

use jiff::civil::{Date, date};
use std::sync::LazyLock;
use strait::brief::{self, Brief, Library, Question};
use strait::data::DataSet;
use strait::figure::Outcome;
use strait::rules::{License, Transaction};
use strait::scenario::Scenario;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    Library::load(&DataSet::embedded(), &Scenario::default()).unwrap_or_else(|problems| panic!("{problems}"))
});

const KNOWN: Date = date(2026, 11, 23);

fn ask(name: &str, to: &str, on: Date, known: Date) -> Brief {
    let resolved = LIBRARY
        .catalog
        .resolve(name)
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    let question = Question {
        asked: name.to_owned(),
        chip: resolved.chip.clone(),
        by_family: resolved.by_family,
        siblings: resolved.siblings.iter().map(|chip| (*chip).clone()).collect(),
        transaction: Transaction::new(resolved.chip.id.clone(), to, on, known),
        rivals: None,
    };
    brief::write(&LIBRARY, &question).unwrap_or_else(|e| panic!("{name}: {e}"))
}

const TO_CHINA: [&str; 11] = [
    "h20",
    "l20",
    "l2",
    "h800",
    "a800",
    "h200",
    "b30a",
    "4090d",
    "mi308x",
    "ascend-910c",
    "kunlun-p800",
];

const DATES: [Date; 7] = [
    date(2022, 12, 1),
    date(2024, 3, 1),
    date(2025, 4, 10),
    date(2025, 8, 15),
    date(2025, 11, 10),
    date(2026, 2, 1),
    date(2026, 11, 20),
];

#[test]
fn every_promised_brief_is_complete_or_says_what_is_unknown() {
    // The H20 on every day; the others before the letter of April 2025 and on the last: a brief draws many paths.
    let china = TO_CHINA.iter().flat_map(|chip| {
        let days = DATES.iter().enumerate();
        let days = days.filter(move |(n, _)| *chip == "h20" || [2, DATES.len() - 1].contains(n));
        days.map(move |(_, on)| (*chip, "CN", *on))
    });
    let elsewhere = ["AE", "IN", "DE"]
        .into_iter()
        .map(|to| ("h100", to, date(2026, 11, 20)));
    for (chip, to, on) in china.chain(elsewhere) {
        let brief = ask(chip, to, on, KNOWN);
        assert_eq!(brief.answer.sentences.len(), 2, "{chip} {to} {on}");
        assert!(!brief.law.verdict.trace.is_empty());
        if brief.law.verdict.us.license == License::Unknown {
            let verdict = &brief.law.verdict;
            assert!(
                !verdict.needs.is_empty() || verdict.us.jurisdiction == strait::rules::Jurisdiction::Presumed,
                "{chip} {to} {on}: unknown without a fact that would decide it"
            );
        }
        if let Outcome::Unknown(needs) = &brief.answer.worth {
            assert!(
                !needs.is_empty(),
                "{chip} {to} {on}: worth unknown without a need"
            );
        }
        for row in &brief.performance {
            for (peer, run) in &row.chips {
                assert!(
                    run.known().is_some() || !run.needs().is_empty(),
                    "{peer} {}",
                    row.workload
                );
            }
        }
        assert_eq!(brief.answer.buyers.len(), 4);
        // Who buys is told of the market's goods, in China; of another chip the brief says that it is none.
        let told = to == "CN" && chip != "4090d";
        let needs = &brief.market.needs;
        assert_eq!(needs.is_empty(), told, "{chip} {to} {on}: {needs:?}");
    }
}

#[test]
fn the_h20_differs_where_the_law_differed() {
    let state = |on: Date, known: Date| {
        let verdict = ask("h20", "CN", on, known).law.verdict;
        (verdict.us.license, verdict.cn.state)
    };
    use strait::rules::ChinaState;
    assert_eq!(state(date(2024, 3, 1), KNOWN).0, License::NoneFound);
    // The letter reached its addressee on 9 April 2025 and the public on the 15th.
    assert_eq!(state(date(2025, 4, 10), date(2025, 4, 10)).0, License::NoneFound);
    assert_eq!(state(date(2025, 4, 20), date(2025, 4, 20)).0, License::Required);
    assert_eq!(
        state(date(2025, 4, 20), KNOWN),
        (License::Required, ChinaState::Discouraged)
    );
    let after = state(date(2025, 11, 10), KNOWN);
    assert_eq!(after.0, License::Required);
    assert_ne!(after.1, ChinaState::None);
}

#[test]
fn every_figure_can_be_traced_to_its_line() {
    let data = DataSet::embedded();
    let brief = ask("h20", "CN", date(2026, 11, 20), KNOWN);
    let runs = brief
        .performance
        .iter()
        .flat_map(|row| &row.chips)
        .filter_map(|(_, run)| run.known());
    let costs = brief.cost.prices.iter().filter_map(|row| row.hourly.known());
    let refs: Vec<_> = runs
        .flat_map(|run| &run.rests_on)
        .chain(costs.flat_map(|cost| &cost.rests_on))
        .chain(brief.market.cases.iter().flat_map(|case| &case.rests_on))
        .collect();
    assert!(refs.len() > 50);
    for figure in refs {
        let file = data
            .get(&figure.place.file)
            .unwrap_or_else(|| panic!("no file {}", figure.place));
        assert!(
            figure
                .place
                .line
                .is_some_and(|line| (1..=file.text.lines().count()).contains(&line)),
            "{}",
            figure.place
        );
        assert!(
            LIBRARY.catalog.sources.get(&figure.source).is_some(),
            "{} of {}",
            figure.source,
            figure.place
        );
    }
    let weak = brief.weak.iter().map(|figure| &figure.place);
    let cited = brief.sources.iter().flat_map(|source| &source.places);
    for place in weak.chain(cited) {
        let file = data.get(&place.file).unwrap_or_else(|| panic!("no file {place}"));
        assert!(
            place
                .line
                .is_none_or(|line| (1..=file.text.lines().count()).contains(&line)),
            "{place}"
        );
    }
    for source in &brief.sources {
        assert!(
            !source.places.is_empty(),
            "nothing says where {} is used",
            source.id
        );
    }
}

#[test]
fn the_same_question_gives_the_same_bytes_on_any_thread_count() {
    let bytes = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| serde_json::to_string(&ask("h20", "CN", date(2025, 8, 15), KNOWN)).unwrap())
    };
    assert_eq!(bytes(1), bytes(4));
}

#[test]
fn before_launch_the_law_is_hypothetical_and_the_rest_says_when_it_came() {
    let brief = ask("h20", "CN", date(2022, 12, 1), KNOWN);
    assert!(brief.subject.before_launch);
    assert!(brief.law.verdict.hypothetical);
    assert!(
        brief.answer.sentences[1].contains("2023-11"),
        "{}",
        brief.answer.sentences[1]
    );
}

#[test]
fn nothing_is_compared_that_was_not_known_by_then() {
    // The Ascend 950PR was announced in September 2025: asked about 2026, as known before, there is none.
    let on = date(2026, 11, 20);
    let peers = |known| {
        let brief = ask("h20", "CN", on, known);
        brief.peers.iter().map(|p| p.chip.0.clone()).collect::<Vec<_>>()
    };
    let listed = |all: &[String]| all.iter().any(|id| id == "huawei-ascend-950pr");
    assert!(listed(&peers(KNOWN)));
    let before = peers(date(2025, 1, 15));
    assert!(!listed(&before) && before.len() > 1, "{before:?}");
    let early = ask("ascend-950pr", "CN", on, date(2025, 1, 15));
    assert!(early.subject.before_launch);
    assert!(!ask("ascend-950pr", "CN", on, KNOWN).subject.before_launch);
}

#[test]
fn a_ban_on_the_china_side_counts_once_in_the_quarter_as_it_does_over_time() {
    let on = date(2025, 11, 15);
    let brief = ask("h20", "CN", on, KNOWN);
    let env = LIBRARY
        .environment(brief::Knowledge::of(KNOWN))
        .unwrap_or_else(|e| panic!("{e}"));
    let good = env.good("nvidia-h20").unwrap();
    let point = env.points.iter().position(|p| p.id == "platforms").unwrap();
    let month = strait::market::dynamics::Month::of(on);
    let over_time: Vec<_> = env.access[env.cell(month, good, point)]
        .iter()
        .map(|a| (a.supply, a.china))
        .collect();
    let platform = |case: usize| {
        let outcome = &brief.market.cases[case];
        let buyer = outcome.buyers.iter().find(|b| b.buyer == "platforms");
        let share = buyer.and_then(|b| b.shares.iter().find(|s| s.good == "nvidia-h20"));
        share.and_then(|s| Some((s.supply_effect?, s.china?)))
    };
    let here = platform(0).expect("a banned chip is still wanted by whoever ignores the ban");
    assert_eq!(here.1, strait::rules::ChinaState::Banned);
    assert_ne!(here.0, strait::rules::SupplyEffect::Blocked);
    assert_eq!(over_time, [here]);
    // Without the guidance the US side is what it was.
    assert_eq!(platform(1).map(|s| s.0), Some(here.0));
}

#[test]
fn a_brief_charges_the_levies_that_its_own_law_found() {
    let mut seen = 0;
    for (chip, on) in [
        ("h20", date(2025, 8, 20)),
        ("h200", date(2026, 3, 1)),
        ("h20", date(2024, 6, 1)),
    ] {
        let brief = ask(chip, "CN", on, KNOWN);
        let law: Vec<(String, f64)> = brief
            .law
            .verdict
            .us
            .levies
            .iter()
            .filter(|l| l.applies != strait::rules::Ternary::No)
            .map(|l| (l.id.clone(), l.rate.parse().unwrap()))
            .filter(|(_, rate)| *rate > 0.0)
            .collect();
        let Outcome::Known(price) = &brief.cost.prices[0].price else {
            continue;
        };
        let charged: Vec<(String, f64)> = price
            .levies
            .iter()
            .map(|l| (l.instrument.clone(), strait::figure::Quantity::get(l.rate)))
            .collect();
        assert_eq!(charged, law, "{chip} on {on}");
        let hour = brief.cost.prices[0].hourly.known().unwrap();
        assert_eq!(hour.price, *price);
        seen += law.len();
    }
    assert!(seen > 0);
}

/// Quarters NVIDIA reported since those of fiscal 2023, by basis, that a band held or missed.
#[test]
#[allow(
    clippy::print_stdout,
    reason = "which quarters are met is what this test tells"
)]
fn most_quarters_that_nvidia_reported_lie_within_the_band_on_their_basis() {
    use strait::figure::Quantity;
    use strait::market::dynamics::{Run, in_cases};
    use strait::market::{MarketCase, Quarter};
    /// Paths, fewer than a brief's.
    const DRAWS: usize = 60;
    let mut told = Vec::new();
    let (mut held, mut asked) = (0, 0);
    let env = LIBRARY.environment(brief::Knowledge::of(KNOWN)).unwrap();
    let run = Run {
        env: &env,
        priors: &LIBRARY.dynamics.priors,
        posterior: &LIBRARY.dynamics.posterior,
        held: &[],
        seed: 1,
    };
    let rows = LIBRARY.market.reported().iter().filter(|r| {
        let quarter = r.period.contains('Q') && r.period.starts_with("FY");
        r.vendor == "nvidia" && r.metric == "revenue_china_incl_hk" && quarter
    });
    for row in rows {
        let Some(end) = row.period_end.filter(|end| *end >= date(2022, 4, 1)) else {
            continue;
        };
        // The middle of the fiscal quarter lies in the calendar quarter that shares most of its days.
        let on = end.saturating_sub(jiff::Span::new().days(45));
        let quarter = Quarter::of(on);
        let found = in_cases(&run, &[&env], quarter, DRAWS).expect("the model reaches it");
        let outcome = found[0].outcome(MarketCase::AsIs, &LIBRARY.dynamics.spec);
        let Some(band) = outcome.on_bases.iter().find(|b| b.basis == row.basis) else {
            panic!("no figure on basis {}", row.basis);
        };
        let [value, low, high] = [band.usd.value, band.usd.low, band.usd.high].map(|u| u.get() / 1e9);
        let [said, from, to] = [row.usd.value, row.usd.low, row.usd.high].map(|u| u.get() / 1e9);
        let within = from <= high && low <= to;
        held += usize::from(within);
        asked += 1;
        told.push(format!(
            "{} {} ({}): reported {said:.2}, modelled {value:.2} ({low:.2} to {high:.2}) {}",
            row.period,
            row.basis,
            quarter,
            if within { "" } else { "MISSED" }
        ));
    }
    println!("{}\n{held} of {asked} within the band", told.join("\n"));
    assert!(asked >= 15, "{asked}");
    assert!(5 * held >= 4 * asked, "{held} of {asked}\n{}", told.join("\n"));
}
