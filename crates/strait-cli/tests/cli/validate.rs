//! `strait validate`

use crate::{json, refused};

#[test]
fn rows_kept_for_testing_are_scored() {
    let v = json(&["validate"]);
    let perf = &v["validation"]["perf"];
    assert!(perf["rows"].as_u64().unwrap() > 50, "{perf}");
    let cost = &v["validation"]["cost"];
    assert!(!cost["checks"].as_array().unwrap().is_empty());
    let error = cost["median_error"].as_f64().unwrap();
    assert!(error > 0.0 && error < 0.5, "median error of owned cost {error}");
}

#[test]
fn one_part_alone() {
    let v = json(&["validate", "cost"]);
    assert!(v["validation"].get("perf").is_none() && v["validation"].get("cost").is_some());
}

#[test]
fn published_runs_of_one_chip_are_listed_with_place_and_source() {
    let runs = json(&["validate", "perf", "--chip", "h200"])["validation"]["runs"].clone();
    let rows = runs["rows"].as_array().unwrap();
    assert!(runs["chip"] == "nvidia-h200-sxm" && rows.len() > 10, "{runs}");
    for row in rows {
        let of = |key: &str| row[key].as_f64().unwrap();
        let log = (of("computed") / of("measured")).ln();
        assert!((log - of("log_error")).abs() < 1e-9, "{row}");
        assert_eq!(row["place"]["file"], "validation/performance.csv");
    }
    refused(
        &["validate", "perf", "--chip", "l2"],
        &["no published run of `nvidia-l2`", "nvidia-h200-sxm"],
    );
    refused(
        &["validate", "cost", "--chip", "h200"],
        &["`cost` has no use for --chip"],
    );
}

#[test]
fn a_place_without_a_folder_is_refused_before_the_work() {
    for args in [
        &["validate", "market", "--page", "nowhere/page.md"][..],
        &["calibrate", "training", "--out", "nowhere/fit.toml"],
        &["market", "run", "--out", "nowhere/run.csv"],
    ] {
        refused(args, &["there is no folder `nowhere`"]);
    }
}

#[test]
fn a_flag_that_would_be_left_alone_is_refused() {
    for (args, flag) in [
        (&["cost", "--page", "x.md"][..], "`cost` has no use for --page"),
        (&["cost", "--rows", "nowhere.csv"], "`cost` has no use for --rows"),
        (&["market", "--out", "x.csv"], "`market` has no use for --out"),
        (
            &["training", "--measured", "."],
            "`training` has no use for --measured",
        ),
        (
            &["perf", "--leave-one-out"],
            "without --measured or --rows it has no use for --leave-",
        ),
        (
            &["perf", "--rows", "nowhere.csv", "--page", "x.md"],
            "--rows has no use for --page",
        ),
    ] {
        crate::refused(&[&["validate"], args].concat(), &[flag]);
    }
}

#[test]
fn the_page_takes_parts_about_other_makers_and_crossovers() {
    let at = tempfile::tempdir().unwrap();
    let page = at.path().join("page.md");
    std::fs::write(
        &page,
        "# Page\n\n<!-- begin serving -->\nkept\n<!-- end serving -->\n",
    )
    .unwrap();
    let said = crate::strait_in(at.path(), &["validate", "perf", "--page", "page.md"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let text = std::fs::read_to_string(&page).unwrap();
    for part in [
        "<!-- begin crossovers -->\n## Crossovers",
        "<!-- begin makers -->\n## Chips of other makers",
        "<!-- begin serving -->\nkept\n",
    ] {
        assert!(text.contains(part), "{text}");
    }
    for named in [
        "| nvidia-h20-96gb | prefill | 1 |",
        "| huawei-ascend-910c | mixed |",
        "No published pair in training: nvidia-h20-96gb",
    ] {
        assert!(text.contains(named), "no `{named}` in {text}");
    }
}

#[test]
fn what_the_data_say_of_chips_is_fitted_by_command() {
    for (part, file) in [("makers", "makers.toml"), ("devices", "assumed_device.toml")] {
        let path = format!("{}/../../data/perf/{file}", env!("CARGO_MANIFEST_DIR"));
        let held = std::fs::read_to_string(path).unwrap();
        assert_eq!(crate::strait(&["calibrate", part]).out, held);
    }
}
