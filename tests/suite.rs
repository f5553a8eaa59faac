//! The front-door suite: every folder `tests/suite/<feature>/<case>/` is a tiny site and what the program makes of it.
//!
//! A case holds `site/`, and of the following what it needs:
//!
//! - `args.txt`: more arguments of `build`; or a whole command line that begins with `relais`. `SOURCE_DATE_EPOCH=n` before
//!   them is a build to be published at that instant, which writes `urls.lock`.
//! - `stderr.txt`: `status: N`, then the standard error. Without it the build succeeds in silence.
//! - `stdout.txt`: the summary, where the case is about it; time and memory are left out.
//! - `urls.lock`: the file as the build leaves it, where that is not as it was.
//! - `expected/`: the output tree without the manifest. Without it nothing may be written.
//! - `show.txt`: the outputs that the case is about, one path or `prefix*` a line. Only their content is in `expected/`;
//!   `paths.txt` then lists every output. Files for hosts and search engines are shown in cases about addresses only, those
//!   for other programs in cases about data, and social cards in cases about these: by length and fingerprint.
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
                let known =
                    ["site", "args.txt", "stderr.txt", "stdout.txt", "expected", "show.txt", "paths.txt", "urls.lock"];
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
        if !self.name.starts_with("addresses/") {
            found = support::without_host_files(found);
        }
        if !self.name.starts_with("data/") {
            found = support::without_data(found);
        }
        found = match self.name.starts_with("cards/") {
            true => support::with_cards_in_words(found),
            false => support::without_cards(found),
        };
        if run.status != 0 && found == before {
            found.clear();
        }
        if bless {
            self.bless(&run, &found, &site);
            return None;
        }
        let mut report = String::new();
        let mut compare = |name: &str, expected: &str, found: &str| {
            if expected != found {
                let _ = write!(report, "  {name}\n{}", support::diff(expected, found));
            }
        };
        compare("stderr.txt", &self.text("stderr.txt").unwrap_or_else(|| "status: 0\n".into()), &said(&run));
        let before = self.text("urls.lock").or(self.text("site/urls.lock")).unwrap_or_default();
        compare("urls.lock", &before, &fs::read_to_string(site.join("urls.lock")).unwrap_or_default());
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
            [first, rest @ ..] if first.starts_with("SOURCE_DATE_EPOCH=") => {
                support::publish(site, first.rsplit('=').next().unwrap_or_default(), rest)
            }
            _ => support::build(site, &args),
        }
    }

    /// The outputs that the case is about.
    fn shown(&self, mut found: Tree) -> Tree {
        if let Some(show) = self.text("show.txt") {
            let matches = |pattern: &str, path: &str| match pattern.strip_suffix('*') {
                Some(prefix) => path.starts_with(prefix),
                None => path == pattern,
            };
            for pattern in show.lines() {
                assert!(
                    found.keys().any(|path| matches(pattern, path)),
                    "{}: show.txt names {pattern}, which there is not",
                    self.name
                );
            }
            found.retain(|path, _| show.lines().any(|pattern| matches(pattern, path)));
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

    fn bless(&self, run: &Run, found: &Tree, site: &Path) {
        let put = |name: &str, text: &str, keep: bool| {
            let path = self.folder.join(name);
            if keep {
                fs::write(path, text).unwrap();
            } else {
                fs::remove_file(path).ok();
            }
        };
        put("stderr.txt", &said(run), said(run) != "status: 0\n");
        let ledger = fs::read_to_string(site.join("urls.lock")).unwrap_or_default();
        put("urls.lock", &ledger, self.text("site/urls.lock").unwrap_or_default() != ledger);
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

/// A site in one language whose type has a few fields, for cases that are too large to be stored.
fn generated(name: &str) -> PathBuf {
    let site = support::scratch(&format!("generated/{name}"));
    support::write(
        &site,
        "relais.yaml",
        "title: Portal\nbase_url: https://portal.example/\nlanguages: [en]\ntheme: plain\n",
    );
    support::write(
        &site,
        "content/notes/_type.yaml",
        "label: Notes\nfields:\n  year: { kind: date, label: Year }\n  country: { kind: country, label: Country }\n\
         \x20 next: { kind: reference, to: notes, label: Next }\n  link: { kind: url, label: Link }\n",
    );
    support::write(&site, "content/notes/good.en.md", "---\ntitle: Good\n---\n");
    support::add_theme(&site);
    site
}

/// The messages of a failed build, without their places.
fn errors(run: &Run) -> Vec<&str> {
    run.stderr.lines().filter(|line| line.starts_with("error")).collect()
}

#[test]
fn two_hundred_mistakes_are_two_hundred_diagnostics() {
    let site = generated("two-hundred");
    support::build_well(&site, &[]);
    let public = support::tree(&site.join("public"));
    let manifest = fs::read(site.join("public").join(support::MANIFEST)).unwrap();
    // Ten mistakes in each of twenty files.
    for file in 0..20 {
        let text = format!(
            "---\ntitle: Note {file}\nyear: last\ncountry: Latvia\nnext: nobody-{file}\nlink: www.example.org\n\
             colour: red\nfeatured: perhaps\nrelated: nowhere-{file}\n---\n\
             [One](/notes/none-{file})\n\n[Two](javascript:alert({file}))\n\n{{{{ fact colour }}}}\n"
        );
        support::write(&site, &format!("content/notes/note-{file:02}.en.md"), text);
    }
    let run = support::build(&site, &[]);
    assert_eq!(run.status, 1);
    assert_eq!(errors(&run).len(), 200, "{}", run.stderr);
    assert!(run.stderr.contains("200 errors, 0 warnings: nothing was written"), "{}", run.stderr);
    support::assert_same(&public, &support::tree(&site.join("public")), "the output was touched");
    assert!(manifest == fs::read(site.join("public").join(support::MANIFEST)).unwrap(), "the manifest was touched");
    // The other formats hold the same findings.
    let json = support::build(&site, &["--format", "json"]).stderr;
    let github = support::build(&site, &["--format", "github"]).stderr;
    assert_eq!(github.lines().filter(|line| line.starts_with("::error")).count(), 200);
    let sarif: serde_json::Value =
        serde_json::from_str(&support::build(&site, &["--format", "sarif"]).stderr).expect("SARIF is JSON");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(200));
    serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
    assert_eq!(json.matches("\"code\"").count(), 200);
}

#[test]
fn ten_megabytes_of_front_matter_are_refused() {
    let site = generated("ten-megabytes");
    let front: String = (0..250_000).map(|n| format!("key-{n}: a value that is of some length\n")).collect();
    assert!(front.len() > 10_000_000);
    support::write(&site, "content/notes/large.en.md", format!("---\ntitle: Large\n{front}---\nText.\n"));
    let started = std::time::Instant::now();
    let run = support::build(&site, &[]);
    assert_eq!(run.status, 1);
    assert_eq!(errors(&run).len(), 1, "{}", &run.stderr[..run.stderr.len().min(2000)]);
    assert!(run.stderr.contains("error[yaml-size]"), "{}", run.stderr);
    assert!(run.stderr.len() < 2000, "{} bytes of message", run.stderr.len());
    assert!(started.elapsed().as_secs() < 10, "took {:?}", started.elapsed());
}

#[test]
fn ten_megabytes_on_one_line_are_refused() {
    let site = generated("one-line");
    support::write(&site, "content/notes/large.en.md", format!("---\ntitle: {}\n---\n", "x".repeat(10_000_000)));
    let run = support::build(&site, &[]);
    assert_eq!(run.status, 1);
    assert_eq!(errors(&run).len(), 1);
    assert!(run.stderr.len() < 2000, "{} bytes of message", run.stderr.len());
}

#[test]
fn a_title_of_five_thousand_characters_is_refused() {
    let site = generated("long-title");
    support::write(&site, "content/notes/long.en.md", format!("---\ntitle: {}\n---\n", "très ".repeat(1000)));
    let run = support::build(&site, &[]);
    assert_eq!(run.status, 1);
    let said = "error[too-long]: the title has 4999 characters; 300 is the most";
    assert_eq!(errors(&run), [said], "{}", run.stderr);
    assert!(run.stderr.len() < 1500, "the excerpt is {} bytes long", run.stderr.len());
    assert!(run.stderr.contains("--> content/notes/long.en.md:2:8"), "{}", run.stderr);
}

#[test]
fn nesting_without_end_is_refused() {
    let site = generated("nesting");
    let nested = |n| format!("{}{}", "[".repeat(n), "]".repeat(n));
    support::write(&site, "content/notes/deep/index.yaml", format!("related: {}\n", nested(100_000)));
    support::write(
        &site,
        "content/notes/deep/index.en.md",
        format!("---\ntitle: Deep\n---\n{}\n", "> ".repeat(50_000)),
    );
    support::write(&site, "content/notes/brackets.en.md", format!("---\ntitle: Brackets\n---\n{}\n", nested(20_000)));
    let run = support::build(&site, &[]);
    assert_eq!(run.status, 1, "{}", &run.stderr[..run.stderr.len().min(2000)]);
    assert!(run.stderr.contains("error[yaml-depth]"), "{}", &run.stderr[..run.stderr.len().min(2000)]);
}

#[test]
fn a_language_without_interface_strings_is_one_error() {
    let site = generated("language");
    let config =
        "title: { de: Portal, en: Portal }\nbase_url: https://portal.example/\nlanguages: [de, en]\ntheme: plain\n";
    support::write(&site, "relais.yaml", config);
    fs::remove_dir_all(site.join("content")).unwrap();
    let run = support::build(&site, &[]);
    assert_eq!(run.status, 1);
    assert_eq!(errors(&run).len(), 1, "{}", run.stderr);
    assert!(
        run.stderr.starts_with("error[missing-message]: there are no interface strings for `de`"),
        "{}",
        run.stderr
    );
}

/// Whoever runs the tests may be allowed to read everything: then the program runs as nobody.
#[cfg(unix)]
#[test]
fn a_file_without_reading_permission_is_reported_once() {
    use std::os::unix::fs::PermissionsExt;
    let site = generated("permission");
    for path in
        ["content/notes/secret.en.md", "content/notes/facts/index.yaml", "content/notes/facts/closed/picture.png"]
    {
        support::write(&site, path, "title: A secret\n");
    }
    support::write(&site, "content/notes/facts/index.en.md", "---\ntitle: Facts\n---\n");
    support::write(&site, "content/notes/refers.en.md", "---\ntitle: Refers\nnext: secret\nrelated: facts\n---\n");
    let mode = |path: &str, mode: u32| fs::set_permissions(site.join(path), fs::Permissions::from_mode(mode)).unwrap();
    mode("", 0o777);
    mode("content/notes/secret.en.md", 0);
    mode("content/notes/facts/index.yaml", 0);
    mode("content/notes/facts/closed", 0);
    let mut command = if fs::read(site.join("content/notes/secret.en.md")).is_err() {
        Command::new(env!("CARGO_BIN_EXE_relais"))
    } else {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--", env!("CARGO_BIN_EXE_relais")]);
        let version = [env!("CARGO_BIN_EXE_relais"), "--version"];
        let probe = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];
        let able = Command::new("setpriv").args(probe).args(version).output().is_ok_and(|o| o.status.success());
        if !able {
            eprintln!("skipped: this user reads everything, and setpriv cannot run the program as another");
            mode("content/notes/facts/closed", 0o755);
            return;
        }
        command
    };
    let run = support::run(command.args(["build", "--at", support::AT]).current_dir(&site));
    mode("content/notes/facts/closed", 0o755);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert_eq!(errors(&run).len(), 3, "{}", run.stderr);
    for path in ["content/notes/secret.en.md", "content/notes/facts/index.yaml", "content/notes/facts/closed"] {
        assert!(run.stderr.contains(&format!("--> {path}\n")), "{path}: {}", run.stderr);
    }
    assert_eq!(run.stderr.matches("error[unreadable]: cannot be read: permission denied").count(), 3, "{}", run.stderr);
}
