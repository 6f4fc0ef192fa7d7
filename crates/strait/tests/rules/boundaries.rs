//! What a deal changes at a fixed chip and day; what the loader refuses. Bounds stand in
//! `generated_boundaries.rs`, order and determination in `properties.rs`.

use crate::made_up::{Made, deal, verdict};
use crate::shipped::BOOK;
use strait::catalog::Chip;
use strait::data::{DataSet, load_sources};
use strait::rules::{LawBook, License, Review, SupplyEffect, Ternary};
use strait::scenario::Scenario;

fn load(data: DataSet, scenario: &Scenario) -> Result<LawBook, String> {
    let sources = load_sources(&data).unwrap();
    LawBook::load(&data, scenario, &sources).map_err(|p| p.to_string())
}

/// A data-center part of that many whole TPP and GB/s, on a die so large that no density limb is met.
fn part(tpp: i64, memory: i64) -> Chip {
    let mut made = Made::simple(tpp * 10_000, 3_000_000);
    made.memory_e2 = memory * 100;
    made.chip()
}

#[test]
fn the_review_policy_of_2026_helps_only_exports_from_the_us_within_the_ledger() {
    let chip = part(15_000, 4800);
    let mut tx = deal(&chip, "CN", "2026-02-01");
    let from_home = verdict(&BOOK, &chip, &tx).us;
    assert_eq!(from_home.review, Some(Review::CaseByCaseIfConditions));
    let before = verdict(&BOOK, &chip, &deal(&chip, "CN", "2026-01-14")).us;
    assert_eq!(before.review, Some(Review::PresumptionOfDenial));
    tx.from = Some("TW".to_owned());
    let abroad = verdict(&BOOK, &chip, &tx).us;
    assert_eq!(abroad.review, Some(Review::PresumptionOfDenial));
    assert!(
        abroad.levies.iter().all(|l| l.applies == Ternary::No),
        "no entry, no duty"
    );
    tx.from = Some("US".to_owned());
    tx.china_to_us_tpp_percent = Some(50.01);
    let ledger = verdict(&BOOK, &chip, &tx).us;
    assert_eq!(
        ledger.review,
        Some(Review::PresumptionOfDenial),
        "the ledger fails"
    );
}

#[test]
fn headquarters_in_china_reach_abroad() {
    let chip = part(15_000, 3000);
    let mut tx = deal(&chip, "SG", "2025-11-10");
    let local = verdict(&BOOK, &chip, &tx);
    assert_eq!(local.us.license, License::NoneFound);
    tx.parent = Some("China".to_owned());
    let parent = verdict(&BOOK, &chip, &tx);
    assert_eq!(
        (parent.us.license, parent.us.review),
        (License::Required, Some(Review::PresumptionOfDenial))
    );
    assert_eq!(parent.supply_effect, SupplyEffect::Blocked);
}

#[test]
fn codified_asks_the_text_that_nobody_enforces() {
    let chip = part(15_000, 3000);
    let mut tx = deal(&chip, "IN", "2026-02-01");
    assert_eq!(verdict(&BOOK, &chip, &tx).us.license, License::NoneFound);
    tx.codified = true;
    let found = verdict(&BOOK, &chip, &tx).us;
    // A license is required worldwide (742.6(a)(6)(iii)(A)); low volumes may go under LPP (740.29) instead.
    assert_eq!(found.license, License::ExceptionAvailable);
    let ids: Vec<_> = found.exceptions.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["LPP"]);
}

#[test]
fn an_unresolved_return_shows_both_branches() {
    let chip = part(1000, 100);
    let mut tx = deal(&chip, "CN", "2026-11-20");
    tx.owned_by_listed_percent = Some(50.0);
    let owned = verdict(&BOOK, &chip, &tx).us;
    assert_eq!((owned.license, owned.branches.len()), (License::Unknown, 2));
    tx.owned_by_listed_percent = Some(49.99);
    let less = verdict(&BOOK, &chip, &tx).us;
    assert_eq!((less.license, less.branches.len()), (License::NoneFound, 0));
}

#[test]
fn a_scenario_switches_bills_on_and_sides_off() {
    let chip = part(1000, 4100);
    let tx = deal(&chip, "CN", "2026-02-01");
    let with = Scenario::read("s.toml", "[rules]\nwith = [\"us-bill-safe-chips\"]\n").unwrap();
    let book = load(DataSet::embedded(), &with).unwrap();
    assert_eq!(verdict(&book, &chip, &tx).us.license, License::Required);
    assert_eq!(verdict(&BOOK, &chip, &tx).us.license, License::NoneFound);
    let wrong = Scenario::read("s.toml", "[rules]\nwithout = [\"us-acs-ifr-2032\"]\n").unwrap();
    assert!(
        load(DataSet::embedded(), &wrong)
            .unwrap_err()
            .contains("`us-acs-ifr-2032`")
    );
}

const HEAD: &str = "id = \"us-x\"\ntitle = \"X\"\nauthority = \"BIS\"\nform = \"letter\"\nbinds = \"X\"\nsummary = \"x\"\nsource = \"fr-2023-23055\"\ngrade = \"analysis\"\n[dates]\nknown_from = 2024-01-01\n";

fn refused(body: &str) -> String {
    load(
        DataSet::embedded().with("rules/us/x.toml", format!("{HEAD}{body}")),
        &Scenario::default(),
    )
    .unwrap_err()
}

#[test]
fn the_loader_refuses_with_file_and_line() {
    let row = |from: &str, known: &str| {
        format!("[[status]]\nstate = \"in_force\"\nfrom = {from}\nknown_from = {known}\n")
    };
    let overlap = refused(&format!(
        "{}{}",
        row("2024-01-01", "2024-01-01"),
        row("2024-06-01", "2024-01-01")
    ));
    assert!(
        overlap.contains("rules/us/x.toml:15") && overlap.contains("same days"),
        "{overlap}"
    );
    let later = format!(
        "{HEAD}{}{}",
        row("2024-01-01", "2024-01-01"),
        row("2024-06-01", "2024-02-01")
    );
    assert!(
        load(
            DataSet::embedded().with("rules/us/x.toml", later),
            &Scenario::default()
        )
        .is_ok()
    );
    let bad = "[[classify]]\nparagraph = \"p\"\nresult = \"3A090.a\"\nwhen = [{ metric = \"tpp\", ge = \"48oo\" }]\n";
    let bound = refused(&format!("{}{bad}", row("2024-01-01", "2024-01-01")));
    assert!(
        bound.contains("rules/us/x.toml:18") && bound.contains("`48oo`"),
        "{bound}"
    );
    let backwards = refused(
        "[[status]]\nstate = \"in_force\"\nfrom = 2024-02-01\nuntil = 2024-01-01\nknown_from = 2024-01-01\n",
    );
    assert!(backwards.contains("before it begins"), "{backwards}");
    let data = DataSet::embedded().with(
        "rules/us/x.toml",
        format!(
            "{}{}",
            HEAD.replace("fr-2023-23055", "fr-2023-23056"),
            row("2024-01-01", "2024-01-01")
        ),
    );
    let source = load(data, &Scenario::default()).unwrap_err();
    assert!(
        source.contains("rules/us/x.toml:7") && source.contains("`fr-2023-23056`"),
        "{source}"
    );
}

#[test]
fn the_loader_refuses_claims_that_nothing_bears() {
    let status = "[[status]]\nstate = \"in_force\"\nfrom = 2024-01-01\nknown_from = 2024-01-01\n";
    let verified =
        |grade: &str| format!("[[verified]]\non = 2024-02-01\nagainst = \"x\"\ngrade = \"{grade}\"\n");
    let loaded = |source: &str, grade: &str, body: &str| {
        let head = HEAD
            .replace("fr-2023-23055", source)
            .replace("\"analysis\"", &format!("\"{grade}\""));
        let data = DataSet::embedded().with("rules/us/x.toml", format!("{head}{status}{body}"));
        load(data, &Scenario::default()).map(|_| ())
    };
    // A grade better than its source's needs a comparison as good; `official` always needs one.
    assert!(loaded("fr-2023-23055", "analysis", "").is_ok());
    let error = loaded("fr-2023-23055", "official", "").unwrap_err();
    assert!(error.contains("official"), "{error}");
    assert!(loaded("fr-2023-23055", "official", &verified("analysis")).is_err());
    assert!(loaded("fr-2023-23055", "official", &verified("official")).is_ok());
    let error = loaded("aiweekly-2026-05-summit", "analysis", "").unwrap_err();
    assert!(error.contains("is better than source"), "{error}");
    assert!(loaded("aiweekly-2026-05-summit", "analysis", &verified("analysis")).is_ok());
    // An exception offered only where a condition is stated has that condition.
    let exception = |only: &str| {
        format!(
            "[[exception]]\nid = \"X\"\nparagraph = \"p\"\nitems = \"all\"\nonly_if_stated = \"{only}\"\n\
             conditions = [{{ id = \"told\", paragraph = \"p\", what = \"w\" }}]\n"
        )
    };
    assert!(loaded("fr-2023-23055", "analysis", &exception("told")).is_ok());
    let error = loaded("fr-2023-23055", "analysis", &exception("tld")).unwrap_err();
    assert!(error.contains("`tld`, no condition"), "{error}");
    // A row that ends on the day on which it begins never holds.
    let empty = refused(
        "[[status]]\nstate = \"in_force\"\nfrom = 2024-02-01\nuntil = 2024-02-01\nknown_from = 2024-01-01\n",
    );
    assert!(empty.contains("before it begins"), "{empty}");
}

#[test]
fn places_suggest_what_was_meant() {
    assert_eq!(BOOK.places.resolve("china").unwrap(), "CN");
    assert_eq!(BOOK.places.resolve("uae").unwrap(), "AE");
    let error = BOOK.places.resolve("Singapur").unwrap_err().to_string();
    assert!(error.contains("did you mean `Singapore`"), "{error}");
}
