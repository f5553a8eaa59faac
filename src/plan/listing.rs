//! Listings: a type's entries in order, whole, narrowed by a facet value, or by two within the budget.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::facet::{Count, FacetNames, FacetPanel, Facets, Narrowing, Selection, ValueId};
use super::feed::{Feed, Recency};
use super::ics::{Agenda, Dates};
use super::lists::Lists;
use super::tally::{Tally, TypeTally};
use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
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
    /// The feed that lies beside it.
    pub feed: Option<Arc<Feed>>,
    /// What that feed no longer tells of.
    pub archives: Vec<Arc<Feed>>,
    /// The calendar that lies beside it as a file.
    pub agenda: Option<Arc<Agenda>>,
    /// What it is narrowed by, in whatever language.
    pub(super) narrowing: Narrowing,
    panel_html: OnceLock<tera::Value>,
    panel_print: OnceLock<Fingerprint>,
    print: OnceLock<Fingerprint>,
}

impl Listing {
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
        *self.panel_print.get_or_init(|| Fingerprint::of_numbers(self.panels.iter().map(|panel| panel.print().0)))
    }

    /// Where one of its pages is.
    pub fn page_address(&self, catalog: &Catalog, number: usize) -> Address {
        self.address.page(catalog.message(self.lang, "page-slug"), number)
    }
}

/// A type in a language, with all that its listings are made from.
struct Shelf<'c> {
    catalog: &'c Catalog,
    recency: &'c Recency,
    dates: &'c Dates<'c>,
    type_index: usize,
    lang: Lang,
    facets: &'c Facets<'c>,
    tally: &'c TypeTally,
    names: Arc<FacetNames>,
    /// What is listed, in order; relative to the type's first.
    entries: Vec<u32>,
    /// The same by narrowing.
    narrowed: Lists,
}

/// Every listing of the site, by language and type; notes say what the budget left out.
pub(super) fn all(
    catalog: &Catalog,
    listed: &[Vec<bool>],
    recency: &Recency,
    dates: &Dates<'_>,
    notes: &mut Vec<String>,
) -> Vec<Vec<Vec<Arc<Listing>>>> {
    let types: Vec<usize> = (0..catalog.types.len()).filter(|t| !catalog.types[*t].root).collect();
    let facets: Vec<Facets<'_>> = types.par_iter().map(|t| Facets::of(catalog, *t)).collect();
    let ranks: Vec<Vec<u32>> = types.par_iter().map(|t| ranks(catalog, *t)).collect();
    // Most sites list the same entries in every language.
    let same = |lang: usize| (0..lang).find(|other| listed[*other] == listed[lang]).unwrap_or(lang);
    let like: Vec<usize> = (0..listed.len()).into_par_iter().map(same).collect();
    let own = |lang: usize| (like[lang] == lang).then(|| Tally::of(catalog, &types, &facets, &listed[lang]));
    let tallies: Vec<Option<Tally>> = (0..listed.len()).into_par_iter().map(own).collect();
    let mut wanted = Vec::new();
    for lang in catalog.config.langs() {
        let Some(tally) = &tallies[like[lang.index()]] else { continue };
        if tally.left_out > 0 {
            notes.push(format!(
                "{}: {} pairs of facet values have no page of their own (limits.facet_pairs: {})",
                catalog.config.tag(lang),
                tally.left_out,
                catalog.config.limits.facet_pairs
            ));
        }
        wanted.extend((0..types.len()).map(|at| (lang, at, &tally.types[at])));
    }
    let made: Vec<Vec<Arc<Listing>>> = wanted
        .par_iter()
        .map(|(lang, at, tally)| {
            Shelf::new(catalog, (recency, dates), (types[*at], *lang), &facets[*at], tally, &ranks[*at]).listings()
        })
        .collect();
    let mut listings: Vec<Vec<Vec<Arc<Listing>>>> =
        listed.iter().map(|_| catalog.types.iter().map(|_| Vec::new()).collect()).collect();
    for ((lang, at, _), made) in wanted.iter().zip(made) {
        listings[lang.index()][types[*at]] = made;
    }
    listings
}

impl<'c> Shelf<'c> {
    fn new(
        catalog: &'c Catalog,
        (recency, dates): (&'c Recency, &'c Dates<'c>),
        (type_index, lang): (usize, Lang),
        facets: &'c Facets<'c>,
        tally: &'c TypeTally,
        ranks: &[u32],
    ) -> Self {
        let entries = sorted(catalog, type_index, lang, &tally.listed, ranks);
        Shelf {
            catalog,
            recency,
            dates,
            type_index,
            lang,
            facets,
            tally,
            names: Arc::new(FacetNames::of(catalog, type_index, facets, lang)),
            narrowed: tally.within.turned(tally.narrowings.len(), &entries),
            entries,
        }
    }

    /// The listings of this type: whole, by value, by pair.
    fn listings(&self) -> Vec<Arc<Listing>> {
        let narrowings = &self.tally.narrowings;
        let single = narrowings.partition_point(|narrowing| matches!(narrowing, Narrowing::One(_)));
        let whole = self.whole();
        let narrowed = |at: usize, panels| self.listing(narrowings[at], self.narrowed.of(at as u32), panels);
        let by_value: Vec<Arc<Listing>> =
            (0..single).into_par_iter().map(|at| narrowed(at, self.by_value(narrowings[at], &whole))).collect();
        // Values without entries have no listing.
        let of_value = |value: ValueId| narrowings[..single].binary_search(&Narrowing::One(value)).ok();
        let panels = |value: ValueId| of_value(value).map_or(&[][..], |at| &by_value[at].panels);
        let by_pair: Vec<Arc<Listing>> = (single..narrowings.len())
            .into_par_iter()
            .map(|at| narrowed(at, self.by_pair(narrowings[at], &self.tally.beside[at - single], &panels)))
            .collect();
        let whole = self.listing(Narrowing::Whole, &self.entries, whole);
        [whole].into_iter().chain(by_value).chain(by_pair).collect()
    }

    /// The panels beside the whole.
    fn whole(&self) -> Vec<FacetPanel> {
        let panel = |(facet, (.., values)): (usize, &(_, _, Range<ValueId>))| {
            let counts = values.clone().map(|value| (value, self.tally.sizes[value as usize]));
            let filled = counts.filter(|(_, count)| *count > 0);
            FacetPanel::new(&self.names, facet, Narrowing::Whole, filled, |_| true)
        };
        let panels = self.facets.fields.iter().enumerate().map(panel);
        panels.filter(|panel| !panel.is_empty()).collect()
    }

    /// The panels beside the entries with a value. Its own facet's counts are the whole's.
    fn by_value(&self, narrowing: Narrowing, whole: &[FacetPanel]) -> Vec<FacetPanel> {
        let Narrowing::One(value) = narrowing else { return Vec::new() };
        let own = self.facets.facet_of(value);
        let counts = &self.tally.together[value as usize];
        let panel = |facet: usize| match facet == own {
            true => find(whole, facet).map(|panel| panel.at(value, self.tally.sizes[value as usize])),
            false => Some(self.panel(facet, narrowing, counts)),
        };
        (0..self.facets.fields.len()).filter_map(panel).filter(|panel| !panel.is_empty()).collect()
    }

    /// The panels beside the entries with two values. Each value's own facet's counts are those under the other.
    fn by_pair<'p>(
        &self,
        narrowing: Narrowing,
        counts: &[Count],
        panels: &impl Fn(ValueId) -> &'p [FacetPanel],
    ) -> Vec<FacetPanel> {
        let Narrowing::Two(first, second) = narrowing else { return Vec::new() };
        let (of_first, of_second) = (self.facets.facet_of(first), self.facets.facet_of(second));
        let both = self.both(first, second);
        let panel = |facet: usize| match facet {
            _ if facet == of_first => find(panels(second), facet).map(|panel| panel.at(first, both)),
            _ if facet == of_second => find(panels(first), facet).map(|panel| panel.at(second, both)),
            _ => Some(self.panel(facet, narrowing, counts)),
        };
        (0..self.facets.fields.len()).filter_map(panel).filter(|panel| !panel.is_empty()).collect()
    }

    fn both(&self, first: ValueId, second: ValueId) -> u32 {
        let counts = &self.tally.together[first as usize];
        counts.binary_search_by_key(&second, |(value, _)| *value).map_or(0, |at| counts[at].1)
    }

    /// The panel of a facet that the listing is not narrowed by.
    fn panel(&self, facet: usize, narrowing: Narrowing, counts: &[Count]) -> FacetPanel {
        let counts = self.facets.within(counts, facet).iter().copied();
        FacetPanel::new(&self.names, facet, narrowing, counts, |value| self.tally.has_pair(narrowing.with(value)))
    }

    fn listing(&self, narrowing: Narrowing, entries: &[u32], panels: Vec<FacetPanel>) -> Arc<Listing> {
        let first = self.catalog.members(self.type_index).start as u32;
        let mut listing = Listing {
            type_index: self.type_index,
            lang: self.lang,
            selection: narrowing.values().map(|value| self.selection(value, narrowing)).collect(),
            entries: entries.iter().map(|at| EntryId(first + at)).collect(),
            address: self.names.address(narrowing),
            panels,
            feed: None,
            archives: Vec::new(),
            agenda: None,
            narrowing,
            panel_html: OnceLock::new(),
            panel_print: OnceLock::new(),
            print: OnceLock::new(),
        };
        if listing.selection.len() < 2 {
            let title = listing.title(self.catalog);
            let agenda = self.dates.beside(self.lang, &title, &listing.address, &listing.entries);
            listing.agenda = agenda.map(Arc::new);
            let page = listing.address.clone();
            let mut feed = Feed::of(self.catalog, self.recency, self.lang, title, page, &listing.entries);
            if listing.selection.is_empty() {
                let told = self.recency.told_of(self.lang, &listing.entries);
                let archives = feed.archived(self.catalog, self.recency, &told);
                listing.archives = archives.into_iter().map(Arc::new).collect();
            }
            listing.feed =
                (!feed.items.is_empty() && !self.catalog.config.feeds.formats.is_empty()).then(|| Arc::new(feed));
        }
        Arc::new(listing)
    }

    fn selection(&self, value: ValueId, narrowing: Narrowing) -> Selection {
        let facet = self.facets.facet_of(value);
        Selection {
            field: self.facets.fields[facet].0,
            key: self.facets.keys[value as usize].clone(),
            facet: Arc::clone(&self.names.facets[facet]),
            label: Arc::clone(&self.names.values[value as usize]),
            without: self.names.address(narrowing.without(value)),
        }
    }
}

fn find(panels: &[FacetPanel], facet: usize) -> Option<&FacetPanel> {
    panels.iter().find(|panel| panel.facet() == facet)
}

/// The place of each entry by the type's sort field, the same in every language; equal values share a place. By entry,
/// relative to the type's first; those without a value come last.
fn ranks(catalog: &Catalog, type_index: usize) -> Vec<u32> {
    let definition = &catalog.types[type_index];
    let members = &catalog.entries[catalog.members(type_index)];
    let mut ranks = vec![0; members.len()];
    let Some(field) = definition.sort.field else { return ranks };
    let kind = definition.fields[field].kind;
    let values: Vec<Option<&Value>> =
        members.iter().map(|entry| extreme(entry.shared(field), definition, field)).collect();
    let compare = |a: &u32, b: &u32| match (values[*a as usize], values[*b as usize]) {
        (Some(a), Some(b)) if definition.sort.descending => kind.compare(b, a),
        (Some(a), Some(b)) => kind.compare(a, b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    };
    let mut order: Vec<u32> = (0..members.len() as u32).collect();
    order.par_sort_by(compare);
    let mut rank = 0;
    for (at, entry) in order.iter().enumerate() {
        if at > 0 && compare(&order[at - 1], entry).is_ne() {
            rank += 1;
        }
        ranks[*entry as usize] = rank;
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

/// Entries of a type, relative to its first, in the order of a language: by field, then by title in the language's
/// collation.
fn sorted(catalog: &Catalog, type_index: usize, lang: Lang, listed: &[u32], ranks: &[u32]) -> Vec<u32> {
    let first = catalog.members(type_index).start as u32;
    let sort = catalog.types[type_index].sort;
    let locale = catalog.locale(lang);
    let mut entries = listed.to_vec();
    let mut titles: Vec<&str> = vec![""; catalog.members(type_index).len()];
    for at in listed {
        titles[*at as usize] = catalog.title(EntryId(first + at), lang).0;
    }
    let title = |at: u32| titles[at as usize];
    if sort.field.is_none() {
        entries.par_sort_by_cached_key(|at| locale.sort_key(title(*at)));
        if sort.descending {
            entries.reverse();
        }
        return entries;
    }
    let rank = |at: u32| ranks[at as usize];
    entries.par_sort_unstable_by(|a, b| {
        rank(*a).cmp(&rank(*b)).then_with(|| locale.compare(title(*a), title(*b))).then(a.cmp(b))
    });
    entries
}
