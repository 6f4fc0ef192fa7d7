//! Which paragraph the requirement cites on which side of each change of the text.

use super::{ask, check, cited};
use strait::rules::Step;

/// Chip, destination, headquarters, day, step, paragraphs cited there.
type Case = (
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    Step,
    &'static [&'static str],
);

#[test]
fn the_requirement_cites_the_paragraph_of_its_vintage() {
    use Step::{Requirement, Review};
    // 744.23(a)(3)(i) binds outside D:1, D:4 and D:5 (save A:5 and A:6); 3A090.c got a letter of its own on 2024-12-02;
    // 90 FR 4544 left it .b alone and numbered 742.6(a)(6)(iii) anew.
    let cases: [Case; 22] = [
        (
            "h100",
            "CN",
            None,
            "2024-06-01",
            Requirement,
            &["742.6(a)(6)(iii)"],
        ),
        (
            "h100",
            "SG",
            Some("CN"),
            "2024-12-01",
            Requirement,
            &["744.23(a)(3)(i)"],
        ),
        (
            "h100",
            "SG",
            Some("CN"),
            "2024-12-02",
            Requirement,
            &["744.23(a)(3)(i)(A)"],
        ),
        (
            "a30",
            "SG",
            Some("CN"),
            "2025-01-12",
            Requirement,
            &["744.23(a)(3)(i)(A)"],
        ),
        (
            "a30",
            "SG",
            Some("CN"),
            "2025-01-13",
            Requirement,
            &["744.23(a)(3)(i)(A)"],
        ),
        (
            "h100",
            "SG",
            Some("CN"),
            "2025-01-13",
            Requirement,
            &["742.6(a)(6)(iii)(A) (headquarters limb)"],
        ),
        // A destination of 742.6 itself, whoever is headquartered where.
        (
            "h100",
            "VN",
            Some("CN"),
            "2024-06-01",
            Requirement,
            &["742.6(a)(6)(iii)"],
        ),
        (
            "h100",
            "VN",
            Some("CN"),
            "2025-06-01",
            Requirement,
            &["742.6(a)(6)(iii)(A)"],
        ),
        (
            "a30",
            "VN",
            Some("CN"),
            "2025-06-01",
            Requirement,
            &["742.6(a)(6)(iii)(B)"],
        ),
        // Israel is in D:4 and A:6: 744.23, not 742.6.
        (
            "h100",
            "IL",
            Some("CN"),
            "2024-06-01",
            Requirement,
            &["744.23(a)(3)(i)"],
        ),
        ("h100", "IL", None, "2024-06-01", Requirement, &[]),
        (
            "hbm3-gen2-24gb",
            "CN",
            None,
            "2025-02-01",
            Requirement,
            &["742.6(a)(6)(i)(B)"],
        ),
        (
            "hbm3-gen2-24gb",
            "SG",
            Some("CN"),
            "2025-02-01",
            Requirement,
            &["744.23(a)(3)(i)(B)"],
        ),
        ("hbm3-gen2-24gb", "SG", Some("CN"), "2024-12-30", Requirement, &[]),
        ("h100", "VN", None, "2024-06-01", Review, &["742.6(b)(10)(ii)"]),
        (
            "h100",
            "VN",
            None,
            "2024-12-15",
            Review,
            &["742.6(b)(10)(iii)(A)"],
        ),
        (
            "h100",
            "VN",
            None,
            "2026-03-01",
            Review,
            &["742.6(b)(10)(iii)(B)(1)"],
        ),
        ("a30", "VN", None, "2025-06-01", Review, &["742.6(b)(10)(iv)(A)"]),
        ("a30", "VN", None, "2026-08-01", Review, &["742.6(b)(1)(i)(B)"]),
        (
            "a30",
            "SG",
            Some("CN"),
            "2024-06-01",
            Review,
            &["744.23(d)(3)(i)"],
        ),
        ("h100", "RU", None, "2022-12-01", Requirement, &["746.8(a)(1)"]),
        ("h100", "KP", None, "2022-12-01", Requirement, &["746.4(a)"]),
    ];
    for (name, to, hq, on, step, paragraphs) in cases {
        let mut tx = ask(name, to, on);
        tx.headquarters = hq.map(str::to_owned);
        let verdict = check(name, &tx).unwrap();
        assert_eq!(
            cited(&verdict, step),
            paragraphs,
            "{name} to {to} ({hq:?}) on {on}"
        );
    }
}
