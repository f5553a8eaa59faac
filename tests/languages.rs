//! The language of every text that a reader gets: the whole portal is built with a mark of its language on each word, and
//! wherever a word comes out, in a text, an attribute or a feed, the nearest `lang` around it must be its own. So it is with
//! what no editor writes: names of countries and of months.

#[path = "languages/marks.rs"]
mod marks;
#[path = "portal/site.rs"]
mod site;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use quick_xml::XmlVersion;
use quick_xml::events::Event;
use relais::locale::{Locale, country_codes};
use site::{Page, Site};

const BASE: &str = "https://portal.example/";

/// The languages of the portal.
const LANGUAGES: [&str; 5] = ["es", "en", "fr", "lv", "sv"];

/// The day on which the portal's facts were checked.
const AT: &str = "2026-11-22T12:00Z";

/// The marked portal as its editors have it: every text in every language.
static WHOLE: LazyLock<Site> = LazyLock::new(|| build(&source("whole")));

/// The same with few translations, so that there are facts under foreign texts, and lines in lists that lead elsewhere.
static PARTIAL: LazyLock<Site> = LazyLock::new(|| build(&partial_source("partial")));

/// A marked copy of the portal.
fn source(name: &str) -> PathBuf {
    let folder = support::scratch(&format!("languages-{name}"));
    support::copy_portal(&folder);
    for lang in LANGUAGES {
        // The portal has no picture of its own yet; what it shows is a text, too.
        let call = folder.join("content/funding/esf-si-2023-ncc-01");
        let path = call.join(format!("index.{lang}.md"));
        let text = fs::read_to_string(&path).unwrap();
        let (alt, caption) = (marks::words("Alternative", lang), marks::words("Caption", lang));
        fs::write(&path, format!("{text}\n{{{{ figure wheel.svg alt=\"{alt}\" caption=\"{caption}\" }}}}\n")).unwrap();
        let wheel = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><circle r=\"9\"/></svg>";
        fs::write(call.join("wheel.svg"), wheel).unwrap();
    }
    marks::mark_site(&folder, &LANGUAGES);
    folder
}

/// The same, where every text but the first, and here and there a second one, is missing.
fn partial_source(name: &str) -> PathBuf {
    let folder = source(name);
    for kind in ["funding", "consortia", "organisations", "countries", "events", "news", "sheets", "glossary"] {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(folder.join("content").join(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for (at, entry) in entries.iter().enumerate() {
            let Ok(facts) = fs::read_to_string(entry.join("index.yaml")) else { continue };
            let first = facts.lines().find_map(|line| line.strip_prefix("source_language: ")).unwrap();
            let second = LANGUAGES[at % 7 % LANGUAGES.len()];
            for lang in LANGUAGES.into_iter().filter(|lang| *lang != first && (at % 7 > 4 || *lang != second)) {
                let _ = fs::remove_file(entry.join(format!("index.{lang}.md")));
            }
        }
    }
    folder
}

/// Builds a marked portal. Its translations are outdated, since every text has changed, and the build says so.
fn build(source: &Path) -> Site {
    let name = source.file_name().unwrap().to_string_lossy().into_owned();
    let out = support::scratch(&format!("{name}-out"));
    support::build_well(source, &["--at", AT, "--out", out.to_str().unwrap(), "--base-url", BASE]);
    Site::read(out, BASE)
}

/// Fails with all findings, or passes.
fn none(what: &str, found: &[String]) {
    let shown: Vec<&str> = found.iter().take(40).map(String::as_str).collect();
    assert!(found.is_empty(), "{} {what}:\n{}", found.len(), shown.join("\n"));
}

/// A tag's language, without script and region.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// What is wrong with a run of text, and the language that it was found to be in.
fn judge(text: &str, lang: &str) -> (Option<String>, Option<String>) {
    let languages = marks::languages(text);
    let fault = languages.iter().any(|language| language != primary(lang)).then(|| {
        let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
        format!("lang=\"{lang}\" around {} “{}”", languages.join(" and "), marks::without(text))
    });
    (fault, languages.into_iter().next())
}

/// The same of a title, which may name a thing in that thing's language: neither HTML nor Atom allow marks inside one.
fn judge_title(text: &str, lang: &str) -> (Option<String>, Option<String>) {
    let (fault, language) = judge(text, lang);
    let own = marks::languages(text).contains(primary(lang));
    (fault.filter(|_| !own), language)
}

/// All faults of a site, and how many texts there are by the language of the page and their own.
fn scan(site: &Site) -> (Vec<String>, BTreeMap<(String, String), usize>) {
    let mut faults = Vec::new();
    let mut counts = BTreeMap::new();
    for (path, page) in &site.pages {
        let titles = page.titles.iter().map(|found| judge_title(&found.text, &found.lang));
        // The title of a link to a feed is that of a page.
        let (links, attributes): (Vec<_>, Vec<_>) =
            page.attributes.iter().partition(|found| found.text.starts_with("title="));
        let titles = titles.chain(links.into_iter().map(|found| judge_title(&found.text, &found.lang)));
        let others = page.texts.iter().chain(attributes).map(|found| judge(&found.text, &found.lang));
        for (fault, lang) in titles.chain(others) {
            faults.extend(fault.map(|fault| format!("{path}: {fault}")));
            if let Some(lang) = lang {
                *counts.entry((page.lang.clone(), lang)).or_insert(0) += 1;
            }
        }
    }
    (faults, counts)
}

#[test]
fn every_text_is_in_the_language_that_is_said_around_it() {
    let (faults, counts) = scan(&WHOLE);
    for lang in LANGUAGES {
        let own = counts.get(&(lang.to_owned(), lang.to_owned())).copied().unwrap_or(0);
        assert!(own > 20_000, "only {own} texts in {lang} on pages in it: {counts:?}");
    }
    none("texts in another language than is said", &faults);
}

#[test]
fn a_text_that_stands_in_for_another_says_its_language() {
    let (faults, counts) = scan(&PARTIAL);
    for lang in LANGUAGES {
        let foreign = |(page, text): &(String, String)| page == lang && text != lang;
        let foreign: usize = counts.iter().filter(|(key, _)| foreign(key)).map(|(_, count)| count).sum();
        assert!(foreign > 1_000, "only {foreign} foreign texts on pages in {lang}: {counts:?}");
    }
    none("texts in another language than is said", &faults);
}

#[test]
fn the_scan_finds_a_language_that_a_template_forgets() {
    let folder = partial_source("forgetful");
    let said = " lang=\"{{ card.title.lang }}\"";
    let mut forgotten = 0;
    for file in walkdir::WalkDir::new(folder.join("themes")).into_iter().map(Result::unwrap) {
        if file.file_name() == "card.html" {
            let text = fs::read_to_string(file.path()).unwrap();
            forgotten += text.matches(said).count();
            fs::write(file.path(), text.replace(said, "")).unwrap();
        }
    }
    assert!(forgotten > 0, "no card.html says{said}");
    let (faults, _) = scan(&build(&folder));
    let (before, _) = scan(&PARTIAL);
    let before: BTreeSet<String> = before.into_iter().collect();
    let more = faults.iter().filter(|fault| !before.contains(*fault)).count();
    assert!(more > 100, "cards without the language of their titles made {more} faults");
}

/// Languages that texts of the portal may be in.
const SPOKEN: [&str; 26] = [
    "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl",
    "no", "pl", "pt", "ro", "sk", "sl", "sv",
];

/// Names that belong to one language of the portal alone, with that language: of countries and of months.
fn names() -> BTreeMap<String, &'static str> {
    let mut names: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for lang in LANGUAGES {
        let locale = Locale::new(lang).unwrap();
        // What a language is called in one may be what a country is called in another: French and Swedish « italien ».
        for name in SPOKEN.iter().filter_map(|tag| locale.language_name(tag)) {
            names.entry(name.to_lowercase()).or_default().extend(["a language", lang]);
        }
        let countries = country_codes().iter().filter_map(|code| locale.country_name(code));
        for name in countries.chain(locale.month_names()).filter(|name| name.chars().count() > 3) {
            let name = name.to_lowercase();
            let with_it = names.entry(name).or_default();
            if !with_it.contains(&lang) {
                with_it.push(lang);
            }
        }
    }
    names.into_iter().filter(|(_, with_it)| with_it.len() == 1).map(|(name, with_it)| (name, with_it[0])).collect()
}

#[test]
fn names_of_countries_and_months_are_in_the_language_around_them() {
    let names = names();
    let mut found = Vec::new();
    let mut checked = BTreeMap::new();
    for (path, page) in &PARTIAL.pages {
        // What editors write has marks, and is checked by them; an address is in no language.
        let checkable = |text: &str| marks::languages(text).is_empty() && (text.contains(' ') || !text.contains('/'));
        for text in page.texts.iter().filter(|text| checkable(&text.text)) {
            let whole = text.text.to_lowercase();
            let words = whole.split(|c: char| !c.is_alphabetic());
            for name in words.chain([whole.as_str()]).collect::<BTreeSet<_>>() {
                let Some(lang) = names.get(name) else { continue };
                *checked.entry(*lang).or_insert(0) += 1;
                if *lang != primary(&text.lang) {
                    found.push(format!("{path}: lang=\"{}\" around {lang} “{}”", text.lang, text.text));
                }
            }
        }
    }
    for lang in LANGUAGES {
        let count = checked.get(lang).copied().unwrap_or(0);
        assert!(count > 1_000, "only {count} names in {lang}");
    }
    none("names in another language than is said", &found);
}

/// Every text of an XML file with the nearest `xml:lang`; HTML inside is read as HTML.
fn texts_of(xml: &str) -> Vec<(String, String)> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut around = vec![String::new()];
    let mut text = String::new();
    let mut texts = Vec::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => {
                let own = start.try_get_attribute("xml:lang").expect("attributes");
                let own = own.map(|lang| lang.normalized_value(XmlVersion::Implicit1_0).expect("a tag").into_owned());
                around.push(own.unwrap_or_else(|| around.last().cloned().unwrap_or_default()));
                text.clear();
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(_) => text.push(' '),
            Event::CData(part) => text.push_str(&part),
            Event::End(_) => {
                let lang = around.pop().expect("a start before the end");
                texts.push((std::mem::take(&mut text), lang));
            }
            Event::Eof => return texts,
            _ => {}
        }
    }
}

#[test]
fn feeds_say_their_language() {
    let mut found = Vec::new();
    let mut checked = 0;
    for site in [&*WHOLE, &*PARTIAL] {
        for path in site.files.iter().filter(|path| path.ends_with("feed.xml")) {
            for (text, lang) in texts_of(&site.text(path)) {
                let (fault, language) = judge_title(&text, &lang);
                found.extend(fault.map(|fault| format!("{path}: {fault}")));
                checked += usize::from(language.is_some());
            }
        }
    }
    assert!(checked > 1_000, "only {checked} texts in feeds");
    none("texts of feeds in another language than is said", &found);
}

#[test]
fn marks_leave_addresses_code_and_facts_alone() {
    let page = Page::parse("<html lang=fr><title>T</title><p>a <b lang=sv>b</b><img alt=c lang=es>");
    let of = |lang: &str| page.texts.iter().filter(|text| text.lang == lang).count();
    assert_eq!((of("fr"), of("sv")), (1, 1));
    assert!(page.attributes.iter().any(|text| text.text == "alt=\"c\"" && text.lang == "es"));
    let text = marks::words("Une phrase à lire.", "fr");
    assert_eq!(marks::without(&text), "Une phrase à lire.");
    assert_eq!(marks::languages(&text), BTreeSet::from(["fr".to_owned()]));
    assert_eq!(judge(&text, "fr-CA"), (None, Some("fr".to_owned())));
    assert!(judge(&format!("{text} {}", marks::words("An English one.", "en")), "fr").0.is_some());
}
