//! The site author's reference against the program: what the code knows, docs/formats.md and docs/diagnostics.md
//! explain, and what the reference shows builds without a finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use relais::field::KINDS;

/// A fenced block of a Markdown page.
struct Block {
    /// What stands after the opening fence.
    info: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in markdown.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => open = Some(Block { info: info.to_owned(), text: String::new() }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The Rust files below src/, without their tests.
fn sources() -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("src/ can be read") {
            let path = entry.expect("an entry of src/").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).expect("a source file can be read");
                let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                let relative = path.strip_prefix(root()).expect("a path of the repository");
                found.insert(relative.to_owned(), text);
            }
        }
    }
    found
}

/// Every `"literal"` of a Rust text with what stands before and after it. Escapes and raw strings are not needed here.
fn literals(text: &str) -> Vec<(&str, &str, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('"').map(|step| at + step) {
        if text[..start].ends_with('\'') && text[start + 1..].starts_with('\'') {
            // The character, not the beginning of a text.
            at = start + 2;
            continue;
        }
        let mut end = start + 1;
        while let Some(byte) = text.as_bytes().get(end).filter(|byte| **byte != b'"') {
            end += if *byte == b'\\' { 2 } else { 1 };
        }
        let Some(literal) = text.get(start + 1..end) else { break };
        let before = text[..start].trim_end();
        found.push((before, literal, text[(end + 1).min(text.len())..].trim_start()));
        at = (end + 1).min(text.len());
    }
    found
}

fn is_name(text: &str) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(legal)
}

/// The codes of all diagnostics that the program can give, and whether they are warnings.
fn codes() -> BTreeMap<String, bool> {
    let makers = ["error(", "warning(", "in_file(", "Refusal::new(", "self.at(", "code:", "=> ("];
    let mut codes = BTreeMap::new();
    for (path, text) in sources() {
        let yaml = path.ends_with("yaml/mod.rs");
        for (before, literal, after) in literals(&text) {
            let made = makers.iter().any(|maker| before.ends_with(maker)) && after.starts_with(',');
            let named = yaml && before.ends_with("=>") && after.starts_with(',') && literal.contains('-');
            if (made || named) && is_name(literal) {
                codes.insert(literal.to_owned(), before.ends_with("warning("));
            }
        }
    }
    // Findings about whole files are made as errors, then called warnings.
    codes.extend(["stray-file", "unfit-card", "urls-not-written"].map(|code| (code.to_owned(), true)));
    assert!(codes.len() > 100, "only {} codes were found: does the test still read the sources?", codes.len());
    codes
}

/// What editors write for true and false by mistake; the program proposes the right word.
const NOT_BOOLEANS: [&str; 13] = ["yes", "y", "on", "oui", "ja", "si", "no", "n", "off", "non", "nej", "nein", "jā"];

/// Names in arrays of names: the keys that a mapping may have, and the choices that a key has.
fn keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (path, text) in sources() {
        let parses =
            ["document", "field", "catalog"].iter().any(|part| path.components().any(|c| c.as_os_str() == *part));
        if !(parses || path.ends_with("config.rs")) {
            continue;
        }
        for (before, literal, after) in literals(&text) {
            let listed = before.ends_with('[') || before.ends_with("\",");
            let choice = path.ends_with("schema.rs") && (before.ends_with("[(") || before.ends_with("), ("));
            if (listed || choice)
                && after.starts_with([',', ']'])
                && is_name(literal)
                && !NOT_BOOLEANS.contains(&literal)
            {
                keys.insert(literal.to_owned());
            }
        }
    }
    for key in ["facet_pairs", "superseded_by", "inverse_label", "expression-of-interest", "accessed", "hide"] {
        assert!(keys.contains(key), "`{key}` was not found: does the test still read the sources?");
    }
    keys
}

fn missing<'n>(page: &str, names: impl IntoIterator<Item = &'n String>) -> Vec<&'n String> {
    let text = read(page);
    names.into_iter().filter(|name| !text.contains(&format!("`{name}`"))).collect()
}

#[test]
fn every_key_and_choice_is_explained() {
    assert_eq!(missing("docs/formats.md", &keys()), Vec::<&String>::new(), "in docs/formats.md");
}

#[test]
fn every_kind_of_field_has_a_section_and_an_example() {
    let text = read("docs/formats.md");
    let declared =
        blocks(&text).into_iter().find(|b| b.info.ends_with("funding/_type.yaml")).expect("the example type");
    for kind in KINDS {
        assert!(text.contains(&format!("\n### {}\n", kind.name())), "`{}` has no section", kind.name());
        assert!(declared.text.contains(&format!("kind: {}", kind.name())), "no field of the kind `{}`", kind.name());
        let explained = text.contains(&format!("`{}`", kind.name()));
        assert!(explained || !kind.can_facet(), "`{}` is not among the kinds that can be a facet", kind.name());
    }
}

#[test]
fn every_allowed_html_element_is_named() {
    let text = read("src/markdown/raw_html.rs");
    let table = text.split(" ELEMENTS: ").nth(1).and_then(|rest| rest.split("];").next()).expect("the table");
    let named = |(before, literal, _): &(&str, &str, &str)| {
        (before.ends_with("element(") || before.ends_with("text(")) && is_name(literal)
    };
    let names: Vec<String> = literals(table).into_iter().filter(named).map(|(_, name, _)| name.to_owned()).collect();
    assert!(names.len() > 25, "{names:?}");
    assert_eq!(missing("docs/formats.md", &names), Vec::<&String>::new());
}

#[test]
fn every_diagnostic_is_explained_and_no_other() {
    let codes = codes();
    assert_eq!(missing("docs/diagnostics.md", codes.keys()), Vec::<&String>::new(), "in docs/diagnostics.md");
    let text = read("docs/diagnostics.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let listed: Vec<&str> = rows.collect();
    let unknown: Vec<&&str> = listed.iter().filter(|code| !codes.contains_key(**code)).collect();
    assert_eq!(unknown, Vec::<&&str>::new(), "no diagnostic has these codes");
    assert_eq!(listed.len(), listed.iter().collect::<BTreeSet<_>>().len(), "a code is explained twice");
    let marked = |code: &str| text.contains(&format!("\n| `{code}` *w* |"));
    let wrong: Vec<&String> =
        codes.iter().filter(|(code, warning)| marked(code) != **warning).map(|(c, _)| c).collect();
    assert_eq!(wrong, Vec::<&String>::new(), "error or warning? *w* says the opposite of the program");
}

#[test]
fn every_option_of_the_command_line_is_explained() {
    let text = read("docs/formats.md");
    for command in ["build", "serve", "explain", "next-change"] {
        let help = Command::new(env!("CARGO_BIN_EXE_relais")).args([command, "--help"]).output().expect("it runs");
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        let options = help.split_whitespace().filter(|word| word.starts_with("--"));
        let options = options.map(|word| word.trim_end_matches([',', ';', ':', '.']));
        let missing: Vec<&str> = options.filter(|option| !text.contains(&format!("`{option}"))).collect();
        assert_eq!(missing, Vec::<&str>::new(), "of {command}");
    }
}

/// The whole files of docs/formats.md, and an entry for each block of facts.
fn example_site() -> PathBuf {
    let site = Path::new(env!("CARGO_TARGET_TMPDIR")).join("formats");
    if site.exists() {
        fs::remove_dir_all(&site).expect("an earlier run's site can be removed");
    }
    let write = |path: &str, text: &str| {
        let path = site.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    };
    let (mut files, mut facts) = (0, 0);
    for block in blocks(&read("docs/formats.md")) {
        if let Some((_, path)) = block.info.split_once(" file=") {
            files += 1;
            write(path, &block.text);
        } else if block.info.ends_with(" facts") {
            facts += 1;
            let folder = format!("content/funding/examples/example-{facts}");
            let needed = if block.text.contains("deadlines:") { "" } else { "deadlines: [{ at: 2027-01-15 }]\n" };
            write(&format!("{folder}/index.yaml"), &format!("{needed}{}", block.text));
            write(&format!("{folder}/index.en.md"), &format!("---\ntitle: Example {facts}\n---\n"));
        }
    }
    assert!(files > 15 && facts > 15, "{files} files and {facts} blocks of facts");
    site
}

#[test]
fn the_examples_build_without_a_finding() {
    let site = example_site();
    let output = Command::new(env!("CARGO_BIN_EXE_relais"))
        .arg("build")
        .arg(&site)
        .args(["--at", "2026-12-20T12:00Z"])
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "");
    assert!(output.status.success());
    for page in [
        "en/funding/mending-bicycles-in-2027/index.html",
        "fr/financements/reparer-des-velos/index.html",
        "en/funding/themes/bicycles/index.html",
        "en/funding/a-z/index.html",
        "en/about-the-fund/index.html",
        "fr/organisations/workshop/index.html",
        "files/funding/repair-2027/rules.en.csv",
    ] {
        assert!(site.join("public").join(page).is_file(), "there is no {page}, which docs/formats.md promises");
    }
}

/// The editor's tour of README.md, on a copy of the portal: what it shows is what the program says.
#[test]
fn the_tour_of_the_readme_is_true() {
    let site = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tour");
    if site.exists() {
        fs::remove_dir_all(&site).expect("an earlier run's site can be removed");
    }
    for folder in ["content", "themes"] {
        copy(&root().join(folder), &site.join(folder));
    }
    fs::copy(root().join("relais.yaml"), site.join("relais.yaml")).expect("relais.yaml can be copied");
    let build = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relais"));
        let output =
            command.arg("build").arg(&site).args(["--at", "2026-11-22T12:00Z"]).output().expect("the program runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for block in blocks(&read("README.md")) {
        if let Some((_, path)) = block.info.split_once(" file=") {
            let path = site.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
            fs::write(path, block.text).expect("the file can be written");
        } else if block.info.ends_with(" said") {
            let (_, expected) = block.text.split_once('\n').expect("a command and what it says");
            assert_eq!(build(), (Some(1), expected.to_owned()));
        }
    }
    assert_eq!(build(), (Some(0), String::new()));
    let page =
        fs::read_to_string(site.join("public/sv/finansiering/spring-2027/index.html")).expect("the Swedish page");
    for text in ["15 april 2027 kl. 17:00", "Rigatid", "250\u{A0}000\u{A0}€", "Lettland", "lang=\"lv\"", "Öppen"] {
        assert!(page.contains(text), "the Swedish page has no “{text}”");
    }
    assert!(site.join("public/lv/finansejums/pavasara-konkurss/index.html").is_file());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the content can be read") {
        let path = entry.expect("an entry of the content").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}
