//! Markdown cases: each file of `tests/markdown/` holds texts with the HTML and the problems that they give. Holes are
//! shown as ⟦…⟧. `BLESS=1 cargo test --test markdown` writes what the code gives; read the difference before keeping it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use relais::locale::typography::{Profile, Typography};
use relais::markdown::{Body, Hole, HoleKind, LiteralValue, Options, Problem, Target, parse};

/// The position of the text in its file, so that a range without it is noticed.
const BASE: u32 = 1000;

struct Case {
    name: String,
    /// `lang=`, `profile=`, `prefix=`, `show=`.
    settings: String,
    markdown: String,
    expected: String,
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/markdown");
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder).expect("the folder of cases").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let bless = env::var_os("BLESS").is_some();
    let mut failures = String::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a file of cases");
        let mut blessed = String::new();
        for case in read(&text) {
            let actual = run(&case);
            if actual != case.expected {
                let _ = write!(
                    failures,
                    "\n== {}: {}\n-- expected\n{}-- actual\n{actual}",
                    file.display(),
                    case.name,
                    case.expected
                );
            }
            let _ = write!(blessed, "@@ {} {}\n{}@ html\n{actual}", case.name, case.settings, case.markdown);
        }
        if bless {
            fs::write(&file, blessed).expect("writing a file of cases");
        }
    }
    assert!(bless || failures.is_empty(), "{failures}");
}

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut expected = false;
    for line in text.split_inclusive('\n') {
        if let Some(head) = line.strip_prefix("@@ ") {
            let (name, settings) = head.trim().split_once(' ').unwrap_or((head.trim(), ""));
            assert!(cases.iter().all(|case| case.name != name), "two cases are called {name}");
            cases.push(Case {
                name: name.to_owned(),
                settings: settings.to_owned(),
                markdown: String::new(),
                expected: String::new(),
            });
            expected = false;
        } else if line == "@ html\n" {
            expected = true;
        } else {
            let case = cases.last_mut().expect("a case begins with @@");
            if expected { &mut case.expected } else { &mut case.markdown }.push_str(line);
        }
    }
    cases
}

fn run(case: &Case) -> String {
    let setting = |key: &str| case.settings.split(' ').find_map(|setting| setting.strip_prefix(key)).unwrap_or("");
    let language = match setting("lang=") {
        "" => "en",
        language => language,
    };
    let profile = match setting("profile=") {
        "eu" => Profile::Eu,
        "none" => Profile::None,
        _ => Profile::National,
    };
    let typography = Typography::new(language, profile);
    let months = months(language);
    let options = Options {
        typography: &typography,
        vague_links: &["en savoir plus".to_owned()],
        months: Some(&months),
        id_prefix: setting("prefix="),
    };
    // The last line break belongs to the format; a text need not end with one.
    let markdown = case.markdown.replace("␀", "\0").replace("␁", "\u{1}").replace("⇥", "\t");
    let (body, problems) = parse(&markdown, BASE, &options);
    check_holes(&body);
    let mut out = with_holes(&body);
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    for problem in &problems {
        show_problem(&mut out, &markdown, problem);
    }
    for what in setting("show=").split(',') {
        let _ = match what {
            "excerpt" => writeln!(out, "@ excerpt {}", body.excerpt),
            "words" => writeln!(out, "@ words {}", body.words),
            "headings" => body.headings.iter().try_for_each(|heading| {
                let explicit = if heading.explicit { " explicit" } else { "" };
                writeln!(out, "@ h{} #{} {}{explicit}", heading.level, heading.id, heading.text)
            }),
            "literals" => body.literals.iter().try_for_each(|literal| {
                let written = &markdown[at(literal.range.start)..at(literal.range.end)];
                match &literal.value {
                    LiteralValue::Date(date) => writeln!(out, "@ {date} {written:?}"),
                    LiteralValue::Money { amount, currency } => {
                        writeln!(out, "@ {amount} {currency} {written:?}")
                    }
                }
            }),
            _ => Ok(()),
        };
    }
    out
}

fn at(offset: u32) -> usize {
    usize::try_from(offset - BASE).expect("a small offset")
}

fn show_problem(out: &mut String, markdown: &str, problem: &Problem) {
    let level = if problem.error { "error" } else { "warning" };
    let written = &markdown[at(problem.range.start)..at(problem.range.end)];
    let _ = writeln!(out, "@ {level} {} {written:?} {}", problem.code, problem.message);
    let _ = writeln!(out, "@   {}", problem.help.as_deref().unwrap_or("NO HELP"));
}

fn check_holes(body: &Body) {
    assert!(body.holes.is_sorted_by_key(|hole| hole.at));
    for hole in &body.holes {
        let at = usize::try_from(hole.at).expect("a small offset");
        assert!(body.html.is_char_boundary(at), "a hole within a character");
    }
    assert!(body.excerpt.chars().count() <= 300);
}

fn with_holes(body: &Body) -> String {
    let mut out = String::new();
    let mut copied = 0;
    for hole in &body.holes {
        let at = usize::try_from(hole.at).expect("a small offset");
        out.push_str(&body.html[copied..at]);
        copied = at;
        show_hole(&mut out, body, hole);
    }
    out.push_str(&body.html[copied..]);
    out
}

fn show_hole(out: &mut String, body: &Body, hole: &Hole) {
    let _ = match &hole.kind {
        HoleKind::HeadingId(index) => {
            let index = usize::try_from(*index).expect("a small index");
            write!(out, "⟦{}⟧", body.headings[index].id)
        }
        HoleKind::Href { target, title } => write!(out, "⟦href {}{}⟧", show(target), titled(title)),
        HoleKind::LinkText { target } => write!(out, "⟦text {}⟧", show(target)),
        HoleKind::Image { target, alt, title } => {
            write!(out, "⟦image {} {alt:?}{}⟧", show(target), titled(title))
        }
        HoleKind::Fact { name, args } => write!(out, "⟦fact {name}{}⟧", show_args(args)),
        HoleKind::Figure { path, args } => write!(out, "⟦figure {path}{}⟧", show_args(args)),
    };
}

fn titled(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" {title:?}") }
}

fn show(target: &Target) -> String {
    match target {
        Target::Entry { kind, id, anchor: None } => format!("/{kind}/{id}"),
        Target::Entry { kind, id, anchor: Some(anchor) } => format!("/{kind}/{id}#{anchor}"),
        Target::Site { path } => format!("site:{path}"),
        Target::File(file) => format!("file:{file}"),
        Target::Anchor(anchor) => format!("#{anchor}"),
    }
}

fn show_args(args: &[(ecow::EcoString, ecow::EcoString)]) -> String {
    args.iter().map(|(key, value)| format!(" {key}={value:?}")).collect()
}

fn months(language: &str) -> [String; 12] {
    let names = match language {
        "fr" => "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "sv" => "januari februari mars april maj juni juli augusti september oktober november december",
        "es" => "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "lv" => "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
        _ => "January February March April May June July August September October November December",
    };
    let names: Vec<String> = names.split(' ').map(str::to_owned).collect();
    names.try_into().expect("twelve months")
}

/// Texts made to be slow. The bound is generous: what it catches is a time that grows with the square of the length.
#[test]
fn hostile_inputs_take_linear_time() {
    let typography = Typography::new("fr", Profile::National);
    let months = months("fr");
    let options = Options {
        typography: &typography,
        vague_links: &["en savoir plus".to_owned()],
        months: Some(&months),
        id_prefix: "",
    };
    let repeated = [
        "[",
        "]",
        "![",
        "[](",
        "[a](b",
        "<",
        "<a ",
        "<a href=\"",
        "<b>",
        "</b>",
        "<x>",
        "<!--",
        "<!-- -->",
        "<![CDATA[",
        "<?",
        "<div>\n",
        "<div>\n\n",
        "<details>\n\n",
        "> ",
        ">",
        "- ",
        "* a\n",
        "1. ",
        "*a ",
        "**",
        "_a",
        "~~",
        "`a",
        "``` \n",
        "{{",
        "{{ fact x }} ",
        "{{ x",
        "\"",
        "'",
        "'a ",
        "\"a ",
        "« ",
        "\\",
        "&amp;",
        "&",
        "\\{{",
        "[^a]",
        "[^a]: x\n\n",
        "[^",
        "|",
        "a|b\n-|-\n",
        "# a\n",
        "## a {#a}\n\n",
        "[a]\n",
        "[a]: b\n",
        "[a][b] ",
        "[a](/b/c) ",
        "<http://a> ",
        "http://",
        "1 ",
        "1 000 ",
        "1er mai ",
        "2023. gada ",
        "EUR 1 ",
        ". ",
        "...",
        "--",
        "? ",
        "a\n: b\n",
        "\0",
        "é",
        "\n",
        "\t- a\n",
        "- a\n  ",
        "![a]( b ) ",
        "<div title='",
        "<p><b>",
        "- [ ] a\n",
        "a\\\n",
        "&#0;",
        "*<b>*",
    ];
    for piece in repeated {
        let time = |length: usize| {
            let text = piece.repeat(length / piece.len());
            let start = Instant::now();
            let (body, _) = parse(&text, 0, &options);
            check_holes(&body);
            start.elapsed()
        };
        let (small, large) = (time(50_000), time(500_000));
        let bound = small.max(Duration::from_millis(20)) * 40;
        eprintln!("{piece:?} {small:?} {large:?}");
        assert!(large < bound, "{piece:?}: {small:?} for 50 kB, {large:?} for 500 kB");
    }
}
