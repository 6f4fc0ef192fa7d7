//! How many figures of each grade stand outside the catalog: rows of tables, and parameters.

use super::DataSet;
use crate::figure::Grade;
use std::collections::BTreeMap;

/// Figures by grade.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FigureGrades {
    /// Rows of CSV files that state a grade.
    pub rows: BTreeMap<Grade, usize>,
    /// Values of TOML files that state a grade, alternatives included; chips and law left out.
    pub parameters: BTreeMap<Grade, usize>,
}

/// Counts the graded figures of everything but chips and law, which count their own.
///
/// Files that cannot be read count nothing: whoever loads them says what is wrong.
pub fn figure_grades(data: &DataSet) -> FigureGrades {
    let mut found = FigureGrades::default();
    for file in data.below("") {
        let own = ["chips/", "rules/", "sources"]
            .iter()
            .any(|p| file.path.starts_with(p));
        if file.path.ends_with(".csv") {
            rows(file.text, &mut found.rows);
        } else if !own && let Ok(table) = toml::from_str::<toml::Value>(file.text) {
            values(&table, &mut found.parameters);
        }
    }
    found
}

fn grade(text: &str) -> Option<Grade> {
    let json = serde_json::Value::String(text.trim().to_owned());
    serde_json::from_value(json).ok()
}

fn rows(text: &str, count: &mut BTreeMap<Grade, usize>) {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let column = reader
        .headers()
        .ok()
        .and_then(|h| h.iter().position(|name| name.trim() == "grade"));
    let Some(column) = column else { return };
    for record in reader.records().flatten() {
        if let Some(grade) = record.get(column).and_then(grade) {
            *count.entry(grade).or_insert(0) += 1;
        }
    }
}

fn values(value: &toml::Value, count: &mut BTreeMap<Grade, usize>) {
    match value {
        toml::Value::Table(table) => {
            if let Some(grade) = table.get("grade").and_then(toml::Value::as_str).and_then(grade) {
                *count.entry(grade).or_insert(0) += 1;
            }
            table.values().for_each(|inner| values(inner, count));
        }
        toml::Value::Array(items) => items.iter().for_each(|inner| values(inner, count)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_rows_and_values_with_their_alternatives() {
        let data = DataSet::empty()
            .with("market/p.csv", "# remark\nid,grade\n1,official\n2,rumour\n3,\n")
            .with("market/q.csv", "id,note\n1,official\n")
            .with("cost/c.toml", "a = { value = 1, grade = \"assumed\", alternatives = [{ value = 2, grade = \"rumour\" }] }\n")
            .with("chips/x/y.toml", "grade = \"official\"\n")
            .with("sources.toml", "[[source]]\ngrade = \"official\"\n");
        let found = figure_grades(&data);
        assert_eq!(
            found.rows,
            BTreeMap::from([(Grade::Official, 1), (Grade::Rumour, 1)])
        );
        assert_eq!(
            found.parameters,
            BTreeMap::from([(Grade::Assumed, 1), (Grade::Rumour, 1)])
        );
    }
}
