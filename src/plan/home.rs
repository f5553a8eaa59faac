//! What a home page shows of all entries: those put first, open calls, the latest.

use super::feed::Recency;
use crate::catalog::status::Status;
use crate::catalog::{Catalog, EntryId, status};
use crate::config::Lang;
use crate::field::Value;

/// How many cards a shelf holds.
const SHELF: usize = 6;

/// The home page's shelves; an entry stands on one of them.
#[derive(Debug)]
pub struct Shelves {
    /// Entries that editors put first.
    pub featured: Vec<EntryId>,
    /// Open calls, the next to close first.
    pub open: Vec<EntryId>,
    /// The latest entries.
    pub latest: Vec<EntryId>,
}

/// The shelves of a language, from what it lists.
pub(super) fn shelves(catalog: &Catalog, lang: Lang, listed: &[bool], recency: &Recency) -> Shelves {
    let shown = |id: &EntryId| listed[id.index()] && !catalog.type_of(*id).root;
    let listed = || catalog.ids().filter(shown);
    let featured: Vec<EntryId> = listed().filter(|id| catalog.entry(*id).featured).take(SHELF).collect();
    let mut open: Vec<EntryId> = listed()
        .filter(|id| matches!(catalog.entry(*id).status, Some(Status::Open | Status::ClosingSoon)))
        .filter(|id| !featured.contains(id))
        .collect();
    open.sort_by_cached_key(|id| (next_deadline(catalog, *id), *id));
    open.truncate(SHELF);
    let latest = recency.told(lang).filter(shown).filter(|id| !featured.contains(id) && !open.contains(id));
    Shelves { latest: latest.take(SHELF).collect(), featured, open }
}

fn next_deadline(catalog: &Catalog, id: EntryId) -> Option<jiff::Timestamp> {
    let closes = catalog.type_of(id).status.closes?;
    let ends = catalog.entry(id).shared(closes).iter().filter_map(|value| match value {
        Value::Deadline(deadline) => Some(deadline.at.ends),
        _ => None,
    });
    ends.filter(|ends| catalog.at < *ends).min().or_else(|| status_end(catalog, id))
}

fn status_end(catalog: &Catalog, id: EntryId) -> Option<jiff::Timestamp> {
    let rule = &catalog.type_of(id).status;
    status::changes(rule, &catalog.entry(id).values, &catalog.config.time_zone).into_iter().find(|at| catalog.at < *at)
}
