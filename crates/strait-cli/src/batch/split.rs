//! One line of a CSV file as cells, by RFC 4180. A cell never holds a line break: no fact has one, and a
//! quote left open then spoils its own row, not the rest of the file.

use std::borrow::Cow;

/// The delimiter of a header: comma, semicolon or tab, whichever it has most of.
pub(crate) fn delimiter(header: &str) -> char {
    let count = |c: char| header.matches(c).count();
    let mut best = ',';
    for other in [';', '\t'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

/// Splits a line; the cells of an earlier line are dropped first.
pub(crate) fn split<'a>(
    line: &'a str,
    delimiter: char,
    cells: &mut Vec<Cow<'a, str>>,
) -> Result<(), &'static str> {
    cells.clear();
    let mut rest = line;
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(inside) => quoted(inside)?,
            None => {
                let end = rest.find(delimiter).unwrap_or(rest.len());
                (Cow::Borrowed(&rest[..end]), &rest[end..])
            }
        };
        cells.push(cell);
        match after.strip_prefix(delimiter) {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(()),
            None => return Err("text after a closing quote; double the quotes inside a cell"),
        }
    }
}

/// The text up to the closing quote, and what follows it.
fn quoted(text: &str) -> Result<(Cow<'_, str>, &str), &'static str> {
    let mut whole: Cow<'_, str> = Cow::Borrowed("");
    let mut rest = text;
    loop {
        let end = rest.find('"').ok_or("a quote is not closed on its line")?;
        let piece = &rest[..end];
        if whole.is_empty() {
            whole = Cow::Borrowed(piece);
        } else {
            whole.to_mut().push_str(piece);
        }
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                whole.to_mut().push('"');
                rest = next;
            }
            None => return Ok((whole, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(line: &str, delimiter: char) -> Result<Vec<String>, &'static str> {
        let mut cells = Vec::new();
        split(line, delimiter, &mut cells)?;
        Ok(cells.into_iter().map(Cow::into_owned).collect())
    }

    #[test]
    fn quotes_and_delimiters() {
        assert_eq!(
            cells("a,,\"b,\"\"c\"\"\",", ',').unwrap(),
            ["a", "", "b,\"c\"", ""]
        );
        assert_eq!(cells("a;b,c", ';').unwrap(), ["a", "b,c"]);
        assert!(cells("a,\"b", ',').is_err() && cells("\"a\"b,c", ',').is_err());
        assert_eq!(
            (delimiter("chip;to"), delimiter("chip\tto"), delimiter("chip")),
            (';', '\t', ',')
        );
    }

    proptest! {
        /// What the csv crate writes is read back cell by cell.
        #[test]
        fn reads_what_a_csv_writer_writes(row in prop::collection::vec("[a-z\",; é]{0,6}", 1..6)) {
            let mut writer = ::csv::WriterBuilder::new().from_writer(Vec::new());
            writer.write_record(&row).unwrap();
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(cells(text.trim_end_matches('\n'), ',').unwrap(), row);
        }

        /// Any text is split or refused, and splitting loses no plain cell.
        #[test]
        fn never_panics(line in "\\PC*", delimiter in prop::sample::select(vec![',', ';', '\t'])) {
            if let (Ok(found), false) = (cells(&line, delimiter), line.contains('"')) {
                prop_assert_eq!(found.join(&delimiter.to_string()), line);
            }
        }
    }
}
