//! Where a long answer goes as it is computed: standard output, or a file that appears only when whole.

use super::{is_pipe, temporary};
use miette::{IntoDiagnostic, Result, miette};
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};
use tempfile::NamedTempFile;

/// The file being written, for whoever interrupts.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);
/// Exit code of a command ended by the user, as shells have it.
const INTERRUPTED: i32 = 130;

/// Takes text piece by piece.
pub(crate) struct Sink {
    to: To,
    /// The reader of standard output has gone away: no error, and nothing more to do.
    closed: bool,
}

enum To {
    Out(BufWriter<io::Stdout>),
    Whole(BufWriter<NamedTempFile>, PathBuf),
    /// A pipe or a device, written to as it stands.
    Pipe(BufWriter<File>, PathBuf),
    /// Kept aside, to be poured into another.
    Spool(BufWriter<File>),
}

impl Sink {
    /// Standard output where no path is given.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        let to = match path {
            None => To::Out(BufWriter::new(io::stdout())),
            Some(path) if is_pipe(path) => {
                let pipe = File::options().write(true).open(path);
                To::Pipe(
                    BufWriter::new(pipe.map_err(|e| failed(path, &e))?),
                    path.to_owned(),
                )
            }
            Some(path) => {
                let folder = path
                    .parent()
                    .filter(|p| !p.as_os_str().is_empty())
                    .unwrap_or(Path::new("."));
                let file = temporary(folder).map_err(|e| failed(path, &e))?;
                remember(file.path());
                To::Whole(BufWriter::new(file), path.to_owned())
            }
        };
        Ok(Self { to, closed: false })
    }

    /// A nameless file, gone when the program ends.
    pub(crate) fn spool() -> Result<Self> {
        let file = tempfile::tempfile().into_diagnostic()?;
        Ok(Self {
            to: To::Spool(BufWriter::new(file)),
            closed: false,
        })
    }

    /// Whether nobody reads any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Writes a piece.
    pub(crate) fn write(&mut self, text: &[u8]) -> Result<()> {
        if self.closed {
            return Ok(());
        }
        match &mut self.to {
            To::Out(out) => match out.write_all(text) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => self.closed = true,
                other => other.into_diagnostic()?,
            },
            To::Whole(file, path) => file.write_all(text).map_err(|e| failed(path, &e))?,
            To::Pipe(pipe, path) => pipe.write_all(text).map_err(|e| failed(path, &e))?,
            To::Spool(file) => file.write_all(text).into_diagnostic()?,
        }
        Ok(())
    }

    /// Writes what was kept aside into another sink.
    pub(crate) fn pour(self, into: &mut Self) -> Result<()> {
        let To::Spool(file) = self.to else {
            return Ok(());
        };
        let mut file = file.into_inner().into_diagnostic()?;
        file.rewind().into_diagnostic()?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match io::Read::read(&mut file, &mut buffer).into_diagnostic()? {
                0 => return Ok(()),
                read => into.write(&buffer[..read])?,
            }
        }
    }

    /// Ends it: the file takes its name now.
    pub(crate) fn finish(self) -> Result<()> {
        match self.to {
            To::Out(mut out) if !self.closed => match out.flush() {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                other => other.into_diagnostic(),
            },
            To::Whole(file, path) => {
                let file = file.into_inner().map_err(|e| failed(&path, e.error()))?;
                // Held until the file has its name, so that an interruption finds it either way whole.
                let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
                file.persist(&path).map_err(|e| failed(&path, &e.error))?;
                *unfinished = None;
                Ok(())
            }
            To::Pipe(mut pipe, path) => pipe.flush().map_err(|e| failed(&path, &e)),
            To::Out(_) | To::Spool(_) => Ok(()),
        }
    }
}

fn failed(path: &Path, error: &io::Error) -> miette::Report {
    miette!(
        help = "give a file that can be written with --out",
        "`{}` cannot be written: {}",
        path.display(),
        super::reason(error)
    )
}

/// Has the temporary file removed when the user interrupts, which ends the program at once.
fn remember(path: &Path) {
    static ONCE: Once = Once::new();
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.to_owned());
    ONCE.call_once(|| {
        // Where no handler can be set, an interruption leaves a hidden temporary file, and still no half answer.
        let _ = ctrlc::set_handler(|| {
            let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(path) = unfinished {
                let _ = std::fs::remove_file(path);
            }
            std::process::exit(INTERRUPTED);
        });
    });
}
