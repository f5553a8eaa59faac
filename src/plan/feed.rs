//! Feeds: the latest entries of a language, of a type, and of each facet value.

use std::cmp::Reverse;

use jiff::Timestamp;
use rayon::prelude::*;

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
        let dates: Vec<Option<Timestamp>> =
            (0..catalog.entries.len() as u32).into_par_iter().map(|id| date(catalog, EntryId(id))).collect();
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
    /// The feed of a language.
    pub(super) fn of_lang(catalog: &Catalog, recency: &Recency, lang: Lang) -> Self {
        let page = Address::home(catalog.config.tag(lang));
        let title = catalog.config.title[lang.index()].to_string();
        let told = recency.told(lang).take(catalog.config.limits.feed_entries);
        let entries = told.filter_map(|id| recency.dated(id)).collect();
        Feed { lang, title, address: page.with_file("feed.xml"), page, entries }
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
        Feed { lang, title, address: page.with_file("feed.xml"), page, entries }
    }
}

/// When an entry was published; else the day that its facts place it on, or, where that lies ahead, the day on which the
/// facts were last looked at, if that is known. It never depends on the minute of the build.
fn date(catalog: &Catalog, id: EntryId) -> Option<Timestamp> {
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
