//! What pictures show: a listing's countries on a map, its entries along the years, and the same in words.

use std::sync::Arc;

use ecow::EcoString;
use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::date::PartialDate;
use crate::field::{Period, Reference, Value};
use crate::picture::{self, Scale};
use crate::plan::{FacetValueView, Listing, Plan};

/// How many rows a timeline has at most.
const ROWS: usize = 60;

/// How many entries a matrix has at most on one side and on the other: more would not be seen at once.
const MATRIX: (usize, usize) = (12, 100);

/// How many references a flow has at most.
const FLOWS: usize = 100;

/// A facet's values as ways into the portal.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WaysIn {
    /// What the facet is called.
    title: String,
    places: Vec<Place>,
}

/// The pictures of a type's listing.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(super) struct Pictures {
    map: Option<MapView>,
    timeline: Option<TimelineView>,
    matrix: Option<MatrixView>,
    flow: Option<FlowView>,
}

/// The countries of a listing.
#[derive(Debug, Serialize, JsonSchema)]
struct MapView {
    /// The listing's title.
    title: String,
    /// The listing.
    href: String,
    svg: String,
    places: Vec<Place>,
}

/// A country, and how many entries there are of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Place {
    label: String,
    /// The language of that, where it is not the page's.
    lang: Option<String>,
    pub(super) href: Option<String>,
    count: usize,
}

/// The entries of a listing, from the one that began first.
#[derive(Debug, Serialize, JsonSchema)]
struct TimelineView {
    /// The listing's title.
    title: String,
    /// The listing.
    href: String,
    axis: String,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Row {
    /// A link to the entry.
    title: String,
    /// When it lasted, in words.
    period: String,
    bar: String,
}

/// Who refers to whom: entries of the listing beside one another, those that they refer to one below the other.
#[derive(Debug, Serialize, JsonSchema)]
struct MatrixView {
    /// The field's label.
    title: String,
    /// Links to the entries that refer, as HTML.
    columns: Vec<String>,
    rows: Vec<MatrixRow>,
    /// What the marks mean.
    legend: Vec<Mark>,
    /// How many rows are left out.
    more: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MatrixRow {
    /// A link to the entry that is referred to, as HTML.
    title: String,
    /// By column: its mark, if it is referred to there.
    cells: Vec<Option<Mark>>,
}

/// How an entry is referred to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Mark {
    /// Its shape, drawn: each mark of a picture has its own.
    svg: &'static str,
    /// The role, or the field's label where there is none.
    label: String,
}

/// What leads to what.
#[derive(Debug, Serialize, JsonSchema)]
struct FlowView {
    /// What the entries that are referred to call those that refer.
    title: String,
    rows: Vec<FlowRow>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FlowRow {
    /// A link to the entry that is referred to, as HTML.
    from: String,
    /// Links to those that refer to it, as HTML.
    to: Vec<String>,
    /// Lines from the one to the others.
    lines: String,
}

impl Pictures {
    /// All that the type of a listing declares.
    pub(super) fn of(catalog: &Catalog, listing: &Listing) -> Pictures {
        Pictures {
            map: map(catalog, listing),
            timeline: timeline(catalog, listing),
            matrix: matrix(catalog, listing),
            flow: flow(catalog, listing),
        }
    }

    /// Those that the home page of a language shows.
    pub(super) fn of_home(catalog: &Catalog, plan: &Plan, lang: Lang) -> Pictures {
        let listing = |named: &Option<(EcoString, _)>| of_type(catalog, plan, &named.as_ref()?.0, lang);
        let home = &catalog.config.home;
        Pictures {
            map: listing(&home.map).and_then(|listing| map(catalog, listing)),
            timeline: listing(&home.timeline).and_then(|listing| timeline(catalog, listing)),
            ..Pictures::default()
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
    let marks: Vec<picture::Mark<'_>> = values
        .iter()
        .map(|(country, value)| picture::Mark {
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

pub(super) fn places(values: &[(&str, FacetValueView<'_>)]) -> Vec<Place> {
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

/// The references of a field that readers of a language may see.
fn references(catalog: &Catalog, id: EntryId, field: usize, lang: Lang) -> impl Iterator<Item = &Reference> {
    catalog.entry(id).shared(field).iter().filter_map(move |value| match value {
        Value::Reference(reference) if catalog.lists(reference.to, lang) => Some(&**reference),
        _ => None,
    })
}

fn matrix(catalog: &Catalog, listing: &Listing) -> Option<MatrixView> {
    let lang = listing.lang;
    let at = catalog.types[listing.type_index].pictures.matrix?;
    let field = &catalog.types[listing.type_index].fields[at];
    let refers = |id: &&EntryId| references(catalog, **id, at, lang).next().is_some();
    let columns: Vec<EntryId> = listing.entries.iter().filter(refers).copied().take(MATRIX.0).collect();
    let mut rows: Vec<(EntryId, Vec<Option<Mark>>)> = Vec::new();
    let mut legend: Vec<Mark> = Vec::new();
    for (column, id) in columns.iter().enumerate() {
        for reference in references(catalog, *id, at, lang) {
            let label = match reference.role {
                Some((vocabulary, term)) => catalog.term_label(vocabulary, term, lang),
                None => &field.label[lang.index()],
            };
            let mark = match legend.iter().find(|mark| mark.label == label) {
                Some(mark) => mark.clone(),
                None => {
                    legend.push(Mark { svg: picture::mark(legend.len()), label: label.to_owned() });
                    legend[legend.len() - 1].clone()
                }
            };
            let row = match rows.iter().position(|(to, _)| *to == reference.to) {
                Some(row) => row,
                None => {
                    rows.push((reference.to, vec![None; columns.len()]));
                    rows.len() - 1
                }
            };
            rows[row].1[column] = Some(mark);
        }
    }
    // Those with most in common first; of the same number, in alphabetical order.
    let locale = catalog.locale(lang);
    rows.sort_by_cached_key(|(to, cells)| {
        let count = cells.iter().flatten().count();
        (std::cmp::Reverse(count), locale.sort_key(catalog.title(*to, lang).0))
    });
    let more = rows.len().saturating_sub(MATRIX.1);
    rows.truncate(MATRIX.1);
    let link = |id: EntryId| catalog.entry_link(id, lang).html;
    (!rows.is_empty()).then(|| MatrixView {
        title: field.label[lang.index()].to_string(),
        columns: columns.iter().map(|id| link(*id)).collect(),
        rows: rows.into_iter().map(|(to, cells)| MatrixRow { title: link(to), cells }).collect(),
        legend,
        more,
    })
}

fn flow(catalog: &Catalog, listing: &Listing) -> Option<FlowView> {
    let lang = listing.lang;
    let definition = &catalog.types[listing.type_index];
    let at = definition.pictures.flow?;
    let field = &definition.fields[at];
    let edges = listing.entries.iter().flat_map(|id| references(catalog, *id, at, lang).map(move |r| (r.to, *id)));
    let mut rows: Vec<(EntryId, Vec<EntryId>)> = Vec::new();
    for (from, to) in edges.take(FLOWS) {
        match rows.iter_mut().find(|(known, _)| *known == from) {
            Some((_, leads)) => leads.push(to),
            None => rows.push((from, vec![to])),
        }
    }
    let link = |id: &EntryId| catalog.entry_link(*id, lang).html;
    let title = field.inverse_label.as_ref().unwrap_or(&field.label);
    (!rows.is_empty()).then(|| FlowView {
        title: title[lang.index()].to_string(),
        rows: rows
            .iter()
            .map(|(from, to)| FlowRow {
                from: link(from),
                to: to.iter().map(link).collect(),
                lines: picture::fan(to.len()),
            })
            .collect(),
    })
}
