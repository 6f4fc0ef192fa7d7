//! The README shows what the program prints.

use crate::strait;

#[test]
fn its_output_is_what_the_program_prints() {
    let readme = include_str!("../../../../README.md");
    let (before, rest) = readme.split_once("```text\n").expect("a block of output");
    let (shown, _) = rest.split_once("```").expect("its end");
    let command = before.rsplit('`').nth(1).expect("the command that prints it");
    let said = strait(&command.split(' ').collect::<Vec<_>>());
    assert_eq!(said.code, 0, "{}", said.err);
    // The hash of the data changes with every correction; everything else is compared.
    let without_hash = |text: &str| {
        let words = text.split_whitespace().collect::<Vec<_>>();
        let data = words
            .iter()
            .position(|word| *word == "data")
            .expect("the data version")
            + 1;
        words
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != data)
            .map(|(_, word)| *word)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let (shown, said) = (without_hash(shown), without_hash(&said.out));
    let same = shown
        .bytes()
        .zip(said.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let around = |text: &str| {
        let bytes = &text.as_bytes()[same.saturating_sub(80).min(text.len())..(same + 80).min(text.len())];
        String::from_utf8_lossy(bytes).into_owned()
    };
    assert!(
        same == shown.len(),
        "the README shows\n{}\nand the program prints\n{}",
        around(&shown),
        around(&said)
    );
}
