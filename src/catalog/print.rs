//! What entries are remembered by: their names, and fingerprints of all that a view may learn from looking at them.

use jiff::Timestamp;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::{Catalog, Entry, EntryId, Read};
use crate::fingerprint::Fingerprint;
use crate::memo::Name;

/// An entry's name: 64 bits that are its own for as long as it keeps its type and id.
pub fn name(catalog: &Catalog, id: EntryId) -> Name {
    xxh3_64(catalog.key(id).as_bytes())
}

/// The fingerprint of every entry: of its files, of what the clock makes of it, and of what others say of it. Its files
/// name what it refers to; how that is shown is looked up there.
pub fn prints(catalog: &Catalog, names: &[Name]) -> Vec<Fingerprint> {
    catalog.entries.par_iter().enumerate().map(|(at, entry)| of(catalog, entry, names[at], names)).collect()
}

fn instant(at: Option<Timestamp>) -> u128 {
    at.map_or(0, |at| at.as_nanosecond() as u128)
}

fn of(catalog: &Catalog, entry: &Entry, name: Name, names: &[Name]) -> Fingerprint {
    let of_entry = |id: &EntryId| u128::from(names[id.index()]);
    let texts = entry.texts.iter().map(|text| u128::from(text.is_some()));
    let status = entry.status.map_or(0, |status| 1 + status as u128);
    let file = |read: &Read| [read.lang.map_or(0, |lang| 1 + u128::from(lang.0)), read.content.0];
    let content = Fingerprint::of_numbers(entry.content.iter().flat_map(file));
    let state = [name.into(), content.0, entry.state as u128, entry.built.into(), status];
    let related = [entry.related.len() as u128].into_iter().chain(entry.related.iter().map(of_entry));
    let counts = [entry.inverse.len() as u128, entry.files.len() as u128];
    let inverse = entry.inverse.iter().flat_map(|list| {
        let head = [list.type_index as u128, list.field as u128, list.from.len() as u128];
        head.into_iter().chain(list.from.iter().map(of_entry))
    });
    let files = entry.files.iter().flat_map(|(path, index)| {
        let asset = &catalog.assets[*index];
        let size = asset.size.map_or(0, |(width, height)| u128::from(width) << 32 | u128::from(height));
        [Fingerprint::of(path.as_bytes()).0, asset.fingerprint.0, asset.len.into(), size]
    });
    let dated = [entry.dated.from, entry.dated.published].into_iter().chain(entry.dated.updated.iter().copied());
    let dated = dated.chain(entry.dated.seen.iter().copied());
    let dated = dated.chain(entry.dated.events.iter().map(|(_, at)| *at)).map(instant);
    let state = state.into_iter().chain(dated);
    Fingerprint::of_numbers(state.chain(counts).chain(texts).chain(related).chain(inverse).chain(files))
}
