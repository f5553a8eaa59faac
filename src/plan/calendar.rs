//! The calendar: which dates of which entries there are, year by year and month by month; not how they are told.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::paginate;
use crate::catalog::{Catalog, EntryId, Now, status};
use crate::config::Lang;
use crate::date::PartialDate;
use crate::field::Value;
use crate::url::Address;

/// How many dates the calendar's first page shows.
const COMING: usize = 50;

/// The calendar of a language.
#[derive(Debug)]
pub struct Calendar {
    /// The language.
    pub lang: Lang,
    /// What is on its first page: the dates from the month of the build on, or, where there are none, the last ones.
    pub front: Vec<Month>,
    /// Whether those are still to come.
    pub coming: bool,
    /// Every year that has dates, from the first.
    pub years: Vec<Year>,
}

/// The dates of a year, page by page.
#[derive(Debug)]
pub struct Year {
    /// The year, of the Gregorian calendar.
    pub year: i16,
    /// How many dates there are.
    pub count: usize,
    /// Months; one is not divided unless it is larger than a page.
    pub pages: Vec<Vec<Month>>,
}

/// Dates of the same month, or of which no more than the year is known.
#[derive(Clone, Debug)]
pub struct Month {
    /// The month, or the year.
    pub date: PartialDate,
    /// Which page of a large month this is, from 1.
    pub part: usize,
    /// In order.
    pub dates: Vec<Occasion>,
}

/// A date of an entry.
#[derive(Clone, Copy, Debug)]
pub struct Occasion {
    /// When it begins.
    pub from: PartialDate,
    /// When it is over.
    pub to: PartialDate,
    /// Whose it is.
    pub entry: EntryId,
    /// Index of the field that has it.
    pub field: usize,
    /// Which of the field's values it is.
    pub value: usize,
}

impl Calendar {
    /// Whether there is one: whether any type has dates for it.
    pub fn is_kept(catalog: &Catalog) -> bool {
        catalog.types.iter().any(|t| !t.calendar.is_empty())
    }

    /// Where the calendar of a language is.
    pub fn address(catalog: &Catalog, lang: Lang) -> Address {
        Address::home(catalog.config.tag(lang)).below(catalog.message(lang, "calendar-slug"))
    }

    /// Where a page of a year is.
    pub fn year_address(catalog: &Catalog, lang: Lang, year: i16, number: usize) -> Address {
        let year = Self::address(catalog, lang).below(&year.to_string());
        year.page(catalog.message(lang, "page-slug"), number)
    }

    /// A year of it.
    pub fn year(&self, year: i16) -> Option<&Year> {
        self.years.iter().find(|known| known.year == year)
    }

    /// The months on a page: of a year and its page, or on the first one.
    pub fn months(&self, page: Option<(i16, usize)>) -> &[Month] {
        match page {
            None => &self.front,
            Some((year, number)) => {
                self.year(year).and_then(|year| year.pages.get(number - 1)).map_or(&[], Vec::as_slice)
            }
        }
    }
}

/// All dates that belong into calendars, in order.
pub(super) fn dates(catalog: &Catalog) -> Vec<Occasion> {
    let entries = 0..catalog.entries.len();
    let mut occasions: Vec<Occasion> = entries.into_par_iter().flat_map_iter(|at| occasions(catalog, at)).collect();
    // Ties stay in the order of the entries, whatever the language.
    occasions.par_sort_by_key(|occasion| occasion.from);
    occasions
}

/// The calendar of every language; none where no type has dates for it.
pub(super) fn all(
    catalog: &Catalog,
    langs: &[Lang],
    listed: &[Vec<bool>],
    dates: &[Occasion],
    now: &Now,
) -> Vec<Arc<Calendar>> {
    if !Calendar::is_kept(catalog) {
        return Vec::new();
    }
    let zone = &catalog.config.time_zone;
    // A date is told as long as its month lasts.
    let month = |date: PartialDate| (date.last().year(), date.last().month());
    let months_of: BTreeSet<(i16, i8)> = dates.iter().map(|occasion| month(occasion.to)).collect();
    let ended = |(year, month): (i16, i8)| {
        status::ends(PartialDate::Month(year, month), zone).is_some_and(|over| now.has_reached(over))
    };
    // Of the months that are not over, only the first is asked about.
    let first = months_of.into_iter().find(|month| !ended(*month));
    let of_lang = |lang: &Lang| {
        let listed = &listed[lang.index()];
        let own: Vec<Occasion> = dates.iter().copied().filter(|o| listed[o.entry.index()]).collect();
        let coming: Vec<Occasion> =
            own.iter().copied().filter(|o| first.is_some_and(|first| month(o.to) >= first)).take(COMING).collect();
        let size = catalog.config.limits.directory_page;
        let years = own.chunk_by(|a, b| a.from.year() == b.from.year()).map(|dates| Year {
            year: dates[0].from.year(),
            count: dates.len(),
            pages: paginate(months(dates, size), size, |month| month.dates.len()),
        });
        let years = years.collect();
        let front = match coming.is_empty() {
            false => months(&coming, COMING),
            // What is past is told backwards.
            true => months(&own.iter().rev().copied().take(COMING).collect::<Vec<_>>(), COMING),
        };
        Arc::new(Calendar { lang: *lang, coming: !coming.is_empty(), front, years })
    };
    langs.par_iter().map(of_lang).collect()
}

/// The dates of an entry that belong into the calendar.
fn occasions(catalog: &Catalog, at: usize) -> impl Iterator<Item = Occasion> + '_ {
    let entry = &catalog.entries[at];
    catalog.types[entry.type_index].calendar.iter().flat_map(move |field| {
        entry.shared(*field).iter().enumerate().filter_map(move |(value, of)| {
            let (from, to) = match of {
                Value::Date(date) => (*date, *date),
                Value::Period(period) => (period.from, period.to.unwrap_or(period.from)),
                Value::Instant(moment) => (moment.date.into(), moment.date.into()),
                Value::Deadline(deadline) => (deadline.at.date.into(), deadline.at.date.into()),
                _ => return None,
            };
            Some(Occasion { from, to, entry: EntryId(at as u32), field: *field, value })
        })
    })
}

/// Dates in order, under their months.
fn months(dates: &[Occasion], size: usize) -> Vec<Month> {
    let month = |date: PartialDate| match date {
        PartialDate::Year(_) => date,
        _ => PartialDate::Month(date.year(), date.first().month()),
    };
    let chunks = dates.chunk_by(|a, b| month(a.from) == month(b.from));
    let parts = chunks.flat_map(|dates| dates.chunks(size).enumerate());
    parts.map(|(at, dates)| Month { date: month(dates[0].from), part: at + 1, dates: dates.to_vec() }).collect()
}
