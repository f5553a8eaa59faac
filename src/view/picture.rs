//! What pictures show: a listing's countries on a map, its entries along the years, and the same in words.

use serde::Serialize;

use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::field::{Value, group};
use crate::picture::{self, Mark, Scale};
use crate::plan::{Listing, Plan};

/// How many rows a timeline has at most.
const ROWS: usize = 60;

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
        let listing = |id: &Option<(ecow::EcoString, _)>| {
            let (id, _) = id.as_ref()?;
            plan.listing(catalog.types.iter().position(|t| t.id == *id)?, lang)
        };
        let home = &catalog.config.home;
        Pictures {
            map: listing(&home.map).and_then(|listing| map(catalog, listing)),
            timeline: listing(&home.timeline).and_then(|listing| timeline(catalog, listing)),
        }
    }
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
    let place = |(_, value): &(_, crate::plan::FacetValueView<'_>)| Place {
        label: value.label.to_owned(),
        href: value.href.as_ref().map(ToString::to_string),
        count: value.count,
    };
    Some(MapView {
        title: listing.title(catalog),
        href: catalog.config.base.href(&listing.address),
        svg,
        places: values.iter().map(place).collect(),
    })
}

fn timeline(catalog: &Catalog, listing: &Listing) -> Option<TimelineView> {
    let field = catalog.types[listing.type_index].pictures.timeline?;
    let mut spans: Vec<_> = listing
        .entries
        .iter()
        .filter_map(|id| match catalog.entry(*id).shared(field).first() {
            Some(Value::Period(period)) => Some((period.from.first(), period.to.map(|to| to.last()), *id)),
            _ => None,
        })
        .collect();
    // Stable: entries that began together stay in the listing's order.
    spans.sort_by_key(|(from, ..)| *from);
    spans.truncate(ROWS);
    let scale = Scale::of(spans.iter().map(|(from, to, _)| (*from, *to)))?;
    let words = |id: EntryId| {
        let values = catalog.entry(id).values[field].as_ref();
        values.map(|values| group::shown(values, &catalog.show(id, field, listing.lang)).html).unwrap_or_default()
    };
    let row = |(from, to, id): &(_, _, EntryId)| Row {
        title: catalog.entry_link(*id, listing.lang).html,
        period: words(*id),
        bar: scale.bar(*from, *to),
    };
    Some(TimelineView {
        title: listing.title(catalog),
        href: catalog.config.base.href(&listing.address),
        axis: scale.axis(),
        rows: spans.iter().map(row).collect(),
    })
}
