//! Feeds as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1: what is in an item, and how each format writes it; which entries a
//! feed tells of is the plan's to say. Only what exists in the feed's language is in it.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::Serialize;

use super::FeedLink;
use super::body::{self, Reader};
use crate::catalog::{Catalog, EntryId, watch};
use crate::config::{FeedFormat, Lang};
use crate::field::{Deadline, Value};
use crate::html::escape;
use crate::plan::{Change, Feed, Told};
use crate::url::Address;

/// An item as formats write it, for all feeds of its language that have it.
#[derive(Debug)]
pub struct FeedItem {
    /// Format after format; nothing where the language has no text of it.
    text: Box<[u8]>,
    /// Where that of each format ends.
    ends: [usize; FeedFormat::ALL.len()],
    updated: Timestamp,
    seen: Vec<EntryId>,
}

impl FeedItem {
    fn text(&self, format: FeedFormat) -> &[u8] {
        let at = format as usize;
        &self.text[at.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[at]]
    }
}

/// An item of one feed alone, or one that others have, too.
enum Known<'k> {
    Own(Box<FeedItem>),
    Kept(&'k FeedItem),
}

impl std::ops::Deref for Known<'_> {
    type Target = FeedItem;

    fn deref(&self) -> &FeedItem {
        match self {
            Known::Own(item) => item,
            Known::Kept(item) => item,
        }
    }
}

/// A feed as it is written.
struct FeedView<'f> {
    lang: &'f str,
    title: &'f str,
    href: String,
    page: String,
    id: String,
    /// Where the archive before this one is, if there is one.
    previous: Option<String>,
    /// Where the feed is that this is an archive of.
    current: Option<String>,
    publisher: &'f str,
    hub: Option<&'f str>,
    updated: Timestamp,
    items: Vec<Known<'f>>,
}

#[derive(Debug)]
struct Item {
    id: String,
    title: String,
    href: String,
    summary: String,
    /// The whole text as HTML with full addresses, where the site wants it.
    content: Option<String>,
    /// The language of the summary, and of the page, where it is not the feed's.
    foreign: Option<String>,
    published: Timestamp,
    updated: Timestamp,
    category: String,
}

/// Links to the feed beside a page, in each format that the site has.
pub(super) fn links(catalog: &Catalog, page: &Address, title: &str) -> impl Iterator<Item = FeedLink> {
    in_each_format(catalog, page, title, FeedFormat::file)
}

/// Links to a language's feed of changes; none where no type has deadlines.
pub(super) fn links_to_changes(catalog: &Catalog, lang: Lang) -> Vec<FeedLink> {
    if !Feed::has_changes(catalog) {
        return Vec::new();
    }
    let title = Feed::title_of_changes(catalog, lang);
    in_each_format(catalog, &Address::home(catalog.config.tag(lang)), &title, FeedFormat::file_of_changes).collect()
}

fn in_each_format(
    catalog: &Catalog,
    page: &Address,
    title: &str,
    file: impl Fn(FeedFormat) -> &'static str,
) -> impl Iterator<Item = FeedLink> {
    let config = &catalog.config;
    let link = move |format: &FeedFormat| FeedLink {
        title: title.to_owned(),
        format: format.name(),
        mime: format.mime(),
        href: config.base.href(&page.with_file(file(*format))),
    };
    config.feeds.formats.iter().map(link)
}

/// A feed as a file. `items` are those of its language, by entry, each written by whoever comes first.
pub fn feed(catalog: &Catalog, feed: &Feed, format: FeedFormat, items: &[OnceLock<Box<FeedItem>>], out: &mut Vec<u8>) {
    let lang = feed.lang;
    let config = &catalog.config;
    let host = config.base.host();
    let written = |told: &Told, formats: &[FeedFormat]| {
        let item = || match told.change {
            None => item(catalog, told.entry, lang, told.at, host),
            Some(change) => changed(catalog, told, change, lang, host),
        };
        let (item, seen) = watch(item);
        let updated = item.as_ref().map_or(Timestamp::UNIX_EPOCH, |item| item.updated);
        let (mut text, mut ends) = (Vec::with_capacity(4096), [0; FeedFormat::ALL.len()]);
        for (format, end) in FeedFormat::ALL.iter().zip(&mut ends) {
            if let Some(item) = item.as_ref().filter(|_| formats.contains(format)) {
                item.write(*format, config.tag(lang), &mut text);
            }
            *end = text.len();
        }
        Box::new(FeedItem { text: text.as_slice().into(), ends, updated, seen })
    };
    // Whole texts are too large to be kept; changes are in one feed alone, and what archives hold is in few.
    let is_kept = |told: &Told| told.change.is_none() && feed.archive.is_none() && !config.feeds.full;
    let items = feed.items.iter().map(|told| match is_kept(told) {
        true => Known::Kept(items[told.entry.index()].get_or_init(|| written(told, &config.feeds.formats))),
        false => Known::Own(written(told, &[format])),
    });
    let items: Vec<Known<'_>> = items.collect();
    // What whoever wrote the item looked at, this file does, too.
    for id in items.iter().flat_map(|item| &item.seen) {
        catalog.entry(*id);
    }
    let previous = feed.archive.map_or(feed.archives, |number| number - 1);
    let main =
        feed.page.with_file(if feed.of_changes { FeedFormat::Atom.file_of_changes() } else { FeedFormat::Atom.file() });
    let publisher = config.publisher.as_ref().map_or(&config.title, |p| &p.name);
    let view = FeedView {
        lang: config.tag(lang),
        title: &feed.title,
        href: config.base.absolute(&feed.address(format)),
        page: config.base.absolute(&feed.page),
        // The same in every format, and of every archive.
        id: ["tag:", host, ",2026:", &main.0].concat(),
        previous: (previous > 0).then(|| config.base.absolute(&feed.archive_address(previous))),
        current: feed.archive.map(|_| config.base.absolute(&main)),
        publisher: &publisher[lang.index()],
        hub: config.feeds.hub.as_deref(),
        updated: items.iter().map(|item| item.updated).max().unwrap_or(Timestamp::UNIX_EPOCH),
        items,
    };
    match format {
        FeedFormat::Atom => view.atom(out),
        FeedFormat::Rss => view.rss(out),
        FeedFormat::Json => view.json(out),
    }
}

fn item(catalog: &Catalog, id: EntryId, lang: Lang, at: Timestamp, host: &str) -> Option<Item> {
    let config = &catalog.config;
    let entry = catalog.entry(id);
    let text = entry.texts[lang.index()].as_ref()?;
    let href = config.base.absolute(entry.addresses[lang.index()].as_ref()?);
    let content = config.feeds.full.then(|| content(catalog, id, lang, &href)).flatten();
    Some(Item {
        // An entry keeps its id when its address changes (RFC 4151); the year is that of the scheme's birth.
        id: format!("tag:{host},2026:{}/{}", catalog.key(id), config.tag(lang)),
        title: text.title.to_string(),
        summary: text.summary.to_string(),
        content,
        foreign: None,
        published: at,
        // What was seen before the day that it is dated to is not older than itself.
        updated: catalog.updated(id, lang).unwrap_or(at).max(at),
        category: catalog.type_of(id).singular[lang.index()].to_string(),
        href,
    })
}

/// What tells a deadline from those of the same day before it.
fn twin(before: usize) -> String {
    if before > 0 { format!(".{}", before + 1) } else { String::new() }
}

/// What has happened to an entry, told in the feed's language; the entry's own title and summary may be in another one.
fn changed(catalog: &Catalog, told: &Told, change: Change, lang: Lang, host: &str) -> Option<Item> {
    let id = told.entry;
    let config = &catalog.config;
    let to = catalog.destination(id, lang)?;
    let definition = catalog.type_of(id);
    let (Change::Extended(field, ..) | Change::Closing(field, _) | Change::Results(field)) = change;
    let name = &definition.fields[field].name;
    let deadline = |value: usize| match catalog.entry(id).shared(field).get(value) {
        Some(Value::Deadline(deadline)) => Some(deadline),
        _ => None,
    };
    let (message, event, date) = match change {
        // By the date that it had first, since all later ones may be replaced.
        Change::Extended(_, value, nth) => {
            let own = deadline(value)?;
            let first = |of: &Deadline| of.was.first().map(|was| was.date);
            let twin = twin((0..value).filter(|of| deadline(*of).and_then(|of| first(of)) == first(own)).count());
            let date = own.was.get(nth + 1).unwrap_or(&own.at).date;
            ("change-extended", format!("{name}@{}{twin}+{}", first(own)?, nth + 1), Some(date))
        }
        Change::Closing(_, value) => {
            let date = deadline(value)?.at.date;
            let twin = twin((0..value).filter(|of| deadline(*of).is_some_and(|of| of.at.date == date)).count());
            ("change-closing", format!("{name}@{date}{twin}-soon"), Some(date))
        }
        Change::Results(_) => {
            let event = format!("{name}-results");
            ("change-results", event, None)
        }
    };
    let date = date.map(|date| catalog.locale(lang).date(date.into())).unwrap_or_default();
    let (title, _) = catalog.title(id, lang);
    let text = catalog.text(id, lang);
    let foreign = text.map_or(to.foreign, |(_, of)| Some(of)).filter(|of| *of != lang);
    Some(Item {
        id: format!("tag:{host},2026:{}/{}#{event}", catalog.key(id), config.tag(lang)),
        title: catalog.format(lang, message, &[("date", &date), ("title", title)]),
        href: config.base.absolute(to.address),
        summary: text.map(|(text, _)| text.summary.to_string()).unwrap_or_default(),
        content: None,
        foreign: foreign.map(|of| config.tag(of).to_owned()),
        published: told.at,
        updated: told.at,
        category: definition.singular[lang.index()].to_string(),
    })
}

/// The whole text of an entry; nothing where it is empty.
fn content(catalog: &Catalog, id: EntryId, lang: Lang, page: &str) -> Option<String> {
    let (body, html) = catalog.body(id, lang)?;
    let reader = Reader { catalog, owner: Some(id), text: lang, page: lang, ids: &[] };
    let html = body::fill(body, &html, &reader);
    (!html.is_empty()).then(|| absolute(&html, &catalog.config.base.origin, page))
}

/// HTML of ours with full addresses: `href` and `src` from the host's root or of an anchor, and the candidates of `srcset`.
/// In it, `<` begins tags alone.
fn absolute(html: &str, origin: &str, page: &str) -> String {
    let mut out = String::with_capacity(html.len() + 256);
    let mut rest = html;
    while let Some(begin) = rest.find('<') {
        let (text, tag) = rest.split_at(begin);
        out.push_str(text);
        let (mut tag, after) = tag.split_at(tag.find('>').unwrap_or(tag.len()));
        while let Some(open) = tag.find("=\"") {
            let (name, value) = tag.split_at(open + 2);
            let (value, behind) = value.split_at(value.find('"').unwrap_or(value.len()));
            out.push_str(name);
            match name.rsplit(' ').next().unwrap_or_default() {
                "srcset=\"" => {
                    for (at, candidate) in value.split(", ").enumerate() {
                        out.push_str(if at > 0 { ", " } else { "" });
                        out.push_str(if candidate.starts_with('/') { origin } else { "" });
                        out.push_str(candidate);
                    }
                }
                "href=\"" | "src=\"" => {
                    match value.as_bytes() {
                        [b'/', b'/', ..] => {}
                        [b'/', ..] => out.push_str(origin),
                        [b'#', ..] => out.push_str(&escape(page)),
                        _ => {}
                    }
                    out.push_str(value);
                }
                _ => out.push_str(value),
            }
            tag = behind;
            if let Some(closed) = tag.strip_prefix('"') {
                out.push('"');
                tag = closed;
            }
        }
        out.push_str(tag);
        rest = after;
    }
    out.push_str(rest);
    out
}

impl Item {
    /// Adds it as a format writes it in a feed of a language.
    fn write(&self, format: FeedFormat, lang: &str, out: &mut Vec<u8>) {
        match format {
            FeedFormat::Atom => self.atom(lang, out),
            FeedFormat::Rss => self.rss(out),
            FeedFormat::Json => self.json(out),
        }
    }

    fn atom(&self, lang: &str, out: &mut Vec<u8>) {
        let e = escape;
        let language = self.foreign.as_deref().unwrap_or(lang);
        put(out, &["<entry>\n<id>", &e(&self.id), "</id>\n<title>", &e(&self.title), "</title>\n"]);
        put(out, &["<published>", &self.published.to_string(), "</published>\n"]);
        put(out, &["<updated>", &self.updated.to_string(), "</updated>\n"]);
        put(out, &["<link rel=\"alternate\" type=\"text/html\" hreflang=\"", &e(language)]);
        put(out, &["\" href=\"", &e(&self.href), "\"/>\n<category term=\"", &e(&self.category)]);
        put(out, &["\"/>\n<summary", &self.marked(), ">", &e(&self.summary), "</summary>\n"]);
        if let Some(content) = &self.content {
            put(out, &["<content type=\"html\">", &e(content), "</content>\n"]);
        }
        put(out, &["</entry>\n"]);
    }

    fn rss(&self, out: &mut Vec<u8>) {
        let e = escape;
        put(out, &["<item>\n<guid isPermaLink=\"false\">", &e(&self.id), "</guid>\n"]);
        put(out, &["<title>", &e(&self.title), "</title>\n<link>", &e(&self.href), "</link>\n"]);
        put(out, &["<category>", &e(&self.category), "</category>\n"]);
        put(out, &["<description", &self.marked(), ">", &e(&self.summary), "</description>\n"]);
        date(out, "pubDate", self.published);
        put(out, &["<atom:updated>", &self.updated.to_string(), "</atom:updated>\n"]);
        if let Some(content) = &self.content {
            put(out, &["<content:encoded>", &e(content), "</content:encoded>\n"]);
        }
        put(out, &["</item>\n"]);
    }

    fn json(&self, out: &mut Vec<u8>) {
        let item = JsonItem {
            id: &self.id,
            url: &self.href,
            title: &self.title,
            summary: self.content.is_some().then_some(&*self.summary),
            content_html: self.content.as_deref(),
            // An item has one of the two.
            content_text: self.content.is_none().then_some(&*self.summary),
            date_published: self.published,
            date_modified: self.updated,
            tags: [&self.category],
            language: self.foreign.as_deref(),
        };
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(out, &item);
    }

    /// The attribute of a summary in another language than the feed.
    fn marked(&self) -> String {
        self.foreign.as_ref().map(|lang| format!(" xml:lang=\"{}\"", escape(lang))).unwrap_or_default()
    }
}

impl FeedView<'_> {
    fn texts(&self, format: FeedFormat) -> impl Iterator<Item = &[u8]> {
        self.items.iter().map(move |item| item.text(format))
    }

    fn atom(&self, out: &mut Vec<u8>) {
        let e = escape;
        let history = match self.current {
            Some(_) => " xmlns:fh=\"http://purl.org/syndication/history/1.0\"",
            None => "",
        };
        put(out, &["<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"", history]);
        put(out, &[" xml:lang=\"", &e(self.lang), "\">\n<id>", &e(&self.id), "</id>\n"]);
        put(out, &["<title>", &e(self.title), "</title>\n"]);
        put(out, &["<updated>", &self.updated.to_string(), "</updated>\n"]);
        put(out, &["<author><name>", &e(self.publisher), "</name></author>\n"]);
        put(out, &["<link rel=\"self\" type=\"application/atom+xml\" href=\"", &e(&self.href), "\"/>\n"]);
        put(out, &["<link rel=\"alternate\" type=\"text/html\" hreflang=\"", &e(self.lang)]);
        put(out, &["\" href=\"", &e(&self.page), "\"/>\n"]);
        let (current, previous) = (self.current.as_deref(), self.previous.as_deref());
        for (relation, href) in [("hub", self.hub), ("current", current), ("prev-archive", previous)] {
            if let Some(href) = href {
                put(out, &["<link rel=\"", relation, "\" href=\"", &e(href), "\"/>\n"]);
            }
        }
        if self.current.is_some() {
            put(out, &["<fh:archive/>\n"]);
        }
        self.texts(FeedFormat::Atom).for_each(|text| out.extend_from_slice(text));
        put(out, &["</feed>\n"]);
    }

    fn rss(&self, out: &mut Vec<u8>) {
        let e = escape;
        put(out, &["<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\""]);
        put(out, &[" xmlns:atom=\"http://www.w3.org/2005/Atom\""]);
        put(out, &[" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xml:lang=\"", &e(self.lang)]);
        put(out, &["\">\n<channel>\n<title>", &e(self.title), "</title>\n<link>", &e(&self.page), "</link>\n"]);
        put(out, &["<description>", &e(self.publisher), "</description>\n"]);
        put(out, &["<language>", &e(self.lang), "</language>\n"]);
        put(out, &["<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"", &e(&self.href), "\"/>\n"]);
        if let Some(hub) = self.hub {
            put(out, &["<atom:link rel=\"hub\" href=\"", &e(hub), "\"/>\n"]);
        }
        date(out, "lastBuildDate", self.updated);
        self.texts(FeedFormat::Rss).for_each(|text| out.extend_from_slice(text));
        put(out, &["</channel>\n</rss>\n"]);
    }

    fn json(&self, out: &mut Vec<u8>) {
        let document = JsonDocument {
            version: "https://jsonfeed.org/version/1.1",
            title: self.title,
            home_page_url: &self.page,
            feed_url: &self.href,
            language: self.lang,
            authors: [JsonAuthor { name: self.publisher }],
            hubs: self.hub.map(|url| [JsonHub { kind: "WebSub", url }]),
            items: [],
        };
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(&mut *out, &document);
        // They come last.
        out.truncate(out.len() - b"]}".len());
        for (at, text) in self.texts(FeedFormat::Json).filter(|text| !text.is_empty()).enumerate() {
            put(out, &[if at > 0 { "," } else { "" }]);
            out.extend_from_slice(text);
        }
        put(out, &["]}\n"]);
    }
}

fn put(out: &mut Vec<u8>, parts: &[&str]) {
    parts.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
}

/// An element with a date of RFC 822; none for years that it cannot write.
fn date(out: &mut Vec<u8>, name: &str, at: Timestamp) {
    if let Ok(at) = DateTimePrinter::new().timestamp_to_rfc9110_string(&at) {
        put(out, &["<", name, ">", &at, "</", name, ">\n"]);
    }
}

/// [JSON Feed 1.1](https://www.jsonfeed.org/version/1.1/).
#[derive(Serialize)]
struct JsonDocument<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    language: &'a str,
    authors: [JsonAuthor<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    hubs: Option<[JsonHub<'a>; 1]>,
    items: [JsonItem<'a>; 0],
}

#[derive(Serialize)]
struct JsonAuthor<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct JsonHub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    date_published: Timestamp,
    date_modified: Timestamp,
    tags: [&'a str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}
