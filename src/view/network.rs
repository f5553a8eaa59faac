//! News from the network: what partners publish elsewhere, in their words and language, and marked as theirs.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::Serialize;

use super::Text;
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::document::network::{Feed, Item, Pulled};
use crate::html;

/// A piece of news that is a partner's.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct News {
    /// Its title.
    title: Text,
    /// Where it can be read, elsewhere.
    href: String,
    /// The language of what is there, where that is not the page's.
    hreflang: Option<String>,
    /// The name of that language.
    language: Option<String>,
    /// What it is about; empty if nobody says so.
    summary: Text,
    /// Whose it is: a link to the entry, or to their site, as HTML.
    source: String,
    /// The day of publication, as HTML.
    date: Option<String>,
}

/// What a page shows of the network, latest first: what has no date comes last.
pub(super) fn news(catalog: &Catalog, lang: Lang, place: &str) -> Vec<News> {
    let network = &catalog.config.network;
    if !network.on.iter().any(|(on, _)| on == place) {
        return Vec::new();
    }
    let pulled = network.feeds.iter().zip(&catalog.network);
    let pulled = pulled.filter_map(|(feed, pulled)| Some((feed, pulled.as_ref()?)));
    let items = pulled.flat_map(|(feed, pulled)| pulled.items.iter().map(move |item| (feed, pulled, item)));
    let mut items: Vec<(&Feed, &Pulled, &Item)> = items.filter(|(.., item)| !item.hide).collect();
    items.sort_by_key(|(.., item)| Reverse(item.date.map(|date| date.first())));
    let mut links = FxHashSet::default();
    // What two partners pass on is shown once.
    let once = items.into_iter().filter(|(.., item)| links.insert(&item.link));
    once.take(catalog.config.limits.network_items)
        .map(|(feed, pulled, item)| one(catalog, lang, feed, pulled, item))
        .collect()
}

fn one(catalog: &Catalog, lang: Lang, feed: &Feed, pulled: &Pulled, item: &Item) -> News {
    let locale = catalog.locale(lang);
    let page = catalog.config.tag(lang);
    let written = item.lang.as_ref().unwrap_or(&feed.lang);
    let foreign = (written != page).then(|| written.to_string());
    let text = |text: &str| Text { text: text.to_owned(), lang: foreign.clone() };
    News {
        title: text(&item.title),
        href: item.link.to_string(),
        language: foreign.as_deref().and_then(|tag| locale.language_name(tag)),
        summary: text(&item.summary),
        source: source(catalog, lang, feed, pulled),
        date: item.date.map(|date| html::time(&date.to_string(), &locale.date(date))),
        hreflang: foreign,
    }
}

/// Whose a feed is: the entry that says so, or what it is called, with a link to the page that it goes with.
fn source(catalog: &Catalog, lang: Lang, feed: &Feed, pulled: &Pulled) -> String {
    if let Some(id) = feed.organisation.as_ref().and_then(|(key, _)| catalog.find_key(key.trim_matches('/'))) {
        return catalog.entry_link(id, lang).html;
    }
    let foreign = Some(feed.lang.as_str()).filter(|tag| *tag != catalog.config.tag(lang));
    let name = feed.name.as_ref().unwrap_or(if pulled.title.is_empty() { &feed.id } else { &pulled.title });
    let name = html::in_language(html::escape(name).into_owned(), foreign);
    match &pulled.link {
        Some(link) => html::link(link, &name, foreign),
        None => name,
    }
}
