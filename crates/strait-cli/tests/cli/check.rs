//! `strait check`

mod refusals;

use crate::{flat, json, refused, strait, strait_in};

const H20: [&str; 8] = [
    "check",
    "h20",
    "--to",
    "CN",
    "--on",
    "2025-04-20",
    "--known",
    "2026-11-23",
];

#[test]
fn h20_after_the_letter_follows_the_contract() {
    let v = json(&H20);
    assert_eq!(v["chip"], "nvidia-h20-96gb");
    assert_eq!(
        (v["to"].as_str(), v["on"].as_str()),
        (Some("CN"), Some("2025-04-20"))
    );
    assert_eq!(v["metrics"]["tpp"]["value"], 2368.0);
    assert_eq!(v["metrics"]["memory_bandwidth_gbs"]["value"], 4000.0);
    assert_eq!(v["metrics"]["io_2022_bidirectional_gbs"]["value"], 1028.0);
    assert_eq!(v["metrics"]["scale_up_bidirectional_gbs"]["value"], 900.0);
    assert_eq!(v["us"]["jurisdiction"], "yes");
    assert_eq!(v["us"]["classification"], "outside_3a090");
    assert_eq!(v["us"]["license"], "required");
    assert_eq!(v["us"]["why"], serde_json::json!(["us-letter-2025-04-nvidia"]));
    assert_eq!(v["us"]["review"], "not_stated");
    assert_eq!(v["us"]["other_eccn"]["determined"], false);
    assert_eq!(v["supply_effect"], "licensed");
    let margins = v["us"]["margins"].as_array().expect("margins");
    let tpp = margins
        .iter()
        .find(|m| m["bound"] == "3A090.b.1 tpp" && m["limit"] == "2400")
        .expect("the bound");
    assert_eq!(
        (tpp["value"].as_str(), tpp["slack"].as_str(), tpp["to"].as_str()),
        (Some("2368"), Some("32"), Some("below"))
    );
    for key in [
        "strait",
        "cn",
        "practice",
        "needs",
        "assumed",
        "stale_days",
        "trace",
        "citations",
    ] {
        assert!(v.get(key).is_some(), "no key {key}");
    }
    for key in ["version", "data", "on", "known", "seed"] {
        assert!(v["strait"].get(key).is_some(), "no key strait.{key}");
    }
}

#[test]
fn the_day_before_the_letter_is_another_answer() {
    let before = json(&[
        "check",
        "h20",
        "--to",
        "CN",
        "--on",
        "2025-04-08",
        "--known",
        "2026-11-23",
    ]);
    let on = json(&[
        "check",
        "h20",
        "--to",
        "CN",
        "--on",
        "2025-04-09",
        "--known",
        "2026-11-23",
    ]);
    assert_eq!(before["us"]["license"], "none_found");
    assert_eq!(on["us"]["license"], "required");
}

#[test]
fn text_says_what_the_json_says_and_never_legal() {
    let said = strait(&H20);
    assert_eq!(said.code, 0);
    for word in [
        "nvidia-h20-96gb",
        "outside 3A090",
        "us-letter-2025-04-nvidia",
        "not stated",
        "2368",
        "licensed",
    ] {
        assert!(said.out.contains(word), "no `{word}` in {}", said.out);
    }
    let lower = said.out.to_lowercase().replace("no legal advice", "");
    assert!(!lower.contains("legal ") && !lower.contains("clear"), "{lower}");
}

#[test]
fn steps_are_shown_on_request_in_the_order_of_evaluation() {
    let v = json(&H20);
    let steps: Vec<&str> = v["trace"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["step"].as_str().unwrap())
        .collect();
    let order = [
        "jurisdiction",
        "metrics",
        "classification",
        "requirement",
        "letters",
        "end_use",
        "exceptions",
        "review",
        "levies",
        "prohibitions",
        "china",
    ];
    let mut seen: Vec<&str> = steps.clone();
    seen.dedup();
    assert_eq!(seen, order);
    assert!(
        strait(&[&H20[..], &["--explain"]].concat())
            .out
            .contains("Steps in order")
    );
}

#[test]
fn strict_tells_a_stale_answer_by_its_code() {
    let late = [
        "check",
        "h20",
        "--to",
        "CN",
        "--on",
        "2030-01-01",
        "--known",
        "2026-11-23",
    ];
    assert_eq!(strait(&late).code, 0);
    assert_eq!(strait(&[&late[..], &["--strict"]].concat()).code, 4);
    assert_eq!(strait(&[&H20[..], &["--strict"]].concat()).code, 0);
}

#[test]
fn the_first_day_of_the_data_is_answered() {
    let v = json(&[
        "check",
        "h20",
        "--to",
        "CN",
        "--on",
        "2022-01-01",
        "--known",
        "2026-11-23",
    ]);
    assert_eq!(v["us"]["license"], "not_in_force");
}

#[test]
fn a_deal_file_states_facts_and_flags_prevail() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("deal.toml"),
        "to = \"CN\"\non = \"2025-04-08\"\nsegment = \"state_funded\"\n",
    )
    .unwrap();
    let args = [
        "check",
        "h20",
        "--deal",
        "deal.toml",
        "--known",
        "2026-11-23",
        "--json",
    ];
    let read = |args: &[&str]| {
        let said = strait_in(folder.path(), args);
        assert_eq!(said.code, 0, "{}", said.err);
        serde_json::from_str::<serde_json::Value>(&said.out).unwrap()
    };
    let filed = read(&args);
    assert_eq!(
        (filed["on"].as_str(), filed["cn"]["segment"].as_str()),
        (Some("2025-04-08"), Some("state_funded"))
    );
    let flagged = read(&[&args[..], &["--on", "2025-04-20"]].concat());
    assert_eq!(flagged["on"], "2025-04-20");
    std::fs::write(folder.path().join("deal.toml"), "to = \"CN\"\ncolour = \"red\"\n").unwrap();
    let said = strait_in(folder.path(), &args);
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("colour") && said.err.contains("deal.toml:2"),
        "{}",
        said.err
    );
}

#[test]
fn a_pipe_that_closes_is_no_error() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_strait"))
        .args(H20)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), done.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn the_metrics_are_worked_out_on_request() {
    let explained = [&H20[..], &["--explain"]].concat();
    let said = strait(&explained);
    assert_eq!(said.code, 0);
    let flat = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "'Total processing performance' ('TPP') is 2 × 'MacTOPS' × 'bit length of the operation'",
        "296 x 8 = 2368",
        "2368 >= 3.2 x 814 = 2604.8: no",
        "900 + 128 = 1028",
        "(74 + 44) x 32 = 3776",
    ] {
        assert!(flat.contains(words), "no `{words}` in {}", said.out);
    }
    let v = json(&explained);
    assert_eq!(v["arithmetic"]["density"]["area"]["value"], "814");
    assert!(json(&H20).get("arithmetic").is_none());
}

#[test]
fn no_remote_users_is_a_fact() {
    let ask = [
        "check",
        "h200",
        "--to",
        "CN",
        "--on",
        "2026-08-01",
        "--known",
        "2026-10-01",
    ];
    let v = json(&[&ask[..], &["--remote-users", "none"]].concat());
    let conditions = v["us"]["review_conditions"].as_array().unwrap();
    let users = conditions.iter().find(|c| c["flag"] == "--remote-users").unwrap();
    assert_eq!(users["state"], "pass");
    refused(
        &[&ask[..], &["--remote-users", "none,CN"]].concat(),
        &["no country `none`"],
    );
}

#[test]
fn what_only_the_code_requires_is_hinted() {
    let said = strait(&[
        "check",
        "h100",
        "--to",
        "IN",
        "--on",
        "2025-06-01",
        "--known",
        "2026-10-01",
    ]);
    assert!(flat(&said.out).contains("--codified asks for it"), "{}", said.out);
}
