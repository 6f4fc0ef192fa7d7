//! The China side: states derived by hand from the dated reports, and what must hold of every instrument.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use strait::catalog::{Catalog, Chip};
use strait::data::{DataSet, load_sources, read_table};
use strait::figure::{Grade, SourceId, Sources};
use strait::rules::{
    Channel, ChinaState, Confidence, Instrument, InstrumentForm, LawBook, Segment, Site, SubsidyKind,
    Ternary, Transaction, Verdict,
};
use strait::scenario::{Scenario, Side};

static SOURCES: LazyLock<Sources> = LazyLock::new(|| load_sources(&DataSet::embedded()).unwrap());
static BOOK: LazyLock<LawBook> = LazyLock::new(|| {
    LawBook::load(&DataSet::embedded(), &Scenario::default(), &SOURCES).unwrap_or_else(|p| panic!("{p}"))
});
static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap());

const SEGMENTS: [Segment; 6] = [
    Segment::Platform,
    Segment::StateFunded,
    Segment::Government,
    Segment::Enterprise,
    Segment::University,
    Segment::Consumer,
];

fn chip(name: &str) -> &'static Chip {
    CATALOG.resolve(name).unwrap_or_else(|e| panic!("{e}")).chip
}

fn chinese() -> impl Iterator<Item = &'static Instrument> {
    BOOK.instruments().iter().filter(|i| i.side == Side::Cn)
}

fn ask(chip: &Chip, to: &str, on: &str, known: &str) -> Transaction {
    let mut tx = Transaction::new(chip.id.clone(), to, on.parse().unwrap(), known.parse().unwrap());
    tx.parent = Some("CN".to_owned());
    tx
}

fn check(chip: &Chip, tx: &Transaction) -> Verdict {
    BOOK.check(chip, CATALOG.designer_country(chip), None, tx)
        .unwrap()
}

#[derive(Deserialize)]
struct Cell {
    segment: Segment,
    site: Site,
    channel: Channel,
    chip: String,
    to: String,
    on: String,
    known: String,
    state: ChinaState,
    why: Option<String>,
    citation: String,
}

/// `data/validation/china_states.csv` was written and committed before the engine or the files were asked.
#[test]
fn the_engine_agrees_with_every_cell_derived_by_hand() {
    let data = DataSet::embedded();
    let cells = read_table::<Cell>(data.get("validation/china_states.csv").unwrap()).unwrap();
    assert!(cells.len() >= 100, "{} cells", cells.len());
    let mut wrong = Vec::new();
    for (place, cell) in &cells {
        let chip = chip(&cell.chip);
        let mut tx = ask(chip, &cell.to, &cell.on, &cell.known);
        (tx.segment, tx.channel) = (cell.segment, cell.channel);
        let cn = check(chip, &tx).cn;
        let named = match &cell.why {
            Some(why) => cn.why.contains(why),
            None => cn.why.is_empty(),
        };
        if cn.site != cell.site || cn.state != cell.state || !named {
            wrong.push(format!(
                "{place}: {:?} {} on {} as known on {}: {:?} by {:?}, by hand {:?} by {:?} ({})",
                cell.segment,
                cell.chip,
                cell.on,
                cell.known,
                cn.state,
                cn.why,
                cell.state,
                cell.why,
                cell.citation
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    let states: BTreeSet<String> = cells.iter().map(|(_, c)| format!("{:?}", c.state)).collect();
    assert_eq!(states.len(), 6, "every state is met: {states:?}");
}

/// Days around every date of the China side, and some far from any.
fn days() -> Vec<String> {
    let mut days: BTreeSet<String> = ["2022-12-01", "2024-03-01", "2026-11-20"]
        .map(str::to_owned)
        .into();
    for instrument in chinese() {
        for row in &instrument.status {
            let row = row.get_ref();
            for when in [row.from, row.known_from] {
                days.extend([when.first(), when.last()].map(|d| d.to_string()));
            }
        }
    }
    days.into_iter().collect()
}

#[test]
fn guidance_on_foreign_chips_never_binds_a_domestic_makers_chip() {
    for chip in CATALOG
        .iter()
        .filter(|c| CATALOG.designer_country(c) == Some("CN"))
    {
        for on in days() {
            for segment in SEGMENTS {
                for channel in [Channel::Direct, Channel::Grey] {
                    let mut tx = ask(chip, "CN", &on, "2026-11-20");
                    (tx.segment, tx.channel) = (segment, channel);
                    let cn = check(chip, &tx).cn;
                    assert_eq!(
                        cn.state,
                        ChinaState::None,
                        "{} {segment:?} on {on}: {:?}",
                        chip.id,
                        cn.why
                    );
                    assert!(cn.why.is_empty());
                }
            }
        }
    }
}

/// Nothing is shown before the day the public could know it: neither as a reason nor in the trace.
#[test]
fn what_was_not_known_yet_is_never_shown() {
    for name in [
        "h20",
        "h200",
        "rtx-pro-6000d",
        "rtx-5090d",
        "mi308x",
        "910c",
        "micron-hbm3-gen2-24gb",
    ] {
        let chip = chip(name);
        for known in days() {
            for segment in SEGMENTS {
                for (on, to) in [(known.as_str(), "CN"), ("2026-11-20", "CN"), ("2026-11-20", "HK")] {
                    let mut tx = ask(chip, to, on, &known);
                    tx.segment = segment;
                    let verdict = check(chip, &tx);
                    let subsidies = verdict.cn.subsidies.iter().map(|s| &s.id);
                    let traced = verdict.trace.iter().filter_map(|t| t.instrument.as_ref());
                    for id in verdict.cn.why.iter().chain(subsidies).chain(traced) {
                        let of = BOOK.instrument(id).unwrap();
                        if of.side == Side::Us {
                            continue;
                        }
                        let first = of.status.iter().map(|s| s.get_ref().known_from.last()).min();
                        assert!(first.unwrap() <= tx.known, "{id} shown on {known} for {name}");
                    }
                }
            }
        }
    }
}

#[test]
fn learning_more_never_changes_a_day_before_the_first_instrument() {
    let h20 = chip("h20");
    for known in days() {
        for segment in SEGMENTS {
            let mut tx = ask(h20, "CN", "2023-04-01", &known);
            tx.segment = segment;
            assert_eq!(check(h20, &tx).cn.state, ChinaState::None, "as known on {known}");
        }
    }
}

/// Guidance nobody has seen is told from notices anybody can read, each with how sure it is.
#[test]
fn every_instrument_says_how_it_is_known() {
    for instrument in chinese() {
        let id = &instrument.id;
        assert!(instrument.confidence.is_some(), "{id} has no confidence");
        let source = SOURCES
            .get(&SourceId(instrument.source.get_ref().clone()))
            .unwrap();
        assert!(source.id.0 != *id, "{id} is its own source");
        assert!(
            source.publisher.is_some() && source.date.is_some(),
            "{id}: {source:?}"
        );
        if source.url.is_none() {
            assert_eq!(instrument.grade, Grade::Rumour, "{id} has no address to look at");
        }
        let practice = instrument.form == InstrumentForm::Practice;
        assert!(
            practice || !instrument.verified.is_empty(),
            "{id} says not what was checked"
        );
        let published = instrument.form.is_published();
        assert_eq!(instrument.confidence == Some(Confidence::High), published, "{id}");
        assert_eq!(instrument.dates.published.is_some(), published, "{id}");
        if !published && !practice {
            assert!(
                ["report", " said ", " says "]
                    .iter()
                    .any(|w| instrument.summary.contains(w)),
                "{id} states as fact what is only reported"
            );
        }
        let known = instrument.dates.known_from.unwrap();
        for row in &instrument.status {
            assert!(row.get_ref().known_from.last() >= known.first(), "{id}");
        }
    }
    let published: Vec<_> = chinese()
        .filter(|i| i.form.is_published())
        .map(|i| &i.id)
        .collect();
    assert_eq!(
        published,
        [
            "cn-cac-summons-h20-2025-07",
            "cn-micron-review-2023",
            "cn-samr-finding-2025-09",
            "cn-samr-probe-2024-12"
        ]
    );
}

#[test]
fn a_verdict_says_whether_its_reasons_can_be_read_and_how_sure_they_are() {
    let h20 = chip("h20");
    let cn = check(h20, &ask(h20, "CN", "2026-10-05", "2026-10-05")).cn;
    assert_eq!(
        (cn.published, cn.confidence),
        (Some(false), Some(Confidence::Medium))
    );
    assert_eq!(cn.notes, ["new orders"]);
    let hbm = chip("Micron HBM3E");
    let mut tx = ask(hbm, "CN", "2026-10-05", "2026-10-05");
    tx.segment = Segment::Government;
    let cn = check(hbm, &tx).cn;
    assert_eq!(
        (cn.published, cn.confidence),
        (Some(true), Some(Confidence::High))
    );
    let h200 = chip("h200");
    let cn = check(h200, &ask(h200, "CN", "2026-10-05", "2026-10-05")).cn;
    assert_eq!(
        (cn.quota, cn.quota_of.as_deref()),
        (Some(10_000.0), Some("chips a firm, about"))
    );
    assert_eq!(
        (cn.confidence, cn.grade),
        (Some(Confidence::Low), Some(Grade::Rumour))
    );
    let cn = check(h200, &ask(h200, "CN", "2026-02-01", "2026-02-01")).cn;
    assert_eq!(cn.quota, Some(400_000.0));
}

/// FT of 2025-11-03: up to half off in three provinces, to about 0.4 yuan, for domestic chips only.
#[test]
fn a_domestic_chip_in_the_mainland_may_have_cheaper_power() {
    let of = |name: &str, to: &str, on: &str, segment: Segment| {
        let mut tx = ask(chip(name), to, on, on);
        tx.segment = segment;
        check(chip(name), &tx).cn.subsidies
    };
    let found = of("910c", "CN", "2025-11-03", Segment::Platform);
    let [subsidy] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(
        (subsidy.id.as_str(), subsidy.kind),
        ("cn-power-subsidy-2025-11", SubsidyKind::Electricity)
    );
    assert_eq!(
        (subsidy.rate_low.as_deref(), subsidy.rate_high.as_str()),
        (None, "0.5")
    );
    assert_eq!(subsidy.price_cny_per_kwh.as_deref(), Some("0.4"));
    assert_eq!(subsidy.places, ["Gansu", "Guizhou", "Inner Mongolia"]);
    // It hangs on where the data center is and what else it runs.
    assert_eq!(subsidy.applies, Ternary::Unknown);
    for (name, to, on, segment) in [
        ("910c", "CN", "2025-11-02", Segment::Platform),
        ("910c", "HK", "2026-10-05", Segment::Platform),
        ("910c", "CN", "2026-10-05", Segment::Consumer),
        ("h20", "CN", "2026-10-05", Segment::Platform),
        ("cxmt-hbm2", "CN", "2026-10-05", Segment::Platform),
    ] {
        assert!(of(name, to, on, segment).is_empty(), "{name} to {to} on {on}");
    }
}

/// Guidance on foreign chips asks who designed the chip; nobody having said leaves the state open.
#[test]
fn an_unknown_maker_or_class_leaves_the_state_open() {
    let mut own = chip("mi300x").clone();
    own.vendor = "acme".to_owned();
    let mut tx = ask(&own, "CN", "2026-10-05", "2026-10-05");
    tx.segment = Segment::StateFunded;
    let state = |chip: &Chip, designer: Option<&str>| BOOK.check(chip, designer, None, &tx).unwrap();
    assert_eq!(state(&own, Some("US")).cn.state, ChinaState::Banned);
    assert_eq!(state(&own, Some("CN")).cn.state, ChinaState::None);
    let open = state(&own, None);
    assert_eq!(open.cn.state, ChinaState::Unknown);
    assert!(
        open.needs.iter().any(|n| n.fact.contains("designer")),
        "{:?}",
        open.needs
    );
    own.market.datacenter = None;
    assert_eq!(state(&own, Some("US")).cn.state, ChinaState::Unknown);
}

/// 2026-01-13: laboratories are an exception from the block that stops everybody else.
#[test]
fn an_exception_sets_aside_what_it_is_an_exception_from_and_says_so() {
    let h200 = chip("h200");
    let mut tx = ask(h200, "CN", "2026-01-20", "2026-01-20");
    tx.segment = Segment::University;
    let verdict = check(h200, &tx);
    assert_eq!(verdict.cn.why, ["cn-h200-special-2026-01"]);
    let set_aside = verdict
        .trace
        .iter()
        .filter(|t| t.found.contains("set aside by cn-h200-special-2026-01"));
    assert_eq!(set_aside.count(), 2, "{:?}", verdict.trace);
}

#[derive(Deserialize)]
struct Tariff {
    place: String,
    chips: String,
    low: f64,
    value: f64,
    high: f64,
    source: SourceId,
}

/// Where the subsidy is reported, power for domestic chips costs what it is reported to leave; where the province is
/// not named, the price lies anywhere from there to what is paid without it.
#[test]
fn the_tariff_for_domestic_chips_is_what_the_subsidy_leaves() {
    let data = DataSet::embedded();
    let by = BOOK.instrument("cn-power-subsidy-2025-11").unwrap();
    let price: f64 = by.subsidy[0]
        .price_cny_per_kwh
        .unwrap()
        .0
        .to_string()
        .parse()
        .unwrap();
    let tariffs = read_table::<Tariff>(data.get("market/tariffs.csv").unwrap()).unwrap();
    let domestic = || tariffs.iter().map(|(_, t)| t).filter(|t| t.chips == "domestic");
    let mut subsidised: Vec<&str> = Vec::new();
    for tariff in domestic() {
        assert_eq!(tariff.source.0, *by.source.get_ref());
        assert!(tariff.low <= price && price <= tariff.high, "{}", tariff.place);
        if tariff.value.to_bits() == price.to_bits() {
            subsidised.push(&tariff.place);
        }
    }
    assert_eq!(subsidised, ["CN-GS", "CN-GZ", "CN-NM"]);
    assert_eq!(
        domestic().count(),
        4,
        "three provinces and the mainland as a whole"
    );
}
