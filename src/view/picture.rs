//! What pictures show: a listing's countries on a map, its entries along the years, and the same in words.

use std::sync::Arc;

use ecow::EcoString;
use serde::Serialize;

use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::date::PartialDate;
use crate::field::{Period, Value};
use crate::picture::{self, Mark, Scale};
use crate::plan::{FacetValueView, Listing, Plan};

/// How many rows a timeline has at most.
const ROWS: usize = 60;

/// A facet's values as ways into the portal.
#[derive(Debug, Serialize)]
pub(super) struct WaysIn {
    /// What the facet is called.
    title: String,
    places: Vec<Place>,
}

/// The pictures of a type's listing.
#[derive(Debug, Default, Serialize)]
pub(super) struct Pictures {
    map: Option<MapView>,
    timeline: Option<TimelineView>,
}

/// The countries of a listing.
#[derive(Debug, Serialize)]
struct MapView {
    /// The listing's title.
    title: String,
    /// The listing.
    href: String,
    svg: String,
    places: Vec<Place>,
}

/// A country, and how many entries there are of it.
#[derive(Debug, Serialize)]
struct Place {
    label: String,
    /// The language of that, where it is not the page's.
    lang: Option<String>,
    href: Option<String>,
    count: usize,
}

/// The entries of a listing, from the one that began first.
#[derive(Debug, Serialize)]
struct TimelineView {
    /// The listing's title.
    title: String,
    /// The listing.
    href: String,
    axis: String,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    /// A link to the entry.
    title: String,
    /// When it lasted, in words.
    period: String,
    bar: String,
}

impl Pictures {
    /// All that the type of a listing declares.
    pub(super) fn of(catalog: &Catalog, listing: &Listing) -> Pictures {
        Pictures { map: map(catalog, listing), timeline: timeline(catalog, listing) }
    }

    /// Those that the home page of a language shows.
    pub(super) fn of_home(catalog: &Catalog, plan: &Plan, lang: Lang) -> Pictures {
        let listing = |named: &Option<(EcoString, _)>| of_type(catalog, plan, &named.as_ref()?.0, lang);
        let home = &catalog.config.home;
        Pictures {
            map: listing(&home.map).and_then(|listing| map(catalog, listing)),
            timeline: listing(&home.timeline).and_then(|listing| timeline(catalog, listing)),
        }
    }
}

/// The whole listing of a type that is named.
fn of_type<'p>(catalog: &Catalog, plan: &'p Plan, id: &str, lang: Lang) -> Option<&'p Listing> {
    plan.listing(catalog.types.iter().position(|t| t.id == id)?, lang).map(Arc::as_ref)
}

fn map(catalog: &Catalog, listing: &Listing) -> Option<MapView> {
    let definition = &catalog.types[listing.type_index];
    let field = &definition.fields[definition.pictures.map?];
    let panel = listing.panels.iter().find(|panel| panel.field() == field.name)?;
    let values = panel.counted();
    let most = values.iter().map(|(_, value)| value.count).max()?;
    let marks: Vec<Mark<'_>> = values
        .iter()
        .map(|(country, value)| Mark {
            country,
            title: format!("{} ({})", value.label, value.count),
            href: value.href.as_deref(),
            level: (value.count * 4).div_ceil(most) as u8,
        })
        .collect();
    let svg = picture::europe(&marks)?;
    Some(MapView {
        title: listing.title(catalog),
        href: catalog.config.base.href(&listing.address),
        svg,
        places: places(&values),
    })
}

fn places(values: &[(&str, FacetValueView<'_>)]) -> Vec<Place> {
    let place = |(_, value): &(_, FacetValueView<'_>)| Place {
        label: value.label.to_owned(),
        lang: value.lang.map(str::to_owned),
        href: value.href.as_ref().map(ToString::to_string),
        count: value.count,
    };
    values.iter().map(place).collect()
}

/// The values of the facet that the home page leads in by.
pub(super) fn ways_in(catalog: &Catalog, plan: &Plan, lang: Lang) -> Option<WaysIn> {
    let (id, field) = catalog.config.home.ways_in.as_ref()?.0.split_once('.')?;
    let listing = of_type(catalog, plan, id, lang)?;
    let panel = listing.panels.iter().find(|panel| panel.field() == field)?;
    Some(WaysIn { title: panel.title().to_owned(), places: places(&panel.counted()) })
}

/// When an entry lasts: by a period; by deadlines, from the day on which it opens to the last of them.
fn span(catalog: &Catalog, id: EntryId, field: usize) -> Option<Period> {
    let entry = catalog.entry(id);
    let values = entry.shared(field);
    if let Some(Value::Period(period)) = values.first() {
        return Some(*period);
    }
    let days = || values.iter().filter_map(|v| if let Value::Deadline(d) = v { Some(d.at.date) } else { None });
    let opens = catalog.type_of(id).status.opens.and_then(|opens| match entry.shared(opens).first()? {
        Value::Date(date) => Some(*date),
        Value::Instant(moment) => Some(moment.date.into()),
        _ => None,
    });
    let from = opens.or_else(|| days().min().map(PartialDate::Day))?;
    // What is later can be an earlier day in another zone.
    let to = days().max()?.max(from.first());
    Some(Period { from, to: Some(to.into()) })
}

fn timeline(catalog: &Catalog, listing: &Listing) -> Option<TimelineView> {
    let field = catalog.types[listing.type_index].pictures.timeline?;
    let spans = listing.entries.iter().filter_map(|id| Some((span(catalog, *id, field)?, *id)));
    let mut spans: Vec<(Period, EntryId)> = spans.collect();
    // Stable: entries that began together stay in the listing's order.
    spans.sort_by_key(|(span, _)| span.from.first());
    spans.truncate(ROWS);
    let days = |span: &Period| (span.from.first(), span.to.map(PartialDate::last));
    let scale = Scale::of(spans.iter().map(|(span, _)| days(span)))?;
    let row = |(span, id): &(Period, EntryId)| {
        let (from, to) = days(span);
        Row {
            title: catalog.entry_link(*id, listing.lang).html,
            period: span.item(&catalog.show(*id, field, listing.lang)).html,
            bar: scale.bar(from, to),
        }
    };
    Some(TimelineView {
        title: listing.title(catalog),
        href: catalog.config.base.href(&listing.address),
        axis: scale.axis(),
        rows: spans.iter().map(row).collect(),
    })
}
