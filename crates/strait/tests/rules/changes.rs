//! Scenarios that move a bound or add a limb: what they catch, at the bound and beside it, and what they refuse.

use crate::shipped::book;
use std::collections::BTreeSet;
use strait::catalog::{Catalog, Chip};
use strait::data::{DataSet, load_sources};
use strait::rules::{Classification, Knower, LawBook, Maker, Moment, Part, Transaction, Turn, WhatIf};
use strait::scenario::Scenario;

const TPP: &str = "instrument = \"us-acs-ifr-2023\"\nmetric = \"tpp\"\n";

fn read(text: &str) -> Scenario {
    Scenario::read("s.toml", text).unwrap()
}

fn shipped(name: &str) -> Scenario {
    let data = DataSet::embedded();
    let path = format!("scenarios/{name}.toml");
    Scenario::read(&path, data.get(&path).unwrap().text).unwrap()
}

fn catalog(scenario: &Scenario) -> Catalog {
    Catalog::load(&DataSet::embedded(), scenario).unwrap()
}

fn moment() -> Moment {
    let day = "2026-11-20".parse().unwrap();
    Moment {
        on: day,
        known: day,
        known_to: Knower::Public,
    }
}

fn part<'a>(catalog: &'a Catalog, chip: &'a Chip) -> Part<'a> {
    let at = moment();
    Part {
        chip,
        designer: catalog.designer_country(chip),
        foundry: chip.dies.iter().find_map(|d| catalog.foundry_country(d)),
        transaction: Transaction::new(chip.id.clone(), "CN", at.on, at.known),
    }
}

/// Every accelerator to China, without and with a scenario.
fn compare(scenario: &Scenario) -> WhatIf {
    let (before, after) = (catalog(&Scenario::default()), catalog(scenario));
    let pairs: Vec<_> = before
        .iter()
        .filter(|chip| chip.is_accelerator())
        .map(|chip| (part(&before, chip), part(&after, after.get(&chip.id).unwrap())))
        .collect();
    book(&Scenario::default())
        .what_if(&book(scenario), moment(), &pairs)
        .unwrap()
}

fn of(found: &WhatIf, turn: Turn) -> BTreeSet<&str> {
    let parts = found.parts.iter().filter(|p| p.turn == turn);
    parts.map(|p| p.chip.as_str()).collect()
}

/// What loading the law under a scenario is refused with.
fn refusal(text: &str) -> String {
    let data = DataSet::embedded();
    let problems = LawBook::load(&data, &read(text), &load_sources(&data).unwrap()).unwrap_err();
    assert_eq!(problems.0.len(), 1, "{problems:?}");
    format!("{:?}", problems.0[0])
}

/// The class of a chip under a law, with the limb that gives it.
fn class(book: &LawBook, chip: &Chip) -> (Classification, Option<String>) {
    let at = moment();
    let tx = Transaction::new(chip.id.clone(), "CN", at.on, at.known);
    let us = book.check(chip, Some("US"), None, &tx).unwrap().us;
    (us.classification, us.paragraph)
}

#[test]
fn a_bound_of_1600_catches_exactly_those_outside_whose_tpp_reaches_it() {
    // TPP = dense peak x bits, by hand; density below 3.2 or none, so that no limb reached them before:
    // H20 148 x 16 = 2368 (/814 = 2.9), L20 239 x 8 = 1912 (/609 = 3.1), A10 125 x 16 = 2000 (/628 = 3.18),
    // V100 125 x 16 = 2000 and 112 x 16 = 1792 (/815 = 2.5, 2.2), and under Note 2, which moves too, 4090D
    // 588 x 8 = 4704, 5090D and 5090D V2 297 x 16 = 4752. L2 (1544) and T4 (1040) stay below; L4 (1936/294 = 6.6) was in.
    let found = compare(&shipped("tpp-1600"));
    let expected = [
        "nvidia-a10",
        "nvidia-h20-141gb",
        "nvidia-h20-96gb",
        "nvidia-l20",
        "nvidia-rtx-4090d",
        "nvidia-rtx-5090d",
        "nvidia-rtx-5090d-v2",
        "nvidia-v100-pcie",
        "nvidia-v100-sxm2",
    ];
    assert_eq!(of(&found, Turn::Caught), BTreeSet::from(expected));
    assert!(of(&found, Turn::Freed).is_empty(), "a lower bound frees nobody");
    let side: BTreeSet<&str> = found
        .parts
        .iter()
        .filter(|p| p.turn == Turn::Caught && p.datacenter == Some(false))
        .map(|p| p.chip.as_str())
        .collect();
    assert_eq!(
        side,
        BTreeSet::from(["nvidia-rtx-4090d", "nvidia-rtx-5090d", "nvidia-rtx-5090d-v2"])
    );
    for caught in found.parts.iter().filter(|p| p.turn == Turn::Caught) {
        assert_eq!(
            (caught.maker, caught.paragraph.as_deref()),
            (Maker::Us, Some("3A090.a.1"))
        );
        assert!(
            caught.instruments.contains(&"us-acs-ifr-2023".to_owned()),
            "{caught:?}"
        );
    }
    let again = compare(&Scenario::default());
    assert!(again.parts.is_empty(), "no scenario, no difference");
}

#[test]
fn a_limb_on_bandwidth_catches_h20_and_the_other_way_it_is_freed() {
    // Data-center parts of 4000 GB/s or more that no limb reached: H20 alone (4000 and 4800 GB/s); MI308X (5300)
    // was unknown by its disputed TPP, so nothing certain turns for it.
    let limb = shipped("bandwidth-threshold");
    let found = compare(&limb);
    assert_eq!(
        of(&found, Turn::Caught),
        BTreeSet::from(["nvidia-h20-141gb", "nvidia-h20-96gb"])
    );
    assert!(of(&found, Turn::Unclear).contains("amd-mi308x"));
    let (before, after) = (catalog(&limb), catalog(&Scenario::default()));
    let h20 = before.resolve("h20").unwrap().chip;
    let pair = [(part(&before, h20), part(&after, h20))];
    let back = book(&limb)
        .what_if(&book(&Scenario::default()), moment(), &pair)
        .unwrap();
    assert_eq!(back.parts[0].turn, Turn::Freed, "{back:?}");
}

/// The letter on H20 is the same with and without the bound moved: it is no cause of what turns.
#[test]
fn only_what_differs_is_a_cause() {
    let found = compare(&read(
        "[[rules.bound]]\ninstrument = \"us-acs-ifr-2023\"\nparagraph = \"3A090.a.1\"\nmetric = \"tpp\"\n\
         comparator = \"ge\"\nfrom = \"4800\"\nto = \"2000\"\n",
    ));
    let h20 = found.parts.iter().find(|p| p.chip == "nvidia-h20-96gb").unwrap();
    assert!(h20.changes.len() > 1, "{:?}", h20.changes);
    for change in &h20.changes {
        assert_eq!(change.instruments, ["us-acs-ifr-2023"], "{change:?}");
    }
}

#[test]
fn the_new_bound_is_met_at_itself_and_not_just_below() {
    // H20's 148 TFLOPS in FP16 make 2368.
    let catalog = catalog(&Scenario::default());
    let h20 = catalog.resolve("h20").unwrap().chip;
    let moved = |to: &str| {
        book(&read(&format!(
            "[[rules.bound]]\n{TPP}paragraph = \"3A090.a.1\"\ncomparator = \"ge\"\nto = \"{to}\"\n"
        )))
    };
    for (to, class_is) in [
        ("2367.999", Classification::A),
        ("2368", Classification::A),
        ("2368.001", Classification::Outside3A090),
    ] {
        assert_eq!(class(&moved(to), h20).0, class_is, "bound {to}");
    }
    let limb = |bound: &str| {
        book(&read(&format!(
            "[[rules.limb]]\ninstrument = \"us-acs-ifr-2023\"\nparagraph = \"x\"\nresult = \"3A090.b\"\nwhen = [{{ metric = \"memory_bandwidth\", {bound} }}]\n"
        )))
    };
    let x = |class| (class, Some("x".to_owned()));
    assert_eq!(class(&limb("ge = \"4000\""), h20), x(Classification::B));
    assert_eq!(class(&limb("gt = \"4000\""), h20).0, Classification::Outside3A090);
    assert_eq!(class(&limb("gt = \"3999.9\""), h20), x(Classification::B));
}

#[test]
fn the_first_limb_that_holds_still_wins() {
    let catalog = catalog(&Scenario::default());
    let h100 = catalog.resolve("h100").unwrap().chip;
    let limb = |before: &str| {
        book(&read(&format!(
            "[[rules.limb]]\ninstrument = \"us-acs-ifr-2023\"\nparagraph = \"x\"\nresult = \"3A090.b\"\nwhen = [{{ metric = \"tpp\", ge = \"1\" }}]\n{before}"
        )))
    };
    assert_eq!(class(&limb(""), h100).1.as_deref(), Some("3A090.a.1"));
    assert_eq!(
        class(&limb("before = \"3A090.a.1\""), h100).1.as_deref(),
        Some("x")
    );
}

#[test]
fn what_does_not_fit_is_refused_with_what_would() {
    let bound = |rest: &str| refusal(&format!("[[rules.bound]]\n{TPP}{rest}"));
    for (rest, words) in [
        (
            "paragraph = \"3A090.a.l\"\ncomparator = \"ge\"\nto = \"1\"",
            "did you mean `3A090.a.1`",
        ),
        (
            "paragraph = \"3A090.a.1\"\ncomparator = \"gt\"\nto = \"1\"",
            "it has `tpp ge 4800`",
        ),
        (
            "paragraph = \"3A090.a.1\"\ncomparator = \"ge\"\nfrom = \"4801\"\nto = \"1\"",
            "no bound `tpp ge 4801`",
        ),
        (
            "paragraph = \"3A090.a.1\"\ncomparator = \"ge\"\nto = \"many\"",
            "bound `many` is no number",
        ),
        (
            "paragraph = \"3A090.a.1\"\ncomparator = \"ge\"\nto = \"-1\"",
            "bound `-1` is no number",
        ),
    ] {
        let said = bound(rest);
        assert!(said.contains(words), "{rest}: no `{words}` in {said}");
    }
    // The letter's certain and possible bounds differ: which is meant must be said.
    let letter = |from: &str| {
        format!(
            "[[rules.bound]]\ninstrument = \"us-letter-2025-04-nvidia\"\nparagraph = \"letter\"\nmetric = \"memory_bandwidth\"\ncomparator = \"ge\"\nto = \"3000\"\n{from}"
        )
    };
    let said = refusal(&letter(""));
    assert!(said.contains("say which with `from`"), "{said}");
    book(&read(&letter("from = \"4000\"")));
    let limb = |id: &str, rest: &str| {
        refusal(&format!(
            "[[rules.limb]]\ninstrument = \"{id}\"\nresult = \"3A090.a\"\n{rest}"
        ))
    };
    let when = "when = [{ metric = \"tpp\", ge = \"1\" }]";
    for (id, rest, words) in [
        (
            "us-acs-ifr-2024",
            format!("paragraph = \"x\"\n{when}"),
            "did you mean `us-acs-ifr-2023`",
        ),
        (
            "us-s232-2026",
            format!("paragraph = \"x\"\n{when}"),
            "has no classification table",
        ),
        (
            "us-acs-ifr-2023",
            format!("paragraph = \"3A090.a.1\"\n{when}"),
            "stands in",
        ),
        (
            "us-acs-ifr-2023",
            format!("paragraph = \"x\"\nbefore = \"3A090.a.9\"\n{when}"),
            "did you mean `3A090.a.",
        ),
        (
            "us-acs-ifr-2023",
            "paragraph = \"x\"\nwhen = []".to_owned(),
            "has no condition",
        ),
        (
            "us-acs-ifr-2023",
            "paragraph = \"x\"\nwhen = [{ metric = \"tpp\" }]".to_owned(),
            "is not complete",
        ),
        (
            "us-acs-ifr-2023",
            "paragraph = \"x\"\nwhen = [{ metric = \"tp\", ge = \"1\" }]".to_owned(),
            "`tp`",
        ),
    ] {
        let said = limb(id, &rest);
        assert!(said.contains(words), "{id} {rest}: no `{words}` in {said}");
    }
}
