//! Feeds: the latest entries of a language, of a type, and of each facet value.

use std::sync::Arc;

use jiff::Timestamp;

use super::Listing;
use crate::catalog::{Catalog, EntryId, status};
use crate::config::Lang;
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
    let dated = |id: EntryId| dates[id.index()].map(|at| (id, at));
    let mut dated: Vec<(EntryId, Timestamp)> = entries.into_iter().filter(shown).filter_map(dated).collect();
    dated.sort_by_key(|(id, at)| (std::cmp::Reverse(*at), *id));
    dated.truncate(catalog.config.limits.feed_entries);
    Arc::new(Feed { lang, title, address: page.with_file("feed.xml"), page, entries: dated })
}

/// When an entry was published; else the day that its facts place it on, or, where that lies ahead, the day on which the
/// facts were last looked at, if that is known. It never depends on the minute of the build.
pub(super) fn date(catalog: &Catalog, id: EntryId) -> Option<Timestamp> {
    let entry = catalog.entry(id);
    let zone = &catalog.config.time_zone;
    if let Some(day) = entry.publish_on {
        return status::begins(day, zone);
    }
    let of_kind = |kind: &'static str| {
        let fields = catalog.type_of(id).fields.iter().zip(&entry.values);
        let values =
            fields.filter(move |(f, _)| f.kind.name() == kind).flat_map(|(_, v)| v.iter().flat_map(Values::shared));
        values.filter_map(|value| match value {
            Value::Date(day) => status::begins(*day, zone),
            Value::Instant(moment) => Some(moment.begins),
            Value::Period(period) => status::begins(period.from, zone),
            Value::Deadline(deadline) => Some(deadline.at.begins),
            _ => None,
        })
    };
    let of_facts = ["date", "period", "instant", "deadline"].into_iter().find_map(|kind| of_kind(kind).next());
    let provenance = || entry.provenance.iter().map(|(_, p)| p);
    let read = || entry.sources.iter().chain(provenance().flat_map(|p| &p.sources)).filter_map(|s| s.accessed);
    let seen = || provenance().filter_map(|p| p.checked).chain(read()).max().and_then(|day| status::begins(day, zone));
    match of_facts {
        Some(at) if at <= catalog.at => Some(at),
        ahead => seen().or(ahead),
    }
}
