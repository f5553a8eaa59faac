//! The calendar's pages: dates of entries in the reader's language, under their months.

use schemars::JsonSchema;
use serde::Serialize;

use super::card::{self, StatusView};
use super::page::{self, Head, PageLink};
use super::{Crumb, Page, Text};
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::date::PartialDate;
use crate::plan::{Calendar, Month, Occasion, Plan};
use crate::url::Address;

/// What `calendar.html` sees.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CalendarView {
    /// Head and surroundings.
    pub page: Page,
    /// What the page is called.
    title: String,
    /// Whether these are the dates to come; false for years, and where nothing is announced.
    coming: bool,
    /// The year that the page is about, if it is about one.
    year: Option<String>,
    /// The dates under their months.
    months: Vec<MonthView>,
    /// Every year that has dates.
    years: Vec<YearLink>,
    /// The pages of a large year; empty where there is but one.
    pages: Vec<PageLink>,
    /// The first page.
    front: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MonthView {
    /// The month and its year, or the year alone.
    title: String,
    /// Its anchor on the page.
    anchor: String,
    dates: Vec<DateView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct DateView {
    /// The day of the month on which it begins, where it is known.
    day: Option<String>,
    /// The weekday of that.
    weekday: Option<String>,
    /// When, in words, as HTML.
    when: String,
    /// What it is: the field's label.
    label: String,
    /// A link to the entry, as HTML.
    entry: String,
    /// What its type calls one of its kind.
    kind_label: String,
    /// Where the entry stands in time.
    status: Option<StatusView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct YearLink {
    year: String,
    href: String,
    /// How many dates there are.
    count: usize,
    current: bool,
}

/// A page of a calendar: of a year and its page, or the first one.
pub fn calendar(catalog: &Catalog, plan: &Plan, calendar: &Calendar, at: Option<(i16, usize)>) -> CalendarView {
    let lang = calendar.lang;
    let config = &catalog.config;
    let address = |lang: Lang| match at {
        None => Calendar::address(catalog, lang),
        Some((year, number)) => Calendar::year_address(catalog, lang, year, number),
    };
    let has = |other: &Calendar| match at {
        None => true,
        Some((year, number)) => other.year(year).is_some_and(|year| number <= year.pages.len()),
    };
    let name = catalog.message(lang, "calendar");
    let year = at.map(|(year, _)| catalog.locale(lang).date(PartialDate::Year(year)));
    let title = match &year {
        Some(year) => catalog.format(lang, "calendar-year", &[("year", year)]),
        None => name.to_owned(),
    };
    let own = address(lang);
    let front = config.base.href(&Calendar::address(catalog, lang));
    let mut crumbs = vec![page::home_crumb(catalog, lang)];
    crumbs.push(Crumb { title: Text::own(name), href: year.is_some().then(|| front.clone()) });
    crumbs.extend(year.clone().map(|year| Crumb { title: Text::own(year), href: None }));
    let versions: Vec<(Lang, Address)> =
        plan.calendars.iter().filter(|other| has(other)).map(|other| (other.lang, address(other.lang))).collect();
    let number = at.map_or(1, |(_, number)| number);
    let mut page = Head {
        catalog,
        lang,
        title: &page::numbered(catalog, lang, &title, number),
        description: catalog.message(lang, "calendar-description"),
        canonical: &own,
        title_lang: None,
        kind: None,
        robots: None,
        section: Some("calendar".into()),
        crumbs,
        versions: versions.iter().map(|(each, address)| (*each, address, true)).collect(),
        linked: true,
        feeds: Vec::new(),
    }
    .page();
    page.calendar = page::calendar_link(catalog, plan.agendas[lang.index()].as_deref());
    let years = calendar.years.iter().map(|known| YearLink {
        year: catalog.locale(lang).date(PartialDate::Year(known.year)),
        href: config.base.href(&Calendar::year_address(catalog, lang, known.year, 1)),
        count: known.count,
        current: at.is_some_and(|(year, _)| year == known.year),
    });
    let pages = at.and_then(|(year, _)| calendar.year(year)).map_or(0, |year| year.pages.len());
    let href = |number: usize| {
        let year = at.map_or(0, |(year, _)| year);
        config.base.href(&Calendar::year_address(catalog, lang, year, number))
    };
    CalendarView {
        page,
        title,
        coming: at.is_none() && calendar.coming,
        months: calendar.months(at).iter().map(|m| month(catalog, lang, m)).collect(),
        years: years.collect(),
        pages: page::page_links(number, pages, href),
        year,
        front,
    }
}

fn month(catalog: &Catalog, lang: Lang, month: &Month) -> MonthView {
    let anchor = match month.date {
        PartialDate::Year(year) => format!("y{year}"),
        date => format!("m{}-{}", date.year(), date.first().month()),
    };
    MonthView {
        title: catalog.locale(lang).date(month.date),
        anchor: if month.part == 1 { anchor } else { format!("{anchor}-{}", month.part) },
        dates: month.dates.iter().map(|occasion| date(catalog, lang, occasion)).collect(),
    }
}

fn date(catalog: &Catalog, lang: Lang, occasion: &Occasion) -> DateView {
    let Occasion { entry, field, value, from, .. } = *occasion;
    let show = catalog.show(entry, field, lang);
    let day = match from {
        PartialDate::Day(day) => Some(day),
        _ => None,
    };
    DateView {
        day: day.map(|day| catalog.locale(lang).integer(day.day().into())),
        weekday: day.map(|day| catalog.locale(lang).weekday(day).to_owned()),
        when: catalog
            .entry(entry)
            .shared(field)
            .get(value)
            .map(|v| show.field.kind.item(v, &show).html)
            .unwrap_or_default(),
        label: show.field.label[lang.index()].to_string(),
        entry: catalog.entry_link(entry, lang).html,
        kind_label: catalog.type_of(entry).singular[lang.index()].to_string(),
        status: card::status(catalog, entry, lang),
    }
}
