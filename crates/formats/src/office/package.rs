//! The archive: its parts read within limits, and written so that the same parts give the same bytes.

use std::io::{self, BufReader, Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::markup::{Events, Watch};

/// The largest file that is opened, in bytes.
pub(crate) const MAX_FILE: u64 = 32 << 20;
/// The most that all parts together may inflate to, in bytes; they are read as a stream and never held.
const MAX_INFLATED: u64 = 256 << 20;
/// The most parts an archive may name.
const MAX_PARTS: usize = 4_096;

/// An archive in memory.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be inflated.
    left: u64,
}

/// A part of an archive, inflated as it is read.
pub(crate) type Part<'p> = BufReader<Limited<'p>>;

impl<'a> Package<'a> {
    /// Opens an archive.
    pub fn open(bytes: &'a [u8]) -> Result<Package<'a>, String> {
        if bytes.len() as u64 > MAX_FILE {
            return Err("the file is larger than 32 MiB".to_string());
        }
        if bytes.starts_with(b"\xD0\xCF") {
            return Err("it is an .xls workbook, or protected by a password".to_string());
        }
        if parts_named(bytes).is_some_and(|parts| parts > MAX_PARTS) {
            return Err("the archive has too many parts".to_string());
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        Ok(Package { archive, left: MAX_INFLATED })
    }

    /// The events of a part; none where there is no such part.
    pub fn part(&mut self, name: &str) -> Result<Option<Events<Part<'_>>>, String> {
        let left = &mut self.left;
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(_) => return Err(damaged()),
        };
        let limited = Limited { inner: Box::new(file), left, watch: Watch::default() };
        Ok(Some(Events::new(BufReader::with_capacity(64 << 10, limited))))
    }
}

fn damaged() -> String {
    "the archive is damaged".to_string()
}

/// Number of parts that the end of an archive states.
fn parts_named(bytes: &[u8]) -> Option<usize> {
    const END: &[u8] = b"PK\x05\x06";
    let tail = &bytes[bytes.len().saturating_sub(66_000)..];
    let at = tail.windows(END.len()).rposition(|window| window == END)?;
    let count = tail.get(at + 10..at + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

/// A reader that stops where an archive inflates to too much, or where a part would swell in memory.
pub(crate) struct Limited<'l> {
    inner: Box<dyn Read + 'l>,
    left: &'l mut u64,
    watch: Watch,
}

impl Read for Limited<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer).map_err(|_| io::Error::other(damaged()))?;
        *self.left = self
            .left
            .checked_sub(n as u64)
            .ok_or_else(|| io::Error::other("the archive inflates to more than 256 MiB"))?;
        self.watch.see(&buffer[..n])?;
        Ok(n)
    }
}

/// Names and contents of parts as an archive. No clock: every part has the first date that an archive can hold.
pub(crate) fn pack(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, bytes) in parts {
        // Writing to memory: there is nothing that could fail.
        let written = writer.start_file(name.as_str(), options).map(|()| writer.write_all(bytes));
        if !matches!(written, Ok(Ok(()))) {
            break;
        }
    }
    writer.finish().map(Cursor::into_inner).unwrap_or_default()
}
