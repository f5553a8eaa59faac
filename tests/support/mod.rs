//! What the front-door tests share: temporary sites, runs of the real binary, folder trees in memory, readable diffs.

#![allow(dead_code, reason = "each test crate uses a part of it")]

pub(crate) mod portal;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The clock of every build that does not name another.
pub(crate) const AT: &str = "2026-01-15T12:00Z";

/// The manifest's name: it holds fingerprints, which are nobody's business here.
pub(crate) const MANIFEST: &str = ".relais-manifest";

/// Files by path, with `/`.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// The folder that holds these tests.
pub(crate) fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// An empty folder for one test; what an earlier run left in it is removed.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Copies a folder into another; symbolic links stay what they are.
pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).sort_by_file_name() {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).unwrap();
        } else if entry.path_is_symlink() {
            link(&fs::read_link(entry.path()).unwrap(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Copies what the portal of this repository is made of, but not its ledger.
pub(crate) fn copy_portal(to: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for part in ["content", "themes", "i18n"] {
        copy(&root.join(part), &to.join(part));
    }
    fs::copy(root.join("relais.yaml"), to.join("relais.yaml")).unwrap();
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) {
    std::os::unix::fs::symlink(to, at).unwrap();
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) {}

/// Writes a file and the folders that it needs.
pub(crate) fn write(root: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Replaces a text in a file, which must be there.
pub(crate) fn edit(root: &Path, path: &str, from: &str, to: &str) {
    let text = fs::read_to_string(root.join(path)).unwrap();
    assert!(text.contains(from), "{path} does not contain `{from}`");
    fs::write(root.join(path), text.replacen(from, to, 1)).unwrap();
}

/// The plain theme, where a site asks for it, or for one that extends it.
pub(crate) fn add_theme(site: &Path) {
    let config = fs::read_to_string(site.join("relais.yaml")).unwrap_or_default();
    if config.lines().any(|line| line == "theme: plain" || line.ends_with(" # extends plain")) {
        copy(&tests().join("themes/plain"), &site.join("themes/plain"));
    }
}

/// What a run of the program said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program in a site's folder; `--at` is [`AT`] where the arguments do not say it.
pub(crate) fn build(site: &Path, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relais"));
    command.arg("build");
    if !args.iter().any(|arg| arg.starts_with("--at")) {
        command.args(["--at", AT]);
    }
    run(command.args(args).current_dir(site))
}

/// Builds and insists that it succeeds.
pub(crate) fn build_well(site: &Path, args: &[&str]) -> Run {
    let run = build(site, args);
    assert_eq!(run.status, 0, "the build failed:\n{}", run.stderr);
    run
}

/// Runs a command in an environment that says nothing of time or colour.
pub(crate) fn run(command: &mut Command) -> Run {
    said(command.env_remove("SOURCE_DATE_EPOCH"))
}

/// Builds at an instant, in seconds since 1970, as sites are built to be published: what is new is recorded in `urls.lock`.
pub(crate) fn publish(site: &Path, epoch: &str, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relais"));
    said(command.arg("build").args(args).current_dir(site).env("SOURCE_DATE_EPOCH", epoch))
}

fn said(command: &mut Command) -> Run {
    let output = command.env("NO_COLOR", "1").output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: normal(&String::from_utf8_lossy(&output.stdout)),
        stderr: normal(&String::from_utf8_lossy(&output.stderr)),
    }
}

/// Time and memory differ from run to run; debug builds of ICU4X remark on data that there is no need for.
fn normal(text: &str) -> String {
    let line = |line: &str| match line.split_once(" warning") {
        Some((before, after)) if after.contains(" s, ") || after.ends_with(" s") => {
            let plural = if after.starts_with('s') { "s" } else { "" };
            format!("{before} warning{plural}; (time and memory)\n")
        }
        _ => format!("{line}\n"),
    };
    text.lines().filter(|line| !line.starts_with("ICU4X data error: ")).map(line).collect()
}

/// The numbers of the summary: files written, kept and deleted.
pub(crate) fn counts(run: &Run) -> (usize, usize, usize) {
    let line = run.stdout.lines().find(|line| line.contains(" written, ")).unwrap_or_default();
    let numbers: Vec<usize> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [written, kept, deleted] => (written, kept, deleted),
        _ => panic!("no summary in {:?}", run.stdout),
    }
}

/// The same without the assets of the built-in theme, which every theme inherits and no case is about.
pub(crate) fn without_built_in_assets(mut tree: Tree) -> Tree {
    let folder = tests().parent().unwrap().join("themes/relais/assets");
    for asset in self::tree(&folder).keys() {
        let (stem, extension) = asset.rsplit_once('.').unwrap_or((asset, ""));
        let built_in = |path: &str| {
            let path = path.strip_suffix(".gz").or(path.strip_suffix(".br")).unwrap_or(path);
            let name = path.strip_prefix("assets/").and_then(|name| name.strip_prefix(stem));
            name.and_then(|rest| rest.strip_suffix(extension)).is_some_and(|rest| matches!(rest.len(), 1 | 10))
        };
        tree.retain(|path, _| !built_in(path));
    }
    tree
}

/// The same without the files for hosts and search engines, which every site has and few cases are about.
pub(crate) fn without_host_files(mut tree: Tree) -> Tree {
    tree.retain(|path, _| !matches!(path.rsplit('/').next(), Some("sitemap.xml" | "robots.txt" | "_headers")));
    tree
}

/// The same without the files for other programs and the pages about them, which every site has and few cases are about.
pub(crate) fn without_data(mut tree: Tree) -> Tree {
    const PAGES: [&str; 5] = ["open-data", "donnees-ouvertes", "oppna-data", "datos-abiertos", "atvertie-dati"];
    let is_page = |path: &str| path.split('/').nth(1).is_some_and(|name| PAGES.contains(&name));
    tree.retain(|path, _| !path.starts_with("data/") && !is_page(path));
    tree
}

/// The same without social cards, which every site has and few cases are about.
pub(crate) fn without_cards(mut tree: Tree) -> Tree {
    tree.retain(|path, _| !is_card(path));
    tree
}

/// The same with what there is to say of each social card in its place.
pub(crate) fn with_cards_in_words(tree: Tree) -> Tree {
    let told = |path: String, bytes: Vec<u8>| {
        let print = relais::fingerprint::Fingerprint::of(&bytes);
        (format!("{path}.txt"), format!("{} bytes, {print}\n", bytes.len()).into_bytes())
    };
    tree.into_iter().map(|(path, bytes)| if is_card(&path) { told(path, bytes) } else { (path, bytes) }).collect()
}

fn is_card(path: &str) -> bool {
    path.ends_with("/card.png") && !path.starts_with("files/")
}

/// All files below a folder but the manifest; none if there is no such folder.
pub(crate) fn tree(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|e| !e.file_type().is_dir()) {
        let parts: Vec<_> =
            entry.path().strip_prefix(folder).unwrap().iter().map(|part| part.to_string_lossy().into_owned()).collect();
        tree.insert(parts.join("/"), fs::read(entry.path()).unwrap_or_default());
    }
    tree.remove(MANIFEST);
    tree
}

/// Folders below a folder that hold nothing.
pub(crate) fn empty_folders(folder: &Path) -> Vec<String> {
    let folders = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|e| e.file_type().is_dir());
    let empty = folders.filter(|e| fs::read_dir(e.path()).unwrap().next().is_none());
    empty.map(|e| e.path().strip_prefix(folder).unwrap().display().to_string()).collect()
}

/// Paths whose content differs, is new (`+`) or is gone (`-`), sorted by path.
pub(crate) fn changes(before: &Tree, after: &Tree) -> Vec<String> {
    let mut found: Vec<(&str, char)> = Vec::new();
    for (path, bytes) in after {
        match before.get(path) {
            None => found.push((path, '+')),
            Some(old) if old != bytes => found.push((path, '~')),
            Some(_) => {}
        }
    }
    found.extend(before.keys().filter(|path| !after.contains_key(*path)).map(|path| (path.as_str(), '-')));
    found.sort_unstable();
    found.into_iter().map(|(path, what)| format!("{what} {path}")).collect()
}

/// Insists that two trees are the same, byte for byte.
pub(crate) fn assert_same(expected: &Tree, found: &Tree, what: &str) {
    let mut report = String::new();
    for change in changes(expected, found) {
        let path = &change[2..];
        let _ = writeln!(report, "{change}");
        if let (Some(a), Some(b)) = (expected.get(path), found.get(path)) {
            report.push_str(&diff(&String::from_utf8_lossy(a), &String::from_utf8_lossy(b)));
        }
    }
    assert!(report.is_empty(), "{what}:\n{report}");
}

/// Lines that were expected (`-`) and lines that were found (`+`), with two lines around them; invisible characters are
/// written out.
pub(crate) fn diff(expected: &str, found: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let mut longest = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] =
                if a[i] == b[j] { longest[i + 1][j + 1] + 1 } else { longest[i + 1][j].max(longest[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines: Vec<(char, &str)> = Vec::new();
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            lines.push((' ', a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && longest[i + 1][j] >= longest[i][j + 1]) {
            lines.push(('-', a[i]));
            i += 1;
        } else {
            lines.push(('+', b[j]));
            j += 1;
        }
    }
    let near = |at: usize| lines[at.saturating_sub(2)..(at + 3).min(lines.len())].iter().any(|(what, _)| *what != ' ');
    let mut out = String::new();
    for (at, (what, line)) in lines.iter().enumerate() {
        if near(at) {
            let _ = writeln!(out, "    {what} {}", visible(line));
        } else if at > 0 && near(at - 1) {
            out.push_str("      …\n");
        }
    }
    if out.is_empty() && expected != found {
        out.push_str("    (they differ in line ends only)\n");
    }
    out
}

fn visible(line: &str) -> String {
    line.replace('\u{A0}', "⟨nbsp⟩")
        .replace('\u{202F}', "⟨nnbsp⟩")
        .replace('\u{2060}', "⟨wj⟩")
        .replace('\u{AD}', "⟨shy⟩")
}
