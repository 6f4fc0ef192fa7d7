//! Records of one file, before their columns are given a meaning.

/// One value of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A number.
    Number(f64),
    /// Text.
    Text(Box<str>),
}

/// One file's records.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Records {
    /// The file, as it is to be named in a message.
    pub file: String,
    /// System: the file's name up to its first dot.
    pub system: String,
    /// Table: the name's part after it (`gemm`, `moe`).
    pub table: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Values, record after record.
    pub cells: Vec<Cell>,
    /// Line of every record, where the file has lines (CSV); empty otherwise (Parquet).
    pub lines: Vec<usize>,
    /// Records that do not have a field for every column, which `cells` leaves out: line, and what is wrong.
    pub malformed: Vec<(usize, String)>,
}

impl Records {
    /// Empty records for a file named `<system>.<table>.<ending>`; `None` where the name has another form.
    #[must_use]
    pub fn named(file: &str) -> Option<Self> {
        let name = file.rsplit(['/', '\\']).next()?;
        let mut parts = name.split('.');
        let (system, table, _ending) = (parts.next()?, parts.next()?, parts.next()?);
        (parts.next().is_none() && !system.is_empty() && !table.is_empty()).then(|| Self {
            file: file.to_owned(),
            system: system.to_owned(),
            table: table.to_owned(),
            ..Self::default()
        })
    }

    /// Records held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.columns.len()).unwrap_or(0)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_system_and_table() {
        let of = |name| Records::named(name).map(|r| (r.system, r.table));
        assert_eq!(of("x/l40s.gemm.parquet"), Some(("l40s".into(), "gemm".into())));
        assert_eq!(of("l40s.csv"), None);
        assert_eq!(of("a.b.c.csv"), None);
        assert_eq!(of(".gemm.csv"), None);
    }
}
