//! Panels beside listings, reckoned again from the facts: a facet with more values than a panel shows, alone and with
//! another, and the feeds beside them.

mod support;

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::path::Path;

use scraper::{Html, Selector};
use support::{build_well, scratch, tree, write};

const ENTRIES: usize = 150;
const TERMS: usize = 50;
const COUNTRIES: [&str; 3] = ["ES", "FR", "LV"];
/// What a panel shows at most.
const PANEL: usize = 40;

fn has_term(entry: usize, term: usize) -> bool {
    entry.is_multiple_of(term + 2)
}

fn has_country(entry: usize, country: usize) -> bool {
    entry % (country + 2) == 1
}

fn write_site(site: &Path) {
    write(
        site,
        "relais.yaml",
        "title: Portal\nbase_url: https://portal.example/\nlanguages: [en]\ntime_zone: Europe/Brussels\n\
         limits: { facet_pairs: 1000 }\n",
    );
    let mut terms = String::new();
    for term in 0..TERMS {
        let _ = writeln!(terms, "  t{term:02}: {{ label: Term {term:02}, slug: t{term:02} }}");
    }
    write(site, "content/_vocabularies/terms.yaml", format!("label: Term\nterms:\n{terms}"));
    write(
        site,
        "content/calls/_type.yaml",
        "label: Calls\nfields:\n  \
         term: { kind: term, vocabulary: terms, many: true, facet: true, label: Term }\n  \
         country: { kind: country, many: true, facet: true, label: Country }\n",
    );
    for entry in 0..ENTRIES {
        let terms: Vec<String> = (0..TERMS).filter(|t| has_term(entry, *t)).map(|t| format!("t{t:02}")).collect();
        let countries: Vec<&str> = (0..3).filter(|c| has_country(entry, *c)).map(|c| COUNTRIES[c]).collect();
        let mut facts = format!("title: Call {entry:03}\npublish_on: 2020-01-{:02}\n", 1 + entry % 28);
        if !terms.is_empty() {
            let _ = writeln!(facts, "term: [{}]", terms.join(", "));
        }
        if !countries.is_empty() {
            let _ = writeln!(facts, "country: [{}]", countries.join(", "));
        }
        write(site, &format!("content/calls/call-{entry:03}.en.md"), format!("---\n{facts}---\nText.\n"));
    }
}

/// The labels of a panel's values with their counts, and the label of the one that is chosen.
fn panel(page: &str, title: &str) -> (Vec<(String, usize)>, Option<String>) {
    let page = Html::parse_document(page);
    let part = |selector: &str| Selector::parse(selector).expect("a selector");
    let text = |node: scraper::ElementRef<'_>| {
        let whole = node.text().collect::<String>();
        whole.trim().trim_start_matches("Remove the filter: ").to_owned()
    };
    let is_it = |node: &scraper::ElementRef<'_>| node.select(&part("summary")).any(|found| text(found) == title);
    let panel = page.select(&part(".facets .narrow details")).find(is_it).expect("the panel");
    let item = |node: scraper::ElementRef<'_>| {
        let label = node.select(&part("a, span")).next().map(text).expect("a label");
        let count = node.select(&part(".count")).next().map(text).expect("a count");
        (label, count.parse().expect("a number"))
    };
    let chosen = panel.select(&part(".on")).next().map(text);
    (panel.select(&part("li")).map(item).collect(), chosen)
}

/// The most frequent terms among some entries, the chosen one in any case, in order.
fn expected(among: impl Fn(usize) -> bool, chosen: Option<usize>) -> Vec<(String, usize)> {
    let count = |term: usize| (0..ENTRIES).filter(|entry| among(*entry) && has_term(*entry, term)).count();
    let mut terms: Vec<usize> = (0..TERMS).filter(|term| count(*term) > 0).collect();
    terms.sort_by_key(|term| (Some(*term) != chosen, Reverse(count(*term)), *term));
    terms.truncate(PANEL);
    terms.sort_unstable();
    terms.into_iter().map(|term| (format!("Term {term:02}"), count(term))).collect()
}

#[test]
fn a_panel_shows_the_most_frequent_values_and_the_chosen_one() {
    let site = scratch("plan-panels");
    write_site(&site);
    build_well(&site, &["--at", "2024-01-01"]);
    let files = tree(&site.join("public"));
    let page = |path: &str| files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let (found, chosen) = panel(&page("en/calls/index.html").expect("the listing"), "Term");
    assert_eq!((found, chosen), (expected(|_| true, None), None));
    let mut pairs = 0;
    for term in 0..TERMS {
        let label = Some(format!("Term {term:02}"));
        let path = format!("en/calls/term/t{term:02}/");
        let of_term = page(&format!("{path}index.html")).expect("the listing of a term");
        assert_eq!(panel(&of_term, "Term"), (expected(|_| true, Some(term)), label.clone()), "{path}");
        for (country, name) in ["spain", "france", "latvia"].iter().enumerate() {
            let path = format!("{path}country/{name}/");
            let Some(of_both) = page(&format!("{path}index.html")) else { continue };
            pairs += 1;
            let among = |entry| has_country(entry, country);
            assert_eq!(panel(&of_both, "Term"), (expected(among, Some(term)), label.clone()), "{path}");
        }
    }
    assert!(pairs > 60, "only {pairs} pairs have a listing");
}

#[test]
fn a_feed_holds_the_latest_of_its_listing() {
    let site = scratch("plan-feeds");
    write_site(&site);
    build_well(&site, &["--at", "2024-01-01"]);
    let files = tree(&site.join("public"));
    let titles = |path: &str| -> Vec<String> {
        let feed = String::from_utf8_lossy(files.get(path).expect("a feed")).into_owned();
        let entries = feed.split("<entry>").skip(1).filter_map(|entry| entry.split("<title>").nth(1));
        entries.filter_map(|rest| Some(rest.split_once("</title>")?.0.to_owned())).collect()
    };
    let latest = |among: &dyn Fn(usize) -> bool| -> Vec<String> {
        let mut entries: Vec<usize> = (0..ENTRIES).filter(|entry| among(*entry)).collect();
        entries.sort_by_key(|entry| (Reverse(entry % 28), *entry));
        entries.into_iter().take(20).map(|entry| format!("Call {entry:03}")).collect()
    };
    assert_eq!(titles("en/feed.xml"), latest(&|_| true));
    assert_eq!(titles("en/calls/feed.xml"), latest(&|_| true));
    for term in [0, 1, 20, 49] {
        let path = format!("en/calls/term/t{term:02}/feed.xml");
        assert_eq!(titles(&path), latest(&|entry| has_term(entry, term)), "{path}");
    }
}
