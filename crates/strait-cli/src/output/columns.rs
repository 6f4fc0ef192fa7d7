//! Columns to a CSV file, or to a Parquet file where built with it, told apart by the name's ending.

use miette::{Report, Result, miette};
use std::path::Path;

/// Values of one column.
#[derive(Debug)]
pub(crate) enum Values {
    /// Whole numbers.
    Whole(Vec<i64>),
    /// Numbers, every one there.
    Number(Vec<f64>),
    /// Numbers, or nothing.
    Real(Vec<Option<f64>>),
    /// Text.
    Text(Vec<String>),
}

/// A table by columns of one length.
#[derive(Debug, Default)]
pub(crate) struct Columns(Vec<(String, Values)>);

impl Columns {
    pub(crate) fn whole(&mut self, name: &str, values: impl Iterator<Item = i64>) {
        self.0.push((name.to_owned(), Values::Whole(values.collect())));
    }

    pub(crate) fn number(&mut self, name: &str, values: impl Iterator<Item = f64>) {
        self.0.push((name.to_owned(), Values::Number(values.collect())));
    }

    pub(crate) fn real(&mut self, name: &str, values: impl Iterator<Item = Option<f64>>) {
        self.0.push((name.to_owned(), Values::Real(values.collect())));
    }

    pub(crate) fn text(&mut self, name: &str, values: impl Iterator<Item = String>) {
        self.0.push((name.to_owned(), Values::Text(values.collect())));
    }

    fn len(&self) -> usize {
        self.0.first().map_or(0, |(_, values)| match values {
            Values::Whole(v) => v.len(),
            Values::Number(v) => v.len(),
            Values::Real(v) => v.len(),
            Values::Text(v) => v.len(),
        })
    }

    fn csv(&self) -> Result<Vec<u8>, ::csv::Error> {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(self.0.iter().map(|(name, _)| name))?;
        for row in 0..self.len() {
            writer.write_record(self.0.iter().map(|(_, values)| match values {
                Values::Whole(v) => v[row].to_string(),
                Values::Number(v) => v[row].to_string(),
                Values::Real(v) => v[row].map_or_else(String::new, |x| x.to_string()),
                Values::Text(v) => v[row].clone(),
            }))?;
        }
        writer.into_inner().map_err(|e| e.into_error().into())
    }
}

/// Refuses a name that says no form, or whose folder is not there, before the work that would fill the file.
pub(crate) fn expect(path: &Path) -> Result<()> {
    match ending(path) {
        Some("csv" | "parquet") => super::expect_folder_of(path),
        _ => Err(no_form(path)),
    }
}

fn ending(path: &Path) -> Option<&str> {
    path.extension().and_then(|e| e.to_str())
}

fn no_form(path: &Path) -> Report {
    miette!(
        help = "end the name in .csv or .parquet",
        "`{}` is neither a CSV nor a Parquet file by its name",
        path.display()
    )
}

/// Writes the file whole.
pub(crate) fn write(path: &Path, columns: &Columns) -> Result<()> {
    let bytes = match ending(path) {
        Some("csv") => columns.csv().map_err(|e| miette!("{e}"))?,
        Some("parquet") => parquet(columns)?,
        _ => return Err(no_form(path)),
    };
    super::write_bytes(path, &bytes)
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: &Columns) -> Result<Vec<u8>> {
    Err(miette!(
        help = "build with --features parquet, or end the name in .csv",
        "this build cannot write Parquet"
    ))
}

#[cfg(feature = "parquet")]
fn parquet(columns: &Columns) -> Result<Vec<u8>> {
    use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
    use ::parquet::file::properties::WriterProperties;
    use ::parquet::file::writer::SerializedFileWriter;
    use ::parquet::schema::parser::parse_message_type;
    use std::fmt::Write as _;
    use std::sync::Arc;

    let mut schema = String::from("message rows {\n");
    for (name, values) in &columns.0 {
        let kind = match values {
            Values::Whole(_) => "required int64",
            Values::Number(_) => "required double",
            Values::Real(_) => "optional double",
            Values::Text(_) => "required binary",
        };
        let utf8 = if matches!(values, Values::Text(_)) {
            " (UTF8)"
        } else {
            ""
        };
        let _ = writeln!(schema, "  {kind} {name}{utf8};");
    }
    schema.push('}');
    let wrong = |e: ::parquet::errors::ParquetError| miette!("the table cannot be written as Parquet: {e}");
    let schema = Arc::new(parse_message_type(&schema).map_err(wrong)?);
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).map_err(wrong)?;
    let mut group = writer.next_row_group().map_err(wrong)?;
    for (_, values) in &columns.0 {
        let Some(mut column) = group.next_column().map_err(wrong)? else {
            break;
        };
        match values {
            Values::Whole(v) => column.typed::<Int64Type>().write_batch(v, None, None),
            Values::Number(v) => column.typed::<DoubleType>().write_batch(v, None, None),
            Values::Real(v) => {
                let held: Vec<f64> = v.iter().flatten().copied().collect();
                let levels: Vec<i16> = v.iter().map(|x| i16::from(x.is_some())).collect();
                column
                    .typed::<DoubleType>()
                    .write_batch(&held, Some(&levels), None)
            }
            Values::Text(v) => {
                let held: Vec<ByteArray> = v.iter().map(|t| ByteArray::from(t.as_str())).collect();
                column.typed::<ByteArrayType>().write_batch(&held, None, None)
            }
        }
        .map_err(wrong)?;
        column.close().map_err(wrong)?;
    }
    group.close().map_err(wrong)?;
    writer.into_inner().map_err(wrong)
}
