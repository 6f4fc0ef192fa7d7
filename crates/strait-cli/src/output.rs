//! Standard output, standard error and files.

pub(crate) mod columns;
mod sink;

pub(crate) use sink::Sink;

use miette::{IntoDiagnostic, Report, Result, miette};
use std::io::{ErrorKind, Write};
use std::path::Path;
use strait::brief::Made;

/// Prints text; a reader that has gone away (`| head`) is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.into_diagnostic(),
    }
}

/// Prints a value as indented JSON.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value).into_diagnostic()?;
    text.push('\n');
    print(&text)
}

/// What an answer was made from, with what was asked where there is more to say.
#[derive(Debug, serde::Serialize)]
pub(crate) struct About {
    #[serde(flatten)]
    made: Made,
    #[serde(flatten)]
    asked: serde_json::Map<String, serde_json::Value>,
}

impl About {
    /// `asked` is a JSON object.
    pub(crate) fn new(made: Made, asked: serde_json::Value) -> Self {
        let asked = match asked {
            serde_json::Value::Object(fields) => fields,
            _ => serde_json::Map::new(),
        };
        Self { made, asked }
    }
}

/// Lines of text cells under a head, quoted where they must be.
pub(crate) fn csv_lines(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(head).into_diagnostic()?;
    for row in rows {
        writer.write_record(&row).into_diagnostic()?;
    }
    writer.into_inner().map_err(|e| miette!("{e}"))
}

/// Tells what went wrong, with place and remedy where known.
pub(crate) fn complain(report: &Report) {
    // Nothing is left to tell where standard error itself cannot be written.
    let _ = writeln!(std::io::stderr().lock(), "{report:?}");
}

/// One line beside the answer.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes a whole file or nothing: a temporary file in the same folder takes the name at the end.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<()> {
    write_bytes(path, text.as_bytes())
}

/// The same for bytes that are no text.
pub(crate) fn write_bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error: &std::io::Error| {
        miette!(
            help = "give a file or folder that can be written with --out",
            "`{}` cannot be written: {}",
            path.display(),
            reason(error)
        )
    };
    if is_pipe(path) {
        let pipe = std::fs::File::options().write(true).open(path);
        let written = pipe.and_then(|mut pipe| pipe.write_all(bytes).and_then(|()| pipe.flush()));
        return written.map_err(|e| failed(&e));
    }
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = temporary(folder).map_err(|e| failed(&e))?;
    file.write_all(bytes).map_err(|e| failed(&e))?;
    file.persist(path).map_err(|e| failed(&e.error))?;
    Ok(())
}

/// What the system says, without the name of the temporary file.
fn reason(error: &std::io::Error) -> String {
    let said = error.to_string();
    said.split(" at path ").next().unwrap_or_default().to_owned()
}

/// Makes a folder where there is none.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| {
        miette!(
            help = "give a folder, or a place where one can be made",
            "folder `{}` cannot be made: {error}",
            folder.display()
        )
    })
}

/// Refuses a file whose folder is not there, before the minutes or hours that would fill it.
pub(crate) fn expect_folder_of(path: &Path) -> Result<()> {
    match path.parent().filter(|p| !p.as_os_str().is_empty()) {
        Some(folder) if !folder.is_dir() => Err(miette!(
            help = "make the folder first, or give another place",
            "`{}` cannot be written: there is no folder `{}`",
            path.display(),
            folder.display()
        )),
        _ => Ok(()),
    }
}

/// Whether a path is a pipe or a device: it takes what is written to it, and a file in its place would break it.
fn is_pipe(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// A temporary file that will have the rights an ordinary new file has.
fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".strait-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_no_other_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.html");
        std::fs::write(&path, "old and much longer").unwrap();
        write_whole(&path, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_stays_one() {
        use std::os::unix::fs::FileTypeExt;
        write_whole(Path::new("/dev/null"), "gone").unwrap();
        let kind = std::fs::metadata("/dev/null").unwrap().file_type();
        assert!(kind.is_char_device());
    }

    #[test]
    fn a_missing_folder_is_told_by_name() {
        let error = write_whole(Path::new("/nowhere-at-all/page.html"), "x").unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("/nowhere-at-all/page.html") && !said.contains(".strait-"),
            "{said}"
        );
        let early = expect_folder_of(Path::new("/nowhere-at-all/page.html")).unwrap_err();
        assert!(
            early.to_string().contains("there is no folder `/nowhere-at-all`"),
            "{early}"
        );
        expect_folder_of(Path::new("page.html")).unwrap();
    }
}
