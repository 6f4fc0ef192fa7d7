//! Facts on either side of what a step turns on: where a comparison or a connective were another, one of these fails.

mod made_up;

use made_up::{Area, BOOK, Made, book, deal, verdict};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use strait::catalog::{Catalog, Chip, Form};
use strait::data::{DataSet, load_sources};
use strait::figure::{Estimate, Grade, Quantity};
use strait::rules::{
    Check, Classification, ExporterRole, Jurisdiction, Knower, LawBook, License, Listed, Review, Segment,
    Site, State, Step, Transaction, Use, Verdict,
};
use strait::scenario::Scenario;

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap());

fn named(name: &str) -> &'static Chip {
    CATALOG.resolve(name).unwrap().chip
}

fn ask(name: &str, to: &str, on: &str) -> Transaction {
    deal(named(name), to, on)
}

fn check(name: &str, tx: &Transaction) -> Verdict {
    let chip = named(name);
    let foundry = chip.dies.iter().find_map(|d| CATALOG.foundry_country(d));
    BOOK.check(chip, CATALOG.designer_country(chip), foundry, tx)
        .unwrap()
}

/// The shipped law with files beside it.
fn with(files: &[(&'static str, String)]) -> LawBook {
    let data = files.iter().fold(DataSet::embedded(), |data, (path, text)| {
        data.with(*path, text.clone())
    });
    LawBook::load(&data, &Scenario::default(), &load_sources(&data).unwrap())
        .unwrap_or_else(|p| panic!("{p}"))
}

/// A letter on every chip of the made-up vendor that goes to China.
fn letter(dates: &str, status: &str) -> LawBook {
    let text = format!(
        "id = \"us-x\"\ntitle = \"X\"\nauthority = \"BIS\"\nform = \"letter\"\nbinds = \"X\"\nsummary = \"x\"\n\
         source = \"fr-2023-23055\"\ngrade = \"analysis\"\n[dates]\n{dates}\n{status}\n\
         [[product]]\nparagraph = \"letter\"\nvendor = \"made-up\"\nfamilies = [\"made-up\"]\nwhere = \"CN\"\n"
    );
    with(&[("rules/us/x.toml", text)])
}

fn row(state: &str, from: &str, until: &str, known: &str) -> String {
    let until = if until.is_empty() {
        String::new()
    } else {
        format!("until = {until}\n")
    };
    format!("[[status]]\nstate = \"{state}\"\nfrom = {from}\n{until}known_from = {known}\n")
}

/// A part below every bound.
fn small() -> Chip {
    Made::simple(16_000_000, 3_000_000).chip()
}

#[test]
fn of_rows_known_the_same_day_the_one_that_surely_holds_speaks() {
    // The first ends some day in June 2025, the second holds from the first of June.
    let status = row("in_force", "2024-01-01", "\"2025-06\"", "2024-01-01")
        + &row("rescinded", "2025-06-01", "", "2024-01-01");
    let book = letter("known_from = 2024-01-01", &status);
    let license = |on: &str| verdict(&book, &small(), &deal(&small(), "CN", on)).us.license;
    assert_eq!(license("2025-05-31"), License::Required);
    assert_eq!(license("2025-06-15"), License::NoneFound);
    let by = book.instrument("us-x").unwrap();
    let on = "2025-06-15".parse().unwrap();
    assert_eq!(by.state_at(on, on), Some(State::Rescinded));
}

#[test]
fn a_row_that_may_hold_leaves_open_only_what_the_others_deny() {
    let license = |later: &str| {
        let status =
            row("in_force", "2024-01-01", "", "2024-01-01") + &row(later, "\"2025-06\"", "", "2024-02-01");
        let book = letter("known_from = 2024-01-01", &status);
        verdict(&book, &small(), &deal(&small(), "CN", "2025-06-15"))
            .us
            .license
    };
    assert_eq!(license("in_force"), License::Required);
    assert_eq!(license("rescinded"), License::Unknown);
}

#[test]
fn an_addressee_knows_the_first_state_early_and_no_later_one() {
    let status = row("in_force", "2025-04-01", "2025-06-01", "2025-04-15")
        + &row("rescinded", "2025-06-01", "", "2025-06-20");
    let book = letter(
        "known_from = 2025-04-15\nknown_to_addressee = 2025-04-02",
        &status,
    );
    let license = |on: &str, known_to| {
        let tx = Transaction {
            known_to,
            ..deal(&small(), "CN", on)
        };
        verdict(&book, &small(), &tx).us.license
    };
    assert_eq!(license("2025-04-01", Knower::Addressee), License::NoneFound);
    assert_eq!(license("2025-04-02", Knower::Addressee), License::Required);
    assert_eq!(license("2025-04-14", Knower::Public), License::NoneFound);
    assert_eq!(license("2025-04-15", Knower::Public), License::Required);
    // That it ended became known on the 20th of June, to the addressee too.
    let known_on = |known: &str| {
        let known = known.parse().unwrap();
        let tx = Transaction {
            known,
            known_to: Knower::Addressee,
            ..deal(&small(), "CN", "2025-05-31")
        };
        verdict(&book, &small(), &tx).us.license
    };
    assert_eq!(
        (known_on("2025-06-19"), known_on("2025-06-20")),
        (License::Required, License::Required)
    );
}

/// A letter under 744.23(b) settles that what it reaches is subject: by the family named, and by the bounds.
#[test]
fn a_letter_settles_jurisdiction_by_name_or_by_bounds() {
    let settled = |name: &str, on: &str| {
        let mut tx = ask(name, "CN", on);
        tx.from = Some("TW".to_owned());
        let us = check(name, &tx).us;
        (us.jurisdiction, us.basis.iter().any(|b| b.contains("744.23(b)")))
    };
    // A100 and H100 are named in 2022 without bounds; H20 in 2025 by name and bounds; H200 by bounds alone.
    assert_eq!(settled("a100", "2022-09-15"), (Jurisdiction::Yes, true));
    assert_eq!(settled("h20", "2025-04-20"), (Jurisdiction::Yes, true));
    assert_eq!(settled("h200", "2025-04-20"), (Jurisdiction::Yes, true));
    // Before the letter, and of another part below its bounds, nothing does.
    assert_eq!(settled("h20", "2025-04-08"), (Jurisdiction::Presumed, false));
    assert_eq!(settled("l2", "2025-04-20"), (Jurisdiction::Presumed, false));
}

#[test]
fn a_presumption_yields_to_both_facts_that_it_stands_in_for() {
    let answer = |product, content| {
        let mut tx = ask("910c", "CN", "2026-02-01");
        (tx.direct_product, tx.us_content_percent) = (product, content);
        check("910c", &tx).us.jurisdiction
    };
    assert_eq!(answer(None, None), Jurisdiction::Presumed);
    assert_eq!(answer(None, Some(0.0)), Jurisdiction::Presumed);
    assert_eq!(answer(Some(false), None), Jurisdiction::Presumed);
    assert_eq!(answer(Some(false), Some(0.0)), Jurisdiction::No);
    assert_eq!(answer(Some(false), Some(26.0)), Jurisdiction::Yes);
    assert_eq!(answer(Some(true), Some(0.0)), Jurisdiction::Yes);
}

/// General prohibition 10 presumes a violation by way of the direct-product rule; where that is denied, nothing does.
#[test]
fn no_violation_is_presumed_of_what_is_no_direct_product() {
    let license = |product| {
        let mut tx = ask("910c", "MY", "2026-02-01");
        tx.from = Some("US".to_owned());
        tx.direct_product = product;
        check("910c", &tx).us.license
    };
    assert_eq!(license(None), License::Unknown);
    assert_eq!(license(Some(false)), License::NoneFound);
}

#[test]
fn a_direct_product_is_assumed_only_where_that_settles_it() {
    let facts = |name: &str, product, content| {
        let mut tx = ask(name, "CN", "2026-02-01");
        tx.from = Some("TW".to_owned());
        (tx.direct_product, tx.us_content_percent) = (product, content);
        let found = check(name, &tx);
        let assumed = found.assumed.iter().any(|a| a.contains("direct product"));
        let asked = found
            .needs
            .iter()
            .any(|n| n.flag.as_deref() == Some("--direct-product"));
        (found.us.jurisdiction, assumed, asked)
    };
    // MI100 is 3A090.b, below the bounds of the letter: 734.9(h), its maker's US tools taken for granted.
    assert_eq!(facts("mi100", None, None), (Jurisdiction::Yes, true, false));
    assert_eq!(
        facts("mi100", Some(true), None),
        (Jurisdiction::Yes, false, false)
    );
    // De minimis needs no direct product.
    assert_eq!(facts("br104", None, Some(26.0)).0, Jurisdiction::Yes);
    assert!(!facts("br104", None, Some(26.0)).1);
    assert_eq!(facts("br104", None, None), (Jurisdiction::Presumed, false, true));
}

/// Supplement 3 to part 732 and the guidances of 2025-05-13, each condition on either side.
#[test]
fn red_flags_need_every_condition_of_theirs() {
    let flags = |to: &str, on: &str, set: &dyn Fn(&mut Transaction)| {
        let mut tx = ask("h100", to, on);
        tx.owned_by_listed_percent = Some(0.0);
        set(&mut tx);
        let found = check("h100", &tx).red_flags;
        let all: BTreeSet<String> = found.into_iter().map(|f| f.instrument).collect();
        all.into_iter().collect::<Vec<_>>().join(" ")
    };
    let (diversion, training) = ("us-diversion-guidance-2025-05", "us-training-statement-2025-05");
    let used = |use_| move |tx: &mut Transaction| tx.use_ = Some(use_);
    assert_eq!(flags("MY", "2025-06-01", &used(Use::Resale)), diversion);
    assert_eq!(flags("MY", "2025-06-01", &used(Use::Own)), "");
    assert_eq!(flags("MY", "2025-05-12", &used(Use::Resale)), "");
    assert_eq!(flags("DE", "2025-06-01", &used(Use::Resale)), "");
    let rented = |users: &'static [&str], hq: Option<&'static str>| {
        move |tx: &mut Transaction| {
            tx.use_ = Some(Use::Cloud);
            tx.remote_users = Some(users.iter().map(|u| (*u).to_owned()).collect());
            tx.headquarters = hq.map(str::to_owned);
        }
    };
    assert_eq!(flags("DE", "2025-06-01", &rented(&["JP", "CN"], None)), training);
    assert_eq!(flags("DE", "2025-06-01", &rented(&["JP"], None)), "");
    assert_eq!(flags("DE", "2025-06-01", &rented(&[], Some("CN"))), training);
    assert_eq!(flags("DE", "2025-06-01", &rented(&[], Some("JP"))), "");
    let owned = |percent| move |tx: &mut Transaction| tx.owned_by_listed_percent = percent;
    for (percent, raised) in [
        (None, true),
        (Some(0.0), false),
        (Some(0.01), true),
        (Some(20.0), true),
    ] {
        let found = flags("DE", "2025-10-15", &owned(percent));
        assert_eq!(found == "us-affiliates-2025", raised, "{percent:?}: {found}");
    }
    assert_eq!(flags("UA", "2025-06-01", &|_| {}), "us-embargoes");
}

#[test]
fn a_notice_under_general_prohibition_10_names_families_of_one_vendor() {
    let named = |name: &str| check(name, &ask(name, "CN", "2026-04-01")).us.prohibitions.len();
    assert_eq!((named("910c"), named("ascend 950pr"), named("br104")), (1, 0, 0));
}

/// Supplement 2 to part 748 (dd)(1)(iv): one end use or end user that part 744 controls fails it, whichever it is.
#[test]
fn one_controlled_end_use_is_enough_to_fail_its_condition() {
    let state = |supercomputer, military, listed| {
        let mut tx = ask("h200", "CN", "2026-02-01");
        (tx.supercomputer, tx.military, tx.listed) = (supercomputer, military, listed);
        let conditions = check("h200", &tx).us.review_conditions;
        let one = conditions.iter().find(|c| c.paragraph.ends_with("(dd)(1)(iv)"));
        one.unwrap().state
    };
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(state(no, yes, Listed::None), Check::Fail);
    assert_eq!(state(yes, no, Listed::None), Check::Fail);
    assert_eq!(state(no, no, Listed::Entity), Check::Fail);
    assert_eq!(state(no, no, Listed::None), Check::Pass);
    assert_eq!(state(no, no, Listed::Unknown), Check::Needs);
    assert_eq!(state(None, no, Listed::None), Check::Needs);
}

#[test]
fn conditions_that_are_all_shown_are_conditions_no_more() {
    let mut tx = ask("h200", "CN", "2026-02-01");
    for id in [
        "us_availability",
        "us_supply",
        "no_foundry_diversion",
        "kyc",
        "no_weight_transfer",
    ] {
        tx.conditions.insert(id.to_owned(), true);
    }
    (tx.supercomputer, tx.military, tx.listed) = (Some(false), Some(false), Listed::None);
    (tx.china_to_us_tpp_percent, tx.us_laboratory) = (Some(50.0), Some(true));
    tx.remote_users = Some(Vec::new());
    let review = |tx: &Transaction| check("h200", tx).us.review;
    assert_eq!(review(&tx), Some(Review::CaseByCaseIfConditions));
    tx.conditions.insert("physical_security".to_owned(), true);
    assert_eq!(review(&tx), Some(Review::CaseByCase));
    tx.conditions.insert("physical_security".to_owned(), false);
    assert_eq!(review(&tx), Some(Review::PresumptionOfDenial));
}

/// Two instruments that speak of the same case must agree or be ordered.
#[test]
fn two_review_policies_are_an_error_only_where_they_differ() {
    let asked = |review: &str, over: &str| {
        let text = format!(
            "id = \"us-x\"\ntitle = \"X\"\nauthority = \"BIS\"\nform = \"regulation\"\nbinds = \"X\"\nsummary = \"x\"\n\
             source = \"fr-2023-23055\"\ngrade = \"analysis\"\n{over}[dates]\nknown_from = 2024-01-01\n\
             [[status]]\nstate = \"in_force\"\nfrom = 2024-01-01\nknown_from = 2024-01-01\n\
             [[review]]\nparagraph = \"p\"\nreview = \"{review}\"\nitems = \"all\"\nwhere = \"CN\"\n"
        );
        let book = with(&[("rules/us/x.toml", text)]);
        let chip = Made::simple(150_000_000, 3_000_000).chip();
        let tx = deal(&chip, "CN", "2024-03-01");
        book.check(&chip, Some("US"), Some("TW"), &tx)
            .map(|v| v.us.review)
            .map_err(|e| e.to_string())
    };
    assert_eq!(
        asked("presumption_of_denial", ""),
        Ok(Some(Review::PresumptionOfDenial))
    );
    let error = asked("presumption_of_approval", "").unwrap_err();
    assert!(
        error.contains("us-x") && error.contains("us-acs-ifr-2023"),
        "{error}"
    );
    let over = "over = [\"us-acs-ifr-2023\"]\n";
    assert_eq!(
        asked("presumption_of_approval", over),
        Ok(Some(Review::PresumptionOfApproval))
    );
}

/// What one case leaves to a letter counts for the chip only where the other case comes to the same.
#[test]
fn cases_agree_on_what_a_letter_leaves_or_leave_it_unknown() {
    // Between the bounds reported of Intel's letter and those sure of NVIDIA's: 1,400 GB/s may be meant.
    let fork = |tpp_of_the_other: i64| {
        let mut chip = Made {
            vendor: "nvidia",
            memory_e2: 150_000,
            ..Made::simple(16_000_000, 3_000_000)
        }
        .chip();
        chip.variants.push(strait::catalog::Variant {
            name: "other".to_owned(),
            why: "made up".to_owned(),
            values: vec![
                ("memory.bandwidth".to_owned(), 100.0),
                ("peak.tensor.tf32".to_owned(), (tpp_of_the_other / 16) as f64),
            ],
            source: named("h20").peaks[0].rate.source.clone(),
            grade: Grade::Analysis,
        });
        let us = verdict(&BOOK, &chip, &deal(&chip, "CN", "2025-06-01")).us;
        assert_eq!(us.license, License::Unknown);
        us.branches.iter().map(|b| b.license).collect::<Vec<_>>()
    };
    // Neither case needs a license without the letter: so much is sure.
    assert_eq!(fork(1600), [License::Required, License::NoneFound]);
    // The other case is 3A090.a and needs one whatever the letter says: without it nothing is sure.
    assert_eq!(fork(16_000), []);
}

#[test]
fn a_letter_whose_day_is_sure_asks_for_no_day() {
    let days = |name: &str, on: &str| {
        let found = check(
            name,
            &Transaction {
                known: "2026-10-01".parse().unwrap(),
                ..ask(name, "CN", on)
            },
        );
        found
            .needs
            .iter()
            .filter(|n| n.fact.starts_with("the day on which `us-letter"))
            .count()
    };
    assert_eq!(days("h20", "2025-04-20"), 0);
    // Intel was told on one of the days from 2025-04-09 to 2025-04-17.
    assert_eq!(
        (days("gaudi 3", "2025-04-12"), days("gaudi 3", "2025-04-20")),
        (1, 0)
    );
    assert_eq!(
        check("gaudi 3", &ask("gaudi 3", "CN", "2025-04-20"))
            .us
            .classification,
        Classification::A
    );
}

/// Technical note 4 to 3A090: the area of logic dies made with non-planar transistors, memory left out.
#[test]
fn area_counts_non_planar_logic_alone() {
    let die = |logic, non_planar| Area {
        count: 1,
        logic,
        non_planar,
        mm2_e2: 40_000,
    };
    let paragraph = |dies: &[Area]| {
        let chip = Made {
            dies: dies.to_vec(),
            ..Made::simple(24_000_000, 100)
        }
        .chip();
        verdict(&BOOK, &chip, &deal(&chip, "CN", "2024-03-01"))
            .us
            .paragraph
    };
    // 2400 / 400 = 6 is at least 5.92; 2400 / 800 = 3 would be 3A090.b.1.
    let dense = Some("3A090.a.2".to_owned());
    assert_eq!(paragraph(&[die(true, true)]), dense);
    assert_eq!(paragraph(&[die(true, true), die(false, true)]), dense);
    assert_eq!(paragraph(&[die(true, true), die(true, false)]), dense);
    assert_eq!(
        paragraph(&[die(true, true), die(true, true)]),
        Some("3A090.b.1".to_owned())
    );
}

/// Note 1 to 3A090.a presumes of a foundry's logic dies made with non-planar transistors.
#[test]
fn no_presumption_rests_on_planar_logic_or_on_memory() {
    let class = |dies: &[(bool, bool)]| {
        let area = |(logic, non_planar)| Area {
            count: 1,
            logic,
            non_planar,
            mm2_e2: 40_000,
        };
        let dies = dies.iter().copied().map(area).collect();
        let chip = Made {
            dies,
            ..Made::simple(1_600_000, 100)
        }
        .chip();
        let mut tx = deal(&chip, "CN", "2025-06-01");
        (tx.from, tx.exporter) = (Some("TW".to_owned()), ExporterRole::Foundry);
        BOOK.check(&chip, Some("CN"), Some("TW"), &tx)
            .unwrap()
            .us
            .classification
    };
    let logic = |non_planar| (true, non_planar);
    assert_ne!(class(&[logic(true)]), Classification::Outside3A090);
    assert_eq!(class(&[logic(false)]), Classification::Outside3A090);
    assert_eq!(
        class(&[logic(false), (false, true)]),
        Classification::Outside3A090
    );
}

#[test]
fn a_variant_changes_the_row_that_it_names() {
    // Filed 206.992 x 16; the uncapped variant 344 x 16 = 688 x 8 = 5,504.
    let tpp = check("mi308x", &ask("mi308x", "CN", "2024-03-01"))
        .metrics
        .tpp
        .unwrap();
    assert_eq!(
        (tpp.low.to_string(), tpp.high.to_string()),
        ("3311.872".to_owned(), "5504".to_owned())
    );
    let sum = check("910c", &ask("910c", "CN", "2026-02-01"))
        .metrics
        .tpp
        .unwrap();
    assert!(
        sum.by.as_deref().unwrap().contains("matrix fp16 707.8"),
        "{sum:?}"
    );
}

/// Systems that hold a circuit are items of the .z paragraphs, each under its own host's entry.
#[test]
fn a_system_is_an_item_of_its_host_and_asks_for_it() {
    let items = |form, tpp: i64, host: Option<&str>| {
        let mut chip = Made::simple(tpp * 10_000, 3_000_000).chip();
        chip.form = form;
        let mut tx = deal(&chip, "CN", "2024-03-01");
        tx.host = host.map(str::to_owned);
        let found = verdict(&BOOK, &chip, &tx);
        let asked = found.needs.iter().any(|n| n.flag.as_deref() == Some("--host"));
        (found.us.z_items, asked)
    };
    let all = [
        "3A001.z", "4A003.z", "4A004.z", "4A005.z", "5A002.z", "5A004.z", "5A992.z",
    ]
    .map(str::to_owned);
    assert_eq!(items(Form::Module, 4800, None), (vec![], false));
    assert_eq!(items(Form::Server, 4800, None), (all.to_vec(), true));
    assert_eq!(
        items(Form::Server, 4800, Some("5a992")),
        (vec!["5A992.z".to_owned()], false)
    );
    assert_eq!(
        items(Form::Module, 4800, Some("5A992")),
        (vec!["5A992.z".to_owned()], false)
    );
    assert_eq!(items(Form::Rack, 1600, None), (vec![], false));
}

#[test]
fn a_letter_that_is_sure_is_not_asked_about() {
    let asked = |name: &str, on: &str| {
        let tx = ask(name, "CN", on);
        check(name, &tx)
            .needs
            .iter()
            .any(|n| n.fact.starts_with("whether `us-letter"))
    };
    assert!(!asked("h20", "2025-06-01"));
    assert!(!asked("h100", "2025-06-01"));
}

/// A part whose TPP lies somewhere from `low` to `high`: the width of its inputs is open.
fn between(low: i64, high: i64) -> Chip {
    let mut chip = Made::simple(16 * 10_000, 3_000_000).chip();
    let bits = |tpp: i64| Quantity::of(tpp as f64);
    chip.peaks[0].input_bits = Estimate::new(bits(low), bits(low), bits(high));
    chip
}

fn facts(chip: &Chip, tx: &Transaction) -> (Verdict, String) {
    let found = verdict(&BOOK, chip, tx);
    let all: Vec<String> = found.needs.iter().map(|n| n.fact.clone()).collect();
    (found, all.join("; "))
}

/// 742.6(b)(10)(iii)(A)(1): below 21,000 TPP and 6,500 GB/s.
#[test]
fn a_figure_across_a_limit_of_the_review_policy_is_asked_for_where_the_policy_turns_on_it() {
    let chip = between(20_000, 22_000);
    let (found, needs) = facts(&chip, &deal(&chip, "CN", "2026-02-01"));
    assert_eq!(
        (found.us.license, found.us.review),
        (License::Required, Some(Review::Unknown))
    );
    assert!(needs.contains("on which side of 21000 it lies"), "{needs}");
    assert!(!needs.contains("6500"), "{needs}");
    // Where it is open besides whether the part is for data centers, each line still stands, and once.
    let mut either = chip.clone();
    either.market.datacenter = None;
    let (found, _) = facts(&either, &deal(&chip, "CN", "2026-02-01"));
    let lines = found.trace.iter().filter(|line| line.step == Step::Review);
    let lines: Vec<&str> = lines.map(|line| line.found.as_str()).collect();
    let both = [
        "review: case_by_case_if_conditions",
        "review: presumption_of_denial",
    ];
    assert_eq!(lines, both);
    // Denial is presumed for a Chinese parent's subsidiary elsewhere, whatever the figure.
    let mut tx = deal(&chip, "TW", "2026-02-01");
    tx.parent = Some("CN".to_owned());
    let (found, needs) = facts(&chip, &tx);
    assert_eq!(
        (found.us.license, found.us.review),
        (License::Required, Some(Review::PresumptionOfDenial))
    );
    assert!(!needs.contains("on which side"), "{needs}");
}

/// What is asked for where a class is open: the figures that its table reads and that are not certain, no other.
#[test]
fn an_open_class_asks_for_the_figures_that_its_table_reads() {
    let mut chip = between(4700, 4900);
    chip.dies.clear();
    chip.io.scale_up_bidirectional.as_mut().unwrap().value = Quantity::of(700.0);
    // In 2022 the table read TPP and input-output; area was no matter, and 700 GB/s is certain.
    let (found, needs) = facts(&chip, &deal(&chip, "CN", "2022-12-01"));
    assert_eq!(found.us.classification, Classification::Unknown);
    assert!(needs.contains("dense peak of"), "{needs}");
    for other in ["area of", "link and host", "variant", "data centers"] {
        assert!(!needs.contains(other), "{other}: {needs}");
    }
    // Since 2023 it reads the area.
    let (_, needs) = facts(&chip, &deal(&chip, "CN", "2024-03-01"));
    assert!(
        needs.contains("dense peak of") && needs.contains("area of the non-planar"),
        "{needs}"
    );
    chip.market.datacenter = None;
    let (_, needs) = facts(&chip, &deal(&chip, "CN", "2024-03-01"));
    assert!(needs.contains("designed or marketed for data centers"), "{needs}");
    let tx = ask("mi308x", "CN", "2022-12-01");
    let variant = check("mi308x", &tx)
        .needs
        .iter()
        .any(|n| n.fact.starts_with("which variant"));
    assert!(variant, "capped or not");
}

/// Part 744 asks each of its questions once, where it reaches, until it is answered.
#[test]
fn end_uses_are_asked_for_where_they_reach_and_once() {
    let asked = |to: &str, set: &dyn Fn(&mut Transaction)| {
        let mut tx = ask("l2", to, "2024-03-01");
        set(&mut tx);
        let flags = check("l2", &tx).needs.into_iter().filter_map(|n| n.flag);
        let mut flags: Vec<String> = flags.filter(|f| !f.starts_with("--hq")).collect();
        flags.sort();
        flags.join(" ")
    };
    assert_eq!(asked("CN", &|_| {}), "--listed --military --supercomputer");
    // 744.23(a)(1) speaks of China and Macau, 744.21 of some countries; the lists of everywhere.
    assert_eq!(asked("DE", &|_| {}), "--listed");
    assert_eq!(
        asked("CN", &|tx| tx.supercomputer = Some(false)),
        "--listed --military"
    );
    assert_eq!(
        asked("CN", &|tx| (tx.military, tx.listed) = (Some(false), Listed::None)),
        "--supercomputer"
    );
}

#[test]
fn the_lines_of_a_trace_stand_in_the_order_of_the_steps() {
    for (name, to) in [("h200", "CN"), ("910c", "MY"), ("l2", "DE"), ("h100", "US")] {
        let trace = check(name, &ask(name, to, "2026-02-01")).trace;
        assert!(
            trace.is_sorted_by_key(|line| line.step),
            "{name} to {to}: {trace:?}"
        );
    }
}

#[test]
fn a_requirement_says_whether_it_follows_a_class_or_the_destination_alone() {
    let told = |to: &str| {
        let trace = check("h100", &ask("h100", to, "2024-03-01")).trace;
        let lines = trace.into_iter().filter(|line| line.step == Step::Requirement);
        lines.map(|line| line.found).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(told("CN"), "license required for 3A090.a");
    // 746.8(a)(1): every item of the list.
    assert!(
        told("RU").contains("by destination for every listed item"),
        "{}",
        told("RU")
    );
}

/// Reports of late 2025: power of large data centers on the mainland that run on domestic chips.
#[test]
fn a_power_subsidy_is_for_domestic_chips_in_mainland_data_centers() {
    let part = |datacenter| {
        Made {
            datacenter,
            ..Made::simple(16_000_000, 3_000_000)
        }
        .chip()
    };
    let subsidies = |chip: &Chip, designer: &str, to: &str, set: &dyn Fn(&mut Transaction)| {
        let mut tx = deal(chip, to, "2026-02-01");
        tx.from = Some("CN".to_owned());
        set(&mut tx);
        let found = BOOK.check(chip, Some(designer), Some("CN"), &tx).unwrap();
        found.cn.subsidies.len()
    };
    let plain = |_: &mut Transaction| {};
    assert_eq!(subsidies(&part(Some(true)), "CN", "CN", &plain), 1);
    assert_eq!(subsidies(&part(None), "CN", "CN", &plain), 1);
    assert_eq!(subsidies(&part(Some(false)), "CN", "CN", &plain), 0);
    assert_eq!(subsidies(&part(Some(true)), "US", "CN", &plain), 0);
    let workstation = |tx: &mut Transaction| tx.segment = Segment::Consumer;
    assert_eq!(subsidies(&part(Some(true)), "CN", "CN", &workstation), 0);
    let site = |site| move |tx: &mut Transaction| tx.site = Some(site);
    assert_eq!(subsidies(&part(Some(true)), "CN", "CN", &site(Site::Offshore)), 0);
    assert_eq!(subsidies(&part(Some(true)), "CN", "HK", &site(Site::Mainland)), 0);
    let stack = Made::simple(16_000_000, 3_000_000).stack(10_000);
    assert_eq!(subsidies(&stack, "CN", "CN", &plain), 0);
}

/// Of two classification tables that both hold, one is said to prevail, in whichever file it stands.
#[test]
fn two_tables_are_an_error_unless_one_prevails() {
    let class = |path: &'static str, over: &str| {
        let text = format!(
            "id = \"us-x\"\ntitle = \"X\"\nauthority = \"BIS\"\nform = \"regulation\"\nbinds = \"X\"\nsummary = \"x\"\n\
             source = \"fr-2023-23055\"\ngrade = \"analysis\"\n{over}[dates]\nknown_from = 2024-01-01\n\
             [[status]]\nstate = \"in_force\"\nfrom = 2024-01-01\nknown_from = 2024-01-01\n\
             [[classify]]\nparagraph = \"p\"\nresult = \"3A090.a\"\nwhen = [{{ metric = \"tpp\", ge = \"1000\" }}]\n"
        );
        let law = with(&[(path, text)]);
        law.check(
            &small(),
            Some("US"),
            Some("TW"),
            &deal(&small(), "CN", "2024-03-01"),
        )
        .map(|v| v.us.classification)
        .map_err(|e| e.to_string())
    };
    for path in ["rules/us/a.toml", "rules/us/x.toml"] {
        assert_eq!(
            class(path, "over = [\"us-acs-ifr-2023\"]\n"),
            Ok(Classification::A),
            "{path}"
        );
        let error = class(path, "").unwrap_err();
        assert!(
            error.contains("us-x") && error.contains("us-acs-ifr-2023"),
            "{error}"
        );
    }
}

#[test]
fn the_law_begins_with_the_day_of_its_first_instrument() {
    let license = |on: &str| {
        let known = "2022-10-01".parse().unwrap();
        let tx = Transaction {
            known,
            ..ask("h100", "CN", on)
        };
        check("h100", &tx).us.license
    };
    assert_eq!(license("2022-08-25"), License::NotInForce);
    assert_eq!(license("2022-08-26"), License::Required);
}

#[test]
fn a_scenario_may_move_a_bound_to_zero() {
    let moved = book(
        "[[rules.bound]]\ninstrument = \"us-acs-ifr-2023\"\nparagraph = \"3A090.a.1\"\nmetric = \"tpp\"\n\
         comparator = \"ge\"\nfrom = \"4800\"\nto = \"0\"\n",
    );
    let tx = deal(&small(), "CN", "2024-03-01");
    assert_eq!(
        verdict(&BOOK, &small(), &tx).us.classification,
        Classification::Outside3A090
    );
    assert_eq!(
        verdict(&moved, &small(), &tx).us.classification,
        Classification::A
    );
}
