//! `strait check --batch … --format sarif`, held against the schema of OASIS.

use crate::strait_in;
use boon::{Compiler, Schemas};
use serde_json::Value;

const SCHEMA: &str = include_str!("../fixtures/sarif/sarif-schema-2.1.0.json");

/// Fails with every violation of the schema.
fn validate(answer: &Value) {
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    compiler.add_resource("sarif.json", schema).unwrap();
    let mut schemas = Schemas::new();
    let index = compiler.compile("sarif.json", &mut schemas).unwrap();
    if let Err(error) = schemas.validate(answer, index) {
        panic!("{error:#}");
    }
}

fn sarif(args: &[&str]) -> (i32, Value) {
    let folder = tempfile::tempdir().unwrap();
    let text = "id,chip,to,on\n\
                1,h20,CN,2025-04-20\n\
                2,ascend 910c,CN,2025-06-01\n\
                3,l20,CN,2025-04-20\n\
                4,rtx 4090,CN,2024-01-01\n\
                5,h20,SG,2025-04-20\n\
                6,h20x,CN,2025-04-20\n\
                7,h20,CN,2022-01-05\n";
    std::fs::write(folder.path().join("a b.csv"), text).unwrap();
    let all = [
        &[
            "check",
            "--batch",
            "a b.csv",
            "--known",
            "2026-10-01",
            "--format",
            "sarif",
        ],
        args,
    ]
    .concat();
    let said = strait_in(folder.path(), &all);
    (
        said.code,
        serde_json::from_str(&said.out).expect("JSON on standard output"),
    )
}

#[test]
fn it_satisfies_the_schema() {
    for args in [&[][..], &["--all"]] {
        validate(&sarif(args).1);
    }
}

#[test]
fn the_validator_can_fail() {
    let (_, mut answer) = sarif(&[]);
    answer["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(std::panic::catch_unwind(|| validate(&answer)).is_err());
}

#[test]
fn each_result_names_its_row_and_its_instrument() {
    let (code, answer) = sarif(&[]);
    assert_eq!(code, 2, "one row cannot be read");
    let run = &answer["runs"][0];
    let results = run["results"].as_array().unwrap();
    let first = &results[0];
    assert_eq!(first["ruleId"], "us-letter-2025-04-nvidia");
    assert_eq!(first["level"], "error");
    let place = &first["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.csv");
    assert_eq!(place["region"]["startLine"], 2);
    assert_eq!(first["properties"]["verdict"]["license"], "required");
    assert!(
        first["message"]["text"]
            .as_str()
            .unwrap()
            .contains("nvidia-h20-96gb to CN on 2025-04-20")
    );
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        let rule = rules
            .iter()
            .find(|r| r["id"] == result["ruleId"])
            .expect("a rule for each result");
        assert!(
            rule["shortDescription"]["text"].as_str().unwrap().len() > 10,
            "{rule}"
        );
        assert_ne!(result["properties"]["verdict"]["license"], "none_found");
    }
    let levels: Vec<(&str, &str)> = results
        .iter()
        .map(|r| {
            (
                r["properties"]["verdict"]["license"].as_str().unwrap(),
                r["level"].as_str().unwrap(),
            )
        })
        .collect();
    for (license, level) in &levels {
        let expected = match *license {
            "required" => "error",
            "unknown" => "warning",
            _ => "note",
        };
        assert_eq!(*level, expected, "{license}");
    }
    let mut kinds: Vec<&str> = levels.iter().map(|(license, _)| *license).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(
        kinds,
        ["exception_available", "required", "unknown"],
        "the rows show all three"
    );
    let notices = run["invocations"][0]["toolExecutionNotifications"]
        .as_array()
        .unwrap();
    assert_eq!(notices.len(), 1);
    assert!(
        notices[0]["message"]["text"]
            .as_str()
            .unwrap()
            .contains("no chip `h20x`")
    );
    let all = sarif(&["--all"]).1;
    assert_eq!(all["runs"][0]["results"].as_array().unwrap().len(), 6);
}

#[test]
fn a_fingerprint_follows_the_row_and_not_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |text: &str| {
        std::fs::write(folder.path().join("p.csv"), text).unwrap();
        let said = strait_in(folder.path(), &["check", "--batch", "p.csv", "--format", "sarif"]);
        let answer: Value = serde_json::from_str(&said.out).unwrap();
        let results = answer["runs"][0]["results"].as_array().unwrap().clone();
        results
            .iter()
            .map(|r| r["partialFingerprints"]["straitRow/v1"].clone())
            .collect::<Vec<_>>()
    };
    let a = run("id,chip,to,on\n1,h20,CN,2025-04-20\n2,h100,CN,2025-04-20\n");
    let b = run("id,chip,to,on\n2,h100,CN,2025-04-20\n1,h20,CN,2025-04-20\n");
    assert_eq!(a, [b[1].clone(), b[0].clone()]);
    assert_ne!(a[0], a[1]);
}
