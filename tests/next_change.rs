//! What `relais next-change` says, against what builds do: at the instant that it names they write and delete the files that
//! it names, and until then they write nothing.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use serde_json::Value;
use support::{Run, Tree, changes, counts, tree, write};

/// How the site is built.
#[derive(Clone, Copy, PartialEq)]
enum As {
    /// To be published: `urls.lock` is written.
    Published,
    /// With `--at`: `urls.lock` is read.
    WhatIf,
}

impl As {
    fn run(self, site: &Path, command: &str, at: Timestamp, args: &[&str]) -> Run {
        match (self, command) {
            (As::Published, "build") => support::publish(site, &at.as_second().to_string(), args),
            (As::Published, _) => {
                let mut relais = Command::new(env!("CARGO_BIN_EXE_relais"));
                let relais = relais.arg(command).args(args).current_dir(site);
                let output = relais.env("SOURCE_DATE_EPOCH", at.as_second().to_string()).output().unwrap();
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let status = output.status.code().unwrap_or(-1);
                Run { status, stdout: text(&output.stdout), stderr: text(&output.stderr) }
            }
            (As::WhatIf, _) => relais(site, &[&[command, "--at", &at.to_string()], args].concat()),
        }
    }

    fn build(self, site: &Path, at: Timestamp, args: &[&str]) -> (usize, usize, usize) {
        let run = self.run(site, "build", at, args);
        assert_eq!(run.status, 0, "the build at {at} failed:\n{}", run.stderr);
        counts(&run)
    }

    fn next(self, site: &Path, at: Timestamp, until: Timestamp) -> Value {
        let run = self.run(site, "next-change", at, &["--until", &until.to_string(), "--format", "json"]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "after {at}");
        serde_json::from_str(&run.stdout).expect("JSON")
    }
}

fn relais(site: &Path, args: &[&str]) -> Run {
    support::run(Command::new(env!("CARGO_BIN_EXE_relais")).args(args).current_dir(site))
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|_| panic!("{text} is no instant"))
}

/// Files by what happens to them.
fn said(answer: &Value) -> BTreeMap<String, String> {
    let outputs = answer["outputs"].as_array().expect("outputs");
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    for output in outputs {
        assert!(!output["because"].as_array().expect("reasons").is_empty(), "nobody knows why: {output}");
    }
    outputs.iter().map(|output| (text(&output["path"]), text(&output["change"]))).collect()
}

fn done(before: &Tree, after: &Tree) -> BTreeMap<String, String> {
    let changes = changes(before, after);
    let what = |line: &str| if line.starts_with('-') { "deleted" } else { "written" }.to_owned();
    changes.iter().map(|line| (line[2..].to_owned(), what(line))).collect()
}

/// Goes from each change to the next and checks that each is what was said, that nothing changes half-way, and that a full
/// build gives the same bytes. Returns the instants.
fn walk(site: &Path, how: As, from: &str, until: &str) -> Vec<String> {
    let (mut at, until) = (instant(from), instant(until));
    let mut stops = Vec::new();
    let public = site.join("public");
    let fresh = support::scratch(&format!("next-change/{}-fresh", site.file_name().unwrap().to_string_lossy()));
    how.build(site, at, &[]);
    let mut before = tree(&public);
    loop {
        let answer = how.next(site, at, until);
        assert_eq!(answer["at"], at.to_string());
        let next = answer["next"].as_str().map(instant);
        let end = next.unwrap_or(until);
        let middle = Timestamp::from_second(at.as_second().midpoint(end.as_second())).unwrap();
        for quiet in [middle, Timestamp::from_second(end.as_second() - 1).unwrap()] {
            let (written, _, deleted) = how.build(site, quiet, &[]);
            assert_eq!((written, deleted), (0, 0), "at {quiet}, between {at} and {end}");
        }
        let Some(next) = next else { break };
        let (written, _, deleted) = how.build(site, next, &[]);
        let after = tree(&public);
        let found = done(&before, &after);
        let (left, right) = (said(&answer), &found);
        let odd: Vec<_> = left.iter().filter(|(path, what)| right.get(*path) != Some(what)).collect();
        assert!(odd.is_empty(), "at {next} this was said and did not happen: {odd:#?}");
        let odd: Vec<_> = right.iter().filter(|(path, _)| !left.contains_key(*path)).collect();
        assert!(odd.is_empty(), "at {next} this happened and was not said: {odd:#?}");
        assert_eq!(written + deleted, found.len(), "at {next} more was written than has changed");
        how.build(site, next, &["--full", "--out", &fresh.to_string_lossy()]);
        support::assert_same(&tree(&fresh), &after, &format!("a full build at {next} differs from this one"));
        stops.push(next.to_string());
        (at, before) = (next, after);
    }
    stops
}

/// A portal with a call that opens, is extended and closes, and a note that comes and goes.
fn site(name: &str) -> PathBuf {
    let site = support::scratch(&format!("next-change/{name}"));
    support::portal::write_portal(&site);
    let label = "label: { en: X, fr: X, sv: X }";
    let definition = format!(
        "label: {{ en: Grants, fr: Aides, sv: Bidrag }}\nstatus: {{ opens: opens, closes: deadlines }}\nfields:\n\
         \x20 opens: {{ kind: date, {label} }}\n\
         \x20 deadlines: {{ kind: deadline, many: true, facet: true, {label} }}\n\
         calendar: [deadlines]\n"
    );
    write(&site, "content/grants/_type.yaml", definition);
    write(
        &site,
        "content/grants/repair.en.md",
        "---\ntitle: Repair\nopens: 2027-02-01\ndeadlines:\n\
         \x20 - { at: 2027-03-15T17:00, zone: Europe/Riga, was: [2027-03-01T17:00] }\n---\nText.\n",
    );
    write(
        &site,
        "content/notes/short.en.md",
        "---\ntitle: Short\npublish_on: 2027-01-10\nexpires_on: 2027-01-20\nreview_by: 2027-01-15\n---\nText.\n",
    );
    site
}

/// Midnight is Brussels's, the hours of the deadlines are Riga's, two hours before UTC's.
const STOPS: [&str; 7] = [
    "2027-01-09T23:00:00Z", // The note comes
    "2027-01-20T23:00:00Z", // and goes.
    "2027-01-31T23:00:00Z", // The call opens,
    "2027-03-01T15:00:00Z", // would have closed, and is near,
    "2027-03-15T15:00:00Z", // is closed,
    "2027-03-31T22:00:00Z", // and leaves the calendar.
    "",
];

#[test]
fn a_site_is_as_it_was_until_it_changes() {
    let stops = walk(&site("what-if"), As::WhatIf, "2027-01-01T00:00:00Z", "2029-01-01T00:00:00Z");
    assert_eq!(stops, STOPS[..6]);
}

#[test]
fn a_published_site_remembers_its_addresses() {
    let site = site("published");
    // What the first build will write down is known before it.
    let unpublished = As::Published.next(&site, instant("2027-01-21T00:00:00Z"), instant("2029-01-01T00:00:00Z"));
    let stops = walk(&site, As::Published, "2027-01-21T00:00:00Z", "2029-01-01T00:00:00Z");
    assert_eq!(stops, STOPS[2..6]);
    let public = tree(&site.join("public"));
    assert!(public.contains_key("en/grants/status/open/index.html"), "{:#?}", public.keys());
    assert_eq!(unpublished["next"], STOPS[2]);
    assert!(said(&unpublished).contains_key("en/grants/status/forthcoming/index.html"), "{unpublished:#}");
}

#[test]
fn the_portal_walks_through_a_year() {
    let site = support::scratch("next-change/year");
    support::copy_portal(&site);
    fs::copy(support::tests().join("../urls.lock"), site.join("urls.lock")).unwrap();
    let stops = walk(&site, As::WhatIf, "2022-12-31T23:00:00Z", "2024-01-01T00:00:00Z");
    assert!(stops.len() > 10, "{stops:#?}");
}

#[test]
fn people_are_told_why() {
    let site = site("human");
    let run = relais(&site, &["next-change", "--at", "2027-03-10T00:00Z"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "2027-03-15T15:00:00Z");
    assert!(lines.contains(&"  grants/repair: closing-soon → closed (deadlines)"), "{lines:#?}");
    assert!(lines.iter().any(|line| line.starts_with("  and ") && line.ends_with(" more")), "{lines:#?}");
    assert!(!site.join("public").exists() && !site.join("urls.lock").exists(), "something was written");
}

#[test]
fn programs_are_told_all() {
    let site = site("json");
    let answer = As::WhatIf.next(&site, instant("2027-01-01T00:00:00Z"), instant("2028-01-01T00:00:00Z"));
    assert_eq!(answer["next"], STOPS[0]);
    let page = answer["outputs"].as_array().unwrap().iter().find(|o| o["path"] == "en/notes/short/index.html");
    let because: Value = serde_json::from_str(
        r#"[{ "entry": "notes/short", "facts": ["publish_on"], "before": "scheduled", "after": "published" }]"#,
    )
    .unwrap();
    assert_eq!(page.expect("the page")["because"], because);
}

#[test]
fn nothing_may_be_left() {
    let site = site("nothing");
    let run = relais(&site, &["next-change", "--at", "2030-01-01"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "no output changes after 2030-01-01T00:00:00Z\n"));
    let run = relais(&site, &["next-change", "--at", "2027-01-01", "--until", "2027-01-09"]);
    let words = "no output changes after 2027-01-01T00:00:00Z until 2027-01-09T00:00:00Z\n";
    assert_eq!((run.status, run.stdout.as_str()), (0, words));
    let run = relais(&site, &["next-change", "--at", "2030-01-01", "--format", "json"]);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(answer["next"].is_null() && answer["outputs"].as_array().is_some_and(Vec::is_empty), "{answer}");
    // An instant of --until is within.
    let run = relais(&site, &["next-change", "--at", "2027-01-01", "--until", "2027-01-09T23:00Z"]);
    assert_eq!(run.stdout.lines().next(), Some(STOPS[0]));
}

#[test]
fn wrong_use_is_told() {
    let site = site("usage");
    for args in [
        &["--at", "tomorrow"][..],
        &["--at", "2027-01-02", "--until", "2027-01-02"],
        &["--format", "sarif"],
        &["--drafts"],
    ] {
        let run = relais(&site, &[&["next-change"], args].concat());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}: {}", run.stderr);
        assert!(run.stderr.starts_with("error: "), "{args:?}: {}", run.stderr);
    }
    let run = relais(&site, &["next-change", "nowhere"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("error[no-site]"), "{}", run.stderr);
}

#[test]
fn errors_are_told_as_by_a_build() {
    let site = site("errors");
    support::edit(&site, "content/calls/first/index.yaml", "theme: housing", "theme: housng");
    let run = relais(&site, &["next-change", "--at", "2027-01-01"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("error[unknown-term]"), "{}", run.stderr);
    let run = relais(&site, &["next-change", "--at", "2027-01-01", "--format", "json"]);
    let found: Value = serde_json::from_str(&run.stderr).expect("JSON");
    assert_eq!((run.status, run.stdout.as_str(), &found["errors"]), (1, "", &Value::from(1)));
}

#[test]
fn errors_to_come_are_told() {
    let site = site("ahead");
    write(&site, "urls.lock", "en/notes/short/ notes/alone\n");
    let run = relais(&site, &["next-change", "--at", "2027-01-01"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    assert!(run.stderr.contains("error[errors-ahead]: from 2027-01-09T23:00:00Z on"), "{}", run.stderr);
    assert!(run.stderr.contains("error[address-taken]"), "{}", run.stderr);
}
