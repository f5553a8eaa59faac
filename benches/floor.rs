//! The least that any generator must do for a site: read its sources and write its output. It knows the bytes of a
//! finished output folder beforehand, and it knows nothing of what they mean.
//!
//! `floor SITE BUILT OUT [THREADS]` puts the files of `BUILT` into memory; then, against the clock, it finds and reads
//! every file of `SITE` and writes what it has in memory into the new folder `OUT`. It prints one line of JSON.

mod processor;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, DirEntry, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use rayon::prelude::*;

/// The files of one folder, by name.
type Files = Vec<(OsString, Vec<u8>)>;

/// A number of files and their bytes.
type Amount = (u64, u64);

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let threads = match args.get(3).map(|threads| threads.to_string_lossy().parse::<usize>()) {
        Some(Err(_)) => None,
        threads => Some(threads.and_then(Result::ok).unwrap_or_default()),
    };
    let (Some(threads), [site, built, out, ..]) = (threads, args.as_slice()) else {
        eprintln!("usage: floor SITE BUILT OUT [THREADS]");
        return ExitCode::from(2);
    };
    match run(site.as_ref(), built.as_ref(), out.as_ref(), threads) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(site: &Path, built: &Path, out: &Path, threads: usize) -> io::Result<String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(io::Error::other)?;
    let mut folders = BTreeMap::new();
    remember(built, out, &mut folders)?;
    let folders: Vec<(PathBuf, Files)> = folders.into_iter().collect();
    let (started, cpu) = (Instant::now(), processor::time());
    let ((read_files, read_bytes), (files, bytes)) =
        pool.install(|| Ok::<_, io::Error>((read(site)?, write(&folders)?)))?;
    let (wall, cpu) = (started.elapsed().as_secs_f64(), (processor::time() - cpu).as_secs_f64());
    Ok(format!(
        r#"{{"wall": {wall:.4}, "cpu": {cpu:.4}, "read_files": {read_files}, "read_bytes": {read_bytes}, "files": {files}, "bytes": {bytes}}}"#
    ))
}

/// Reads a finished folder; parents come before what they hold.
fn remember(built: &Path, out: &Path, folders: &mut BTreeMap<PathBuf, Files>) -> io::Result<()> {
    let mut files = Files::new();
    for entry in fs::read_dir(built)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remember(&entry.path(), &out.join(entry.file_name()), folders)?;
        } else {
            files.push((entry.file_name(), fs::read(entry.path())?));
        }
    }
    folders.insert(out.to_owned(), files);
    Ok(())
}

/// Reads every file below a folder, but for hidden ones.
fn read(folder: &Path) -> io::Result<Amount> {
    let entries: Vec<DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    let read_one = |entry: &DirEntry| match entry.file_type()? {
        _ if entry.file_name().as_encoded_bytes().starts_with(b".") => Ok((0, 0)),
        kind if kind.is_dir() => read(&entry.path()),
        _ => Ok((1, read_file(&entry.path())?)),
    };
    // The few files of an entry are not worth sharing out.
    if entries.len() < 32 {
        return entries.iter().map(read_one).try_fold((0, 0), |a, b| Ok(sum(a, b?)));
    }
    entries.par_iter().map(read_one).try_reduce(|| (0, 0), |a, b| Ok(sum(a, b)))
}

/// Reads a file into its thread's buffer, and tells how many bytes it has.
fn read_file(path: &Path) -> io::Result<u64> {
    thread_local!(static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; 1 << 16]));
    let mut file = File::open(path)?;
    BUFFER.with_borrow_mut(|buffer| {
        let mut bytes = 0;
        loop {
            let got = file.read(buffer)?;
            bytes += got as u64;
            // A short read is the end of a regular file.
            if got < buffer.len() {
                return Ok(bytes);
            }
        }
    })
}

/// Makes the folders, then the files.
fn write(folders: &[(PathBuf, Files)]) -> io::Result<Amount> {
    let mut levels: BTreeMap<usize, Vec<&Path>> = BTreeMap::new();
    for (path, _) in folders {
        levels.entry(path.components().count()).or_default().push(path);
    }
    for level in levels.values() {
        level.par_iter().try_for_each(fs::create_dir)?;
    }
    let write_one = |(path, files): &(PathBuf, Files)| {
        files.iter().try_fold((0, 0), |amount, (name, bytes)| {
            fs::write(path.join(name), bytes)?;
            Ok(sum(amount, (1, bytes.len() as u64)))
        })
    };
    folders.par_iter().map(write_one).try_reduce(|| (0, 0), |a, b| Ok(sum(a, b)))
}

fn sum(a: Amount, b: Amount) -> Amount {
    (a.0 + b.0, a.1 + b.1)
}
