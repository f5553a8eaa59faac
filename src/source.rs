//! Source files and places in them: paths, texts, byte ranges, lines and columns; not what the files mean.

use std::path::PathBuf;
use std::string::FromUtf8Error;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

/// Bytes as text. Looking at many at a time and copying them takes a fraction of what the standard library takes to look at
/// them one by one.
pub fn utf8(bytes: Vec<u8>) -> Result<String, FromUtf8Error> {
    match simdutf8::basic::from_utf8(&bytes) {
        Ok(text) => Ok(text.to_owned()),
        // It knows where the fault is.
        Err(_) => String::from_utf8(bytes),
    }
}

/// A half-open byte range in one source file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash, Serialize, Deserialize)]
pub struct Range {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Range {
    /// The bytes from `start` up to `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Range { start, end }
    }

    /// The same from offsets into a text in memory, which is never longer than a range can say.
    pub fn of(start: usize, end: usize) -> Self {
        Range { start: start as u32, end: end as u32 }
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

impl From<Range> for std::ops::Range<usize> {
    fn from(range: Range) -> Self {
        range.start as usize..range.end as usize
    }
}

/// The number of a source file in [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct FileId(pub u32);

/// A byte range in a named source file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub range: Range,
}

impl FileId {
    /// The span of a range in this file.
    pub fn at(self, range: Range) -> Span {
        Span { file: self, range }
    }

    /// The very beginning of this file.
    pub fn start(self) -> Span {
        self.at(Range::default())
    }
}

/// One text file of the site, or of the embedded theme and messages.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path relative to the site's folder, with `/` between its parts.
    path: String,
    /// The text as read; of a file of the content, only where somebody looked at it again.
    text: OnceLock<Arc<str>>,
}

/// All text files of a build; a [`FileId`] indexes them.
#[derive(Debug, Default)]
pub struct Sources {
    site: PathBuf,
    files: Vec<SourceFile>,
}

/// A place for a person: counted from 1, columns in characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Sources {
    /// No files yet; those that stay on disk are below `site`.
    pub fn below(site: PathBuf) -> Self {
        Sources { site, files: Vec::new() }
    }

    /// Adds a file whose text is in memory, and returns its number.
    pub fn add(&mut self, path: String, text: Arc<str>) -> FileId {
        self.files.push(SourceFile { path, text: OnceLock::from(text) });
        FileId(self.files.len() as u32 - 1)
    }

    /// Adds a file that stays on disk, and returns its number.
    pub fn add_on_disk(&mut self, path: String) -> FileId {
        self.files.push(SourceFile { path, text: OnceLock::new() });
        FileId(self.files.len() as u32 - 1)
    }

    /// Where a file that stays on disk is.
    pub fn disk(&self, file: FileId) -> PathBuf {
        self.site.join(self.path(file))
    }

    /// The file with this path that stays on disk; those are in the order of their paths.
    pub fn find(&self, path: &str) -> Option<FileId> {
        let first = self.files.iter().position(|file| file.path.starts_with("content/"))?;
        let count = self.files[first..].partition_point(|file| file.path.starts_with("content/"));
        let found = self.files[first..first + count].binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        Some(FileId((first + found) as u32))
    }

    /// The paths of all files, relative to the site.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    /// The file's path, relative to the site.
    pub fn path(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].path
    }

    /// The file's text. One that stays on disk is read again, for whoever shows a place in it; what is no UTF-8 in it is
    /// replaced, and one that has gone in the meantime is empty.
    pub fn text(&self, file: FileId) -> &str {
        self.files[file.0 as usize].text.get_or_init(|| {
            let bytes = std::fs::read(self.disk(file)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into()
        })
    }

    /// Line and column of a byte offset; an offset past the end counts as the end.
    pub fn place(&self, file: FileId, offset: u32) -> Place {
        let text = self.text(file);
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Place { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}
