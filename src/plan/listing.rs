//! Listings: a type's entries in order, whole, narrowed by a facet value, or by two within the budget.

use std::cmp::Reverse;
use std::sync::{Arc, OnceLock};

use ecow::EcoString;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::facet::{self, FacetNames, FacetPanel, FacetTable, Selection, ValueRef};
use crate::catalog::{Catalog, EntryId};
use crate::config::{Lang, Limits};
use crate::document::schema::TypeDef;
use crate::field::Value;
use crate::fingerprint::Fingerprint;
use crate::url::Address;

/// Entries of one type, in order, in one language.
#[derive(Debug)]
pub struct Listing {
    /// Index of the type.
    pub type_index: usize,
    /// The language.
    pub lang: Lang,
    /// What it is narrowed by; at most two facet values.
    pub selection: Vec<Selection>,
    /// The entries.
    pub entries: Vec<EntryId>,
    /// Its first page.
    pub address: Address,
    /// The facets beside it.
    pub panels: Vec<FacetPanel>,
    panel_html: OnceLock<tera::Value>,
    panel_print: OnceLock<Fingerprint>,
    print: OnceLock<Fingerprint>,
}

impl Listing {
    /// What it is narrowed by, as fields and keys.
    pub fn keys(&self) -> Vec<(usize, EcoString)> {
        self.selection.iter().map(|s| (s.field, s.key.clone())).collect()
    }

    /// What it is called: the type and what it is narrowed by.
    pub fn title(&self, catalog: &Catalog) -> String {
        let label = catalog.types[self.type_index].label[self.lang.index()].as_str();
        let names: Vec<&str> = self.selection.iter().map(|s| s.label.text.as_str()).collect();
        match names.is_empty() {
            true => label.to_owned(),
            false => format!("{label}{}{}", catalog.message(self.lang, "label-separator"), names.join(", ")),
        }
    }

    /// How many pages it has; an empty listing has one.
    pub fn page_count(&self, catalog: &Catalog) -> usize {
        self.entries.len().div_ceil(catalog.config.limits.page_size).max(1)
    }

    /// The facets as HTML, rendered by whoever comes first to one of its pages.
    pub fn panel_html<E>(&self, render: impl FnOnce() -> Result<tera::Value, E>) -> Result<&tera::Value, E> {
        if let Some(html) = self.panel_html.get() {
            return Ok(html);
        }
        let html = render()?;
        Ok(self.panel_html.get_or_init(|| html))
    }

    /// The entries on one of its pages.
    pub fn page(&self, catalog: &Catalog, number: usize) -> &[EntryId] {
        let size = catalog.config.limits.page_size;
        let from = (number.saturating_sub(1) * size).min(self.entries.len());
        &self.entries[from..(from + size).min(self.entries.len())]
    }

    /// The fingerprint of everything but its entries, made once for all its pages.
    pub fn print(&self, make: impl FnOnce() -> Fingerprint) -> Fingerprint {
        *self.print.get_or_init(make)
    }

    /// The fingerprint of the facets, made once for all its pages.
    pub fn panel_print(&self) -> Fingerprint {
        *self.panel_print.get_or_init(|| Fingerprint::of_view(&self.panels, Fingerprint::default()))
    }

    /// Where one of its pages is.
    pub fn page_address(&self, catalog: &Catalog, number: usize) -> Address {
        self.address.page(catalog.message(self.lang, "page-slug"), number)
    }
}

/// A type in a language, with all that its listings are made from.
struct Shelf<'c> {
    catalog: &'c Catalog,
    type_index: usize,
    lang: Lang,
    tables: &'c [FacetTable<'c>],
    names: FacetNames,
    address: Address,
    entries: Vec<EntryId>,
    /// Positions in `entries`, by value, by facet.
    members: Vec<Vec<Vec<u32>>>,
}

/// A pair of values and the number of entries that have both.
type Pair = (u32, usize, [ValueRef; 2]);

/// Every listing of the site; notes say what the budget left out.
pub(super) fn all(catalog: &Catalog, notes: &mut Vec<String>) -> Vec<Arc<Listing>> {
    let types: Vec<usize> = (0..catalog.types.len()).filter(|t| !catalog.types[*t].root).collect();
    let tables: FxHashMap<usize, Vec<FacetTable<'_>>> =
        types.par_iter().map(|t| (*t, FacetTable::of_type(catalog, *t))).collect();
    let ranks: FxHashMap<usize, Vec<u32>> = types.par_iter().map(|t| (*t, ranks(catalog, *t))).collect();
    let langs: Vec<Lang> = catalog.config.langs().collect();
    let shelves: Vec<Vec<Shelf<'_>>> = langs
        .par_iter()
        .map(|lang| types.iter().map(|t| Shelf::new(catalog, *t, *lang, &tables[t], &ranks[t])).collect())
        .collect();
    let mut listings = Vec::new();
    for of_lang in &shelves {
        let (pairs, left_out) = choose_pairs(of_lang, &catalog.config.limits);
        if left_out > 0 {
            let tag = catalog.config.tag(of_lang[0].lang);
            notes.push(format!(
                "{tag}: {left_out} pairs of facet values have no page of their own (limits.facet_pairs: {})",
                catalog.config.limits.facet_pairs
            ));
        }
        let made: Vec<Vec<Arc<Listing>>> =
            of_lang.par_iter().enumerate().map(|(at, shelf)| shelf.listings(&pairs, at)).collect();
        listings.extend(made.into_iter().flatten());
    }
    listings
}

/// The pairs with the most entries, over all types of a language, until their pages fill the budget; a pair that one of
/// its values already is says nothing new. Also how many are left out.
fn choose_pairs(shelves: &[Shelf<'_>], limits: &Limits) -> (FxHashSet<(usize, [ValueRef; 2])>, usize) {
    let mut pairs: Vec<Pair> = shelves.par_iter().enumerate().flat_map_iter(|(at, shelf)| shelf.pairs(at)).collect();
    pairs.sort_unstable_by_key(|(count, at, pair)| (Reverse(*count), *at, *pair));
    let mut room = limits.facet_pairs;
    let mut fits = |count: u32| {
        let pages = (count as usize).div_ceil(limits.page_size);
        let fits = pages <= room;
        room = room.saturating_sub(pages);
        fits
    };
    let all = pairs.len();
    let chosen: FxHashSet<_> =
        pairs.into_iter().take_while(|(count, ..)| fits(*count)).map(|(_, at, pair)| (at, pair)).collect();
    let left_out = all - chosen.len();
    (chosen, left_out)
}

impl<'c> Shelf<'c> {
    fn new(catalog: &'c Catalog, type_index: usize, lang: Lang, tables: &'c [FacetTable<'c>], ranks: &[u32]) -> Self {
        let definition = &catalog.types[type_index];
        let entries = sorted(catalog, type_index, lang, ranks);
        let members = tables
            .iter()
            .map(|table| {
                let mut members = vec![Vec::new(); table.keys.len()];
                for (position, id) in entries.iter().enumerate() {
                    for value in table.of(*id) {
                        members[*value as usize].push(position as u32);
                    }
                }
                members
            })
            .collect();
        Shelf {
            catalog,
            type_index,
            lang,
            tables,
            names: FacetNames::of(catalog, type_index, tables, lang),
            address: catalog.listing_address(definition, lang),
            entries,
            members,
        }
    }

    /// Positions of the entries that have all the selected values.
    fn positions(&self, selected: &[ValueRef]) -> Vec<u32> {
        match selected {
            [] => (0..self.entries.len() as u32).collect(),
            [(facet, value)] => self.members[*facet][*value as usize].clone(),
            [(facet, value), (other, second), ..] => {
                intersection(&self.members[*facet][*value as usize], &self.members[*other][*second as usize])
            }
        }
    }

    fn of(&self, selected: &[ValueRef]) -> Vec<EntryId> {
        self.positions(selected).into_iter().map(|at| self.entries[at as usize]).collect()
    }

    fn address(&self, selected: &[ValueRef]) -> Address {
        selected.iter().fold(self.address.clone(), |address, (facet, value)| {
            let value = &self.names.labels[*facet][*value as usize].slug;
            address.below(&self.names.titles[*facet].slug).below(value)
        })
    }

    /// Pairs of values of two facets that some entry has both of, and not every entry with one of them.
    fn pairs(&self, at: usize) -> Vec<Pair> {
        let mut counts: FxHashMap<[ValueRef; 2], u32> = FxHashMap::default();
        for id in &self.entries {
            for (first, table) in self.tables.iter().enumerate() {
                for (second, other) in self.tables.iter().enumerate().skip(first + 1) {
                    for a in table.of(*id) {
                        for b in other.of(*id) {
                            *counts.entry([(first, *a), (second, *b)]).or_default() += 1;
                        }
                    }
                }
            }
        }
        let size = |(facet, value): ValueRef| self.members[facet][value as usize].len() as u32;
        let says_more = |(pair, count): &([ValueRef; 2], u32)| *count < size(pair[0]).min(size(pair[1]));
        counts.into_iter().filter(says_more).map(|(pair, count)| (count, at, pair)).collect()
    }

    /// The listings of this type: whole, by value, by pair.
    fn listings(&self, pairs: &FxHashSet<(usize, [ValueRef; 2])>, at: usize) -> Vec<Arc<Listing>> {
        let mut selections: Vec<Vec<ValueRef>> = vec![Vec::new()];
        for (facet, members) in self.members.iter().enumerate() {
            let filled = members.iter().enumerate().filter(|(_, m)| !m.is_empty());
            selections.extend(filled.map(|(value, _)| vec![(facet, value as u32)]));
        }
        let mut chosen: Vec<[ValueRef; 2]> = Vec::new();
        #[expect(clippy::iter_over_hash_type, reason = "sorted below")]
        for (shelf, pair) in pairs {
            if *shelf == at {
                chosen.push(*pair);
            }
        }
        chosen.sort_unstable();
        selections.extend(chosen.into_iter().map(|pair| pair.to_vec()));
        let address = |selected: &[ValueRef]| {
            let exists = match selected {
                [] => true,
                [(facet, value)] => !self.members[*facet][*value as usize].is_empty(),
                [a, b] => pairs.contains(&(at, [*a, *b])),
                _ => false,
            };
            exists.then(|| self.address(selected))
        };
        let listing = |selected: &Vec<ValueRef>| {
            let panels = facet::panels(
                self.catalog,
                self.type_index,
                self.tables,
                &self.names,
                &|s| self.of(s),
                selected,
                &address,
            );
            Arc::new(Listing {
                type_index: self.type_index,
                lang: self.lang,
                selection: selected.iter().map(|value| self.selection(*value, selected)).collect(),
                entries: self.of(selected),
                address: self.address(selected),
                panels,
                panel_html: OnceLock::new(),
                panel_print: OnceLock::new(),
                print: OnceLock::new(),
            })
        };
        selections.par_iter().map(listing).collect()
    }

    fn selection(&self, value: ValueRef, selected: &[ValueRef]) -> Selection {
        let (facet, index) = value;
        let rest: Vec<ValueRef> = selected.iter().copied().filter(|other| *other != value).collect();
        Selection {
            field: self.tables[facet].field,
            key: self.tables[facet].keys[index as usize].clone(),
            facet: self.names.titles[facet].clone(),
            label: self.names.labels[facet][index as usize].clone(),
            without: self.address(&rest),
        }
    }
}

fn intersection(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (mut i, mut j, mut both) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                both.push(a[i]);
                i += 1;
                j += 1;
            }
        }
    }
    both
}

/// The place of each entry by the type's sort field, the same in every language; equal values share a place. By entry,
/// relative to the type's first; those without a value come last.
fn ranks(catalog: &Catalog, type_index: usize) -> Vec<u32> {
    let definition = &catalog.types[type_index];
    let members: Vec<EntryId> = catalog.ids().filter(|id| catalog.entry(*id).type_index == type_index).collect();
    let mut ranks = vec![0; members.len()];
    let Some(field) = definition.sort.field else { return ranks };
    let kind = definition.fields[field].kind;
    let value = |id: EntryId| extreme(catalog.entry(id).shared(field), definition, field);
    let compare = |a: &EntryId, b: &EntryId| match (value(*a), value(*b)) {
        (Some(a), Some(b)) if definition.sort.descending => kind.compare(b, a),
        (Some(a), Some(b)) => kind.compare(a, b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    };
    let mut order = members.clone();
    order.sort_by(compare);
    let mut rank = 0;
    for (at, id) in order.iter().enumerate() {
        if at > 0 && compare(&order[at - 1], id).is_ne() {
            rank += 1;
        }
        ranks[(id.0 - members[0].0) as usize] = rank;
    }
    ranks
}

/// Of several values the one that decides: the latest where the latest come first.
fn extreme<'v>(values: &'v [Value], definition: &TypeDef, field: usize) -> Option<&'v Value> {
    let kind = definition.fields[field].kind;
    match definition.sort.descending {
        true => values.iter().max_by(|a, b| kind.compare(a, b)),
        false => values.iter().min_by(|a, b| kind.compare(a, b)),
    }
}

/// The entries of a type that a language lists, in its order: by field, then by title in the language's collation.
fn sorted(catalog: &Catalog, type_index: usize, lang: Lang, ranks: &[u32]) -> Vec<EntryId> {
    let members: Vec<EntryId> = catalog.ids().filter(|id| catalog.entry(*id).type_index == type_index).collect();
    let Some(first) = members.first().map(|id| id.0) else { return Vec::new() };
    let sort = catalog.types[type_index].sort;
    let locale = catalog.locale(lang);
    let mut entries: Vec<EntryId> = members.into_iter().filter(|id| catalog.lists(*id, lang)).collect();
    let title = |id: EntryId| catalog.title(id, lang).0;
    if sort.field.is_none() {
        entries.sort_by_cached_key(|id| locale.sort_key(title(*id)));
        if sort.descending {
            entries.reverse();
        }
        return entries;
    }
    let rank = |id: EntryId| ranks[(id.0 - first) as usize];
    entries.sort_by(|a, b| rank(*a).cmp(&rank(*b)).then_with(|| locale.compare(title(*a), title(*b))).then(a.cmp(b)));
    entries
}
