//! Feeds: the latest entries of a language, of a type, and of each facet value.

use std::sync::Arc;

use jiff::Timestamp;

use super::Listing;
use crate::catalog::{Catalog, EntryId, status};
use crate::config::Lang;
use crate::date::PartialDate;
use crate::field::{Value, Values};
use crate::url::Address;

/// An Atom feed.
#[derive(Debug)]
pub struct Feed {
    /// Its language.
    pub lang: Lang,
    /// What is in it.
    pub title: String,
    /// Where it is.
    pub address: Address,
    /// The page that it goes with.
    pub page: Address,
    /// The entries, latest first, with their dates.
    pub entries: Vec<(EntryId, Timestamp)>,
}

/// Every feed of the site: one a language, and beside each listing that has something to tell.
pub(super) fn all(catalog: &Catalog, listings: &[Arc<Listing>]) -> Vec<Arc<Feed>> {
    let dates: Vec<Option<Timestamp>> = catalog.ids().map(|id| date(catalog, id)).collect();
    let mut feeds = Vec::new();
    for lang in catalog.config.langs() {
        let home = Address::home(catalog.config.tag(lang));
        let title = catalog.config.title[lang.index()].to_string();
        feeds.push(feed(catalog, lang, title, home, catalog.ids().collect(), &dates));
    }
    for listing in listings.iter().filter(|l| l.selection.len() < 2) {
        let title = listing.title(catalog);
        let feed = feed(catalog, listing.lang, title, listing.address.clone(), listing.entries.clone(), &dates);
        if !feed.entries.is_empty() {
            feeds.push(feed);
        }
    }
    feeds
}

fn feed(
    catalog: &Catalog,
    lang: Lang,
    title: String,
    page: Address,
    entries: Vec<EntryId>,
    dates: &[Option<Timestamp>],
) -> Arc<Feed> {
    let shown = |id: &EntryId| {
        let entry = catalog.entry(*id);
        entry.is_listed() && entry.has_text(lang) && !entry.demo
    };
    // What lies ahead is news today, not on the day on which it happens; its own `publish_on` says it better.
    let zone = &catalog.config.time_zone;
    let today = PartialDate::Day(zone.to_datetime(catalog.at).date());
    let today = status::begins(today, zone).unwrap_or(catalog.at);
    let dated = |id: EntryId| dates[id.index()].map(|at| (id, at.min(today)));
    let mut dated: Vec<(EntryId, Timestamp)> = entries.into_iter().filter(shown).filter_map(dated).collect();
    dated.sort_by_key(|(id, at)| (std::cmp::Reverse(*at), *id));
    dated.truncate(catalog.config.limits.feed_entries);
    Arc::new(Feed { lang, title, address: page.with_file("feed.xml"), page, entries: dated })
}

/// When an entry was published or last checked; else the day that its facts place it on.
pub(super) fn date(catalog: &Catalog, id: EntryId) -> Option<Timestamp> {
    let entry = catalog.entry(id);
    let zone = &catalog.config.time_zone;
    if let Some(day) = entry.publish_on {
        return status::begins(day, zone);
    }
    let values = |kind: &'static str| {
        let fields = catalog.type_of(id).fields.iter().zip(&entry.values);
        fields.filter(move |(f, _)| f.kind.name() == kind).flat_map(|(_, v)| v.iter().flat_map(Values::shared))
    };
    let first = |kind: &'static str| {
        values(kind).find_map(|value| match value {
            Value::Date(day) => status::begins(*day, zone),
            Value::Instant(moment) => Some(moment.begins),
            Value::Period(period) => status::begins(period.from, zone),
            Value::Deadline(deadline) => Some(deadline.at.begins),
            _ => None,
        })
    };
    let checked = || entry.provenance.iter().filter_map(|(_, p)| p.checked).max();
    first("date")
        .or_else(|| first("period"))
        .or_else(|| first("instant"))
        .or_else(|| first("deadline"))
        .or_else(|| checked().and_then(|day| status::begins(day, zone)))
}
