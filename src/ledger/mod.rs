//! The ledger, `urls.lock`: every address that was ever published and whose it is, when each text was last seen to change,
//! when a deadline was first seen extended. It is read, and told what there is now; it neither knows the clock nor writes.

pub mod content;
mod next;

use std::fmt::Write;

use ecow::EcoString;
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

pub use self::next::{Live, Next, Old, Site};
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{FileId, Range, Span};

/// Its name in the site's folder.
pub const NAME: &str = "urls.lock";

/// What the first line says to whoever opens the file.
const HEADER: &str = "# Every address that this site has published; written by `relais build`, to be committed.\n";

/// The first word of a line about an event; no address is without a slash.
const EVENT: &str = "seen";

/// Stands for an instant that nobody knows.
const UNKNOWN: &str = "-";

/// What an earlier build wrote down.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The file, if there is one.
    pub file: Option<FileId>,
    text: String,
    /// Sorted by address, each once.
    lines: Vec<Line>,
    /// By key, with the instant.
    events: FxHashMap<EcoString, Option<Timestamp>>,
    /// Numbers of lines that know a text, by [`name`].
    records: FxHashMap<u64, u32>,
}

/// A line about an address.
#[derive(Clone, Copy, Debug)]
struct Line {
    address: Range,
    owner: Range,
    record: Option<Record>,
}

/// What is known of a text: of an entry's facts and its words in one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Record {
    /// Fingerprint of its content.
    pub print: u64,
    /// When that was first seen; `None` where it was there before the ledger, and says no date itself.
    pub at: Option<Timestamp>,
}

/// Reads the file; a line that cannot be understood is reported.
pub fn parse(file: FileId, text: &str, found: &mut Diagnostics) -> Ledger {
    let mut ledger = Ledger { file: Some(file), text: text.to_owned(), ..Ledger::default() };
    let (mut start, mut merging) = (0, false);
    for line in text.split_inclusive('\n') {
        let range = Range::of(start, start + line.trim_end().len());
        start += line.len();
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark)) {
            if !std::mem::replace(&mut merging, true) {
                let help = "delete the lines that begin with <<<<<<<, |||||||, ======= or >>>>>>> and keep all others: \
                            the next build sorts them out";
                let message = "two versions of this file were merged, and git has left both in it";
                found.push(Diagnostic::error("urls-merge", file.at(range), message).help(help));
            }
            continue;
        }
        if let Err(cause) = ledger.read(line, range.start) {
            let help = "restore the line from the last commit (`git checkout urls.lock`), or delete it if what was at \
                        its address is to be forgotten";
            found.push(Diagnostic::error("urls-line", file.at(range), cause).help(help));
        }
    }
    ledger.settle(file, found);
    ledger
}

impl Ledger {
    /// What a build is about to write down; no diagnostic can point into it.
    pub fn of(text: &str) -> Ledger {
        Ledger { file: None, ..parse(FileId(0), text, &mut Diagnostics::new()) }
    }

    /// Reads a line that begins at `start`.
    fn read(&mut self, line: &str, start: u32) -> Result<(), String> {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let range = |word: &str| {
            let at = start + (word.as_ptr() as usize - line.as_ptr() as usize) as u32;
            Range::new(at, at + word.len() as u32)
        };
        match words[..] {
            [EVENT, key, at] => {
                // Of two builds that saw it, the first.
                let at = instant(at)?;
                let known = self.events.entry(key.into()).or_insert(at);
                *known = (*known).min(at).or(*known).or(at);
                Ok(())
            }
            [address, owner] => {
                self.lines.push(Line { address: range(legal(address)?), owner: range(owner), record: None });
                Ok(())
            }
            [address, owner, print, at] => {
                let print = fingerprint(print)?;
                let record = Some(Record { print, at: instant(at)? });
                self.lines.push(Line { address: range(legal(address)?), owner: range(owner), record });
                Ok(())
            }
            _ => Err("a line has an address and what is there, and for an entry a fingerprint and an instant".into()),
        }
    }

    /// Sorts lines by address. Of two about the same text, as a merge leaves them, the later counts; two owners of one
    /// address are reported.
    fn settle(&mut self, file: FileId, found: &mut Diagnostics) {
        let text = &self.text;
        let word = |range: Range| &text[std::ops::Range::from(range)];
        let is_sorted = self.lines.is_sorted_by(|a, b| word(a.address) < word(b.address));
        if !is_sorted {
            let at = |line: &Line| line.record.and_then(|record| record.at);
            self.lines.sort_by(|a, b| word(a.address).cmp(word(b.address)).then_with(|| at(b).cmp(&at(a))));
            self.lines.dedup_by(|later, first| {
                let twice = word(later.address) == word(first.address);
                if twice && word(later.owner) != word(first.owner) {
                    let message = format!(
                        "/{} is said to be of two: {} and {}",
                        word(first.address),
                        word(first.owner),
                        word(later.owner)
                    );
                    let help = "delete the line that is not right";
                    let found_here = Diagnostic::error("urls-twice", file.at(later.owner), message).help(help);
                    found.push(found_here.related(file.at(first.owner), "the other line"));
                }
                twice
            });
        }
        for (at, line) in self.lines.iter().enumerate().filter(|(_, line)| line.record.is_some()) {
            let address = word(line.address);
            let lang = address.split('/').next().unwrap_or_default();
            self.records.insert(name(word(line.owner), lang), at as u32);
        }
    }

    fn word(&self, range: Range) -> &str {
        &self.text[std::ops::Range::from(range)]
    }

    /// Whether it tells of texts, so that one that it lacks is new.
    pub fn knows_texts(&self) -> bool {
        !self.records.is_empty()
    }

    /// Whether there is one, be it empty.
    pub fn is_kept(&self) -> bool {
        self.file.is_some()
    }

    /// What is known of an entry's text in a language, given as a BCP 47 tag.
    pub fn record(&self, key: &str, tag: &str) -> Option<Record> {
        self.records.get(&name(key, tag)).and_then(|at| self.lines[*at as usize].record)
    }

    /// When something was first seen; the inner `None` where it was there before the ledger.
    pub fn event(&self, key: &str) -> Option<Option<Timestamp>> {
        self.events.get(key).copied()
    }

    /// Where the line with this number is.
    fn span(&self, line: &Line) -> Option<Span> {
        self.file.map(|file| file.at(Range::new(line.address.start, line.owner.end)))
    }
}

/// What a text is looked up by.
fn name(key: &str, tag: &str) -> u64 {
    let mut hash = Xxh3Default::new();
    hash.update(key.as_bytes());
    hash.update(&[0]);
    hash.update(tag.as_bytes());
    hash.digest()
}

/// A text's fingerprint from the parts that it is told by.
pub fn combine(parts: [u64; 2]) -> u64 {
    let [a, b] = parts.map(u64::to_le_bytes);
    xxh3_64(&[a, b].concat())
}

fn legal(address: &str) -> Result<&str, String> {
    let parts = address.strip_suffix('/').ok_or_else(|| format!("the address `{address}` does not end in a slash"))?;
    let is_part =
        |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '?', '#', '"', '<', '>']);
    match parts.split('/').all(is_part) {
        true => Ok(address),
        false => Err(format!("`{address}` is no address of a page, such as `fr/financements/`")),
    }
}

/// Whether a line can tell of an address and its owner.
pub fn can_tell(address: &str, owner: &str) -> bool {
    legal(address).is_ok()
        && ![address, owner].iter().any(|word| word.contains(|c: char| c.is_whitespace() || c.is_control()))
}

fn fingerprint(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a fingerprint of sixteen digits");
    if text.len() != 16 {
        return Err(wrong());
    }
    u64::from_str_radix(text, 16).map_err(|_| wrong())
}

fn instant(text: &str) -> Result<Option<Timestamp>, String> {
    if text == UNKNOWN {
        return Ok(None);
    }
    let at = text.parse::<Timestamp>();
    at.map(Some).map_err(|_| format!("`{text}` is not an instant, such as 2027-01-03T09:00:00Z"))
}

/// Adds a line about an address to a file.
fn put(out: &mut String, address: &str, owner: &str, record: Option<Record>) {
    let _ = write!(out, "{address} {owner}");
    if let Some(Record { print, at }) = record {
        let _ = write!(out, " {print:016x} ");
        put_instant(out, at);
    }
    out.push('\n');
}

fn put_instant(out: &mut String, at: Option<Timestamp>) {
    match at {
        Some(at) => drop(write!(out, "{at}")),
        None => out.push_str(UNKNOWN),
    }
}
