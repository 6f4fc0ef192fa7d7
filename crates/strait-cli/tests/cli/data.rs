//! `strait data check`

use crate::{json, strait_in};

#[test]
fn the_shipped_data_hold_together() {
    let v = json(&["data", "check"]);
    assert_eq!((&v["chips"], &v["memory_stacks"]), (&113.into(), &8.into()));
    assert!(
        v["instruments"].as_u64().unwrap() > 10 && v["sources"].as_u64().unwrap() > 50,
        "{v}"
    );
}

/// Runs `data check` with one file laid over the shipped ones.
fn with_file(path: &str, text: &str) -> crate::Said {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine").join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    strait_in(folder.path(), &["data", "check", "--data", "mine"])
}

fn shipped(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../data/{path}", env!("CARGO_MANIFEST_DIR")))
        .expect("a shipped file")
}

#[test]
fn an_overlay_is_checked_with_the_rest() {
    let h20 = "chips/nvidia/h20-96gb.toml";
    assert_eq!(with_file(h20, &shipped(h20)).code, 0);
    let text = shipped(h20);
    for (what, spoilt) in [
        ("unit", text.replace("unit = \"W\"", "unit = \"V\"")),
        ("no toml", text.replacen('=', "==", 1)),
        ("unknown field", format!("colour = \"green\"\n{text}")),
    ] {
        assert_ne!(spoilt, text, "{what}: nothing was spoilt");
        let said = with_file(h20, &spoilt);
        assert_eq!(said.code, 2, "{what}");
        assert!(said.err.contains("h20-96gb.toml:"), "{what}: {}", said.err);
    }
    assert_eq!(
        with_file("notes.txt", "x").code,
        2,
        "a folder without data is refused"
    );
}

#[test]
fn a_source_that_stands_twice_is_found() {
    let said = with_file(
        "sources/zz.toml",
        "[[source]]\nid = \"recalled\"\ntitle = \"x\"\ngrade = \"recalled\"\n",
    );
    assert_eq!(said.code, 2);
    assert!(said.err.contains("`recalled` stands twice"), "{}", said.err);
}
