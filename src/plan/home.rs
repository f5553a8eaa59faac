//! What a home page shows of all entries: those put first, open calls, the latest.

use rayon::prelude::*;

use super::feed::Recency;
use crate::catalog::status::Status;
use crate::catalog::{Catalog, EntryId, Now, status};
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

/// The shelves of every language, from what each lists.
pub(super) fn all(
    catalog: &Catalog,
    langs: &[Lang],
    listed: &[Vec<bool>],
    recency: &Recency,
    now: &Now,
) -> Vec<Shelves> {
    let shown = |id: &EntryId| !catalog.type_of(*id).root;
    let featured: Vec<EntryId> =
        catalog.ids().filter(|id| catalog.entries[id.index()].featured).filter(shown).collect();
    let is_open = |id: &EntryId| matches!(catalog.entries[id.index()].status, Some(Status::Open | Status::ClosingSoon));
    let mut open: Vec<EntryId> = catalog.ids().filter(is_open).filter(shown).collect();
    open.par_sort_by_cached_key(|id| (next_deadline(catalog, *id, now), *id));
    let shelves = |lang: &Lang| {
        let listed = |id: &EntryId| listed[lang.index()][id.index()];
        let featured: Vec<EntryId> = featured.iter().copied().filter(listed).take(SHELF).collect();
        let open = open.iter().copied().filter(listed).filter(|id| !featured.contains(id));
        let open: Vec<EntryId> = open.take(SHELF).collect();
        let latest = recency.told(*lang).filter(listed).filter(shown);
        let latest = latest.filter(|id| !featured.contains(id) && !open.contains(id));
        Shelves { latest: latest.take(SHELF).collect(), featured, open }
    };
    langs.iter().map(shelves).collect()
}

fn next_deadline(catalog: &Catalog, id: EntryId, now: &Now) -> Option<jiff::Timestamp> {
    let closes = catalog.type_of(id).status.closes?;
    let ends = catalog.entry(id).shared(closes).iter().filter_map(|value| match value {
        Value::Deadline(deadline) => Some(deadline.at.ends),
        _ => None,
    });
    ends.filter(|ends| !now.has_reached(*ends)).min().or_else(|| status_end(catalog, id, now))
}

fn status_end(catalog: &Catalog, id: EntryId, now: &Now) -> Option<jiff::Timestamp> {
    let rule = &catalog.type_of(id).status;
    let changes = status::changes(rule, &catalog.entry(id).values, &catalog.config.time_zone);
    changes.into_iter().find(|at| !now.has_reached(*at))
}
