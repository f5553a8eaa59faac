//! The manifest: what an output folder holds and what each file was made from; kept in that folder, so that a site is
//! always with the record of it. A journal beside it names the files that a build is about to change.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use crate::fingerprint::Fingerprint;

/// Its name in the output folder.
pub const NAME: &str = ".relais-manifest";

/// The journal's name in the output folder.
pub const JOURNAL: &str = ".relais-manifest.pending";

/// Raised with the format; what an older program wrote is only a list of files then.
const SIGNATURE: &str = "relais-manifest 2\n";

const JOURNAL_SIGNATURE: &str = "relais-pending 1\n";

/// The last line of a journal that is complete; no path.
const JOURNAL_END: &str = "\n.\n";

/// Bytes of a line before its path: two fingerprints and a length, each with a tab.
const BEFORE_PATH: usize = 33 + 33 + 13;

/// Stands for a fingerprint that nobody knows.
const UNKNOWN: &str = "????????????????????????????????";

/// What an earlier build wrote.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// Whether the folder is one that Relais wrote, is empty, or is not there.
    pub state: FolderState,
    /// Fingerprint of the engine, theme and configuration that made it.
    pub epoch: Fingerprint,
    /// The files.
    pub files: Files,
}

/// What an output folder is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FolderState {
    /// There is no such folder, or nothing is in it.
    #[default]
    Fresh,
    /// It has a manifest, or a journal.
    Ours,
    /// It holds files and no manifest.
    Foreign,
}

/// A file of the output folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// Length in bytes.
    pub len: u64,
    /// Fingerprint of its bytes; `None` where a build was interrupted and nobody knows.
    pub content: Option<Fingerprint>,
    /// Fingerprint of the view that it was made from.
    pub view: Fingerprint,
}

/// Records of files, sorted by path (with `/`): the lines of the file itself, each read when it is asked for.
#[derive(Clone, Debug, Default)]
pub struct Files {
    text: String,
    /// Where each line ends, its line break included.
    ends: Vec<usize>,
}

impl Manifest {
    /// The record in an output folder. One that cannot be read counts as a folder of ours about which nothing is known.
    pub fn recorded(out: &Path) -> Manifest {
        let manifest = read(&out.join(NAME)).map(Manifest::parse);
        if let Some(journal) = read(&out.join(JOURNAL)) {
            return manifest.unwrap_or_default().interrupted(&journal);
        }
        manifest.unwrap_or_else(|| {
            let empty = std::fs::read_dir(out).map_or(!out.exists(), |mut entries| entries.next().is_none());
            let state = if empty { FolderState::Fresh } else { FolderState::Foreign };
            Manifest { state, ..Manifest::default() }
        })
    }

    /// The same files, none of which is taken to be up to date.
    pub fn distrusted(self) -> Manifest {
        let unknown = self.files.iter().map(|(path, record)| (path, Record { content: None, ..record }));
        Manifest { files: Files::of(unknown), epoch: Fingerprint::default(), ..self }
    }

    /// The file: a signature, the epoch, a line for each file.
    pub fn write(&self, mut to: impl std::io::Write) -> std::io::Result<()> {
        writeln!(to, "{SIGNATURE}{}", self.epoch)?;
        to.write_all(self.files.text.as_bytes())
    }

    fn parse(mut text: String) -> Manifest {
        let understood = || {
            let (epoch, lines) = text.strip_prefix(SIGNATURE)?.split_once('\n')?;
            Some((Fingerprint::parse(epoch)?, Files::ends(lines)?, text.len() - lines.len()))
        };
        let Some((epoch, ends, header)) = understood() else { return Manifest::listed(&text) };
        text.drain(..header);
        Manifest { state: FolderState::Ours, epoch, files: Files { text, ends } }
    }

    /// Of another version, or damaged: its files are ours, and nothing is known of them. Every version ends lines in a
    /// tab and a path.
    fn listed(text: &str) -> Manifest {
        let path = |line| Some(str::rsplit_once(line, '\t')?.1);
        let files: BTreeMap<&str, Record> = lines(text).filter_map(path).map(|p| (p, Record::default())).collect();
        Manifest { state: FolderState::Ours, epoch: Fingerprint::default(), files: Files::of(files) }
    }

    /// What is left to know where a build has written its journal and has not removed it.
    fn interrupted(self, journal: &str) -> Manifest {
        // A journal that is cut short does not say all that was done.
        let complete = journal.starts_with(JOURNAL_SIGNATURE) && journal.ends_with(JOURNAL_END);
        let manifest = if complete { self } else { self.distrusted() };
        let mut files: BTreeMap<&str, Record> = manifest.files.iter().collect();
        files.extend(lines(journal).skip(1).filter(|path| *path != ".").map(|path| (path, Record::default())));
        Manifest { state: FolderState::Ours, epoch: manifest.epoch, files: Files::of(files) }
    }
}

/// The journal of a build that is going to write or delete these files.
pub fn journal<'p>(paths: impl IntoIterator<Item = &'p str>) -> String {
    let mut out = String::from(JOURNAL_SIGNATURE);
    for path in paths.into_iter().filter(|path| recordable(path)) {
        out.push_str(path);
        out.push('\n');
    }
    out.push_str(&JOURNAL_END[1..]);
    out
}

impl Files {
    /// Of records that come sorted by path.
    pub fn of<'p>(records: impl IntoIterator<Item = (&'p str, Record)>) -> Files {
        let records = records.into_iter();
        let count = records.size_hint().0;
        let mut files = Files { text: String::with_capacity(count * 144), ends: Vec::with_capacity(count) };
        let mut hex = const_hex::Buffer::<16>::new();
        for (path, record) in records.filter(|(path, _)| recordable(path)) {
            let text = &mut files.text;
            text.push_str(record.content.map_or(UNKNOWN, |content| hex.format(&content.0.to_be_bytes())));
            text.push('\t');
            text.push_str(hex.format(&record.view.0.to_be_bytes()));
            let _ = write!(text, "\t{:>12}\t", record.len);
            text.push_str(path);
            text.push('\n');
            files.ends.push(text.len());
        }
        files
    }

    /// The record of a file.
    pub fn get(&self, path: &str) -> Option<Record> {
        let (mut from, mut to) = (0, self.ends.len());
        while from < to {
            let at = from.midpoint(to);
            match self.path(at).cmp(path) {
                Ordering::Less => from = at + 1,
                Ordering::Equal => return Some(self.record(at)),
                Ordering::Greater => to = at,
            }
        }
        None
    }

    /// All of them, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Record)> {
        (0..self.ends.len()).map(|at| (self.path(at), self.record(at)))
    }

    /// The record of each of these paths, which come sorted, and the files that are not among them.
    pub fn matched<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> (Vec<Option<Record>>, Vec<String>) {
        let mut own = (0..self.ends.len()).map(|at| (at, self.path(at))).peekable();
        let mut others = Vec::new();
        let mut record = |path| {
            while let Some((_, other)) = own.next_if(|(_, own)| *own < path) {
                others.push(other);
            }
            own.next_if(|(_, own)| *own == path).map(|(at, _)| self.record(at))
        };
        let records = paths.into_iter().map(&mut record).collect();
        others.extend(own.map(|(_, path)| path));
        // Nobody makes a build delete files elsewhere by editing a manifest.
        (records, others.into_iter().filter(|path| stays_inside(path)).map(str::to_owned).collect())
    }

    /// Where the lines end that [`Files::of`] wrote; `None` if one cannot be such a line, or if they are not sorted.
    fn ends(text: &str) -> Option<Vec<usize>> {
        let mut ends = Vec::with_capacity(text.len() / 100);
        let (mut rest, mut before) = (text, "");
        while !rest.is_empty() {
            let (path, after) = rest.get(BEFORE_PATH..)?.split_once('\n')?;
            if path <= before || rest.as_bytes()[BEFORE_PATH - 1] != b'\t' {
                return None;
            }
            ends.push(text.len() - after.len());
            (rest, before) = (after, path);
        }
        Some(ends)
    }

    fn line(&self, at: usize) -> &str {
        &self.text[at.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[at] - 1]
    }

    fn path(&self, at: usize) -> &str {
        &self.line(at)[BEFORE_PATH..]
    }

    fn record(&self, at: usize) -> Record {
        let line = self.line(at);
        let understood = || {
            let (content, view) = (Fingerprint::parse(line.get(..32)?)?, Fingerprint::parse(line.get(33..65)?)?);
            Some(Record { len: line.get(66..78)?.trim_ascii_start().parse().ok()?, content: Some(content), view })
        };
        understood().unwrap_or_default()
    }
}

/// Each line that is complete.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'))
}

/// Whether a path can be told from others in a line; a file with another name is written in every build.
fn recordable(path: &str) -> bool {
    !path.contains(['\n', '\t'])
}

fn stays_inside(path: &str) -> bool {
    !path.is_empty() && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// A file's text; nothing for one that is there and cannot be read.
fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok().or_else(|| path.exists().then(String::new))
}
