//! Runs of the market that were stopped.

use super::RUN;
use crate::strait_in;

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
