//! `strait validate`

use crate::json;

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
