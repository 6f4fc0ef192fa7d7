//! `strait market`

use crate::{json, refused, strait, strait_in};

const RUN: [&str; 7] = [
    "market",
    "run",
    "--known",
    "2026-11-23",
    "--draws",
    "20",
    "--quarters",
];

#[test]
fn a_run_tells_bands_dates_and_what_is_assumed() {
    let v = json(
        &[
            &RUN[..],
            &[
                "2026-Q1..2026-Q2",
                "--scenario",
                "no-exports",
                "--against",
                "history",
            ],
        ]
        .concat(),
    );
    assert_eq!(v["strait"]["scenario"], "no-exports");
    assert_eq!(
        v["scenario"]["provisions"],
        serde_json::json!(["The US side blocks `foreign`, from 2026-01"])
    );
    assert_eq!(v["against"]["provisions"], serde_json::json!([]));
    let find = |rows: &serde_json::Value, name: &str| {
        rows.as_array()
            .unwrap()
            .iter()
            .find(|r| r["variable"] == name)
            .cloned()
            .unwrap_or_else(|| panic!("{name}"))
    };
    let billing = "Revenue|NVIDIA|China by billing location";
    let blocked = find(&v["variables"], billing)["quarters"]["2026-Q2"].clone();
    for pair in [
        ("p05", "p25"),
        ("p25", "median"),
        ("median", "p75"),
        ("p75", "p95"),
    ] {
        assert!(
            blocked[pair.0].as_f64().unwrap() <= blocked[pair.1].as_f64().unwrap(),
            "{blocked}"
        );
    }
    // With every US chip blocked what is left by billing location is NVIDIA's other revenue.
    let own = find(&v["variables"], "Revenue|NVIDIA|Data center|Mainland")["quarters"]["2026-Q2"]["p95"]
        .as_f64()
        .unwrap();
    assert!(own < 1.0, "{own}");
    let gap = v["against"]["differences"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["variable"] == billing)
        .unwrap();
    assert!(gap["difference"]["median"].as_f64().unwrap() <= 0.0, "{gap}");
    assert_eq!(v["self_sufficiency"].as_array().unwrap().len(), 6);
    let rests = v["self_sufficiency_rests_on"].as_str().unwrap();
    assert!(
        rests.contains("`domestic_hbm`") && rests.contains("assumed"),
        "{rests}"
    );
    // Without exports the ratio of US to Chinese compute is no smaller than with them.
    let us = &v["against"]["us_over_china"];
    let median = |of: &str| us[of]["median"].as_f64().unwrap();
    assert!(
        median("scenario") >= median("other") && median("other") > 1.0,
        "{us}"
    );
    // Of the years after the last observation nothing published can speak.
    assert!(
        v["assumed"]
            .as_array()
            .unwrap()
            .iter()
            .any(|a| a == "growth_later")
    );
    assert!(v["posterior"]["seed"].as_u64().unwrap() > 0);
}

#[test]
fn files_of_three_formats_hold_the_same_run() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["run.csv", "run.iamc.csv", "run.parquet"] {
        let said = strait_in(
            folder.path(),
            &[&RUN[..], &["2026-Q1..2026-Q1", "--out", name]].concat(),
        );
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let csv = std::fs::read_to_string(folder.path().join("run.csv")).unwrap();
    let iamc = std::fs::read_to_string(folder.path().join("run.iamc.csv")).unwrap();
    assert!(csv.starts_with("scenario,variable,unit,quarter,p05,p25,median,p75,p95\nhistory,"));
    assert!(iamc.starts_with("model,scenario,region,variable,unit,year,subannual,value\nstrait "));
    // A row of five values there is five rows here.
    assert_eq!((csv.lines().count() - 1) * 5, iamc.lines().count() - 1);
    let parquet = std::fs::read(folder.path().join("run.parquet")).unwrap();
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[test]
fn a_run_that_was_stopped_goes_on_where_it_was_and_never_from_other_inputs() {
    let folder = tempfile::tempdir().unwrap();
    let at = |more: &[&str]| strait_in(folder.path(), &[&RUN[..], &["2026-Q1..2026-Q1"], more].concat());
    let scenario = |goods: &str| {
        let text = format!("[[market]]\nverb = \"ban\"\nfrom = \"2026-01\"\ngoods = [\"{goods}\"]\n");
        std::fs::write(folder.path().join("s.toml"), text).unwrap();
    };
    scenario("nvidia-h20");
    let run = ["--scenario", "s.toml", "--json", "--checkpoint", "kept"];
    let fewer = at(&run);
    assert_eq!(fewer.code, 0, "{}", fewer.err);
    // Twenty paths are kept; a run of more goes on from them and is what it would have been alone.
    let more = |args: &[&str]| {
        let mut all: Vec<&str> = RUN.to_vec();
        all[5] = "26";
        strait_in(folder.path(), &[&all[..], &["2026-Q1..2026-Q1"], args].concat())
    };
    let resumed = more(&run);
    let alone = more(&run[..3]);
    assert_eq!(resumed.code, 0, "{}", resumed.err);
    assert_eq!(resumed.out, alone.out);
    assert_ne!(resumed.out, fewer.out);
    // The same name, another content.
    scenario("nvidia-h200");
    let other = at(&run);
    assert_eq!(other.code, 2, "{}", other.out);
    assert!(other.err.contains("keeps blocks of another run"), "{}", other.err);
}

#[cfg(unix)]
#[test]
fn a_stopped_run_tells_what_is_kept_and_how() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo")
        .arg("s.toml")
        .current_dir(folder.path())
        .status();
    assert!(made.unwrap().success());
    let child = Command::new(env!("CARGO_BIN_EXE_strait"))
        .args([
            "market",
            "run",
            "--known",
            "2026-11-23",
            "--draws",
            "100000",
            "--scenario",
            "s.toml",
        ])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits for its scenario, and listens from before then.
    let mut scenario = std::fs::File::options()
        .write(true)
        .open(folder.path().join("s.toml"))
        .unwrap();
    let stop = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(stop.unwrap().success());
    scenario.write_all(b"id = \"mine\"\n").unwrap();
    drop(scenario);
    let done = child.wait_with_output().unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(
        (done.status.code(), done.stdout.as_slice()),
        (Some(130), &b""[..]),
        "{said}"
    );
    assert!(
        said.contains("Stopped: 0 of 100000 paths of mine are drawn"),
        "{said}"
    );
    assert!(said.contains("--checkpoint FILE keeps finished blocks"), "{said}");
}

#[test]
fn what_it_cannot_do_is_told() {
    refused(
        &["market", "run", "--show", "moods"],
        &["`--show moods` is nothing to show", "decompose"],
    );
    refused(
        &["market", "run", "--quarters", "2019-Q1..2020-Q1"],
        &["is no span of quarters", "2022-Q1"],
    );
    refused(
        &["market", "run", "--draws", "5"],
        &["bands of 5 draws mean nothing"],
    );
    refused(
        &["market", "run", "--draws", "1000000000"],
        &["--draws 1000000000 where at most 100000 were expected"],
    );
    refused(
        &["market", "run", "--scenario", "no-rebuf"],
        &["no scenario `no-rebuf`", "no-rebuff"],
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("s.toml"),
        "[[market]]\nverb = \"ban\"\ngoods = [\"nvidia-h2O\"]\n",
    )
    .unwrap();
    let said = strait_in(
        folder.path(),
        &[
            "market",
            "run",
            "--scenario",
            "s.toml",
            "--draws",
            "20",
            "--known",
            "2026-11-23",
        ],
    );
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("nvidia-h2O") && said.err.contains("nvidia-h20"),
        "{}",
        said.err
    );
    let said = strait(&["calibrate", "market", "--known", "2021-01-01"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("nothing was published by 2021-01-01"),
        "{}",
        said.err
    );
}

#[test]
fn rival_statements_of_supply_stand_side_by_side() {
    let at = |known: &str| json(&["market", "supply", "huawei-910", "--known", known])["supply"].clone();
    let of_2025 = |said: &serde_json::Value| -> Vec<(f64, String)> {
        let rows = said.as_array().unwrap().iter();
        rows.filter(|s| s["from"] == "2025-01-01" && s["to"] == "2025-12-31")
            .map(|s| {
                (
                    s["units"]["value"].as_f64().unwrap(),
                    s["reference"]["source"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    };
    let late = of_2025(&at("2026-11-23"));
    let units: Vec<f64> = late.iter().map(|(units, _)| *units).collect();
    assert!(
        units.contains(&200_000.0) && units.contains(&800_000.0),
        "{late:?}"
    );
    // Before the Commerce Department spoke in June 2025 nobody had said 200,000.
    assert!(
        of_2025(&at("2025-05-31"))
            .iter()
            .all(|(units, _)| *units > 200_000.0)
    );
    let said = strait(&["market", "supply", "huawei", "--known", "2026-11-23"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for part in [
        "huawei-950pr",
        "2025: from 200,000 (",
        "4.1 times as many",
        "Sources",
    ] {
        assert!(said.out.contains(part), "no {part} in {}", said.out);
    }
    refused(
        &["market", "supply", "huawie-910", "--known", "2026-11-23"],
        &["no pool `huawie-910`", "did you mean `huawei-910"],
    );
    refused(
        &["market", "supply", "--known", "2020-01-01"],
        &["--known `2020-01-01` lies before the data begin"],
    );
}

#[test]
fn claims_on_too_few_draws_are_refused() {
    crate::refused(
        &["market", "claims", "--draws", "5"],
        &["bands of 5 draws mean nothing", "--draws 20"],
    );
}
