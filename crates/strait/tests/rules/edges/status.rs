//! Which instrument speaks: rows of a status on both time axes, tables and policies that meet.

use super::{ask, check, small};
use crate::made_up::{Made, book, deal, verdict};
use crate::shipped::BOOK;
use strait::data::{DataSet, load_sources};
use strait::rules::{Classification, Knower, LawBook, License, Review, State, Transaction};
use strait::scenario::Scenario;

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

/// Supplement 1 to part 740: Nicaragua is in D:5 from 2024-03-15 (89 FR 18780), Cambodia in D:1 alone from 2026-02-03.
#[test]
fn a_country_moves_on_the_very_day() {
    for (to, on, license, review) in [
        ("NI", "2024-03-14", License::NoneFound, None),
        (
            "NI",
            "2024-03-15",
            License::Required,
            Some(Review::PresumptionOfDenial),
        ),
        (
            "KH",
            "2026-02-02",
            License::Required,
            Some(Review::PresumptionOfDenial),
        ),
        (
            "KH",
            "2026-02-03",
            License::Required,
            Some(Review::PresumptionOfApproval),
        ),
    ] {
        let us = check("h100", &ask("h100", to, on)).us;
        assert_eq!((us.license, us.review), (license, review), "{to} on {on}");
    }
}
