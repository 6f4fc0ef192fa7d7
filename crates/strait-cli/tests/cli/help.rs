//! The help texts: a change to the command line shows in review.

use crate::strait;

#[test]
fn help_of_every_command() {
    let commands: [&[&str]; 24] = [
        &[],
        &["brief"],
        &["check"],
        &["chips"],
        &["models"],
        &["rules"],
        &["rules", "list"],
        &["rules", "show"],
        &["rules", "timeline"],
        &["rules", "diff"],
        &["rules", "nearest"],
        &["data"],
        &["data", "check"],
        &["run"],
        &["run", "infer"],
        &["run", "serve"],
        &["run", "train"],
        &["validate"],
        &["market"],
        &["market", "run"],
        &["market", "equilibrium"],
        &["market", "supply"],
        &["market", "claims"],
        &["calibrate"],
    ];
    let mut all = String::new();
    for command in commands {
        let said = strait(&[command, &["--help"]].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        all.push_str(&format!("$ strait {} --help\n{}\n", command.join(" "), said.out));
    }
    insta::assert_snapshot!(all);
}
