//! Blocks of paths kept in a file, so that a stopped run goes on where it was.

use crate::output;
use miette::{Result, miette};
use std::path::Path;

/// Blocks kept by an earlier run of the same inputs.
pub(super) fn kept(path: &Path, key: &str) -> Result<Vec<Vec<f32>>> {
    let other = || {
        miette!(
            help = "delete it, or give the same data, scenario, --seed, --known, --show and --out",
            "`{}` keeps blocks of another run",
            path.display()
        )
    };
    let bytes = std::fs::read(path).map_err(|e| miette!("`{}` cannot be read: {e}", path.display()))?;
    let end = bytes.iter().position(|b| *b == b'\n').ok_or_else(other)?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let width = head
        .strip_prefix(&format!("strait run {key} "))
        .and_then(|w| w.parse::<usize>().ok())
        .ok_or_else(other)?;
    let values: Vec<f32> = bytes[end + 1..]
        .chunks_exact(4)
        .map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]]))
        .collect();
    if width == 0 || !values.len().is_multiple_of(width) {
        return Err(other());
    }
    Ok(values.chunks(width).map(<[f32]>::to_vec).collect())
}

/// Keeps the blocks done so far.
pub(super) fn keep(path: &Path, key: &str, values: &[Vec<f32>]) -> Result<()> {
    let width = values.first().map_or(0, Vec::len);
    let mut bytes = format!("strait run {key} {width}\n").into_bytes();
    for value in values.iter().flatten() {
        bytes.extend(value.to_le_bytes());
    }
    output::write_bytes(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_back_and_those_of_another_run_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("blocks");
        let values = vec![vec![1.5_f32, -2.0], vec![f32::MIN_POSITIVE, 3.0]];
        keep(&path, "history/1", &values).unwrap();
        assert_eq!(kept(&path, "history/1").unwrap(), values);
        let error = kept(&path, "no-rebuff/1").unwrap_err().to_string();
        assert!(error.contains("keeps blocks of another run"), "{error}");
    }
}
