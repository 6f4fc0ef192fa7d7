//! `strait market`

mod stopped;
mod supply;

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
        serde_json::json!([
            "The US side blocks `foreign` on the mainland, and abroad but for what leaks, from 2026-01"
        ])
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
    let billing = "Revenue by billing location|NVIDIA";
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
    let own = find(&v["variables"], "Revenue|Accelerators|NVIDIA")["quarters"]["2026-Q2"]["p95"]
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
    let head = "scenario,region,variable,unit,period,p05,p25,median,p75,p95\nhistory,China mainland,";
    assert!(csv.starts_with(head));
    assert!(iamc.starts_with("model,scenario,region,variable,unit,year,subannual,value\nstrait "));
    // Who sells what where, by quarter and by year, in both formats.
    for (row, long) in [
        (
            "history,China mainland,Sales|Units|NVIDIA|H20,thousand,2025-Q1,",
            ",history,China mainland,Sales|Units|NVIDIA|H20,thousand,2025,Q1,",
        ),
        (
            "history,Chinese buyers offshore,Share|Dollars|NVIDIA,1,2026,",
            ",history,Chinese buyers offshore,Share|Dollars|NVIDIA,1,2026,Year,",
        ),
        (
            "history,China mainland and offshore,Revenue by customer headquarters|NVIDIA,million USD,2025,",
            ",history,China mainland and offshore,Revenue by customer headquarters|NVIDIA,million USD,2025,Year,",
        ),
    ] {
        assert_eq!(csv.lines().filter(|l| l.starts_with(row)).count(), 1, "{row}");
        assert_eq!(iamc.lines().filter(|l| l.contains(long)).count(), 1, "{long}");
    }
    // A percentile is a scenario of its own, so that no band stands among the parts of a level.
    assert!(!iamc.contains("percentile"));
    for scenario in [
        "history [p05]",
        "history [p25]",
        "history",
        "history [p75]",
        "history [p95]",
    ] {
        let row = format!(",{scenario},China mainland,Spending,million USD,2026,Year,");
        assert_eq!(iamc.lines().filter(|l| l.contains(&row)).count(), 1, "{row}");
    }
    // A row of five values there is five rows here.
    assert_eq!((csv.lines().count() - 1) * 5, iamc.lines().count() - 1);
    let parquet = std::fs::read(folder.path().join("run.parquet")).unwrap();
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[test]
fn shares_are_shown_by_seller_chip_buyer_and_site_with_both_bands() {
    let run = [&RUN[..], &["2025-Q1..2025-Q4", "--show", "shares"]].concat();
    let said = strait(&[&run[..], &["--bands", "90,50"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    for part in [
        "Sellers' parts of units, dollars and compute",
        "Chips' parts of units and dollars",
        "Buyers' parts of units and dollars",
        "Each site's part of both",
        "Shares offshore",
        "25th to 75th",
    ] {
        assert!(said.out.contains(part), "no {part} in {}", said.out);
    }
    // JSON holds years too, and every good of every buyer.
    let v = json(&run);
    let found: Vec<&serde_json::Value> = v["variables"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|x| x["variable"] == "Share within segment|Units|Large platforms|NVIDIA|H20")
        .collect();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0]["region"], "China mainland");
    let year = &found[0]["years"]["2025"];
    assert!(
        year["p05"].as_f64() <= year["p95"].as_f64() && year["median"].as_f64() > Some(0.0),
        "{year}"
    );
}

#[test]
fn causes_and_diversion_are_of_the_quarters_and_the_good_that_are_asked() {
    let run = ["market", "run", "--known", "2026-11-23", "--draws", "20"];
    let of = |more: &[&str]| json(&[&run[..], more].concat());
    let plain = of(&["--show", "diversion"]);
    assert_eq!(plain["diversion"]["good"], "H20");
    assert_eq!(plain["diversion"]["months"], "August 2025 to July 2026");
    // By default and by name the same; of another year and of another chip not.
    let chip = of(&["--show", "diversion", "--good", "nvidia-h20-96gb"]);
    assert_eq!(chip["diversion"], plain["diversion"]);
    let year = of(&["--show", "diversion", "--quarters", "2024-Q3..2024-Q4"]);
    assert_eq!(year["diversion"]["months"], "July 2024 to December 2024");
    assert_ne!(year["diversion"]["lost"], plain["diversion"]["lost"]);
    let other = of(&[
        "--show",
        "diversion",
        "--good",
        "nvidia-h200",
        "--quarters",
        "2026-Q1..2026-Q2",
    ]);
    assert_eq!(other["diversion"]["good"], "H200");
    let one = of(&[
        "--show",
        "decompose",
        "--good",
        "H20",
        "--quarters",
        "2025-Q3..2025-Q4",
    ]);
    assert_eq!(one["causes"]["good"], "H20");
    assert_eq!(one["causes"]["months"], "July 2025 to December 2025");
    let all = of(&["--show", "decompose", "--quarters", "2025-Q3..2025-Q4"]);
    assert!(all["causes"]["good"].is_null());
    assert_ne!(all["causes"]["whole"], one["causes"]["whole"]);
    for (args, said) in [
        (["--good", "huawei", "diversion"], "is sold by a foreign"),
        (["--good", "h2O0", "diversion"], "is no good of the model"),
        (["--good", "nvidia-h200", "decompose"], "not made for this market"),
        (
            ["--quarters", "2022-Q1..2022-Q2", "diversion"],
            "nothing of `nvidia-h20` would be sold",
        ),
    ] {
        refused(
            &[&run[..], &[args[0], args[1], "--show", args[2]]].concat(),
            &[said],
        );
    }
}

#[test]
fn exposure_is_told_branch_by_branch_on_two_bases_that_are_never_joined() {
    let run = ["market", "exposure", "--known", "2026-11-23", "--draws", "20"];
    let folder = tempfile::tempdir().unwrap();
    let branches = [
        "--branches",
        "no-exports,domestic-ramp-fast",
        "--quarters",
        "2026-Q1..2026-Q4",
    ];
    let out = ["--json", "--out", "stake.iamc.csv"];
    let said = strait_in(folder.path(), &[&run[..], &branches, &out].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let v: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let bases = v["bases"].as_array().unwrap();
    let names: Vec<&str> = bases.iter().map(|b| b["variable"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "Revenue by billing location|NVIDIA",
            "Revenue by customer headquarters|NVIDIA"
        ]
    );
    for basis in bases {
        let branches = basis["branches"].as_array().unwrap();
        // The dearest first.
        assert_eq!(branches[0]["scenario"], "no-exports");
        let less = &branches[0]["less_baseline"]["2026"];
        assert_eq!(less["less"], 1.0);
        assert!(less["part"]["median"].as_f64().unwrap() < -0.2, "{less}");
        // The same paths: the baseline and what is at stake of it never exceed it.
        let (base, lost) = (&basis["baseline"]["2026"], &less["amount"]);
        assert!(
            -lost["p05"].as_f64().unwrap() <= base["p95"].as_f64().unwrap(),
            "{lost}"
        );
    }
    let iamc = std::fs::read_to_string(folder.path().join("stake.iamc.csv")).unwrap();
    let row =
        ",no-exports,China mainland,Revenue exposure by billing location|NVIDIA,million USD,2026,Year,-";
    assert_eq!(iamc.lines().filter(|l| l.contains(row)).count(), 1);
    refused(
        &[&run[..], &["--branches", "history"]].concat(),
        &["`history` is there already"],
    );
    refused(
        &[&run[..], &["--branches", "no-rebuf"]].concat(),
        &["no scenario `no-rebuf`", "no-rebuff"],
    );
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
        "id = \"typo\"\n\n[[market]]\nverb = \"ban\"\ngoods = [\"nvidia-h2O\"]\n",
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
    // What is wrong is told before a path is drawn: none of the eight remarks of so many paths comes first.
    let wrong = folder.path().join("s.toml");
    let wrong = wrong.to_str().unwrap();
    let many = ["--draws", "20000", "--known", "2026-11-23"];
    for (given, words) in [
        (&["run", "--against", "no-rebuf"][..], "no scenario `no-rebuf`"),
        (&["run", "--against", wrong], "nvidia-h2O"),
        (&["run", "--out", "run.txt"], "`run.txt` names no format"),
        (
            &["run", "--show", "decompose", "--good", "h2O"],
            "`--good h2O` is no good of the model",
        ),
        (
            &[
                "run",
                "--show",
                "diversion",
                "--good",
                "mi300x",
                "--quarters",
                "2022-Q1..2022-Q2",
            ],
            "nothing of `amd-mi300x` would be sold",
        ),
        (
            &["exposure", "--branches", "h20-free", "--branches", wrong],
            "nvidia-h2O",
        ),
        (&["exposure", "--out", "run.txt"], "`run.txt` names no format"),
    ] {
        let said = strait(&[&["market"], given, &many[..]].concat());
        assert_eq!(said.code, 2, "{given:?}: {}", said.err);
        assert!(crate::flat(&said.err).contains(words), "{given:?}: {}", said.err);
        assert!(!said.err.contains("of 20000 paths"), "{given:?}: {}", said.err);
    }
    let said = strait(&["calibrate", "market", "--known", "2021-01-01"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("nothing was published by 2021-01-01"),
        "{}",
        said.err
    );
}

#[test]
fn claims_on_too_few_draws_are_refused() {
    crate::refused(
        &["market", "claims", "--draws", "5"],
        &["bands of 5 draws mean nothing", "--draws 20"],
    );
}

#[test]
fn before_the_first_fit_the_answer_is_unknown_with_what_would_decide_it() {
    for command in [
        &["market", "run"][..],
        &["market", "exposure"],
        &["market", "claims"],
    ] {
        let early = [command, &["--known", "2022-09-15", "--draws", "20"]].concat();
        let said = strait(&early);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.out.contains("Unknown"), "{}", said.out);
        // A line of the page may end within it.
        assert!(said.out.contains("calibrate market"), "{}", said.out);
    }
    let json = strait(&[
        "market",
        "run",
        "--known",
        "2022-09-15",
        "--draws",
        "20",
        "--json",
    ]);
    let v: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let need = &v["unknown"]["needs"][0];
    assert!(
        need["fact"]
            .as_str()
            .unwrap()
            .contains("a fit of the market over time"),
        "{need}"
    );
    assert!(
        need["flag"]
            .as_str()
            .unwrap()
            .ends_with("--out data/market/posterior/2022-09-15"),
        "{need}"
    );
    assert!(v["variables"].is_null());
}
