//! Facets: under which values each entry is found, how many are under each, and which pairs get a page.

use ecow::EcoString;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::field::{Facet, FacetLabel, Show};
use crate::url::Address;

/// How many values of a facet a panel shows.
const PANEL: usize = 40;

/// Which values each entry of a type has, for one facet; the same in every language.
pub(super) struct FacetTable<'c> {
    /// Index of the field.
    pub field: usize,
    /// The kind's way of narrowing.
    pub facet: &'c dyn Facet,
    /// The values' keys.
    pub keys: Vec<EcoString>,
    /// Indices into `keys`, by entry (relative to the type's first).
    values: Vec<Vec<u32>>,
    first: u32,
}

impl<'c> FacetTable<'c> {
    /// All facets of a type.
    pub(super) fn of_type(catalog: &'c Catalog, type_index: usize) -> Vec<FacetTable<'c>> {
        let members: Vec<EntryId> = catalog.ids().filter(|id| catalog.entry(*id).type_index == type_index).collect();
        let fields = catalog.types[type_index].fields.iter().enumerate().filter(|(_, f)| f.facet);
        fields
            .filter_map(|(field, declared)| {
                let facet = declared.kind.as_facet()?;
                let mut table = FacetTable {
                    field,
                    facet,
                    keys: Vec::new(),
                    values: Vec::with_capacity(members.len()),
                    first: members.first().map_or(0, |id| id.0),
                };
                let mut index: FxHashMap<EcoString, u32> = FxHashMap::default();
                for id in &members {
                    let entry = catalog.entry(*id);
                    let mut values: Vec<u32> = facet
                        .keys(entry.shared(field), entry, catalog)
                        .into_iter()
                        .map(|key| {
                            *index.entry(key).or_insert_with_key(|key| {
                                table.keys.push(key.clone());
                                table.keys.len() as u32 - 1
                            })
                        })
                        .collect();
                    values.sort_unstable();
                    values.dedup();
                    table.values.push(values);
                }
                Some(table)
            })
            .collect()
    }

    /// Indices of an entry's values.
    pub(super) fn of(&self, id: EntryId) -> &[u32] {
        &self.values[(id.0 - self.first) as usize]
    }

    /// How many of these entries are under each value.
    pub(super) fn count<'i>(&self, entries: impl Iterator<Item = &'i EntryId>) -> Vec<u32> {
        let mut counts = vec![0; self.keys.len()];
        for id in entries {
            for value in self.of(*id) {
                counts[*value as usize] += 1;
            }
        }
        counts
    }
}

/// The facets of a type in one language: names, address segments, order.
pub(super) struct FacetNames {
    /// Each facet's own name.
    pub titles: Vec<FacetLabel>,
    /// The values' names, by facet.
    pub labels: Vec<Vec<FacetLabel>>,
    /// Indices of the values in reading order, by facet.
    pub order: Vec<Vec<u32>>,
}

impl FacetNames {
    /// In a language.
    pub(super) fn of(catalog: &Catalog, type_index: usize, tables: &[FacetTable<'_>], lang: Lang) -> Self {
        let locale = catalog.locale(lang);
        let mut names = FacetNames { titles: Vec::new(), labels: Vec::new(), order: Vec::new() };
        for table in tables {
            let show =
                Show { catalog, lang, field: &catalog.types[type_index].fields[table.field], entry: None, text: lang };
            let labels: Vec<FacetLabel> = table.keys.iter().map(|key| table.facet.label(key, &show)).collect();
            let mut order: Vec<u32> = (0..labels.len() as u32).collect();
            let sort_key = |i: &u32| {
                (labels[*i as usize].rank, locale.sort_key(&labels[*i as usize].text), table.keys[*i as usize].clone())
            };
            order.sort_by_cached_key(sort_key);
            names.titles.push(table.facet.title(&show));
            names.labels.push(labels);
            names.order.push(order);
        }
        names
    }
}

/// One facet value that a listing is narrowed by.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Index of the field.
    pub field: usize,
    /// The value's key.
    pub key: EcoString,
    /// The facet's name.
    pub facet: FacetLabel,
    /// The value's name.
    pub label: FacetLabel,
    /// The listing without it.
    pub without: Address,
}

/// One facet beside a listing.
#[derive(Clone, Debug, Serialize)]
pub struct FacetPanel {
    /// The field's id.
    pub id: String,
    /// What the facet is called.
    pub title: String,
    /// Its values.
    pub values: Vec<FacetValueView>,
    /// How many more there are.
    pub more: usize,
}

/// One value of a facet beside a listing.
#[derive(Clone, Debug, Serialize)]
pub struct FacetValueView {
    /// What it is called.
    pub label: String,
    /// The language of that, where it is not the page's.
    pub lang: Option<String>,
    /// How many entries there would be.
    pub count: usize,
    /// The listing narrowed by it, or widened again where it is current; none where there is no such page.
    pub href: Option<String>,
    /// Whether the listing is narrowed by it.
    pub current: bool,
}

/// A value of a facet: indices of the facet and of its value.
pub(super) type ValueRef = (usize, u32);

/// The panels beside a listing that is narrowed by `selected`. Values of a facet are counted under the selection of the
/// other facets, so that choosing another value of the same facet replaces the first.
pub(super) fn panels(
    catalog: &Catalog,
    listing_type: usize,
    tables: &[FacetTable<'_>],
    names: &FacetNames,
    entries: &dyn Fn(&[ValueRef]) -> Vec<EntryId>,
    selected: &[ValueRef],
    address: &dyn Fn(&[ValueRef]) -> Option<Address>,
) -> Vec<FacetPanel> {
    let mut panels = Vec::with_capacity(tables.len());
    let current = entries(selected);
    for (at, table) in tables.iter().enumerate() {
        let others: Vec<ValueRef> = selected.iter().copied().filter(|(facet, _)| *facet != at).collect();
        let counts = match others.len() == selected.len() {
            true => table.count(current.iter()),
            false => table.count(entries(&others).iter()),
        };
        let is_current = |value: u32| selected.contains(&(at, value));
        let mut shown: Vec<u32> =
            names.order[at].iter().copied().filter(|v| counts[*v as usize] > 0 || is_current(*v)).collect();
        let more = shown.len().saturating_sub(PANEL);
        if more > 0 {
            let mut by_count = shown.clone();
            by_count.sort_by_key(|v| (!is_current(*v), std::cmp::Reverse(counts[*v as usize])));
            by_count.truncate(PANEL);
            shown.retain(|v| by_count.contains(v));
        }
        let value = |v: u32| {
            let mut chosen = others.clone();
            if !is_current(v) {
                chosen.push((at, v));
                chosen.sort_unstable();
            }
            FacetValueView {
                label: names.labels[at][v as usize].text.clone(),
                lang: names.labels[at][v as usize].lang.map(|lang| catalog.config.tag(lang).to_owned()),
                count: counts[v as usize] as usize,
                href: address(&chosen).map(|address| catalog.config.base.href(&address)),
                current: is_current(v),
            }
        };
        let panel = FacetPanel {
            id: catalog.types[listing_type].fields[table.field].name.to_string(),
            title: names.titles[at].text.clone(),
            values: shown.into_iter().map(value).collect(),
            more,
        };
        if !panel.values.is_empty() {
            panels.push(panel);
        }
    }
    panels
}
