//! Calendars as files (iCalendar): which dates each of them tells and which page it goes with; not how they are written.

use super::Occasion;
use super::lists::Lists;
use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::date::PartialDate;
use crate::field::Value;
use crate::url::Address;

/// A calendar in a file.
#[derive(Debug)]
pub struct Agenda {
    /// Its language.
    pub lang: Lang,
    /// What is in it.
    pub title: String,
    /// Where it is.
    pub address: Address,
    /// The page that it goes with.
    pub page: Address,
    /// Its dates, in order, by index into [`super::Plan::dates`].
    pub dates: Vec<u32>,
    /// How many older ones the budget left out.
    pub left_out: usize,
}

/// The dates of all entries, in order, and which of them a file can tell.
pub(super) struct Dates<'c> {
    catalog: &'c Catalog,
    pub(super) all: Vec<Occasion>,
    /// Those that files tell, by entry.
    told: Lists,
}

impl<'c> Dates<'c> {
    /// Of these, which are in order.
    pub(super) fn of(catalog: &'c Catalog, all: Vec<Occasion>) -> Self {
        let mut by_entry: Vec<(EntryId, u32)> = Vec::new();
        if catalog.config.calendars {
            let told = all.iter().enumerate().filter(|(_, occasion)| is_told(catalog, occasion));
            by_entry.extend(told.map(|(at, occasion)| (occasion.entry, at as u32)));
        }
        by_entry.sort_unstable();
        let mut told = Lists::with_capacity(catalog.entries.len());
        let mut rest = by_entry.as_slice();
        for id in catalog.ids() {
            let (own, after) = rest.split_at(rest.partition_point(|(entry, _)| *entry <= id));
            told.push(own.iter().map(|(_, at)| *at));
            rest = after;
        }
        Dates { catalog, all, told }
    }

    /// The file of a language, if there is anything to tell.
    pub(super) fn of_lang(&self, lang: Lang, listed: &[bool]) -> Option<Agenda> {
        let page = Address::home(self.catalog.config.tag(lang));
        let entries = self.catalog.ids().filter(|id| listed[id.index()]);
        self.agenda(lang, self.catalog.config.title[lang.index()].to_string(), page, entries)
    }

    /// The file beside a page that lists these entries, if there is anything to tell.
    pub(super) fn beside(&self, lang: Lang, title: &str, page: &Address, entries: &[EntryId]) -> Option<Agenda> {
        // Whose calendar this is, its readers see in a list of many.
        let title = format!("{title} – {}", self.catalog.config.title[lang.index()]);
        self.agenda(lang, title, page.clone(), entries.iter().copied())
    }

    fn agenda(
        &self,
        lang: Lang,
        title: String,
        page: Address,
        entries: impl Iterator<Item = EntryId>,
    ) -> Option<Agenda> {
        let mut dates: Vec<u32> = entries.flat_map(|id| self.told.of(id.0)).copied().collect();
        dates.sort_unstable();
        let left_out = dates.len().saturating_sub(self.catalog.config.limits.calendar_dates);
        dates.drain(..left_out);
        let address = page.with_file("calendar.ics");
        (!dates.is_empty()).then_some(Agenda { lang, title, address, page, dates, left_out })
    }
}

/// Whether a file tells of a date: whether it is known to the day, is not an example's, and is not the end of something
/// that is told as a whole.
fn is_told(catalog: &Catalog, occasion: &Occasion) -> bool {
    let entry = &catalog.entries[occasion.entry.index()];
    let definition = &catalog.types[entry.type_index];
    let is_exact = |date: PartialDate| matches!(date, PartialDate::Day(_));
    let is_end = definition.status.ends == Some(occasion.field)
        && definition.status.starts.is_some_and(|starts| definition.calendar.contains(&starts))
        && span(catalog, occasion.entry).is_some();
    !entry.demo && !is_end && is_exact(occasion.from) && is_exact(occasion.to)
}

/// The end that goes with a beginning, where the entry's type says which fields are its beginning and its end.
pub(crate) fn end_of<'c>(catalog: &'c Catalog, occasion: &Occasion) -> Option<&'c Value> {
    let starts = catalog.type_of(occasion.entry).status.starts;
    span(catalog, occasion.entry).filter(|_| starts == Some(occasion.field))
}

/// The end of an entry that begins and ends once, both as days or both at some hour.
fn span(catalog: &Catalog, id: EntryId) -> Option<&Value> {
    let entry = catalog.entry(id);
    let rule = catalog.type_of(id).status;
    let ([begins], [ends]) = (entry.shared(rule.starts?), entry.shared(rule.ends?)) else { return None };
    let fits = match (begins, ends) {
        (Value::Date(PartialDate::Day(from)), Value::Date(PartialDate::Day(to))) => from <= to,
        (Value::Instant(from), Value::Instant(to)) => {
            from.time.is_some() == to.time.is_some() && from.begins <= to.begins
        }
        _ => false,
    };
    fits.then_some(ends)
}
