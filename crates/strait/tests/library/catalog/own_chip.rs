//! A user's own chip file, and what is said of one that is wrong.

use super::{OWN, own, shipped};

#[test]
fn a_users_own_chip_is_one_file() {
    let chip = own(OWN).unwrap();
    assert_eq!(
        (
            chip.id.0.as_str(),
            chip.family.as_str(),
            chip.perf_family.as_str()
        ),
        ("acme-one", "one", "unknown")
    );
    assert_eq!(shipped().designer_country(&chip), None);
    let chip = own(&OWN.replace("form =", "designer_country = \"CN\"\nform =")).unwrap();
    assert_eq!(shipped().designer_country(&chip), Some("CN"));
}

#[test]
fn says_what_is_wrong_where_and_what_to_do() {
    for (from, to, expected, help) in [
        ("form = \"module\"", "form = ", "mine.toml:4: ", ""),
        ("tdp =", "tpd =", "mine.toml:22: unknown field `tpd`", "`tdp`"),
        (
            "\"module\"",
            "\"modul\"",
            "mine.toml:4: unknown variant `modul`",
            "did you mean `module`?",
        ),
        (
            "value = 400, unit = \"mm2\"",
            "value = -400, unit = \"mm2\"",
            "mine.toml:18: `-400` where a finite number of zero or more",
            "",
        ),
        (
            "value = 400, unit = \"mm2\"",
            "value = 0, unit = \"mm2\"",
            "mine.toml:18: `die.0.area` is zero",
            "leave the line out",
        ),
        (
            "unit = \"W\"",
            "unit = \"GB\"",
            "mine.toml:22: unit `GB` where `W`, `kW` was expected",
            "",
        ),
        (
            "figures_from = { source = \"user\", grade = \"recalled\" }\n",
            "",
            "mine.toml:8: a figure without a source",
            "figures_from",
        ),
        (
            "source = \"user\"",
            "source = \"usr\"",
            "mine.toml:5: source `usr` is not in the register",
            "did you mean `user`",
        ),
        (
            "tera_ops = 200",
            "tera_ops = 200, sparse = 400",
            "mine.toml:10: unknown field `sparse`",
            "only dense peaks",
        ),
        (
            "tera_ops = 200",
            "tera_ops = 400",
            "mine.toml:10: `fp8 400` is 4.0 times `fp16`, which looks like a sparse figure given as dense",
            "checked = ",
        ),
        (
            "format = \"fp8\"",
            "format = \"fp16\"",
            "mine.toml:10: `peak.tensor.fp16` stands twice",
            "[[dispute]]",
        ),
        (
            "count = 1",
            "count = 0",
            "mine.toml:14: no `die` in the package",
            "leave the line out",
        ),
        (
            "input_bits = 8",
            "input_bits = 0",
            "mine.toml:10: `0` where a width of 1 to 128 bits",
            "",
        ),
    ] {
        assert!(OWN.contains(from), "{from}");
        let problems = own(&OWN.replacen(from, to, 1)).unwrap_err();
        let first = &problems.0[0];
        assert!(first.to_string().starts_with(expected), "{to}: {first}");
        assert!(
            first.help.as_deref().unwrap_or_default().contains(help),
            "{to}: {:?}",
            first.help
        );
    }
}

#[test]
fn the_sparse_check_begins_above_its_bound_and_can_be_answered() {
    let with = |rate: &str| own(&OWN.replacen("tera_ops = 200", &format!("tera_ops = {rate}"), 1));
    assert!(with("219.9").is_ok());
    assert!(with("220").is_ok());
    assert!(with("220.1").is_err());
    assert!(with("400, checked = \"the maker's table\"").is_ok());
}

#[test]
fn a_dispute_must_be_about_something_and_differ() {
    let with = |dispute: &str| own(&format!("{OWN}\n[[dispute]]\n{dispute}\n"));
    let tail = "source = \"user\"\ngrade = \"rumour\"";
    assert!(with(&format!("figure = \"power.tdp\"\nvalue = 500\n{tail}")).is_ok());
    for (dispute, expected) in [
        (
            format!("figure = \"power.tdp\"\nvalue = 400\n{tail}"),
            "`power.tdp` is disputed with one value, `400`",
        ),
        (
            format!("figure = \"power.tpd\"\nvalue = 500\n{tail}"),
            "a dispute about `power.tpd`, which the file does not give",
        ),
        (
            format!("figure = \"power.tdp\"\nvalue = \"hot\"\n{tail}"),
            "`\"hot\"` where a number was expected",
        ),
        (
            format!("figure = \"power.tdp\"\nvalue = 500\n{tail}\nstate = \"rejected\""),
            "set aside without a reason",
        ),
    ] {
        let problems = with(&dispute).unwrap_err();
        assert!(problems.to_string().contains(expected), "{problems}");
    }
}
