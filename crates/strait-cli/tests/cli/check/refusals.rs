//! What `strait check` refuses, and with which remedy.

use crate::{flat, refused, strait, strait_in};

#[test]
fn bad_input_is_refused_with_a_remedy() {
    refused(
        &["check", "hh20", "--to", "CN"],
        &["no chip `hh20`", "did you mean", "`h20`"],
    );
    refused(
        &["check", "h20", "--to", "Chinaa"],
        &["no country `Chinaa`", "`China`"],
    );
    refused(
        &["check", "h20", "--to", "CN", "--on", "2025-13-01"],
        &["`2025-13-01` is no day"],
    );
    refused(
        &["check", "h20", "--to", "CN", "--on", "2021-12-31"],
        &["2021-12-31", "2022-01-01"],
    );
    refused(
        &["check", "h20", "--to", "CN", "--host", "9Z999"],
        &["`9Z999`", "`5A992`"],
    );
    let contradiction = ["--condition", "kyc=no", "--condition", "kyc=yes"];
    refused(
        &[&["check", "h200", "--to", "CN"][..], &contradiction].concat(),
        &["kyc=yes and kyc=no", "stated once"],
    );
    refused(
        &["check", "h20", "--to", "CN", "--segment", "bank"],
        &["bank", "platform"],
    );
    refused(
        &["check", "h20", "--to", "CN", "--route", "reexport"],
        &["contradicts", "US to CN"],
    );
    refused(
        &["check", "h20", "--to", "CN", "--deal", "absent.toml"],
        &["`absent.toml` cannot be read"],
    );
    refused(
        &["check", "absent.toml", "--to", "CN"],
        &["`absent.toml` cannot be read"],
    );
    refused(&["check", "h20"], &["--to"]);
}

#[test]
fn a_site_that_contradicts_the_destination_is_refused() {
    let days = ["--on", "2025-06-01", "--known", "2026-10-01"];
    refused(
        &[&["check", "h20", "--to", "HK", "--site", "mainland"], &days[..]].concat(),
        &["--site `mainland` contradicts --to HK", "offshore"],
    );
    refused(
        &[&["check", "h20", "--to", "CN", "--site", "offshore"], &days[..]].concat(),
        &["--site `offshore` contradicts --to CN"],
    );
    assert_eq!(
        strait(&[&["check", "h20", "--to", "HK", "--site", "offshore"], &days[..]].concat()).code,
        0
    );
}

#[test]
fn a_near_country_is_named_once() {
    let said = strait(&["check", "h20", "--to", "Chia"]);
    assert_eq!(said.code, 2);
    assert_eq!(flat(&said.err).matches("China").count(), 1, "{}", said.err);
}

/// A user's own chip may rest on a document that is in no register.
#[test]
fn an_own_chip_file_declares_its_own_sources() {
    let folder = tempfile::tempdir().unwrap();
    let chip = |sources: &str| {
        format!(
            "id = \"own-x1\"\nname = \"Own X1\"\nvendor = \"own\"\nform = \"module\"\ndesigner_country = \"US\"\n\
             figures_from = {{ source = \"vendor-nda-7\", grade = \"analysis\" }}\n\
             [market]\ndesigned_or_marketed_for_datacenter = {{ value = true }}\n\
             [[peak]]\nengine = \"tensor\"\nrows = [{{ format = \"fp16\", input_bits = 16, tera_ops = 100 }}]\n{sources}"
        )
    };
    let declared =
        "[[source]]\nid = \"vendor-nda-7\"\ntitle = \"Datasheet under NDA\"\ngrade = \"analysis\"\n";
    let ask = |text: String| {
        std::fs::write(folder.path().join("x1.toml"), text).unwrap();
        strait_in(
            folder.path(),
            &[
                "check",
                "x1.toml",
                "--to",
                "CN",
                "--on",
                "2025-06-01",
                "--known",
                "2026-10-01",
            ],
        )
    };
    let said = ask(chip(declared));
    assert_eq!(said.code, 0, "{}", said.err);
    let said = ask(chip(""));
    assert_eq!(said.code, 2);
    assert!(
        flat(&said.err).contains("declare it in this file: `[[source]]`"),
        "{}",
        said.err
    );
    let twice = declared.replace("vendor-nda-7", "recalled");
    let said = ask(chip(&format!("{declared}{twice}")));
    assert_eq!(said.code, 2);
    assert!(
        flat(&said.err).contains("source `recalled` stands in the register already"),
        "{}",
        said.err
    );
}

#[test]
fn a_word_that_is_none_is_told_with_the_words_taken() {
    for (flag, typed, expected) in [
        (
            "--listed",
            "maybe",
            "`maybe` is no result of screening; expected `none`, `entity`, ",
        ),
        ("--segment", "platfrom", "did you mean `platform`?"),
        (
            "--military",
            "perhaps",
            "`perhaps` is no yes or no; expected `true` or `false`",
        ),
    ] {
        let said = strait(&["check", "h20", "--to", "CN", flag, typed]);
        assert_eq!(said.code, 2, "{flag}");
        assert!(flat(&said.err).contains(expected), "{}", said.err);
        assert!(said.out.is_empty());
    }
    let said = strait(&["check", "h20", "--to", "CN", "--military", "no"]);
    assert_eq!(said.code, 0, "{}", said.err);
}

/// 734.16: a transfer stays within one country, and Hong Kong is China; Macau is a destination of its own.
#[test]
fn a_route_is_what_its_ends_make_it() {
    for (from, to, code) in [
        ("CN", "HK", 0),
        ("SG", "SG", 0),
        ("SG", "MY", 2),
        ("US", "SG", 2),
        ("MO", "CN", 2),
    ] {
        let ends = ["check", "h20", "--from", from, "--to", to, "--route", "transfer"];
        let days = ["--on", "2025-06-01", "--known", "2026-10-01"];
        let said = strait(&[&ends[..], &days[..]].concat());
        assert_eq!(said.code, code, "{from} to {to}: {}", said.err);
    }
}
