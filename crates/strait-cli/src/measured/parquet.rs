//! Records of a Parquet table.

use miette::{Result, miette};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use strait::perf::measured::{Cell, Records};

/// Reads every record.
pub(super) fn records(mut records: Records, bytes: Vec<u8>) -> Result<Records> {
    let file = records.file.clone();
    let malformed = |error: parquet::errors::ParquetError| {
        miette!(
            help = "the file may be cut short, or be no Parquet at all",
            "`{file}` is not a Parquet table: {error}"
        )
    };
    let reader = SerializedFileReader::new(::bytes::Bytes::from(bytes)).map_err(&malformed)?;
    let schema = reader.metadata().file_metadata().schema();
    records.columns = schema.get_fields().iter().map(|f| f.name().to_owned()).collect();
    for row in reader.get_row_iter(None).map_err(&malformed)? {
        let row = row.map_err(&malformed)?;
        records
            .cells
            .extend(row.get_column_iter().map(|(_, field)| cell(field)));
    }
    Ok(records)
}

#[allow(clippy::cast_precision_loss)]
fn cell(field: &Field) -> Cell {
    match field {
        Field::Null => Cell::Empty,
        Field::Byte(n) => Cell::Number(f64::from(*n)),
        Field::Short(n) => Cell::Number(f64::from(*n)),
        Field::Int(n) => Cell::Number(f64::from(*n)),
        Field::Long(n) => Cell::Number(*n as f64),
        Field::UByte(n) => Cell::Number(f64::from(*n)),
        Field::UShort(n) => Cell::Number(f64::from(*n)),
        Field::UInt(n) => Cell::Number(f64::from(*n)),
        Field::ULong(n) => Cell::Number(*n as f64),
        Field::Float(n) => Cell::Number(f64::from(*n)),
        Field::Double(n) => Cell::Number(*n),
        other => {
            let text = other.to_string();
            Cell::Text(text.trim_matches('"').into())
        }
    }
}
