//! When entries are from, and when they were last seen to change: by their own dates, by the ledger, by the clock.

use ecow::{EcoString, eco_format};
use jiff::Timestamp;
use rayon::prelude::*;

use super::{Catalog, Entry, EntryId, Now, status};
use crate::config::Lang;
use crate::document::TextDoc;
use crate::document::read::PerLang;
use crate::field::{Deadline, Value, Values};
use crate::ledger::Record;
use crate::ledger::content::Print;

/// What time has to say of an entry.
#[derive(Debug, Default)]
pub struct Dated {
    /// The day that its facts place it on, or on which it was published.
    pub from: Option<Timestamp>,
    /// When it was published: as it says, or when it was first seen; `None` where it was there before the ledger.
    pub published: Option<Timestamp>,
    /// When it was last seen to change, in each language; `None` where it has not since the ledger began.
    pub updated: PerLang<Option<Timestamp>>,
    /// The same, where that is not in the future.
    pub seen: PerLang<Option<Timestamp>>,
    /// What has happened to it, each with the instant at which it was first seen.
    pub events: Vec<(EcoString, Option<Timestamp>)>,
}

impl Catalog {
    /// When an entry as a reader of this language sees it was last seen to change: recorded in the ledger; the clock where
    /// it has changed since; the day that it says it was published on. `None` where nobody knows. To the second.
    pub fn updated(&self, id: EntryId, lang: Lang) -> Option<Timestamp> {
        self.entry(id).dated.updated[lang.index()]
    }

    /// When the n-th extension of a deadline, from 0, was first seen; `None` where it was there when the ledger began.
    pub fn extended(&self, id: EntryId, field: usize, deadline: &Deadline, nth: usize) -> Option<Timestamp> {
        let key = extension(self, id, field, deadline, nth)?;
        self.seen(id, &key)
    }

    /// When the results of a call were first seen; `None` for one without, and where they were there before the ledger.
    pub fn results(&self, id: EntryId) -> Option<Timestamp> {
        self.seen(id, &results(self, id)?)
    }

    /// When something that happened to an entry was first seen.
    pub fn seen(&self, id: EntryId, event: &str) -> Option<Timestamp> {
        self.entry(id).dated.events.iter().find(|(key, _)| key == event).and_then(|(_, at)| *at)
    }

    /// What the ledger knows of an entry in a language, under its name or a former one.
    fn known(&self, id: EntryId, lang: Lang) -> Option<Record> {
        let tag = self.config.tag(lang);
        self.by_any_name(id, |name| self.ledger.record(name, tag))
    }

    /// What there is under an entry's name, or under a former one.
    fn by_any_name<T>(&self, id: EntryId, of: impl Fn(&str) -> Option<T>) -> Option<T> {
        of(&self.key(id)).or_else(|| self.entries[id.index()].was.iter().find_map(|(name, _)| of(name)))
    }

    /// Whether an entry with this text would be dated as it is.
    pub(super) fn stays_dated(&self, id: EntryId, now: &TextDoc) -> bool {
        let Some(record) = self.known(id, now.lang) else { return true };
        let own = self.entry(id).own[now.lang.index()];
        let new = Print { body: Print::of_body(now.body_fingerprint), ..own };
        (own.whole() == record.print) == (new.whole() == record.print)
    }

    /// What the ledger is to say of an entry in a language.
    pub(crate) fn record(&self, id: EntryId, lang: Lang) -> Record {
        let entry = &self.entries[id.index()];
        let print = entry.own[lang.index()].whole();
        match self.known(id, lang) {
            Some(record) if record.print == print => record,
            // What lies ahead is no instant at which anything was seen.
            _ => Record { print, at: entry.dated.seen[lang.index()] },
        }
    }
}

/// What an extension is called: by the deadline as it was first announced, and how often it had been moved then.
fn extension(catalog: &Catalog, id: EntryId, field: usize, deadline: &Deadline, nth: usize) -> Option<EcoString> {
    let first = deadline.was.first()?;
    let field = &catalog.type_of(id).fields[field].name;
    Some(eco_format!("{}#{field}@{}+{}", catalog.key(id), first.date, nth + 1))
}

/// What the publication of its results is called.
fn results(catalog: &Catalog, id: EntryId) -> Option<EcoString> {
    let field = catalog.type_of(id).status.results?;
    let is_given = catalog.entry(id).values[field].is_some();
    is_given.then(|| eco_format!("{}#{}", catalog.key(id), catalog.type_of(id).fields[field].name))
}

/// Dates every entry.
pub(super) fn all(catalog: &Catalog, now: &Now) -> Vec<Dated> {
    (0..catalog.entries.len() as u32).into_par_iter().map(|at| of(catalog, EntryId(at), now)).collect()
}

fn of(catalog: &Catalog, id: EntryId, now: &Now) -> Dated {
    let entry = &catalog.entries[id.index()];
    let from = date(catalog, id, now);
    let records = catalog.config.langs().map(|lang| catalog.known(id, lang));
    let records: PerLang<Option<Record>> = records.collect();
    let is_known = records.iter().any(Option::is_some);
    let first = catalog.by_any_name(id, |name| catalog.ledger.event(name));
    let first = first.or((!is_known && catalog.ledger.knows_texts()).then(|| Some(now.stamp())));
    let says = entry.publish_on.and_then(|day| status::begins(day, &catalog.config.time_zone));
    let updated = records.iter().zip(&entry.own).map(|(record, own)| match record {
        Some(record) if record.print == own.whole() => record.at.or(says),
        None if !is_known && first.is_none() => says,
        // Changed, or new in this language.
        _ => Some(now.stamp()),
    });
    let updated: PerLang<Option<Timestamp>> = updated.collect();
    let seen = updated.iter().map(|at| at.filter(|at| now.has_reached(*at))).collect();
    // What the ledger does not tell of an entry that is still as it was has not happened since.
    let has_changed =
        records.iter().zip(&entry.own).any(|(record, own)| record.is_some_and(|r| r.print != own.whole()));
    let events = events(catalog, entry, id);
    let events = events.map(|key| {
        let at = catalog.ledger.event(&key).unwrap_or(has_changed.then(|| now.stamp()));
        (key, at)
    });
    let first_seen = first.map(|at| (catalog.key(id), at));
    Dated {
        from,
        published: says.or(first.flatten()),
        updated,
        seen,
        events: first_seen.into_iter().chain(events).collect(),
    }
}

/// What has happened to an entry, as its facts tell.
fn events<'c>(catalog: &'c Catalog, entry: &'c Entry, id: EntryId) -> impl Iterator<Item = EcoString> + 'c {
    let extensions = entry.values.iter().enumerate().flat_map(move |(field, values)| {
        let deadlines = values.iter().flat_map(Values::shared).filter_map(|value| match value {
            Value::Deadline(deadline) => Some(deadline),
            _ => None,
        });
        deadlines.flat_map(move |of| (0..of.was.len()).filter_map(move |nth| extension(catalog, id, field, of, nth)))
    });
    extensions.chain(results(catalog, id))
}

/// When an entry was published; else the day that its facts place it on, or, where that lies ahead, the day on which the
/// facts were last looked at, if that is known. It never depends on the minute of the build.
fn date(catalog: &Catalog, id: EntryId, now: &Now) -> Option<Timestamp> {
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
        Some(at) if now.has_reached(at) => Some(at),
        ahead => seen().or(ahead),
    }
}
