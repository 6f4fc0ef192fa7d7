//! Lines of a file or of standard input, in chunks whose buffers are used again.

use std::io::{self, BufRead};

/// Longest line that is read; a row of facts is far shorter.
const LONGEST: usize = 64 * 1024;
/// Bytes after which a chunk is full, however few its lines are.
const FULL: usize = 4 * 1024 * 1024;

/// One line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// One-based number.
    pub(crate) number: u64,
    /// Its bytes, without the line break.
    pub(crate) bytes: &'a [u8],
    /// Whether it was longer than is read.
    pub(crate) cut: bool,
}

/// Lines read together.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    text: Vec<u8>,
    /// Number, end in `text`, cut.
    ends: Vec<(u64, usize, bool)>,
}

impl Chunk {
    /// How many lines it holds.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The line at a position.
    pub(crate) fn line(&self, at: usize) -> Line<'_> {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before].1);
        let (number, end, cut) = self.ends[at];
        Line {
            number,
            bytes: &self.text[start..end],
            cut,
        }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

/// Reads lines and counts them.
pub(crate) struct Lines {
    inner: Box<dyn BufRead>,
    number: u64,
    bytes: u64,
}

impl Lines {
    /// Lines of a reader.
    pub(crate) fn new(inner: Box<dyn BufRead>) -> Self {
        Self {
            inner,
            number: 0,
            bytes: 0,
        }
    }

    /// Bytes read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Fills `chunk` with the next lines, at most `most`; it is empty at the end. Lines of nothing but
    /// spaces are passed over.
    pub(crate) fn fill(&mut self, chunk: &mut Chunk, most: usize) -> io::Result<()> {
        chunk.clear();
        while chunk.len() < most && chunk.text.len() < FULL {
            let start = chunk.text.len();
            let Some(cut) = self.read_line(&mut chunk.text)? else {
                break;
            };
            self.number += 1;
            if self.number == 1 && chunk.text[start..].starts_with(b"\xef\xbb\xbf") {
                chunk.text.drain(start..start + 3);
            }
            if chunk.text.len() > start && chunk.text.last() == Some(&b'\r') {
                chunk.text.pop();
            }
            if chunk.text[start..].iter().all(u8::is_ascii_whitespace) {
                chunk.text.truncate(start);
            } else {
                chunk.ends.push((self.number, chunk.text.len(), cut));
            }
        }
        Ok(())
    }

    /// Appends one line without its break; `None` at the end, else whether it was cut.
    fn read_line(&mut self, text: &mut Vec<u8>) -> io::Result<Option<bool>> {
        let start = text.len();
        let (mut any, mut cut) = (false, false);
        loop {
            let buffer = match self.inner.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                return Ok(any.then_some(cut));
            }
            any = true;
            let end = buffer.iter().position(|b| *b == b'\n');
            let piece = &buffer[..end.unwrap_or(buffer.len())];
            let room = LONGEST.saturating_sub(text.len() - start);
            cut |= piece.len() > room;
            text.extend_from_slice(&piece[..piece.len().min(room)]);
            let used = end.map_or(buffer.len(), |end| end + 1);
            self.inner.consume(used);
            self.bytes += used as u64;
            if end.is_some() {
                return Ok(Some(cut));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &'static [u8], most: usize) -> Vec<(u64, Vec<u8>, bool)> {
        let mut lines = Lines::new(Box::new(io::BufReader::with_capacity(3, text)));
        let (mut chunk, mut found) = (Chunk::default(), Vec::new());
        loop {
            lines.fill(&mut chunk, most).unwrap();
            if chunk.len() == 0 {
                return found;
            }
            assert!(chunk.len() <= most);
            found.extend((0..chunk.len()).map(|at| {
                let line = chunk.line(at);
                (line.number, line.bytes.to_vec(), line.cut)
            }));
        }
    }

    #[test]
    fn numbers_count_every_line_and_blank_ones_are_passed_over() {
        let text = b"\xef\xbb\xbfa,b\r\n\n  \nc,d\ne";
        for most in [1, 2, 9] {
            let found = all(text, most);
            let short: Vec<(u64, &[u8])> = found.iter().map(|(n, b, _)| (*n, b.as_slice())).collect();
            assert_eq!(short, [(1, &b"a,b"[..]), (4, b"c,d"), (5, b"e")]);
        }
    }

    #[test]
    fn an_endless_line_is_cut_and_the_next_is_whole() {
        let text: &'static [u8] = Box::leak([vec![b'x'; LONGEST + 9], b"\ny\n".to_vec()].concat().into());
        let found = all(text, 9);
        assert_eq!((found[0].1.len(), found[0].2), (LONGEST, true));
        assert_eq!(found[1], (2, b"y".to_vec(), false));
    }
}
