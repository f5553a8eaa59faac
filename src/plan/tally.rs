//! How many entries are under each facet value and under each two, and which two get listings: reckoned once for all
//! languages that list the same entries. It knows no names and no order of entries.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::facet::{Count, Facets, Narrowing, ValueId};
use super::lists::Lists;
use crate::catalog::Catalog;
use crate::config::Limits;

/// The counts of the site's types, for some set of entries.
pub(super) struct Tally {
    /// By type.
    pub types: Vec<TypeTally>,
    /// How many pairs of values the budget left out.
    pub left_out: usize,
}

/// The counts of a type. Entries are numbered from the type's first.
pub(super) struct TypeTally {
    /// The entries that are listed, in catalog order.
    pub listed: Vec<u32>,
    /// What its listings are narrowed by, in order; all but the whole.
    pub narrowings: Vec<Narrowing>,
    /// Which of these each entry is in.
    pub within: Lists,
    /// How many entries are under each value.
    pub sizes: Vec<u32>,
    /// By value: how many of its entries are under each value of other facets, in ascending order.
    pub together: Vec<Vec<Count>>,
    /// By narrowing to two values: how many of its entries are under each value of other facets, in ascending order.
    pub beside: Vec<Vec<Count>>,
}

/// Two values of a type and how many entries have both; the type comes as a number among those that are counted.
type Pair = (u32, usize, ValueId, ValueId);

impl Tally {
    /// Counts the entries that are `listed`, by catalog number.
    pub(super) fn of(catalog: &Catalog, types: &[usize], facets: &[Facets<'_>], listed: &[bool]) -> Self {
        let by_value: Vec<ByValue> =
            types.par_iter().zip(facets).map(|(t, facets)| ByValue::of(catalog, *t, facets, listed)).collect();
        let (pairs, left_out) = choose(&by_value, facets, &catalog.config.limits);
        let types = by_value.into_par_iter().zip(facets).enumerate();
        let own = |at: usize| pairs.iter().filter(move |pair| pair.1 == at).map(|(.., a, b)| Narrowing::Two(*a, *b));
        let types = types.map(|(at, (counted, facets))| counted.with_pairs(facets, own(at).collect())).collect();
        Tally { types, left_out }
    }
}

/// The counts of a type before it is known which pairs have listings.
struct ByValue {
    listed: Vec<u32>,
    /// The entries under each value.
    members: Lists,
    together: Vec<Vec<Count>>,
}

impl ByValue {
    fn of(catalog: &Catalog, type_index: usize, facets: &Facets<'_>, listed: &[bool]) -> Self {
        let range = catalog.members(type_index);
        let listed: Vec<u32> = (0..range.len() as u32).filter(|at| listed[range.start + *at as usize]).collect();
        let values = facets.keys.len();
        let members = facets.values.turned(values, &listed);
        let counter = || Counter::new(values);
        let together = (0..values as u32)
            .into_par_iter()
            .map_init(counter, |counter, value| counter.count(facets, members.of(value), &[facets.facet_of(value)]))
            .collect();
        ByValue { listed, members, together }
    }

    fn size(&self, value: ValueId) -> u32 {
        self.members.of(value).len() as u32
    }

    /// Pairs of values of two facets that some entry has both of, and not every entry with one of them: a pair that one
    /// of its values already is says nothing new.
    fn pairs(&self, at: usize, facets: &Facets<'_>) -> impl Iterator<Item = Pair> {
        (0..self.together.len() as u32).flat_map(move |a| {
            let own = facets.fields[facets.facet_of(a)].2.end;
            let counts = self.together[a as usize].iter().filter(move |(b, _)| *b >= own);
            let says_more = move |(b, count): &&Count| *count < self.size(a).min(self.size(*b));
            counts.filter(says_more).map(move |(b, count)| (*count, at, a, *b))
        })
    }

    fn with_pairs(self, facets: &Facets<'_>, mut pairs: Vec<Narrowing>) -> TypeTally {
        pairs.sort_unstable();
        let both = |pair: &Narrowing| {
            let Narrowing::Two(a, b) = *pair else { return Vec::new() };
            let (few, other) = if self.size(a) <= self.size(b) { (a, b) } else { (b, a) };
            let has = |entry: &u32| facets.values.of(*entry).binary_search(&other).is_ok();
            self.members.of(few).iter().copied().filter(has).collect()
        };
        let both: Vec<Vec<u32>> = pairs.par_iter().map(both).collect();
        let counter = || Counter::new(facets.keys.len());
        let count = |counter: &mut Counter, (pair, entries): (&Narrowing, &Vec<u32>)| {
            let own: Vec<usize> = pair.values().map(|value| facets.facet_of(value)).collect();
            counter.count(facets, entries, &own)
        };
        let beside = pairs.par_iter().zip(&both).map_init(counter, count).collect();
        let sizes: Vec<u32> = (0..facets.keys.len() as u32).map(|value| self.size(value)).collect();
        let single: Vec<u32> = (0..sizes.len() as u32).filter(|value| sizes[*value as usize] > 0).collect();
        let mut entries = Lists::with_capacity(single.len() + pairs.len());
        for value in &single {
            entries.push(self.members.of(*value).iter().copied());
        }
        for both in both {
            entries.push(both);
        }
        let narrowings: Vec<Narrowing> = single.into_iter().map(Narrowing::One).chain(pairs).collect();
        let all: Vec<u32> = (0..narrowings.len() as u32).collect();
        let within = entries.turned(facets.values.len(), &all);
        TypeTally { listed: self.listed, narrowings, within, sizes, together: self.together, beside }
    }
}

impl TypeTally {
    /// Whether two values have a listing together.
    pub(super) fn has_pair(&self, narrowing: Option<Narrowing>) -> bool {
        narrowing.is_some_and(|narrowing| self.narrowings.binary_search(&narrowing).is_ok())
    }
}

/// The pairs with the most entries, over all types, until their pages fill the budget; also how many are left out.
fn choose(types: &[ByValue], facets: &[Facets<'_>], limits: &Limits) -> (Vec<Pair>, usize) {
    let by_type = types.par_iter().zip(facets).enumerate();
    let mut pairs: Vec<Pair> = by_type.flat_map_iter(|(at, (counted, facets))| counted.pairs(at, facets)).collect();
    let all = pairs.len();
    let key = |(count, at, a, b): &Pair| (Reverse(*count), *at, *a, *b);
    // Each has at least one page.
    if all > limits.facet_pairs {
        pairs.select_nth_unstable_by_key(limits.facet_pairs, key);
        pairs.truncate(limits.facet_pairs);
    }
    pairs.sort_unstable_by_key(key);
    let mut room = limits.facet_pairs;
    let fitting = pairs.iter().take_while(|(count, ..)| {
        let pages = (*count as usize).div_ceil(limits.page_size);
        let fits = pages <= room;
        room = room.saturating_sub(pages);
        fits
    });
    pairs.truncate(fitting.count());
    let left_out = all - pairs.len();
    (pairs, left_out)
}

/// Counts values without looking at those that no entry has.
struct Counter {
    counts: Vec<u32>,
    seen: Vec<ValueId>,
}

impl Counter {
    fn new(values: usize) -> Self {
        Counter { counts: vec![0; values], seen: Vec::new() }
    }

    /// How many of these entries are under each value, but for some facets'.
    fn count(&mut self, facets: &Facets<'_>, entries: &[u32], but: &[usize]) -> Vec<Count> {
        for entry in entries {
            for value in facets.values.of(*entry) {
                let count = &mut self.counts[*value as usize];
                if *count == 0 {
                    self.seen.push(*value);
                }
                *count += 1;
            }
        }
        self.seen.sort_unstable();
        let mut counts = Vec::with_capacity(self.seen.len());
        for value in self.seen.drain(..) {
            let count = std::mem::take(&mut self.counts[value as usize]);
            if !but.contains(&facets.facet_of(value)) {
                counts.push((value, count));
            }
        }
        counts
    }
}
