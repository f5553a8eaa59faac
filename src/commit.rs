//! Phase 7, commit: the only writer. Outputs go to a stage beside the output folder while nothing is certain; only a build
//! without errors moves them in. A crash at any point leaves a folder that the next build repairs.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use rustc_hash::FxHashSet;

use crate::compress::{self, Encoder};
use crate::delta::{self, Delta};
use crate::diag::Diagnostic;
use crate::document::network;
use crate::fingerprint::Fingerprint;
use crate::ledger;
use crate::manifest::{self, Files, FolderState, Manifest, Record};
use crate::plan::Plan;
use crate::render::{Content, Sink};

/// What a commit did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Files written.
    pub written: usize,
    /// Files left as they were.
    pub kept: usize,
    /// Files deleted.
    pub deleted: usize,
}

/// What a commit left behind.
#[derive(Debug)]
pub struct Written {
    /// What it did.
    pub outcome: Outcome,
    /// The new manifest, where it is not the old one.
    pub manifest: Option<Manifest>,
}

/// Keeps other builds away from an output folder, for as long as it lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of an output folder; it lies in the site's cache folder and is freed by the system at the latest.
    pub fn take(site: &Path, out: &Path) -> Result<Lock, Box<Diagnostic>> {
        let cache = site.join(".relais");
        let problem = |cause: String, help: &str| {
            let path = out.display().to_string();
            Box::new(Diagnostic::in_file("locked", path, cause).help(help))
        };
        let place = fs::canonicalize(out).or_else(|_| std::path::absolute(out)).unwrap_or_else(|_| out.to_owned());
        let name = format!("lock-{}", Fingerprint::of(place.as_os_str().as_encoded_bytes()).short());
        let open = || {
            fs::create_dir_all(&cache)?;
            OpenOptions::new().create(true).truncate(false).write(true).open(cache.join(name))
        };
        let file = open().map_err(|e| {
            problem(
                format!("cannot be locked: {e}"),
                "check the permissions of the site's folder: .relais/ is made in it",
            )
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(fs::TryLockError::WouldBlock) => {
                Err(problem("another build is writing this folder".into(), "wait until it has ended, then build again"))
            }
            Err(fs::TryLockError::Error(e)) => Err(problem(format!("cannot be locked: {e}"), "check the file system")),
        }
    }
}

/// Refuses to write into a folder that holds something else.
pub fn refuse_foreign(out: &Path, state: FolderState) -> Result<(), Box<Diagnostic>> {
    if out.exists() && !out.is_dir() {
        let found = Diagnostic::in_file("foreign-output", out.display().to_string(), "is not a folder");
        return Err(Box::new(found.help("name another output folder with --out")));
    }
    if state != FolderState::Foreign {
        return Ok(());
    }
    let message = "this folder holds files that Relais did not write";
    let help = "name another folder with --out, or empty this one yourself";
    Err(Box::new(Diagnostic::in_file("foreign-output", out.display().to_string(), message).help(help)))
}

/// Writes the ledger beside `relais.yaml`, all of it or nothing.
pub fn write_ledger(site: &Path, text: &str) -> io::Result<()> {
    let new = site.join(format!(".{}.new", ledger::NAME));
    let mut file = File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    drop(file);
    fs::rename(&new, site.join(ledger::NAME)).inspect_err(|_| drop(fs::remove_file(&new)))
}

/// Replaces the file of a partner's feed.
pub fn write_news(site: &Path, id: &str, text: &str) -> io::Result<()> {
    let folder = site.join(network::FOLDER);
    fs::create_dir_all(&folder)?;
    let new = folder.join(format!(".{id}.yaml.new"));
    fs::write(&new, text)?;
    fs::rename(&new, site.join(network::path(id))).inspect_err(|_| drop(fs::remove_file(&new)))
}

/// Where outputs wait: a folder beside the output folder, on the same file system.
#[derive(Debug)]
pub struct Stage<'m> {
    out: PathBuf,
    folder: PathBuf,
    manifest: &'m Manifest,
    plan: &'m Plan,
    /// Folders of the stage that are made.
    folders: Mutex<FxHashSet<String>>,
    /// Paths of the files that it takes, in the order of their numbers.
    staged: Mutex<Vec<String>>,
    /// Compressed copies of files that it was given.
    copies: Mutex<Vec<(String, Record)>>,
}

impl<'m> Stage<'m> {
    /// An empty stage; what an interrupted build left is removed.
    pub fn new(out: &Path, manifest: &'m Manifest, plan: &'m Plan) -> io::Result<Stage<'m>> {
        let parent = match out.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => Path::new("."),
        };
        let name = out.file_name().map_or_else(|| "out".into(), |n| n.to_string_lossy().into_owned());
        let folder = parent.join(format!(".{name}.relais-stage"));
        remove(&folder)?;
        let (folders, staged, copies) = Default::default();
        Ok(Stage { out: out.to_owned(), folder, manifest, plan, folders, staged, copies })
    }

    /// Where a file waits: the stage of a first build becomes the site; any other needs none of its folders.
    fn place<'p>(&self, path: &'p str, number: usize) -> Cow<'p, str> {
        if self.manifest.state == FolderState::Fresh {
            return path.into();
        }
        // Threads that make files in one folder wait for each other.
        format!("{}/{number}", number % 16).into()
    }

    /// Makes the folder of a staged file, after those above it, once.
    fn make_folder(&self, file: &str) -> io::Result<()> {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        if self.folders.lock().is_ok_and(|made| made.contains(folder)) {
            return Ok(());
        }
        if folder.is_empty() {
            fs::create_dir_all(&self.folder)?;
        } else {
            self.make_folder(folder)?;
            match fs::create_dir(self.folder.join(folder)) {
                // Another thread was faster.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                result => result?,
            }
        }
        if let Ok(mut made) = self.folders.lock() {
            made.insert(folder.to_owned());
        }
        Ok(())
    }

    /// Stages a file, unless the output folder has the same bytes already.
    fn store(&self, path: &str, content: Content<'_>, print: Fingerprint) -> io::Result<()> {
        if self.known(path, |record| record.content == Some(print)).is_some() {
            return Ok(());
        }
        let mut staged = locked(&self.staged)?;
        let number = staged.len();
        staged.push(path.to_owned());
        drop(staged);
        let place = self.place(path, number);
        self.make_folder(&place)?;
        let to = self.folder.join(&*place);
        match content {
            Content::Bytes(bytes) => OpenOptions::new().write(true).create_new(true).open(to)?.write_all(bytes),
            Content::CopyOf(from) => fs::copy(from, to).map(drop),
        }
    }

    /// Stages the compressed copy of a file, unless the output folder has it; `None` where it would not be smaller.
    fn copy(&self, path: &str, encoder: Encoder, bytes: &[u8], of: Fingerprint) -> io::Result<Option<Record>> {
        let view = encoder.print(of);
        let known = self.known(path, |record| record.content.is_some() && record.view == view);
        if known.is_some() {
            return Ok(known);
        }
        let encoded = encoder.encode(bytes)?;
        if encoded.len() >= bytes.len() {
            return Ok(None);
        }
        let content = Fingerprint::of(&encoded);
        self.store(path, Content::Bytes(&encoded), content)?;
        Ok(Some(Record { len: encoded.len() as u64, content: Some(content), view }))
    }

    /// What the manifest says of a file, if it is as wanted and there with its length.
    fn known(&self, path: &str, wanted: impl Fn(&Record) -> bool) -> Option<Record> {
        let record = self.manifest.files.get(path).filter(wanted)?;
        (delta::length(&self.out, path) == Some(record.len)).then_some(record)
    }

    /// Moves everything into the output folder, deletes what is stale, and records it; a journal names what is about to
    /// change for as long as the manifest does not tell.
    pub fn commit(self, delta: &Delta, records: &[Record], epoch: Fingerprint) -> io::Result<Written> {
        let staged = taken(&self.staged);
        let mut copies = taken(&self.copies);
        let old = delta.copies.iter().filter(|(at, _)| delta.kept[*at].is_some());
        copies.extend(old.filter_map(|(_, path)| Some((path.clone(), self.manifest.files.get(path)?))));
        copies.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let is_copy = |path: &String| copies.binary_search_by(|copy| copy.0.cmp(path)).is_ok();
        let old = delta.copies.iter().map(|(_, path)| path).filter(|path| !is_copy(path));
        let stale: Vec<&String> = delta.stale.iter().chain(old).collect();
        let kept = self.plan.outputs.len() + copies.len() - staged.len();
        let outcome = Outcome { written: staged.len(), kept, deleted: stale.len() };
        let journal = self.out.join(manifest::JOURNAL);
        // A build that had to move nothing may have died between the manifest and its journal.
        let is_settled = self.manifest.epoch == epoch && !journal.exists();
        if is_settled && stale.is_empty() && delta.kept.iter().all(Option::is_some) {
            return Ok(Written { outcome, manifest: None });
        }
        let outputs = self.plan.outputs.iter().map(|output| output.path.as_str()).zip(records.iter().copied());
        let mut files: Vec<_> = outputs.chain(copies.iter().map(|(path, record)| (path.as_str(), *record))).collect();
        files.sort_by_key(|(path, _)| *path);
        let complete = Manifest { state: FolderState::Ours, epoch, files: Files::of(files) };
        // A folder that is there and cannot be exchanged, such as a mount point, is filled file by file.
        if self.manifest.state == FolderState::Fresh && (!self.out.exists() || fs::remove_dir(&self.out).is_ok()) {
            // The whole site appears at once.
            fs::create_dir_all(&self.folder)?;
            complete.write(File::create(self.folder.join(manifest::NAME))?)?;
            fs::rename(&self.folder, &self.out)?;
            return Ok(Written { outcome, manifest: Some(complete) });
        }
        announce(&journal, &manifest::journal(staged.iter().chain(stale.iter().copied()).map(String::as_str)))?;
        for path in stale {
            delete(&self.out, path)?;
        }
        for (number, path) in staged.iter().enumerate() {
            take(&self.folder.join(&*self.place(path, number)), &self.out, path)?;
        }
        replace(&self.out, &complete)?;
        fs::remove_file(journal)?;
        remove(&self.folder)?;
        Ok(Written { outcome, manifest: Some(complete) })
    }

    /// Leaves the output folder as it was.
    pub fn discard(self) -> io::Result<()> {
        remove(&self.folder)
    }
}

impl Sink for Stage<'_> {
    /// Stages a file and its compressed copies, unless the output folder has the same bytes already.
    fn put(&self, path: &str, content: Content<'_>, print: Fingerprint) -> io::Result<()> {
        self.store(path, content, print)?;
        if self.plan.copies.is_empty() || !compress::is_text(path) {
            return Ok(());
        }
        let bytes = match content {
            Content::Bytes(bytes) => Cow::Borrowed(bytes),
            Content::CopyOf(from) => fs::read(from)?.into(),
        };
        for encoder in self.plan.copies.iter().filter(|_| compress::is_large(bytes.len())) {
            let path = format!("{path}{}", encoder.coding.suffix());
            // A file of the site that has this name is what its author wants to be served.
            if self.plan.outputs.binary_search_by(|output| output.path.cmp(&path)).is_ok() {
                continue;
            }
            if let Some(record) = self.copy(&path, *encoder, &bytes, print)? {
                locked(&self.copies)?.push((path, record));
            }
        }
        Ok(())
    }
}

fn locked<T>(list: &Mutex<Vec<T>>) -> io::Result<MutexGuard<'_, Vec<T>>> {
    list.lock().map_err(|_| io::Error::other("another thread has failed"))
}

/// The list, once no thread adds to it any more.
fn taken<T>(list: &Mutex<Vec<T>>) -> Vec<T> {
    list.lock().map(|mut list| std::mem::take(&mut *list)).unwrap_or_default()
}

/// Writes the journal and waits until the disk has it: a file that is moved before, and no record of it, could be taken for
/// somebody else's after a power failure.
fn announce(journal: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(journal)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()
}

/// Writes the manifest under another name, then exchanges the two.
fn replace(out: &Path, manifest: &Manifest) -> io::Result<()> {
    let new = out.join(format!("{}.new", manifest::NAME));
    manifest.write(File::create(&new)?)?;
    fs::rename(new, out.join(manifest::NAME))
}

/// Moves a file to its place; only if that fails is it worth asking what is in the way.
fn take(from: &Path, out: &Path, path: &str) -> io::Result<()> {
    let to = out.join(path);
    fs::rename(from, &to).or_else(|_| {
        make_way(out, to.parent().unwrap_or(out))?;
        if to.is_dir() {
            remove(&to)?;
        }
        fs::rename(from, &to)
    })
}

/// Makes a folder where an old file may stand in its way.
fn make_way(out: &Path, folder: &Path) -> io::Result<()> {
    let mut at = out.to_owned();
    for part in folder.strip_prefix(out).unwrap_or(Path::new("")) {
        at.push(part);
        if at.is_file() {
            fs::remove_file(&at)?;
        }
    }
    fs::create_dir_all(folder)
}

/// Deletes a file of ours and the folders that it leaves empty.
fn delete(out: &Path, path: &str) -> io::Result<()> {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    match fs::remove_file(out.join(path)) {
        // Others have been there: what is at its place now is not ours.
        Err(e) if matches!(e.kind(), NotFound | NotADirectory | IsADirectory) => {}
        result => result?,
    }
    let mut folder = path;
    while let Some((parent, _)) = folder.rsplit_once('/') {
        match fs::remove_dir(out.join(parent)) {
            Err(e) if e.kind() != NotFound => break,
            _ => folder = parent,
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}
