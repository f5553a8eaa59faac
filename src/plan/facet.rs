//! Facets: under which values each entry is found, what these are called, and the panels beside a listing; not which
//! listings there are.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use ecow::EcoString;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::lists::Lists;
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::field::{Facet, FacetLabel, Show};
use crate::fingerprint::Fingerprint;
use crate::url::Address;

/// How many values of a facet a panel shows.
const PANEL: usize = 40;

/// The number of a facet value among those of all facets of its type, facet by facet.
pub(super) type ValueId = u32;

/// A value, and how many entries are under it.
pub(super) type Count = (ValueId, u32);

/// The facets of a type and the values of its entries; the same in every language.
pub(super) struct Facets<'c> {
    /// Index of each facet's field, its kind's way of narrowing, and its values.
    pub fields: Vec<(usize, &'c dyn Facet, Range<ValueId>)>,
    /// The values' keys.
    pub keys: Arc<[EcoString]>,
    /// Values in ascending order, by entry (relative to the type's first).
    pub values: Lists,
}

impl<'c> Facets<'c> {
    /// Of a type.
    pub(super) fn of(catalog: &'c Catalog, type_index: usize) -> Self {
        let declared = catalog.types[type_index].fields.iter().enumerate().filter(|(_, f)| f.facet);
        let declared: Vec<(usize, &dyn Facet)> =
            declared.filter_map(|(at, f)| Some((at, f.kind.as_facet()?))).collect();
        let read: Vec<(Vec<EcoString>, Lists)> =
            declared.par_iter().map(|(field, facet)| values(catalog, type_index, *field, *facet)).collect();
        let mut fields = Vec::with_capacity(read.len());
        let mut keys = Vec::new();
        for ((field, facet), (own, _)) in declared.into_iter().zip(&read) {
            let first = keys.len() as u32;
            keys.extend_from_slice(own);
            fields.push((field, facet, first..keys.len() as u32));
        }
        let count = catalog.members(type_index).len();
        let mut values = Lists::with_capacity(count);
        for entry in 0..count as u32 {
            values.push(fields.iter().zip(&read).flat_map(|((.., own), (_, lists))| {
                let first = own.start;
                lists.of(entry).iter().map(move |value| first + value)
            }));
        }
        Facets { fields, keys: keys.into(), values }
    }

    /// The facet that a value is one of.
    pub(super) fn facet_of(&self, value: ValueId) -> usize {
        self.fields.partition_point(|(.., values)| values.end <= value)
    }

    /// Those counts, in ascending order of their values, that belong to a facet.
    pub(super) fn within<'n>(&self, counts: &'n [Count], facet: usize) -> &'n [Count] {
        let values = &self.fields[facet].2;
        let first = counts.partition_point(|(value, _)| *value < values.start);
        let end = counts.partition_point(|(value, _)| *value < values.end);
        &counts[first..end]
    }
}

/// The keys of a facet in the order in which entries have them, and each entry's own among them.
fn values(catalog: &Catalog, type_index: usize, field: usize, facet: &dyn Facet) -> (Vec<EcoString>, Lists) {
    let members = catalog.members(type_index);
    let mut lists = Lists::with_capacity(members.len());
    let mut keys = Vec::new();
    let mut index: FxHashMap<EcoString, u32> = FxHashMap::default();
    let mut values: Vec<u32> = Vec::new();
    for entry in &catalog.entries[members] {
        values.extend(facet.keys(entry.shared(field), entry, catalog).into_iter().map(|key| {
            *index.entry(key).or_insert_with_key(|key| {
                keys.push(key.clone());
                keys.len() as u32 - 1
            })
        }));
        values.sort_unstable();
        values.dedup();
        lists.push(values.drain(..));
    }
    (keys, lists)
}

/// What a listing is narrowed by; the order is that in which listings are made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Narrowing {
    /// Nothing.
    Whole,
    /// A value.
    One(ValueId),
    /// Two values, of two facets in their order.
    Two(ValueId, ValueId),
}

impl Narrowing {
    /// The values.
    pub(super) fn values(self) -> impl Iterator<Item = ValueId> {
        let (first, second) = match self {
            Narrowing::Whole => (None, None),
            Narrowing::One(value) => (Some(value), None),
            Narrowing::Two(first, second) => (Some(first), Some(second)),
        };
        first.into_iter().chain(second)
    }

    /// Without a value.
    pub(super) fn without(self, value: ValueId) -> Self {
        match self {
            Narrowing::Two(first, second) if first == value => Narrowing::One(second),
            Narrowing::Two(first, second) if second == value => Narrowing::One(first),
            Narrowing::One(only) if only == value => Narrowing::Whole,
            other => other,
        }
    }

    /// With a value more, of another facet; none where there are two already.
    pub(super) fn with(self, value: ValueId) -> Option<Self> {
        match self {
            Narrowing::Whole => Some(Narrowing::One(value)),
            Narrowing::One(other) => Some(Narrowing::Two(other.min(value), other.max(value))),
            Narrowing::Two(..) => None,
        }
    }
}

/// The facets of a type in one language: names, address segments, order.
#[derive(Debug)]
pub(super) struct FacetNames {
    /// The site's base and the address of the whole listing.
    base: EcoString,
    home: Address,
    /// BCP 47 tags, by language.
    tags: Vec<EcoString>,
    /// The fields' ids, by facet.
    ids: Vec<EcoString>,
    /// Each facet's own name.
    pub facets: Vec<Arc<FacetLabel>>,
    /// The values' keys.
    keys: Arc<[EcoString]>,
    /// The values' names.
    pub values: Vec<Arc<FacetLabel>>,
    /// The facet of each value.
    facet_of: Vec<u32>,
    /// The place of each value in reading order.
    rank: Vec<u32>,
    /// Fingerprints of what the values are called.
    prints: Vec<Fingerprint>,
}

impl FacetNames {
    /// In a language.
    pub(super) fn of(catalog: &Catalog, type_index: usize, facets: &Facets<'_>, lang: Lang) -> Self {
        let definition = &catalog.types[type_index];
        let locale = catalog.locale(lang);
        let count = facets.keys.len();
        let mut names = FacetNames {
            base: catalog.config.base.path.clone(),
            home: catalog.listing_address(definition, lang),
            tags: catalog.config.languages.clone(),
            ids: facets.fields.iter().map(|(field, ..)| definition.fields[*field].name.clone()).collect(),
            facets: Vec::with_capacity(facets.fields.len()),
            keys: Arc::clone(&facets.keys),
            values: Vec::with_capacity(count),
            facet_of: Vec::with_capacity(count),
            rank: vec![0; count],
            prints: Vec::with_capacity(count),
        };
        for (at, (field, facet, own)) in facets.fields.iter().enumerate() {
            let field = &definition.fields[*field];
            let show = Show { catalog, lang, type_index, field, entry: None, text: lang };
            names.facets.push(Arc::new(facet.title(&show)));
            for value in own.clone() {
                let label = facet.label(&facets.keys[value as usize], &show);
                names.prints.push(print(&label, &catalog.config.languages));
                names.values.push(Arc::new(label));
                names.facet_of.push(at as u32);
            }
            let mut order: Vec<ValueId> = own.clone().collect();
            order.sort_by_cached_key(|value| {
                let label = &names.values[*value as usize];
                (label.rank, locale.sort_key(&label.text), facets.keys[*value as usize].clone())
            });
            for (place, value) in own.clone().zip(order) {
                names.rank[value as usize] = place;
            }
        }
        names
    }

    /// Where a listing is.
    pub(super) fn address(&self, narrowing: Narrowing) -> Address {
        let mut path = self.home.0.clone();
        self.extend(&mut path, narrowing);
        Address(path)
    }

    fn href(&self, narrowing: Narrowing) -> EcoString {
        let mut path = self.base.clone();
        path.push_str(&self.home.0);
        self.extend(&mut path, narrowing);
        path
    }

    fn extend(&self, path: &mut EcoString, narrowing: Narrowing) {
        for value in narrowing.values() {
            let facet = self.facet_of[value as usize];
            for segment in [&self.facets[facet as usize].slug, &self.values[value as usize].slug] {
                path.push_str(segment);
                path.push('/');
            }
        }
    }

    fn tag(&self, lang: Option<Lang>) -> Option<&str> {
        lang.map(|lang| self.tags[lang.index()].as_str())
    }
}

fn print(label: &FacetLabel, tags: &[EcoString]) -> Fingerprint {
    let tag = label.lang.map_or("", |lang| tags[lang.index()].as_str());
    Fingerprint::of_parts([label.text.as_bytes(), tag.as_bytes(), label.slug.as_bytes()])
}

/// One facet value that a listing is narrowed by.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Index of the field.
    pub field: usize,
    /// The value's key.
    pub key: EcoString,
    /// The facet's name.
    pub facet: Arc<FacetLabel>,
    /// The value's name.
    pub label: Arc<FacetLabel>,
    /// The listing without it.
    pub without: Address,
}

/// One facet beside a listing; it serializes as [`FacetPanelView`].
#[derive(Clone, Debug)]
pub struct FacetPanel {
    names: Arc<FacetNames>,
    facet: usize,
    /// What the listing is narrowed by in other facets.
    others: Narrowing,
    /// Its value of this facet.
    current: Option<ValueId>,
    /// Values in reading order.
    values: Vec<Shown>,
    more: usize,
}

#[derive(Clone, Copy, Debug)]
struct Shown {
    value: ValueId,
    count: u32,
    /// Whether there is a listing narrowed by it too.
    linked: bool,
}

impl FacetPanel {
    /// The values with the most entries among `counts`, which the facet has under `others`.
    pub(super) fn new(
        names: &Arc<FacetNames>,
        facet: usize,
        others: Narrowing,
        counts: impl Iterator<Item = Count>,
        linked: impl Fn(ValueId) -> bool,
    ) -> Self {
        let mut counts: Vec<Count> = counts.collect();
        let more = counts.len().saturating_sub(PANEL);
        let rank = |value: &ValueId| names.rank[*value as usize];
        if more > 0 {
            counts.select_nth_unstable_by_key(PANEL, |(value, count)| (Reverse(*count), rank(value)));
            counts.truncate(PANEL);
        }
        counts.sort_unstable_by_key(|(value, _)| rank(value));
        let shown = |(value, count)| Shown { value, count, linked: linked(value) };
        let values = counts.into_iter().map(shown).collect();
        FacetPanel { names: Arc::clone(names), facet, others, current: None, values, more }
    }

    /// The same facet beside the listing that is narrowed by one of its values too. The value is shown in any case;
    /// the others keep their counts, so that choosing another replaces it.
    pub(super) fn at(&self, current: ValueId, count: u32) -> Self {
        let mut panel = FacetPanel { current: Some(current), ..self.clone() };
        if !panel.values.iter().any(|shown| shown.value == current) {
            let rank = |value: ValueId| self.names.rank[value as usize];
            let last = panel.values.iter_mut().min_by_key(|shown| (shown.count, Reverse(rank(shown.value))));
            if let Some(last) = last {
                *last = Shown { value: current, count, linked: true };
            }
            panel.values.sort_unstable_by_key(|shown| rank(shown.value));
        }
        panel
    }

    /// Which of the type's facets it is.
    pub(super) fn facet(&self) -> usize {
        self.facet
    }

    /// Whether there is nothing to choose.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The fingerprint of all that a template sees of it.
    pub(super) fn print(&self) -> Fingerprint {
        let names = &self.names;
        let mut bytes = Vec::with_capacity(64 + self.values.len() * 22);
        for text in [&names.base, &names.home.0, &names.ids[self.facet]] {
            bytes.extend((text.len() as u32).to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes.extend(print(&names.facets[self.facet], &names.tags).0.to_le_bytes());
        bytes.extend((self.more as u64).to_le_bytes());
        for other in self.others.values() {
            let facet = names.facet_of[other as usize] as usize;
            // On which side of this facet's segments the other's stand.
            bytes.push(1 + u8::from(facet > self.facet));
            bytes.extend(print(&names.facets[facet], &names.tags).0.to_le_bytes());
            bytes.extend(names.prints[other as usize].0.to_le_bytes());
        }
        for shown in &self.values {
            bytes.push(4 | u8::from(shown.linked) | u8::from(self.current == Some(shown.value)) << 1);
            bytes.extend(shown.count.to_le_bytes());
            bytes.extend(names.prints[shown.value as usize].0.to_le_bytes());
        }
        Fingerprint::of(&bytes)
    }

    /// The field that it is about.
    pub fn field(&self) -> &str {
        &self.names.ids[self.facet]
    }

    /// What the facet is called.
    pub fn title(&self) -> &str {
        &self.names.facets[self.facet].text
    }

    /// Its values as templates see them, with their keys.
    pub fn counted(&self) -> Vec<(&str, FacetValueView<'_>)> {
        let keys = self.values.iter().map(|shown| self.names.keys[shown.value as usize].as_str());
        keys.zip(self.view().values).collect()
    }

    fn view(&self) -> FacetPanelView<'_> {
        let names = &*self.names;
        let value = |shown: &Shown| {
            let label = &names.values[shown.value as usize];
            let current = self.current == Some(shown.value);
            let href = match current {
                true => Some(names.href(self.others)),
                false if shown.linked => self.others.with(shown.value).map(|narrowing| names.href(narrowing)),
                false => None,
            };
            FacetValueView {
                label: &label.text,
                lang: names.tag(label.lang),
                count: shown.count as usize,
                href,
                current,
            }
        };
        FacetPanelView {
            id: &names.ids[self.facet],
            title: &names.facets[self.facet].text,
            values: self.values.iter().map(value).collect(),
            more: self.more,
        }
    }
}

impl Serialize for FacetPanel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.view().serialize(serializer)
    }
}

/// One facet beside a listing, as templates see it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FacetPanelView<'n> {
    /// The field's id.
    pub id: &'n str,
    /// What the facet is called.
    pub title: &'n str,
    /// Its values.
    pub values: Vec<FacetValueView<'n>>,
    /// How many more there are.
    pub more: usize,
}

/// One value of a facet beside a listing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FacetValueView<'n> {
    /// What it is called.
    pub label: &'n str,
    /// The language of that, where it is not the page's.
    pub lang: Option<&'n str>,
    /// How many entries there would be.
    pub count: usize,
    /// The listing narrowed by it, or widened again where it is current; none where there is no such page.
    #[schemars(with = "Option<String>")]
    pub href: Option<EcoString>,
    /// Whether the listing is narrowed by it.
    pub current: bool,
}
