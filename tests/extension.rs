//! One deadline of the repository's portal is extended, in one file: what becomes of it in five languages, and that nothing
//! else does.

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::{Tree, changes, edit, publish, scratch, tree};

/// Two instants on 10 November 2023, an hour apart; the call closes on the 30th.
const BEFORE: &str = "1699617600";
const AFTER: &str = "1699621200";

const CALL: &str = "esf-si-2023-ncc-01";

/// By language: where calls are, the new date, and the old one.
const LANGUAGES: [(&str, &str, &str, &str); 5] = [
    ("fr", "financements", "15 décembre 2023", "30 novembre 2023"),
    ("sv", "finansiering", "15 december 2023", "30 november 2023"),
    ("es", "financiacion", "15 de diciembre de 2023", "30 de noviembre de 2023"),
    ("lv", "finansejums", "2023. gada 15. decembri", "2023. gada 30. novembri"),
    ("en", "funding", "15 December 2023", "30 November 2023"),
];

fn text(tree: &Tree, path: &str) -> String {
    // A space that does not break is a space.
    String::from_utf8(tree[path].clone()).unwrap().replace(['\u{a0}', '\u{202f}'], " ")
}

/// The lines of a file that are not in the other.
fn new_lines(before: &str, after: &str) -> Vec<String> {
    let known: BTreeSet<&str> = before.lines().collect();
    after.lines().filter(|line| !known.contains(line)).map(str::to_owned).collect()
}

/// What a calendar file says of a deadline.
fn event<'t>(calendar: &'t str, uid: &str) -> &'t str {
    calendar.split("BEGIN:VEVENT").find(|event| event.contains(uid)).unwrap_or_else(|| panic!("no {uid} in {calendar}"))
}

#[test]
fn an_extended_deadline_is_new_everywhere_in_every_language_and_nothing_else_is() {
    let site = scratch("extension");
    support::copy_portal(&site);
    let run = publish(&site, BEFORE, &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let (before, ledger) = (tree(&site.join("public")), fs::read_to_string(site.join("urls.lock")).unwrap());
    edit(
        &site,
        &format!("content/funding/{CALL}/index.yaml"),
        "at: 2023-11-30T17:00, zone: Europe/Brussels",
        "at: 2023-12-15T17:00, zone: Europe/Brussels, was: [2023-11-30T17:00]",
    );
    let run = publish(&site, AFTER, &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let after = tree(&site.join("public"));
    for (lang, calls, new, old) in LANGUAGES {
        let page = text(&after, &format!("{lang}/{calls}/{CALL}/index.html"));
        assert!(page.contains(new), "{lang}: the new date");
        let struck = page.split("<del>").nth(1).and_then(|rest| rest.split("</del>").next()).unwrap_or_default();
        assert!(struck.contains(old), "{lang}: the old date is struck, not {struck:?}");
        let picture = format!("{lang}/{calls}/{CALL}/card.png");
        assert_ne!(before[&picture], after[&picture], "{lang}: the new date is on the picture");
        let card = text(&after, &format!("{lang}/{calls}/index.html"));
        assert!(card.contains(new) && card.contains("<del>"), "{lang}: both on the card of the listing");

        let path = format!("{lang}/changes.xml");
        let told = new_lines(&text(&before, &path), &text(&after, &path)).join("\n");
        assert!(told.contains(&format!("funding/{CALL}/{lang}#deadlines@2023-11-30+1</id>")), "{lang}: {told}");
        assert!(told.contains(new) && told.contains("<published>2023-11-10T13:00:00Z"), "{lang}: {told}");

        let path = format!("{lang}/{calls}/calendar.ics");
        let uid = format!("UID:funding/{CALL}/deadlines/1@");
        let [was, is] = [&before, &after].map(|tree| text(tree, &path));
        let [was, is] = [&was, &is].map(|calendar| event(calendar, &uid));
        assert!(was.contains("\r\nSEQUENCE:0\r\n") && is.contains("\r\nSEQUENCE:1\r\n"), "{lang}: {was}{is}");
        assert!(is.contains("DTSTART;TZID=Europe/Brussels:20231215T170000\r\n"), "{lang}: {is}");
        assert!(is.contains("LAST-MODIFIED:20231110T130000Z\r\n"), "{lang}: {is}");

        let path = format!("{lang}/{calls}/feed.xml");
        let moved = new_lines(&text(&before, &path), &text(&after, &path));
        assert_eq!(moved, ["<updated>2023-11-10T13:00:00Z</updated>"], "{path}");

        let path = format!("{lang}/sitemap.xml");
        let moved = new_lines(&text(&before, &path), &text(&after, &path));
        let own = format!("/{lang}/{calls}/{CALL}/</loc><lastmod>2023-11-10T13:00:00Z</lastmod>");
        assert!(moved.iter().any(|line| line.contains(&own)), "{moved:#?}");
        assert!(moved.iter().all(|line| line.contains("2023-11-10T13:00:00Z</lastmod>")), "{moved:#?}");
    }
    // What shows the call says something new of it; what does not, not a byte.
    let everywhere = ["sitemap.xml", "data/catalog.ttl", "data/catalog.jsonld"];
    for change in changes(&before, &after) {
        let path = change.strip_prefix("~ ").unwrap_or_else(|| panic!("{change}"));
        let shows = path.ends_with(&format!("{CALL}/card.png")) || String::from_utf8_lossy(&after[path]).contains(CALL);
        assert!(shows || everywhere.contains(&path) || path.starts_with('.'), "{path} changed");
    }
    let written = new_lines(&ledger, &fs::read_to_string(site.join("urls.lock")).unwrap());
    assert_eq!(written.len(), LANGUAGES.len() + 1, "{written:#?}");
    assert!(written.iter().all(|line| line.contains(CALL) && line.ends_with("2023-11-10T13:00:00Z")), "{written:#?}");
}
