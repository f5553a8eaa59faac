//! Finds the files below a folder, several folders at a time; it knows their paths and stamps, not what is in them.

use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::cache::Stamp;

/// A file below a folder.
#[derive(Debug)]
pub struct Found {
    /// Its path below that folder, with `/`.
    pub path: String,
    /// How it looks; `None` where it cannot be looked at.
    pub stamp: Option<Stamp>,
}

/// What cannot be walked.
#[derive(Debug)]
pub struct Problem {
    /// Its path below the folder, with what is no UTF-8 in it replaced.
    pub path: String,
    /// Why.
    pub cause: Cause,
}

/// Why something cannot be walked.
#[derive(Debug)]
pub enum Cause {
    /// The system says so.
    Io(std::io::Error),
    /// A link leads back to a folder that it is in.
    Loop,
    /// The name is no UTF-8.
    Name,
}

/// All files below a folder, sorted by path, and what could not be walked. Files that are no part of a site are left out,
/// links are followed; a folder that is not there is empty.
pub fn walk(root: &Path) -> (Vec<Found>, Vec<Problem>) {
    if !root.exists() {
        return Default::default();
    }
    let mut all = Walked::default();
    folder(root, "", &[], &mut all);
    all.found.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    (all.found, all.problems)
}

#[derive(Default)]
struct Walked {
    found: Vec<Found>,
    problems: Vec<Problem>,
}

impl Walked {
    fn problem(&mut self, path: String, cause: Cause) {
        self.problems.push(Problem { path, cause });
    }
}

/// Walks one folder. `links` are the true paths of the linked folders that it lies in.
fn folder(disk: &Path, path: &str, links: &[PathBuf], all: &mut Walked) {
    let entries = match fs::read_dir(disk) {
        Ok(entries) => entries,
        Err(error) => return all.problem(path.to_owned(), Cause::Io(error)),
    };
    let mut folders: Vec<(String, PathBuf, Option<PathBuf>)> = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => visit(&entry, path, disk, links, &mut folders, all),
            Err(error) => all.problem(path.to_owned(), Cause::Io(error)),
        }
    }
    let one = |(path, disk, link): (String, PathBuf, Option<PathBuf>)| {
        let mut inside = Walked::default();
        match link {
            Some(link) => folder(&disk, &path, &[links, &[link]].concat(), &mut inside),
            None => folder(&disk, &path, links, &mut inside),
        }
        inside
    };
    // Few folders are not worth the exchange between threads.
    let walked: Vec<Walked> = match folders.len() {
        0..8 => folders.into_iter().map(one).collect(),
        _ => folders.into_par_iter().with_min_len(16).map(one).collect(),
    };
    for inside in walked {
        all.found.extend(inside.found);
        all.problems.extend(inside.problems);
    }
}

fn visit(
    entry: &DirEntry,
    parent: &str,
    disk: &Path,
    links: &[PathBuf],
    folders: &mut Vec<(String, PathBuf, Option<PathBuf>)>,
    all: &mut Walked,
) {
    let name = entry.file_name();
    if !is_visible(&name) {
        return;
    }
    let Some(name) = name.to_str() else {
        return all.problem(join(parent, &name.to_string_lossy()), Cause::Name);
    };
    let path = join(parent, name);
    let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
    let metadata = if is_link { fs::metadata(entry.path()) } else { entry.metadata() };
    match metadata {
        Ok(metadata) if metadata.is_dir() && is_link => match fs::canonicalize(entry.path()) {
            Ok(link) if links.contains(&link) || contains(&link, disk) => all.problem(path, Cause::Loop),
            Ok(link) => folders.push((path, entry.path(), Some(link))),
            Err(error) => all.problem(path, Cause::Io(error)),
        },
        Ok(metadata) if metadata.is_dir() => folders.push((path, entry.path(), None)),
        Ok(metadata) => all.found.push(Found { path, stamp: Some(Stamp::of(&metadata)) }),
        // It is known to be there; whoever reads it says what is wrong.
        Err(_) => all.found.push(Found { path, stamp: None }),
    }
}

/// Whether a file or folder of this name is part of a site: hidden ones and the copies that editors make are not.
pub fn is_visible(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    !(name.starts_with(b".") || name.ends_with(b"~") || name.starts_with(b"#") && name.ends_with(b"#"))
}

fn contains(folder: &Path, disk: &Path) -> bool {
    fs::canonicalize(disk).is_ok_and(|disk| disk.starts_with(folder))
}

fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}/{name}") }
}
