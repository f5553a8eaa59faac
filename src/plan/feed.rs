//! Feeds: the latest entries of a language, of a type, and of each facet value; archives of the first two (RFC 5005); and
//! what has happened to entries lately.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;

use crate::catalog::{Catalog, EntryId, Now};
use crate::config::{FeedFormat, Lang};
use crate::field::Value;
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
    /// Whether it tells of changes, not of entries.
    pub of_changes: bool,
    /// The number of this archive, the oldest one being 1; `None` for the feed that readers subscribe to.
    pub archive: Option<usize>,
    /// The number of the latest archive; 0 where there is none.
    pub archives: usize,
    /// What it tells of, latest first.
    pub items: Vec<Told>,
}

/// What an item of a feed tells of.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// The entry.
    pub entry: EntryId,
    /// When it was published, or when the change can be told since.
    pub at: Timestamp,
    /// What has changed; nothing in feeds of entries.
    pub change: Option<Change>,
}

/// A change of an entry that follows from its facts and the clock. Field and value are indices.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Change {
    /// A deadline has been extended for the n-th time, from 0.
    Extended(usize, usize, usize),
    /// A deadline is so near that the type calls it closing soon.
    Closing(usize, usize),
    /// Results are published; the field that holds them.
    Results(usize),
}

impl Told {
    /// As numbers, but for the entry.
    pub fn numbers(&self) -> [u128; 5] {
        let change = match self.change {
            None => [0; 4],
            Some(Change::Extended(field, value, nth)) => [1, field, value, nth],
            Some(Change::Closing(field, value)) => [2, field, value, 0],
            Some(Change::Results(field)) => [3, field, 0, 0],
        };
        let [kind, field, value, nth] = change.map(|n| n as u128);
        [self.at.as_nanosecond() as u128, kind, field, value, nth]
    }
}

/// All changes that can be told at the clock, latest first.
pub(super) fn changes(catalog: &Catalog, now: &Now) -> Vec<Told> {
    let mut changes: Vec<Told> = catalog.ids().flat_map(|id| changes_of(catalog, id, now)).collect();
    changes.sort_unstable_by_key(|told| (Reverse(told.at), told.entry, Reverse(told.change)));
    changes
}

fn changes_of(catalog: &Catalog, id: EntryId, now: &Now) -> Vec<Told> {
    let entry = &catalog.entries[id.index()];
    if !entry.is_listed() || entry.demo {
        return Vec::new();
    }
    let mut told = Vec::new();
    let rule = catalog.type_of(id).status;
    let soon = SignedDuration::from_hours(24 * rule.closing_soon);
    for field in 0..entry.values.len() {
        for (value, deadline) in entry.shared(field).iter().enumerate() {
            let Value::Deadline(deadline) = deadline else { continue };
            let mut next = Timestamp::MAX;
            for (nth, was) in deadline.was.iter().enumerate().rev() {
                // Nobody extends a deadline that has passed, or that has been extended: it was told by then at the latest.
                next = catalog.extended(id, field, deadline, nth).unwrap_or(was.ends).min(next);
                told.push((next, Change::Extended(field, value, nth)));
            }
            if rule.closes == Some(field)
                && rule.closing_soon > 0
                && let Ok(at) = deadline.at.ends.checked_sub(soon)
            {
                told.push((at, Change::Closing(field, value)));
            }
        }
    }
    if let Some(field) = rule.results
        && let Some(at) = catalog.results(id)
    {
        told.push((at, Change::Results(field)));
    }
    let told = told.into_iter().filter(|(at, _)| now.has_reached(*at));
    told.map(|(at, change)| Told { entry: id, at, change: Some(change) }).collect()
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
        let dated = |id: EntryId| &catalog.entries[id.index()].dated;
        let dates: Vec<Option<Timestamp>> =
            catalog.ids().map(dated).map(|dated| dated.published.or(dated.from)).collect();
        let mut latest: Vec<EntryId> = catalog.ids().filter(|id| dates[id.index()].is_some()).collect();
        // Of those that came together, the one that its facts place later.
        latest.par_sort_unstable_by_key(|id| (Reverse(dates[id.index()]), Reverse(dated(*id).from), *id));
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

    /// Which of these entries a language tells of, latest first.
    pub(super) fn told_of(&self, lang: Lang, entries: &[EntryId]) -> Vec<EntryId> {
        let mut places: Vec<u32> = self.places_of(lang, entries).collect();
        places.sort_unstable();
        places.into_iter().map(|place| self.latest[place as usize]).collect()
    }

    fn places_of(&self, lang: Lang, entries: &[EntryId]) -> impl Iterator<Item = u32> {
        entries.iter().filter_map(move |id| self.places[lang.index()][id.index()])
    }

    fn dated(&self, entry: EntryId) -> Option<Told> {
        self.dates[entry.index()].map(|at| Told { entry, at, change: None })
    }
}

impl Feed {
    /// Whether there is a feed of changes: whether a type has deadlines.
    pub fn has_changes(catalog: &Catalog) -> bool {
        catalog.types.iter().flat_map(|definition| &definition.fields).any(|field| field.kind.name() == "deadline")
    }

    /// What a language's feed of changes is called.
    pub fn title_of_changes(catalog: &Catalog, lang: Lang) -> String {
        catalog.format(lang, "feed-changes", &[("title", &catalog.config.title[lang.index()])])
    }

    /// Where it is in a format.
    pub fn address(&self, format: FeedFormat) -> Address {
        match self.archive {
            Some(number) => self.archive_address(number),
            None if self.of_changes => self.page.with_file(format.file_of_changes()),
            None => self.page.with_file(format.file()),
        }
    }

    /// The formats that it is in.
    pub fn formats<'c>(&self, catalog: &'c Catalog) -> &'c [FeedFormat] {
        match self.archive {
            Some(_) => &[FeedFormat::Atom],
            None => &catalog.config.feeds.formats,
        }
    }

    /// Where an archive is. There is none but in Atom.
    pub fn archive_address(&self, number: usize) -> Address {
        self.page.with_file(&format!("feed-{number}.xml"))
    }

    /// The archives of a feed that has room for some of what it is to tell, which is given latest first. They are filled
    /// from the oldest on, so that one that is full keeps what it holds.
    pub(super) fn archived(&mut self, catalog: &Catalog, recency: &Recency, told: &[EntryId]) -> Vec<Feed> {
        let config = &catalog.config;
        if told.len() <= config.limits.feed_entries || !config.feeds.formats.contains(&FeedFormat::Atom) {
            return Vec::new();
        }
        let parts = told.rchunks(config.limits.feed_archive).enumerate();
        let archives: Vec<Feed> = parts
            .map(|(at, part)| Feed {
                lang: self.lang,
                title: self.title.clone(),
                page: self.page.clone(),
                of_changes: false,
                archive: Some(at + 1),
                archives: at + 1,
                items: part.iter().filter_map(|id| recency.dated(*id)).collect(),
            })
            .collect();
        self.archives = archives.len();
        archives
    }

    /// The feed of a language.
    pub(super) fn of_lang(catalog: &Catalog, recency: &Recency, lang: Lang) -> Self {
        let page = Address::home(catalog.config.tag(lang));
        let title = catalog.config.title[lang.index()].to_string();
        let told = recency.told(lang).take(catalog.config.limits.feed_entries);
        let items = told.filter_map(|id| recency.dated(id)).collect();
        Feed { lang, title, page, of_changes: false, archive: None, archives: 0, items }
    }

    /// The feed of what has happened to entries, in the languages that list them.
    pub(super) fn of_changes(catalog: &Catalog, changes: &[Told], listed: &[bool], lang: Lang) -> Self {
        let page = Address::home(catalog.config.tag(lang));
        let title = Feed::title_of_changes(catalog, lang);
        let shown = changes.iter().filter(|told| listed[told.entry.index()]);
        let items = shown.take(catalog.config.limits.feed_entries).copied().collect();
        Feed { lang, title, page, of_changes: true, archive: None, archives: 0, items }
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
        let mut places: Vec<u32> = recency.places_of(lang, entries).collect();
        if places.len() > most {
            places.select_nth_unstable(most);
            places.truncate(most);
        }
        places.sort_unstable();
        let items = places.into_iter().filter_map(|place| recency.dated(recency.latest[place as usize])).collect();
        Feed { lang, title, page, of_changes: false, archive: None, archives: 0, items }
    }
}
