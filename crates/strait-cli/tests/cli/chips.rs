//! `strait chips`

use crate::{json, refused, strait, strait_in};

#[test]
fn every_figure_comes_with_unit_source_grade_and_place() {
    let v = json(&["chips", "h20"]);
    let figures = v["chips"][0]["figures"].as_array().expect("figures");
    assert!(figures.len() > 5);
    for figure in figures {
        for key in ["path", "value", "low", "high", "unit", "grade", "source"] {
            assert!(!figure[key].is_null(), "no {key} in {figure}");
        }
        let file = figure["place"]["file"].as_str().unwrap();
        assert!(
            file.starts_with("chips/nvidia/h20") && figure["place"]["line"].as_u64().unwrap() > 1,
            "{figure}"
        );
    }
    let bandwidth = figures.iter().find(|f| f["path"] == "memory.bandwidth").unwrap();
    assert_eq!(
        (bandwidth["value"].as_f64(), bandwidth["unit"].as_str()),
        (Some(4000.0), Some("GB/s"))
    );
}

#[test]
fn names_as_people_type_them() {
    for (typed, id) in [
        ("h20", "nvidia-h20-96gb"),
        ("H100", "nvidia-h100-sxm"),
        ("910C", "huawei-ascend-910c"),
        ("kunlun p800", "baidu-kunlun-p800"),
        ("l20", "nvidia-l20"),
        ("l2", "nvidia-l2"),
    ] {
        let v = json(&["chips", typed]);
        let found = v["chips"][0]["chip"]["id"].as_str().unwrap().to_owned();
        assert!(
            found == id || found.starts_with(id),
            "`{typed}` is {found}, not {id}"
        );
    }
}

#[test]
fn the_list_holds_the_whole_catalog_and_a_comparison_its_chips() {
    assert_eq!(json(&["chips"])["chips"].as_array().unwrap().len(), 125);
    let said = strait(&["chips", "--compare", "h20,h100"]);
    assert_eq!(said.code, 0);
    assert!(said.out.contains("H20") && said.out.contains("H100") && said.out.contains("memory.bandwidth"));
}

#[test]
fn a_chip_file_that_is_wrong_is_told_by_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("mine.toml"),
        "id = \"me-mine\"\nthis is no toml\n",
    )
    .unwrap();
    let said = strait_in(folder.path(), &["chips", "mine.toml"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("mine.toml:2"), "{}", said.err);
    refused(
        &["chips", "nothing-like-it-at-all"],
        &["no chip `nothing-like-it-at-all`", "strait chips"],
    );
}

/// The shipped file of H20, to be spoilt one way or another.
fn h20() -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../data/chips/nvidia/h20-96gb.toml"
    );
    std::fs::read_to_string(path).expect("the shipped file")
}

#[test]
fn spoilt_figures_are_refused() {
    let area = h20()
        .lines()
        .find(|l| l.starts_with("area"))
        .expect("an area")
        .to_owned();
    let number: String = area
        .split("value = ")
        .nth(1)
        .unwrap()
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    for (what, text) in [
        (
            "negative",
            h20().replace(&area, &area.replace(&number, &format!("-{number}"))),
        ),
        ("unit", h20().replace(&area, &area.replace("mm2", "cm2"))),
        (
            "source",
            h20().replace("source = \"", "source = \"no-such-source-"),
        ),
    ] {
        assert_ne!(text, h20(), "{what}: nothing was spoilt");
        std::fs::write(&path, text).unwrap();
        let said = strait_in(folder.path(), &["check", "mine.toml", "--to", "CN"]);
        assert_eq!(said.code, 2, "{what}: {}", said.err);
        assert!(said.err.contains("mine.toml:"), "{what}: {}", said.err);
    }
    std::fs::write(&path, h20()).unwrap();
    let said = strait_in(folder.path(), &["check", "mine.toml", "--to", "CN"]);
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn a_chip_is_worked_out_on_request() {
    let said = strait(&["chips", "a30", "--explain"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let flat = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("2644 >= 3.2 x 826 = 2643.2: yes"), "{}", said.out);
    let v = json(&["chips", "a30", "--explain"]);
    assert_eq!(v["chips"][0]["arithmetic"]["tpp"]["result"]["value"], "2644");
    assert!(json(&["chips", "a30"])["chips"][0].get("arithmetic").is_none());
    assert_eq!(strait(&["chips", "--explain"]).code, 2);
}
