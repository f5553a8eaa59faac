//! Feeds: the latest entries of a language, of a type, and of each facet value.

use std::cmp::Reverse;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::catalog::{Catalog, EntryId};
use crate::config::{FeedFormat, Lang};
use crate::url::Address;

/// A feed, in whatever formats.
#[derive(Debug)]
pub struct Feed {
    /// Its language.
    pub lang: Lang,
    /// What is in it.
    pub title: String,
    /// The page that it goes with.
    pub page: Address,
    /// The entries, latest first, with their dates.
    pub entries: Vec<(EntryId, Timestamp)>,
}

/// When entries were published, and which of them each language tells of, latest first.
pub(super) struct Recency {
    /// By entry.
    dates: Vec<Option<Timestamp>>,
    /// Entries with a date, latest first.
    latest: Vec<EntryId>,
    /// By language, by entry: its place in `latest` where the language has a text of it that feeds show.
    places: Vec<Vec<Option<u32>>>,
}

impl Recency {
    /// Of all entries.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let dates: Vec<Option<Timestamp>> = catalog.entries.iter().map(|entry| entry.dated.from).collect();
        let mut latest: Vec<(Reverse<Timestamp>, EntryId)> =
            catalog.ids().filter_map(|id| dates[id.index()].map(|at| (Reverse(at), id))).collect();
        latest.par_sort_unstable();
        let latest: Vec<EntryId> = latest.into_iter().map(|(_, id)| id).collect();
        let mut places = vec![vec![None; dates.len()]; catalog.config.languages.len()];
        for (place, id) in latest.iter().enumerate() {
            let entry = &catalog.entries[id.index()];
            for (text, places) in entry.texts.iter().zip(&mut places) {
                if text.is_some() && entry.is_listed() && !entry.demo {
                    places[id.index()] = Some(place as u32);
                }
            }
        }
        Recency { dates, latest, places }
    }

    /// What a language tells of, latest first.
    pub(super) fn told(&self, lang: Lang) -> impl Iterator<Item = EntryId> {
        self.latest.iter().copied().filter(move |id| self.places[lang.index()][id.index()].is_some())
    }

    fn dated(&self, id: EntryId) -> Option<(EntryId, Timestamp)> {
        self.dates[id.index()].map(|at| (id, at))
    }
}

impl Feed {
    /// Where it is in a format.
    pub fn address(&self, format: FeedFormat) -> Address {
        self.page.with_file(format.file())
    }

    /// The feed of a language.
    pub(super) fn of_lang(catalog: &Catalog, recency: &Recency, lang: Lang) -> Self {
        let page = Address::home(catalog.config.tag(lang));
        let title = catalog.config.title[lang.index()].to_string();
        let told = recency.told(lang).take(catalog.config.limits.feed_entries);
        let entries = told.filter_map(|id| recency.dated(id)).collect();
        Feed { lang, title, page, entries }
    }

    /// The feed beside a page that lists these entries.
    pub(super) fn of(
        catalog: &Catalog,
        recency: &Recency,
        lang: Lang,
        title: String,
        page: Address,
        entries: &[EntryId],
    ) -> Self {
        let most = catalog.config.limits.feed_entries;
        let mut places: Vec<u32> = entries.iter().filter_map(|id| recency.places[lang.index()][id.index()]).collect();
        if places.len() > most {
            places.select_nth_unstable(most);
            places.truncate(most);
        }
        places.sort_unstable();
        let entries = places.into_iter().filter_map(|place| recency.dated(recency.latest[place as usize])).collect();
        Feed { lang, title, page, entries }
    }
}
