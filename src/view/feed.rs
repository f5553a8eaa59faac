//! Atom feeds (RFC 4287): one a language, for everything, a type, or a facet value; only what exists in that language.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use crate::catalog::Catalog;
use crate::html::escape;
use crate::plan::Feed;

/// A feed as it is written.
#[derive(Debug, Serialize)]
pub struct FeedView {
    lang: String,
    title: String,
    href: String,
    page: String,
    id: String,
    publisher: String,
    updated: Timestamp,
    entries: Vec<FeedEntry>,
}

#[derive(Debug, Serialize)]
struct FeedEntry {
    id: String,
    title: String,
    href: String,
    summary: String,
    updated: Timestamp,
    category: String,
}

/// What a feed holds.
pub fn feed(catalog: &Catalog, feed: &Feed) -> FeedView {
    let lang = feed.lang;
    let config = &catalog.config;
    let tag = config.tag(lang);
    let host = config.base.origin.split("://").nth(1).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let entries: Vec<FeedEntry> = feed
        .entries
        .iter()
        .filter_map(|&(id, updated)| {
            let entry = catalog.entry(id);
            let text = entry.texts[lang.index()].as_ref()?;
            Some(FeedEntry {
                // An entry keeps its id when its address changes (RFC 4151); the year is that of the scheme's birth.
                id: format!("tag:{host},2026:{}/{tag}", catalog.key(id)),
                title: text.title.to_string(),
                href: config.base.absolute(entry.addresses[lang.index()].as_ref()?),
                summary: text.summary.to_string(),
                updated,
                category: catalog.type_of(id).singular[lang.index()].to_string(),
            })
        })
        .collect();
    let publisher = config.publisher.as_ref().map_or(&config.title, |p| &p.name);
    FeedView {
        lang: tag.to_owned(),
        title: feed.title.clone(),
        href: config.base.absolute(&feed.address),
        page: config.base.absolute(&feed.page),
        id: format!("tag:{host},2026:{}", feed.address.0),
        publisher: publisher[lang.index()].to_string(),
        updated: entries.iter().map(|e| e.updated).max().unwrap_or(Timestamp::UNIX_EPOCH),
        entries,
    }
}

impl FeedView {
    /// Adds the document to what a file is to hold.
    pub fn write(&self, out: &mut Vec<u8>) {
        let e = escape;
        let _ = write!(
            out,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
             <id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
             <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n\
             <link rel=\"alternate\" type=\"text/html\" hreflang=\"{}\" href=\"{}\"/>\n",
            e(&self.lang),
            e(&self.id),
            e(&self.title),
            self.updated,
            e(&self.publisher),
            e(&self.href),
            e(&self.lang),
            e(&self.page),
        );
        for entry in &self.entries {
            let _ = write!(
                out,
                "<entry>\n<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
                 <link rel=\"alternate\" type=\"text/html\" hreflang=\"{}\" href=\"{}\"/>\n\
                 <category term=\"{}\"/>\n<summary>{}</summary>\n</entry>\n",
                e(&entry.id),
                e(&entry.title),
                entry.updated,
                e(&self.lang),
                e(&entry.href),
                e(&entry.category),
                e(&entry.summary),
            );
        }
        out.extend_from_slice(b"</feed>\n");
    }
}
