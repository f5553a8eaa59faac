//! The same input and clock give the same bytes: with one thread or many, at another place, from files written in another
//! order.

mod support;

use std::fmt::Write as _;
use std::path::Path;

use support::{build_well, tree, write};

const LANGUAGES: [&str; 5] = ["es", "en", "fr", "lv", "sv"];
const ENTRIES: usize = 150;

fn label(text: &str) -> String {
    let each: Vec<String> = LANGUAGES.iter().map(|tag| format!("{tag}: \"{text} {tag}\"")).collect();
    format!("{{ {} }}", each.join(", "))
}

/// A site with facets, references both ways, groups, files and texts in all languages; `order` shuffles the writing.
fn write_site(site: &Path, order: impl Fn(usize) -> usize) {
    write(
        site,
        "relais.yaml",
        format!(
            "title: {}\nbase_url: https://portal.example/\nlanguages: [{}]\ntime_zone: Europe/Brussels\n\
             menu: [calls]\nlimits: {{ facet_pairs: 20, page_size: 10 }}\n",
            label("Portal"),
            LANGUAGES.join(", ")
        ),
    );
    let mut terms = String::new();
    for term in 0..12 {
        let broader = if term > 2 { format!(", broader: t{}", term % 3) } else { String::new() };
        let _ = writeln!(terms, "  t{term}: {{ label: {}{broader} }}", label(&format!("Term {term}")));
    }
    write(site, "content/_vocabularies/themes.yaml", format!("label: {}\nterms:\n{terms}", label("Theme")));
    write(
        site,
        "content/calls/_type.yaml",
        format!(
            "label: {}\nsort: -deadline\ndirectory: true\nfields:\n  \
             deadline: {{ kind: deadline, facet: true, label: {} }}\n  \
             themes: {{ kind: term, vocabulary: themes, many: true, facet: true, label: {} }}\n  \
             countries: {{ kind: country, many: true, facet: true, label: {} }}\n  \
             partner: {{ kind: reference, to: calls, inverse: partners, facet: true, label: {} }}\n  \
             budget: {{ kind: money, label: {} }}\n",
            label("Calls"),
            label("Deadline"),
            label("Themes"),
            label("Countries"),
            label("Partner"),
            label("Budget")
        ),
    );
    for at in 0..ENTRIES {
        write_entry(site, order(at));
    }
}

fn write_entry(site: &Path, n: usize) {
    let folder = format!("content/calls/{}/call-{n:03}", 2020 + n % 4);
    let countries = ["ES", "FR", "LV", "SE", "EU", "BE"];
    let mut facts = format!(
        "source_language: {}\ndeadline: {{ at: 20{:02}-{:02}-15 }}\nthemes: [t{}, t{}]\ncountries: [{}, {}]\n\
         budget: {{ amount: {}, currency: EUR }}\n",
        LANGUAGES[n % 5],
        24 + n % 4,
        1 + n % 12,
        n % 12,
        (n / 12 % 11 + 1 + n) % 12,
        countries[n % 6],
        countries[(n + 1) % 6],
        1000 * (n + 1)
    );
    if n > 0 {
        let partner = n / 2;
        let _ = writeln!(facts, "partner: call-{partner:03}\nrelated: [call-{:03}]", (n * 7) % ENTRIES);
    }
    write(site, &format!("{folder}/index.yaml"), facts);
    for (at, tag) in LANGUAGES.iter().enumerate() {
        // A few entries lack texts, so that facts pages are made too.
        if at == n % 5 || !(n + at).is_multiple_of(3) {
            // Equal titles and equal deadlines: ties must be broken the same way every time.
            let text = format!(
                "---\ntitle: \"Call {} {tag}\"\nslug: call-{n}\nsummary: Summary {n}\n---\n## One\n\n\
                 See [](/calls/call-{:03}) and {{{{ fact deadline }}}}.\n",
                n % 40,
                (n + 1) % ENTRIES
            );
            write(site, &format!("{folder}/index.{tag}.md"), text);
        }
    }
    if n.is_multiple_of(10) {
        write(site, &format!("{folder}/annex.en.pdf"), format!("annex {n}"));
    }
}

#[test]
fn one_thread_or_eight() {
    let site = support::scratch("determinism/jobs");
    write_site(&site, |n| n);
    build_well(&site, &["--jobs", "1", "--out", "one"]);
    let one = tree(&site.join("one"));
    assert!(one.len() > 1000, "only {} outputs", one.len());
    for run in 0..3 {
        let out = format!("eight-{run}");
        build_well(&site, &["--jobs", "8", "--out", &out]);
        support::assert_same(&one, &tree(&site.join(&out)), "--jobs 1 and --jobs 8 differ");
        let manifest = |folder: &str| std::fs::read(site.join(folder).join(support::MANIFEST)).unwrap();
        assert!(manifest("one") == manifest(&out), "the manifests differ");
    }
}

#[test]
fn another_place_and_another_order() {
    let here = support::scratch("determinism/here");
    write_site(&here, |n| n);
    let there = support::scratch("determinism/an other pläce/with a longer name");
    write_site(&there, |n| ENTRIES - 1 - n);
    build_well(&here, &["--jobs", "2"]);
    // From outside, with another output folder.
    let run = support::run(
        std::process::Command::new(env!("CARGO_BIN_EXE_relais"))
            .args(["build", "--at", support::AT, "--out", "elsewhere/below"])
            .arg("with a longer name")
            .current_dir(there.parent().unwrap()),
    );
    assert_eq!(run.status, 0, "{}", run.stderr);
    let found = tree(&there.parent().unwrap().join("elsewhere/below"));
    support::assert_same(&tree(&here.join("public")), &found, "the place or the order of writing shows");
}

#[test]
fn the_clock_comes_from_outside() {
    let site = support::scratch("determinism/clock");
    write_site(&site, |n| n);
    build_well(&site, &["--at", "2026-01-15T12:00Z", "--out", "at"]);
    build_well(&site, &["--at", "2026-01-15T13:00+01:00", "--out", "offset"]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_relais"));
    let output = command.args(["build", "--out", "epoch"]).env("SOURCE_DATE_EPOCH", "1768478400").current_dir(&site);
    let output = output.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    support::assert_same(&tree(&site.join("at")), &tree(&site.join("offset")), "the offset of --at shows");
    support::assert_same(&tree(&site.join("at")), &tree(&site.join("epoch")), "SOURCE_DATE_EPOCH is not --at");
}
