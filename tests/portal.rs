//! The whole portal of this repository, built by the real program at a fixed instant and read like a browser, a search
//! engine and a feed reader would. Every test names all pages that fail, not the first.

#[path = "portal/site.rs"]
mod site;
mod support;

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::fs;
use std::sync::LazyLock;

use atom_syndication::Feed;
use relais::locale::{Locale, country_codes, endonym};
use site::{Page, Site};

const BASE: &str = "https://portal.example/";

/// The day on which the portal's facts were checked.
static PORTAL: LazyLock<Site> = LazyLock::new(|| Site::build("now", BASE, &["--at", "2026-11-22T12:00Z"]));

/// The same before anybody has translated its calls, consortia and organisations.
static UNTRANSLATED: LazyLock<Site> = LazyLock::new(|| {
    let folder = support::scratch("portal-source");
    support::copy_portal(&folder);
    for kind in ["funding", "consortia", "organisations"] {
        for entry in fs::read_dir(folder.join("content").join(kind)).unwrap() {
            let entry = entry.unwrap().path();
            let Ok(facts) = fs::read_to_string(entry.join("index.yaml")) else { continue };
            let source = facts.lines().find_map(|line| line.strip_prefix("source_language: ")).unwrap();
            for lang in LANGUAGES.into_iter().filter(|lang| *lang != source) {
                let _ = fs::remove_file(entry.join(format!("index.{lang}.md")));
            }
        }
    }
    Site::build_from(&folder, "untranslated", BASE, &["--at", "2026-11-22T12:00Z"])
});

/// The languages of the portal, in the switcher's order.
const LANGUAGES: [&str; 5] = ["es", "en", "fr", "lv", "sv"];

/// Fails with all findings, or passes.
fn none(what: &str, found: Vec<String>) {
    let shown: Vec<&str> = found.iter().take(40).map(String::as_str).collect();
    assert!(found.is_empty(), "{} {what}:\n{}", found.len(), shown.join("\n"));
}

/// Runs a check over every page.
fn every_page(what: &str, check: impl Fn(&str, &Page) -> Vec<String>) {
    every_page_of(&PORTAL, what, check);
}

fn every_page_of(site: &Site, what: &str, check: impl Fn(&str, &Page) -> Vec<String>) {
    let found = site.pages.iter().flat_map(|(path, page)| {
        let found = check(path, page);
        found.into_iter().map(move |problem| format!("{path}: {problem}"))
    });
    none(what, found.collect());
}

#[test]
fn there_is_a_portal_in_every_language() {
    for lang in LANGUAGES {
        let pages = PORTAL.pages.keys().filter(|path| path.starts_with(&format!("{lang}/"))).count();
        assert!(pages > 100, "{lang} has {pages} pages");
        assert_eq!(PORTAL.page(&format!("{lang}/index.html")).lang, lang);
        assert_eq!(PORTAL.page(&format!("{lang}/404.html")).lang, lang);
    }
    for path in ["index.html", "404.html", "fr/financements/index.html", "lv/a-z/index.html"] {
        assert!(path.contains("a-z") || PORTAL.pages.contains_key(path), "there is no {path}");
    }
}

fn broken_links(site: &Site) -> Vec<String> {
    let ids: BTreeMap<&str, HashSet<&str>> =
        site.pages.iter().map(|(path, page)| (path.as_str(), page.ids.iter().map(String::as_str).collect())).collect();
    let mut found = Vec::new();
    for (path, page) in &site.pages {
        let fetched = page.fetched.iter().map(|(.., address)| address);
        for href in page.links.iter().map(|link| &link.href).chain(fetched) {
            let Some((file, fragment)) = site.resolve(path, href) else { continue };
            if !site.files.contains(&file) {
                found.push(format!("{path}: {href} leads to no file"));
            } else if let Some(fragment) = fragment
                && !ids.get(file.as_str()).is_some_and(|ids| ids.contains(fragment.as_str()))
            {
                found.push(format!("{path}: {href} leads to no id"));
            }
        }
    }
    found
}

#[test]
fn internal_links_and_anchors_resolve() {
    none("broken links", broken_links(&PORTAL));
}

#[test]
fn internal_links_resolve_below_a_path_too() {
    let site = Site::build("path", "https://example.org/a/path/", &["--at", "2026-11-22T12:00Z"]);
    assert_eq!(site.pages.len(), PORTAL.pages.len());
    none("broken links", broken_links(&site));
}

#[test]
fn every_page_is_reached_from_the_language_chooser() {
    let mut reached: BTreeSet<&str> = BTreeSet::from(["index.html"]);
    let mut queue = VecDeque::from(["index.html"]);
    while let Some(path) = queue.pop_front() {
        for link in &PORTAL.pages[path].links {
            let Some((file, _)) = PORTAL.resolve(path, &link.href) else { continue };
            if let Some((to, _)) = PORTAL.pages.get_key_value(file.as_str())
                && reached.insert(to)
            {
                queue.push_back(to);
            }
        }
    }
    // A type that has no entries yet has a listing, which nothing leads to before there is something in it.
    let empty = |page: &Page| page.has(".results") && !page.has(".results .cards > li");
    let old = |page: &Page| page.has("meta[http-equiv=refresh]") || page.has("body.gone");
    let lost = |(path, page): &(&String, &Page)| {
        !reached.contains(path.as_str()) && !path.ends_with("404.html") && !empty(page) && !old(page)
    };
    none("pages that no link leads to", PORTAL.pages.iter().filter(lost).map(|(path, _)| path.clone()).collect());
}

#[test]
fn every_page_has_language_title_heading_and_canonical() {
    every_page("pages that do not say what they are", |path, page| {
        let mut found = Vec::new();
        let own = path.split('/').next().filter(|first| LANGUAGES.contains(first));
        if own.is_some_and(|own| own != page.lang) || !LANGUAGES.contains(&page.lang.as_str()) {
            found.push(format!("lang=\"{}\"", page.lang));
        }
        if page.title.trim().is_empty() {
            found.push("no title".to_owned());
        }
        if page.first_headings != 1 {
            found.push(format!("{} h1", page.first_headings));
        }
        match page.canonical.as_slice() {
            [one] if !one.starts_with(BASE) => found.push(format!("canonical {one} is not absolute")),
            [one] => {
                let (file, _) = PORTAL.resolve(path, one).expect("an address of the portal");
                if !PORTAL.pages.contains_key(&file) {
                    found.push(format!("canonical {one} leads to no page"));
                }
            }
            several => found.push(format!("{} canonical links", several.len())),
        }
        found
    });
}

#[test]
fn hreflang_sets_are_closed_and_reciprocal() {
    every_page("faults of hreflang", |path, page| {
        let mut found = Vec::new();
        if page.alternates.is_empty() {
            return found;
        }
        let own = PORTAL.address(path);
        let home = path == "index.html" || LANGUAGES.iter().any(|lang| path == format!("{lang}/index.html"));
        if page.canonical != [own.clone()] {
            found.push("is not its own canonical, yet names versions".to_owned());
        }
        if path != "index.html" && !page.alternates.iter().any(|(tag, href)| *tag == page.lang && *href == own) {
            found.push("does not name itself".to_owned());
        }
        let tags: BTreeSet<&str> = page.alternates.iter().map(|(tag, _)| tag.as_str()).collect();
        if tags.len() != page.alternates.len() {
            found.push("names a language twice".to_owned());
        }
        for (tag, href) in &page.alternates {
            if tag == "x-default" {
                if !home || *href != BASE {
                    found.push(format!("x-default to {href}"));
                }
                continue;
            }
            let other = PORTAL.resolve(path, href).and_then(|(file, _)| PORTAL.pages.get(&file));
            match other {
                None => found.push(format!("{tag} leads to no page: {href}")),
                Some(other) if other.lang != *tag => {
                    found.push(format!("{href} is not in {tag} but in {}", other.lang))
                }
                Some(other) if other.canonical != [href.clone()] => found.push(format!("{href} is no version")),
                Some(other) if other.alternates != page.alternates => {
                    found.push(format!("{href} names other versions"))
                }
                Some(_) => {}
            }
        }
        found
    });
    let many = PORTAL.pages.values().filter(|page| page.alternates.len() == LANGUAGES.len()).count();
    assert!(many > 200, "only {many} pages name their versions");
}

#[test]
fn ids_are_unique_on_a_page() {
    every_page("repeated ids", |_, page| {
        let mut seen = HashSet::new();
        page.ids.iter().filter(|id| id.is_empty() || !seen.insert(id.as_str())).cloned().collect()
    });
}

#[test]
fn language_tags_are_known() {
    every_page("unknown languages", |_, page| {
        let unknown = |tag: &&String| tag.as_str() != "x-default" && endonym(tag).is_none();
        page.tags.iter().filter(unknown).cloned().collect()
    });
}

#[test]
fn a_strict_content_security_policy_holds() {
    every_page("inline scripts or styles", |_, page| page.inline.clone());
    every_page("third-party requests", |_, page| {
        let foreign = |address: &str| address.contains("//") || address.contains("data:");
        let hints = ["preconnect", "dns-prefetch"];
        let bad = page.fetched.iter().filter(|(_, kind, address)| foreign(address) || hints.contains(&kind.as_str()));
        bad.map(|(name, kind, address)| format!("<{name}> {kind} {address}")).collect()
    });
    let sheets = PORTAL.files.iter().filter(|path| path.ends_with(".css"));
    for sheet in sheets {
        let text = PORTAL.text(sheet);
        assert!(!text.contains("@import"), "{sheet} imports another sheet");
        assert!(!text.contains("url(\"http") && !text.contains("url(http") && !text.contains("url(//"), "{sheet}");
    }
}

#[test]
fn nothing_is_left_of_templates_and_messages() {
    every_page("left-overs", |_, page| {
        let bad = |text: &str| {
            ["{{", "}}", "{%", "[object", "undefined", "\u{FFFD}", "\u{2068}", "{ $"]
                .iter()
                .any(|sign| text.contains(sign))
        };
        // A sheet for editors shows how to write.
        let examples = page.select("main code");
        let is_example = |text: &str| examples.iter().any(|example| example.contains(text.trim()));
        page.texts.iter().map(|t| &t.text).filter(|text| bad(text) && !is_example(text)).cloned().collect()
    });
}

/// Labels in reading order must be in the language's order.
fn out_of_order(locale: &Locale, labels: &[String]) -> Option<String> {
    let wrong = labels.windows(2).find(|pair| locale.compare(&pair[0], &pair[1]).is_gt())?;
    Some(format!("“{}” before “{}” in {}", wrong[0], wrong[1], locale.tag()))
}

#[test]
fn countries_and_directories_are_in_the_order_of_their_language() {
    let listings = ["es/paises", "en/countries", "fr/pays", "lv/valstis", "sv/lander"];
    for (lang, folder) in LANGUAGES.iter().zip(listings) {
        let locale = Locale::new(lang).expect("a language of the portal");
        let titles = PORTAL.page(&format!("{folder}/index.html")).select("main .card h3");
        assert!(titles.len() >= 4, "{folder} lists {titles:?}");
        assert_eq!(out_of_order(&locale, &titles), None);
        let countries: HashSet<String> = country_codes().iter().filter_map(|code| locale.country_name(code)).collect();
        let mut panels = 0;
        let mut letters = 0;
        for (path, page) in PORTAL.pages.iter().filter(|(path, _)| path.starts_with(&format!("{lang}/"))) {
            if path.contains("/a-z/") {
                let headings = page.select("main .letter h2");
                let entries = page.select("main .letter li");
                assert_eq!(out_of_order(&locale, &headings), None, "{path}");
                assert_eq!(out_of_order(&locale, &entries), None, "{path}");
                letters += headings.len();
                continue;
            }
            if !page.has(".facets") {
                continue;
            }
            for panel in page.part(".facets ul") {
                let labels: Vec<String> = panel.select("a, span:not(.count)");
                if labels.len() > 1 && labels.iter().all(|label| countries.contains(label)) {
                    assert_eq!(out_of_order(&locale, &labels), None, "{path}");
                    panels += 1;
                }
            }
        }
        assert!(panels > 5 && letters > 3, "{lang}: {panels} facets of countries, {letters} letters");
    }
}

#[test]
fn facets_count_what_they_lead_to() {
    let cards: BTreeMap<&str, usize> =
        PORTAL.pages.iter().map(|(path, page)| (path.as_str(), page.select(".results .cards > li").len())).collect();
    let mut checked = 0;
    let mut found = Vec::new();
    for (path, page) in PORTAL.pages.iter().filter(|(_, page)| page.has(".facets")) {
        let items = page.part(".facets li");
        for item in items {
            let (links, counts) = (item.attribute("a:not(.on)", "href"), item.select(".count"));
            let ([href], [count]) = (links.as_slice(), counts.as_slice()) else { continue };
            let (file, _) = PORTAL.resolve(path, href).expect("a listing of the portal");
            // A long listing goes on over further pages, which lie in a folder of their own below the first.
            let folder = file.strip_suffix("index.html").unwrap_or(&file);
            let further = PORTAL.page(&file).attribute(".pagination a", "href");
            let pages: BTreeSet<String> = further
                .iter()
                .filter_map(|href| PORTAL.resolve(&file, href))
                .map(|(file, _)| file)
                .chain([file.clone()])
                .filter(|page| page.starts_with(folder))
                .collect();
            let listed: usize = pages.iter().filter_map(|page| cards.get(page.as_str())).sum();
            let said: String = count.chars().filter(char::is_ascii_digit).collect();
            if said != listed.to_string() {
                found.push(format!("{path}: {href} has {listed} entries, not {count}"));
            }
            checked += 1;
        }
    }
    none("wrong counts", found);
    assert!(checked > 1000, "only {checked} counts were checked");
}

/// Feeds: parsed by a feed reader, true to their language.
#[test]
fn feeds_hold_only_what_exists_in_their_language() {
    let mut found = Vec::new();
    let mut entries = 0;
    for path in PORTAL.files.iter().filter(|path| path.ends_with("feed.xml")) {
        let text = PORTAL.text(path);
        let feed = match text.parse::<Feed>() {
            Ok(feed) => feed,
            Err(error) => {
                found.push(format!("{path}: {error}"));
                continue;
            }
        };
        let lang = path.split('/').next().unwrap_or_default();
        if feed.lang.as_deref() != Some(lang) {
            found.push(format!("{path}: xml:lang {:?}", feed.lang));
        }
        let own = feed.links.iter().find(|link| link.rel == "self").map(|link| link.href.clone());
        if own != Some(format!("{BASE}{path}")) {
            found.push(format!("{path}: self is {own:?}"));
        }
        let mut ids = HashSet::new();
        for entry in &feed.entries {
            entries += 1;
            if !ids.insert(entry.id.clone()) {
                found.push(format!("{path}: {} is there twice", entry.id));
            }
            if entry.title.value.trim().is_empty() {
                found.push(format!("{path}: {} has no title", entry.id));
            }
            let href = entry.links.first().map(|link| link.href.as_str()).unwrap_or_default();
            match PORTAL.resolve(path, href).and_then(|(file, _)| PORTAL.pages.get_key_value(&file)) {
                Some((file, page)) if page.lang == lang && PORTAL.source_of(file).is_none() => {}
                Some(_) => found.push(format!("{path}: {href} has no text in {lang}")),
                None => found.push(format!("{path}: {href} is no page")),
            }
        }
        // What an editor mends stays where it is.
        let is_later =
            |entry: &atom_syndication::Entry| entry.updated > feed.updated || entry.published > Some(feed.updated);
        if !feed.entries.is_sorted_by(|a, b| a.published >= b.published) || feed.entries.iter().any(is_later) {
            found.push(format!("{path}: entries are not in order, or later than the feed"));
        }
    }
    none("faults of feeds", found);
    assert!(entries > 500, "only {entries} entries in all feeds");
}

/// Pages without a text in their language: their path, and the page whose text they show. That is a version in a
/// language along the fallback chain; the canonical is the source's, which may be in a third language.
fn facts_pages() -> Vec<(&'static str, &'static str)> {
    let mut pages = Vec::new();
    for path in UNTRANSLATED.pages.keys().filter(|path| !path.ends_with("404.html")) {
        let Some(source) = UNTRANSLATED.source_of(path) else { continue };
        let shown = UNTRANSLATED.page(path).attribute("main h1", "lang").concat();
        let versions = &UNTRANSLATED.page(source).alternates;
        let version =
            versions.iter().find(|(tag, _)| *tag == shown).and_then(|(_, href)| UNTRANSLATED.resolve(path, href));
        let file = version.map_or_else(|| source.to_owned(), |(file, _)| file);
        let (version, _) = UNTRANSLATED.pages.get_key_value(&file).expect("a version is a page");
        pages.push((path.as_str(), version.as_str()));
    }
    pages
}

#[test]
fn facts_pages_mark_the_text_of_another_language() {
    let facts = facts_pages();
    assert!(facts.len() >= 200, "the portal has {} facts pages", facts.len());
    let headings = |lang: &str| -> HashSet<String> {
        let pages = UNTRANSLATED.pages.values().filter(|page| page.lang == lang);
        pages.flat_map(|page| page.select("h1")).collect()
    };
    let titles: BTreeMap<&str, HashSet<String>> = LANGUAGES.iter().map(|lang| (*lang, headings(lang))).collect();
    let mut found = Vec::new();
    for (path, version) in facts {
        let (page, original) = (UNTRANSLATED.page(path), UNTRANSLATED.page(version));
        assert_ne!(page.lang, original.lang, "{path}");
        assert!(page.alternates.is_empty(), "{path} names versions");
        // Long enough to be a phrase of that language, and not a number or a name in both.
        let phrase = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() > 12 && text.contains(' ');
        let bodies = original.part("main .body");
        let own = bodies.iter().flat_map(|body| &body.texts).filter(|t| t.lang == original.lang && phrase(&t.text));
        // A link without a text takes its target's title in the reader's language.
        let title = |text: &str| [page, original].iter().any(|page| titles[page.lang.as_str()].contains(text));
        let foreign: HashSet<&str> = own.map(|t| t.text.as_str()).filter(|text| !title(text)).collect();
        let shown: Vec<_> = page.texts.iter().filter(|t| foreign.contains(t.text.as_str())).collect();
        for text in shown.iter().filter(|text| text.lang != original.lang) {
            found.push(format!("{path}: lang=\"{}\" on “{}”", text.lang, text.text));
        }
        let missing = foreign.iter().filter(|text| !shown.iter().any(|t| t.text == **text));
        found.extend(missing.map(|text| format!("{path}: does not show “{text}” of {version}")));
    }
    none("texts in the wrong language", found);
}

#[test]
fn links_to_facts_pages_mark_a_foreign_title() {
    let titles: BTreeMap<&str, (String, &str)> = facts_pages()
        .into_iter()
        .filter_map(|(path, version)| {
            Some((path, (UNTRANSLATED.page(path).select("h1").pop()?, UNTRANSLATED.page(version).lang.as_str())))
        })
        .collect();
    let links = UNTRANSLATED.pages.values().flat_map(|page| &page.links);
    let checked = links.filter(|link| titles.values().any(|(title, _)| *title == link.text)).count();
    assert!(checked > 10, "only {checked} links to facts pages");
    every_page_of(&UNTRANSLATED, "foreign titles in the page's language", |path, page| {
        let mut found = Vec::new();
        for link in &page.links {
            let Some((file, _)) = UNTRANSLATED.resolve(path, &link.href) else { continue };
            if let Some((title, lang)) = titles.get(file.as_str())
                && *title == link.text
                && link.lang != *lang
            {
                found.push(format!("“{title}” in lang=\"{}\"", link.lang));
            }
        }
        found
    });
}

#[test]
fn a_swedish_reader_reads_the_facts_of_a_call_that_exists_in_french() {
    let page = UNTRANSLATED.page("sv/finansiering/esf-si-2023-ncc-01/index.html");
    assert_eq!(page.lang, "sv");
    assert_eq!(page.canonical, [format!("{BASE}fr/financements/esf-si-2023-ncc-01/")]);
    let swedish: Vec<&str> = page.texts.iter().filter(|t| t.lang == "sv").map(|t| t.text.as_str()).collect();
    let reads = |text: &str| assert!(swedish.iter().any(|s| s.contains(text)), "no “{text}” in Swedish:\n{swedish:#?}");
    for text in [
        "Stängd",
        "Sista ansökningsdag",
        "30 november 2023 kl. 17:00",
        "(Brysseltid)",
        "8\u{A0}000\u{A0}000\u{A0}€",
        "500\u{A0}000–1\u{A0}500\u{A0}000\u{A0}€ per projekt",
        "Europeiska unionen",
        "Texten finns ännu inte på svenska",
    ] {
        reads(text);
    }
    assert_eq!(page.attribute("main h1", "lang"), ["fr"]);
    let bodies = page.part("main .body");
    assert_eq!(bodies.len(), 1, "one body");
    assert_eq!(bodies[0].lang, "fr");
    let french: String = bodies[0].texts.iter().filter(|t| t.lang == "fr").map(|t| t.text.as_str()).collect();
    assert!(french.contains("un consortium d’au moins trois États membres"), "{french}");
    let links = page.attribute(".notice-facts a", "href");
    assert_eq!(links, ["/fr/financements/esf-si-2023-ncc-01/"], "the notice leads to the text");
}

/// The status of the two calls and the earlier deadlines that the page strikes.
fn call(site: &Site, id: &str) -> (String, Vec<String>) {
    let page = site.page(&format!("en/funding/{id}/index.html"));
    let status = page.attribute("main .page-header .status", "class").concat();
    (status.replace("status", "").trim().to_owned(), page.select("main dl del"))
}

#[test]
fn the_clock_opens_and_closes_calls() {
    let (first, second) = ("vp-2020-010", "esf-si-2023-ncc-01");
    let extended = vec!["15 October 2020".to_owned(), "16 November 2020".to_owned()];

    let site = Site::build("2020", BASE, &["--at", "2020-11-01T00:00Z"]);
    assert_eq!(call(&site, first), ("open".to_owned(), extended.clone()));
    assert_eq!(call(&site, second).0, "forthcoming");

    let site = Site::build("2023", BASE, &["--at", "2023-10-01T00:00Z"]);
    assert_eq!(call(&site, first), ("closed".to_owned(), extended.clone()));
    assert_eq!(call(&site, second), ("open".to_owned(), Vec::new()));

    assert_eq!(call(&PORTAL, first), ("closed".to_owned(), extended));
    assert_eq!(call(&PORTAL, second), ("closed".to_owned(), Vec::new()));
}
