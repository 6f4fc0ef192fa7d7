//! What a batch leaves behind: the same bytes, whole files, nothing half-written.

use super::{PARTS, folder};
use crate::strait_in;
use std::io::Write;
use std::process::{Command, Stdio};

#[test]
fn many_rows_give_the_same_bytes_on_any_number_of_threads() {
    let mut text = String::from("id,chip,to,on,known\n");
    let chips = ["h20", "h100", "ascend 910c", "l20", "mi300x", "no such chip"];
    for n in 0..6000 {
        let (chip, to) = (chips[n % chips.len()], ["CN", "SG", "AE", "VN"][n % 4]);
        text.push_str(&format!(
            "{n},{chip},{to},2025-{:02}-{:02},2026-10-01\n",
            1 + n % 12,
            1 + n % 28
        ));
    }
    let folder = folder("parts.csv", &text);
    for format in ["csv", "json", "sarif"] {
        let run = |threads: &str| {
            let done = Command::new(env!("CARGO_BIN_EXE_strait"))
                .args(["check", "--batch", "parts.csv", "--format", format])
                .current_dir(folder.path())
                .env("RAYON_NUM_THREADS", threads)
                .output()
                .unwrap();
            assert_eq!(done.status.code(), Some(2));
            (done.stdout, done.stderr)
        };
        let (one, two) = (run("1"), run("2"));
        assert!(one.0.len() > 100_000, "{format}");
        assert!(one == two, "{format} depends on the threads");
    }
}

#[test]
fn a_file_is_written_whole_and_a_failed_run_leaves_none() {
    let folder = folder("parts.csv", PARTS);
    let out = folder.path().join("answer.csv");
    let said = strait_in(
        folder.path(),
        &["check", "--batch", "parts.csv", "--out", "answer.csv"],
    );
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
    let written = std::fs::read_to_string(&out).unwrap();
    assert_eq!(
        written,
        strait_in(folder.path(), &["check", "--batch", "parts.csv"]).out
    );
    std::fs::remove_file(&out).unwrap();
    let said = strait_in(
        folder.path(),
        &["check", "--batch", "absent.csv", "--out", "answer.csv"],
    );
    assert_eq!(said.code, 2);
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "only the parts file is left"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_the_former_answer_and_no_other_file() {
    let folder = folder("answer.csv", "the former answer");
    let mut child = Command::new(env!("CARGO_BIN_EXE_strait"))
        .args([
            "check",
            "--batch",
            "-",
            "--batch-format",
            "csv",
            "--out",
            "answer.csv",
        ])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // Input stays open: the run waits for more. Its temporary file tells that it has begun.
    let mut input = child.stdin.take().unwrap();
    input.write_all(PARTS.as_bytes()).unwrap();
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    for _ in 0..600 {
        if files() == 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(files(), 2, "a temporary file beside the answer");
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(files(), 1);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("answer.csv")).unwrap(),
        "the former answer"
    );
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let mut text = String::from("chip,to,on\n");
    for _ in 0..20_000 {
        text.push_str("h20,CN,2025-04-20\n");
    }
    let folder = folder("parts.csv", &text);
    let mut child = Command::new(env!("CARGO_BIN_EXE_strait"))
        .args(["check", "--batch", "parts.csv"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), done.stderr.as_slice()), (Some(0), &b""[..]));
}
