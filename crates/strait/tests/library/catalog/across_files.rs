//! Files of the catalog checked against each other.

use strait::catalog::Catalog;
use strait::data::{DataSet, Problems};
use strait::scenario::Scenario;

/// The shipped data with files added or replaced.
fn load_with(files: &[(&str, String)]) -> Problems {
    let data = files.iter().fold(DataSet::embedded(), |data, (path, text)| {
        data.with(*path, text.as_str())
    });
    Catalog::load(&data, &Scenario::default()).unwrap_err()
}

#[test]
fn files_are_checked_against_each_other() {
    let data = DataSet::embedded();
    let h20 = data.get("chips/nvidia/h20-96gb.toml").unwrap().text.to_owned();
    let l20 = data.get("chips/nvidia/l20.toml").unwrap().text.to_owned();
    for (path, text, expected) in [
        (
            "chips/nvidia/h20-97gb.toml",
            h20.clone(),
            "chip `nvidia-h20-96gb` stands twice, first in chips/nvidia/h20-96gb.toml:2",
        ),
        (
            "chips/nvidia/h20-97gb.toml",
            h20.clone(),
            "a chip's file is named after its id",
        ),
        (
            "chips/nvidia/l20.toml",
            l20.replace("aliases = [", "aliases = [\"mi308x\", "),
            "already means",
        ),
        (
            "chips/nvidia/h20-96gb.toml",
            h20.replace("default = true", "default = false"),
            "family `h20` has 0 default members",
        ),
        (
            "chips/nvidia/l20.toml",
            l20.replace("family = \"l20\"", "family = \"h20\""),
            "family `h20` has 2 default members",
        ),
        (
            "chips/nvidia/l20.toml",
            l20.replace("\"nvidia-l40s\"", "\"nvidia-l40x\""),
            "no chip `nvidia-l40x` in the catalog",
        ),
        (
            "chips/nvidia/l20.toml",
            l20.replace("\"tsmc\"", "\"tmsc\""),
            "foundry `tmsc` is not in makers.toml",
        ),
    ] {
        let problems = load_with(&[(path, text)]);
        let all = problems
            .0
            .iter()
            .map(|p| format!("{p} {}", p.help.clone().unwrap_or_default()));
        assert!(
            all.clone().any(|p| p.contains(expected)),
            "{expected}: {:#?}",
            all.collect::<Vec<_>>()
        );
    }
}

#[test]
fn every_broken_file_is_reported_at_once() {
    let broken = "id = \n".to_owned();
    let problems = load_with(&[
        ("chips/nvidia/l2.toml", broken.clone()),
        ("chips/amd/mi300x.toml", broken),
    ]);
    let files: Vec<_> = problems.0.iter().map(|p| p.place.file.as_str()).collect();
    assert!(
        files.contains(&"chips/nvidia/l2.toml") && files.contains(&"chips/amd/mi300x.toml"),
        "{files:?}"
    );
}
