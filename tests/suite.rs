//! The front-door suite: every folder `tests/suite/<feature>/<case>/` is a tiny site and what the program makes of it.
//!
//! A case holds `site/`, and of the following what it needs:
//!
//! - `args.txt`: more arguments of `build`; or a whole command line that begins with `relais`.
//! - `stderr.txt`: `status: N`, then the standard error. Without it the build succeeds in silence.
//! - `stdout.txt`: the summary, where the case is about it; time and memory are left out.
//! - `expected/`: the output tree without the manifest. Without it nothing may be written.
//! - `show.txt`: the outputs that the case is about, one path or `prefix*` a line. Only their content is in `expected/`;
//!   `paths.txt` then lists every output.
//!
//! `BLESS=1 cargo test --test suite` rewrites the expectations; `CASE=name` runs the cases whose path contains it.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;
use support::{Run, Tree};

#[test]
fn suite() {
    let bless = std::env::var_os("BLESS").is_some();
    let only = std::env::var("CASE").unwrap_or_default();
    let mut cases = cases();
    assert!(!cases.is_empty(), "there are no cases");
    cases.retain(|case| case.name.contains(&only));
    let failures: Vec<String> = cases.par_iter().filter_map(|case| case.check(bless)).collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases failed (BLESS=1 accepts what was found)\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

struct Case {
    name: String,
    folder: PathBuf,
}

/// Every folder of a feature is a case; what is neither is reported, so that no case is overlooked.
fn cases() -> Vec<Case> {
    let root = support::tests().join("suite");
    let mut cases = Vec::new();
    for feature in folders(&root) {
        for folder in folders(&feature) {
            let name = folder.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            assert!(folder.join("site").is_dir(), "tests/suite/{name} has no site/");
            for file in fs::read_dir(&folder).unwrap() {
                let file = file.unwrap().file_name();
                let known = ["site", "args.txt", "stderr.txt", "stdout.txt", "expected", "show.txt", "paths.txt"];
                assert!(known.iter().any(|k| file == *k), "tests/suite/{name} has a stray {}", file.to_string_lossy());
            }
            cases.push(Case { name, folder });
        }
    }
    cases
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

impl Case {
    fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(name)).ok()
    }

    /// What is wrong, if anything.
    fn check(&self, bless: bool) -> Option<String> {
        let site = support::scratch(&format!("suite/{}", self.name));
        fs::copy(self.folder.join("site/relais.yaml"), site.join("relais.yaml")).ok();
        support::add_theme(&site);
        support::copy(&self.folder.join("site"), &site);
        let before = support::tree(&site.join("public"));
        let run = self.run(&site);
        let mut found = support::without_built_in_assets(support::tree(&site.join("public")));
        if run.status != 0 && found == before {
            found.clear();
        }
        if bless {
            self.bless(&run, &found);
            return None;
        }
        let mut report = String::new();
        let mut compare = |name: &str, expected: &str, found: &str| {
            if expected != found {
                let _ = write!(report, "  {name}\n{}", support::diff(expected, found));
            }
        };
        compare("stderr.txt", &self.text("stderr.txt").unwrap_or_else(|| "status: 0\n".into()), &said(&run));
        if let Some(expected) = self.text("stdout.txt") {
            compare("stdout.txt", &expected, &run.stdout);
        }
        if self.text("show.txt").is_some() {
            compare("paths.txt", &self.text("paths.txt").unwrap_or_default(), &paths(&found));
        }
        report.push_str(&self.compare_trees(&self.shown(found)));
        (!report.is_empty()).then(|| format!("tests/suite/{}\n{report}", self.name))
    }

    fn run(&self, site: &Path) -> Run {
        let args = self.text("args.txt").unwrap_or_default();
        let args: Vec<&str> = args.split_whitespace().collect();
        match args.as_slice() {
            ["relais", rest @ ..] => {
                support::run(Command::new(env!("CARGO_BIN_EXE_relais")).args(rest).current_dir(site))
            }
            _ => support::build(site, &args),
        }
    }

    /// The outputs that the case is about.
    fn shown(&self, mut found: Tree) -> Tree {
        if let Some(show) = self.text("show.txt") {
            let patterns: Vec<&str> = show.lines().collect();
            found.retain(|path, _| {
                patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
                    Some(prefix) => path.starts_with(prefix),
                    None => path == pattern,
                })
            });
        }
        found
    }

    fn compare_trees(&self, found: &Tree) -> String {
        let expected = support::tree(&self.folder.join("expected"));
        let mut report = String::new();
        for change in support::changes(&expected, found) {
            let path = &change[2..];
            let _ = match (expected.get(path), found.get(path)) {
                (Some(expected), Some(found)) => {
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    write!(report, "  expected/{path}\n{}", support::diff(&text(expected), &text(found)))
                }
                (Some(_), None) => writeln!(report, "  expected/{path} was not written"),
                (None, _) => writeln!(report, "  {path} was written and is not in expected/"),
            };
        }
        report
    }

    fn bless(&self, run: &Run, found: &Tree) {
        let put = |name: &str, text: &str, keep: bool| {
            let path = self.folder.join(name);
            if keep {
                fs::write(path, text).unwrap();
            } else {
                fs::remove_file(path).ok();
            }
        };
        put("stderr.txt", &said(run), said(run) != "status: 0\n");
        put("stdout.txt", &run.stdout, self.folder.join("stdout.txt").exists());
        put("paths.txt", &paths(found), self.folder.join("show.txt").exists());
        let folder = self.folder.join("expected");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        for (path, bytes) in self.shown(found.clone()) {
            support::write(&folder, &path, bytes);
        }
    }
}

fn said(run: &Run) -> String {
    format!("status: {}\n{}", run.status, run.stderr)
}

fn paths(tree: &Tree) -> String {
    tree.keys().map(|path| format!("{path}\n")).collect()
}
