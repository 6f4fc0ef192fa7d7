//! The commands as users run them: the real binary, fixed days, one file a command.

mod baseline;
mod batch;
mod brief;
mod check;
mod chips;
mod cost;
mod data;
mod diff;
mod equilibrium;
mod help;
mod infer;
mod market;
mod models;
mod nearest;
mod operators;
mod published;
mod questions;
mod readme;
mod rows;
mod rules;
mod sarif;
mod scenario;
mod serve;
mod train;
mod validate;

use std::path::Path;
use std::process::Command;

/// What a run said.
pub(crate) struct Said {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

/// Runs the binary in a folder.
pub(crate) fn strait_in(folder: &Path, args: &[&str]) -> Said {
    let done = Command::new(env!("CARGO_BIN_EXE_strait"))
        .args(args)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the binary starts");
    Said {
        code: done.status.code().expect("an exit code"),
        out: String::from_utf8(done.stdout).expect("UTF-8"),
        err: String::from_utf8(done.stderr).expect("UTF-8"),
    }
}

/// Runs the binary in a scratch folder.
pub(crate) fn strait(args: &[&str]) -> Said {
    let folder = tempfile::tempdir().expect("a scratch folder");
    strait_in(folder.path(), args)
}

/// Runs it with `--json` and reads what it prints.
pub(crate) fn json(args: &[&str]) -> serde_json::Value {
    let said = strait(&[args, &["--json"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    serde_json::from_str(&said.out).expect("JSON on standard output")
}

/// Asserts a refusal with code 2, nothing on standard output, and words in the message.
pub(crate) fn refused(args: &[&str], words: &[&str]) {
    let said = strait(args);
    assert_eq!(said.code, 2, "{args:?}: {}", said.err);
    assert!(said.out.is_empty(), "{args:?} printed {}", said.out);
    let flat = flat(&said.err);
    for word in words {
        assert!(flat.contains(word), "{args:?}: no `{word}` in {flat}");
    }
}

/// A report on one line: it is laid out for a terminal, where words may stand on two lines.
pub(crate) fn flat(report: &str) -> String {
    let plain = report.replace(['│', '\n'], " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
