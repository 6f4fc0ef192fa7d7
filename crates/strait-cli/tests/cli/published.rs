//! `strait validate perf --measured` of folders that other simulators published.

use crate::strait_in;
use std::fs;

#[test]
fn published_operators_are_scored_and_put_on_the_page() {
    let at = tempfile::tempdir().unwrap();
    let folder = at.path().join("theirs");
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("ae_real_hardware_gelu_A100.csv"),
        "1024, 0.0227\n67108864, 328.2\n268435456, 379.5\n",
    )
    .unwrap();
    fs::write(at.path().join("page.md"), "# Page\n\nkept\n").unwrap();
    let said = strait_in(
        at.path(),
        &[
            "validate",
            "perf",
            "--measured",
            "theirs",
            "--page",
            "page.md",
            "--json",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let v: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let score = &v["published"]["scores"][0];
    assert_eq!(
        (score["operator"].as_str(), score["n"].as_u64()),
        (Some("gelu"), Some(2))
    );
    assert!(score["mape"].as_f64().unwrap() < 10.0, "{score}");
    let page = fs::read_to_string(at.path().join("page.md")).unwrap();
    assert!(
        page.starts_with("# Page\n\nkept\n\n<!-- begin llmcompass -->\n## Beside LLMCompass"),
        "{page}"
    );
    let said = strait_in(
        at.path(),
        &["validate", "perf", "--measured", "theirs", "--leave-one-out"],
    );
    assert_eq!(said.code, 2);
    assert!(
        crate::flat(&said.err).contains("nothing is fitted to it"),
        "{}",
        said.err
    );
}
