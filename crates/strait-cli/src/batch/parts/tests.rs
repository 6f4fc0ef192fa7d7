//! The reader on a kept corpus, on arbitrary bytes and on spoilt copies of valid files.
//!
//! `PROPTEST_CASES=200000 cargo test -p strait-cli --bin strait batch::` runs it for longer.

use super::*;
use crate::batch::cells::RowError;
use crate::batch::lines::Line;
use proptest::prelude::*;
use std::collections::BTreeMap;

const CORPUS: [(&str, PartsFormat, &[u8]); 5] = [
    (
        "valid.csv",
        PartsFormat::Csv,
        include_bytes!("../../../tests/fixtures/batch/valid.csv"),
    ),
    (
        "semicolons.csv",
        PartsFormat::Csv,
        include_bytes!("../../../tests/fixtures/batch/semicolons.csv"),
    ),
    (
        "bad.csv",
        PartsFormat::Csv,
        include_bytes!("../../../tests/fixtures/batch/bad.csv"),
    ),
    (
        "rows.jsonl",
        PartsFormat::Jsonl,
        include_bytes!("../../../tests/fixtures/batch/rows.jsonl"),
    ),
    (
        "bad.jsonl",
        PartsFormat::Jsonl,
        include_bytes!("../../../tests/fixtures/batch/bad.jsonl"),
    ),
];

/// Every row as text or its error, by line; `None` where the header is refused.
fn read(bytes: &[u8], format: PartsFormat, most: usize) -> Option<BTreeMap<u64, Result<String, RowError>>> {
    let inner = Box::new(io::Cursor::new(bytes.to_vec()));
    let mut parts = Parts::of("parts".into(), None, inner, format).ok()?;
    let (mut chunk, mut found) = (Chunk::default(), BTreeMap::new());
    loop {
        parts.fill(&mut chunk, most).expect("bytes in memory");
        if chunk.len() == 0 {
            return Some(found);
        }
        for at in 0..chunk.len() {
            let line = chunk.line(at);
            let row = parts.shape.cells(line).map(|cells| {
                let mut text = String::new();
                cells.stated(&mut text);
                format!("{}: {text}", cells.id)
            });
            assert!(
                found.insert(line.number, row).is_none(),
                "line {} twice",
                line.number
            );
        }
    }
}

#[test]
fn the_corpus_reads_as_it_did() {
    let mut all = String::new();
    for (name, format, bytes) in CORPUS {
        let rows = read(bytes, format, 3).expect("a header");
        all.push_str(&format!("{name}\n"));
        for (line, row) in rows {
            match row {
                Ok(text) => all.push_str(&format!("  {line}: {text}\n")),
                Err(e) => all.push_str(&format!("  {line}: error in {}: {}\n", e.field, e.message)),
            }
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn headers_that_cannot_be_are_refused_with_the_nearest_name() {
    let header = |text: &'static str| {
        columns(Line {
            number: 1,
            bytes: text.as_bytes(),
            cut: false,
        })
    };
    assert!(header("chip,to,on").is_ok());
    let wrong = |text| header(text).unwrap_err().message;
    assert!(wrong("chip,to,hqs").contains("did you mean `hq`?"));
    assert!(wrong("chip,owned_by_listed,owned-by-listed").contains("stands twice"));
    assert!(wrong("chip,,to").contains("no column is called ``"));
    assert!(wrong("chip,\"to").contains("not closed"));
    assert!(read(b"", PartsFormat::Csv, 9).is_none(), "no header at all");
    assert_eq!(read(b"", PartsFormat::Jsonl, 9), Some(BTreeMap::new()));
}

/// A corpus file with some bytes replaced, dropped or put in.
fn spoilt() -> impl Strategy<Value = (PartsFormat, Vec<u8>)> {
    let edit = (any::<prop::sample::Index>(), any::<u8>(), 0..3u8);
    (
        prop::sample::select(CORPUS.to_vec()),
        prop::collection::vec(edit, 1..12),
    )
        .prop_map(|((_, format, bytes), edits)| {
            let mut bytes = bytes.to_vec();
            for (at, byte, how) in edits {
                let at = at.index(bytes.len());
                match how {
                    0 => bytes[at] = byte,
                    1 if bytes.len() > 1 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, byte),
                }
            }
            (format, bytes)
        })
}

proptest! {
    /// Any bytes are read or refused; how lines are chunked changes nothing; every line is accounted for.
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), csv in any::<bool>()) {
        let format = if csv { PartsFormat::Csv } else { PartsFormat::Jsonl };
        let rows = read(&bytes, format, 4096);
        prop_assert_eq!(&rows, &read(&bytes, format, 1));
        let lines = bytes.split(|b| *b == b'\n').count() as u64;
        prop_assert!(rows.iter().flatten().all(|(line, _)| (1..=lines).contains(line)));
    }

    #[test]
    fn spoilt_files_never_panic((format, bytes) in spoilt()) {
        prop_assert_eq!(read(&bytes, format, 4096), read(&bytes, format, 2));
    }

    /// Spoiling one row leaves every other row as it was.
    #[test]
    fn one_spoilt_row_spoils_no_other(junk in "[^\n\r]{0,40}", at in 2u64..5) {
        let (_, format, bytes) = CORPUS[0];
        let text = std::str::from_utf8(bytes).unwrap();
        let spoilt: Vec<&str> = text.lines().enumerate()
            .map(|(n, line)| if n as u64 == at { junk.as_str() } else { line }).collect();
        let (whole, spoilt) = (read(bytes, format, 9).unwrap(), read(spoilt.join("\n").as_bytes(), format, 9).unwrap());
        for (line, row) in whole.iter().filter(|(line, _)| **line != at + 1) {
            prop_assert_eq!(spoilt.get(line), Some(row));
        }
    }
}
