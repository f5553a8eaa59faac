//! Phase 3, resolve: documents become the catalog; names are looked up, references turned round, addresses given.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::sync::Arc;

use ecow::EcoString;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Catalog, Entry, EntryId, Inverse, Now, PublishedAsset, State, Text, checks, dated, entry, pictures, status,
};
use crate::config::{Config, Lang};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::read::PerLang;
use crate::document::schema::{TypeDef, Untranslated};
use crate::document::{Documents, EntryDoc};
use crate::field::{Names, Value};
use crate::ledger::content;
use crate::load::{Inputs, Options};
use crate::url::Address;

/// Connects everything that the documents say.
pub fn resolve(documents: Documents, inputs: &Inputs, options: &Options, now: &Now) -> (Catalog, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let Documents {
        config,
        locales,
        voices,
        messages,
        theme,
        types,
        vocabularies,
        broken,
        entries: docs,
        intros,
        declared,
        ledger,
        network,
    } = documents;
    let mut assets = publish(inputs, &docs, &types);
    let index: FxHashMap<(usize, EcoString), EntryId> =
        docs.iter().enumerate().map(|(at, doc)| ((doc.type_index, doc.id.clone()), EntryId(at as u32))).collect();
    let names = Names {
        config: &config,
        types: &types,
        vocabularies: &vocabularies,
        broken: &broken,
        entries: index,
        voices: &voices,
    };
    let homes: Vec<PerLang<Address>> = types.iter().map(|definition| homes(definition, &config)).collect();
    let build = |doc| {
        let own = content::prints(&doc, &config.languages, |index| assets[index].fingerprint);
        let (mut entry, found) = entry::build(doc, &names);
        entry.own = own;
        set_state(&mut entry, &config, &types, options, now);
        entry.addresses = addresses(&entry, &types[entry.type_index], &homes[entry.type_index]);
        set_heading_ids(&mut entry);
        (entry, found)
    };
    let built: Vec<(Entry, Diagnostics)> = docs.into_par_iter().map(build).collect();
    let by_id = names.entries;
    let mut entries = Vec::with_capacity(built.len());
    for (entry, found) in built {
        entries.push(entry);
        diagnostics.extend(found);
    }
    relate(&mut entries);
    invert(&mut entries, &types);
    claim_slugs(&entries, &types, &config, &mut diagnostics);
    for asset in &mut assets {
        asset.owner = asset.owner.filter(|owner| entries[owner.index()].built);
    }
    pictures::mark(&entries, &config, &mut assets);
    let mut catalog = Catalog {
        config,
        locales,
        messages,
        theme,
        types,
        vocabularies,
        broken,
        entries,
        intros,
        assets,
        by_id,
        bodies: Arc::clone(inputs.cache.bodies()),
        sources: Arc::clone(&inputs.sources),
        voices,
        declared,
        ledger,
        robots: inputs.robots.map(|file| inputs.sources.text(file).to_owned()),
        network,
        status_words: Vec::new(),
        lost: Default::default(),
    };
    catalog.status_words = status_words(&catalog);
    let dated = dated::all(&catalog, now);
    catalog.entries.iter_mut().zip(dated).for_each(|(entry, dated)| entry.dated = dated);
    checks::run(&catalog, &mut diagnostics);
    (catalog, diagnostics)
}

fn status_words(catalog: &Catalog) -> Vec<PerLang<Vec<String>>> {
    let of_type = |definition: &TypeDef| {
        let in_lang = |lang: Lang| {
            let gender = [("gender", definition.gender[lang.index()].as_str())];
            status::ALL.iter().map(|status| catalog.format(lang, status.message(), &gender)).collect()
        };
        catalog.config.langs().map(in_lang).collect()
    };
    catalog.types.iter().map(of_type).collect()
}

/// Every file of an entry's folder has an address that no language owns.
fn publish(inputs: &Inputs, docs: &[EntryDoc], types: &[TypeDef]) -> Vec<PublishedAsset> {
    let mut assets: Vec<PublishedAsset> = inputs
        .assets
        .iter()
        .map(|asset| PublishedAsset {
            owner: None,
            address: Address::root(),
            name: asset.path.rsplit('/').next().unwrap_or_default().into(),
            path: format!("content/{}", asset.path),
            disk: asset.disk.clone(),
            len: asset.len,
            fingerprint: asset.fingerprint,
            size: asset.size,
            raster: asset.raster,
            shown: false,
            linked: false,
        })
        .collect();
    for (at, doc) in docs.iter().enumerate() {
        for (path, index) in &doc.files {
            let address = ecow::eco_format!("files/{}/{}/{path}", types[doc.type_index].id, doc.id);
            assets[*index].address = Address(address);
            assets[*index].owner = Some(EntryId(at as u32));
        }
    }
    assets
}

/// Draft, scheduled, expired or superseded: from the entry's dates and the clock.
fn set_state(entry: &mut Entry, config: &Config, types: &[TypeDef], options: &Options, now: &Now) {
    let zone = &config.time_zone;
    let ends = |day| status::ends(day, zone);
    if entry.state == State::Published {
        let begins = entry.publish_on.and_then(|day| status::begins(day, zone));
        entry.state = if begins.is_some_and(|begins| !now.has_reached(begins)) {
            State::Scheduled
        } else if entry.superseded_by.is_some() {
            State::Superseded
        } else if entry.expires_on.and_then(ends).is_some_and(|over| now.has_reached(over)) {
            State::Expired
        } else {
            State::Published
        };
    }
    if !options.drafts {
        for text in &mut entry.texts {
            text.take_if(|text| text.draft);
        }
    }
    let hidden = matches!(entry.state, State::Draft | State::Scheduled) && !options.drafts;
    entry.built = !hidden && entry.texts.iter().any(Option::is_some);
    entry.status = status::derive(&types[entry.type_index].status, &entry.values, now, zone);
    entry.review_overdue =
        entry.review_by.and_then(|(day, _)| ends(day)).is_some_and(|over| now.has_reached_unseen(over));
}

/// Weak links hold both ways.
fn relate(entries: &mut [Entry]) {
    let mut back: Vec<(EntryId, EntryId)> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        back.extend(entry.related.iter().map(|to| (*to, EntryId(at as u32))));
    }
    for (to, from) in back {
        entries[to.index()].related.push(from);
    }
    for (at, entry) in entries.iter_mut().enumerate() {
        let mut seen = FxHashSet::default();
        entry.related.retain(|id| id.index() != at && seen.insert(*id));
    }
}

/// Turns typed references round, for the fields that name an inverse.
fn invert(entries: &mut [Entry], types: &[TypeDef]) {
    let mut links: Vec<(EntryId, usize, usize, EntryId)> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        for (index, field) in types[entry.type_index].fields.iter().enumerate() {
            if field.inverse.is_none() {
                continue;
            }
            for value in entry.shared(index) {
                if let Value::Reference(reference) = value {
                    links.push((reference.to, entry.type_index, index, EntryId(at as u32)));
                }
            }
        }
    }
    links.sort_unstable();
    links.dedup();
    for (to, type_index, field, from) in links {
        let lists = &mut entries[to.index()].inverse;
        match lists.iter_mut().find(|list| list.type_index == type_index && list.field == field) {
            Some(list) => list.from.push(from),
            None => lists.push(Inverse { type_index, field, from: vec![from] }),
        }
    }
}

/// What the pages of a type's entries lie below, in each language.
fn homes(definition: &TypeDef, config: &Config) -> PerLang<Address> {
    let home = |lang: Lang| Address::home(config.tag(lang));
    let below = |lang: Lang| home(lang).below(&definition.slug[lang.index()]);
    config.langs().map(|lang| if definition.root { home(lang) } else { below(lang) }).collect()
}

/// Where an entry's pages are, in each language: its text's slug, or its id where only facts are shown.
fn addresses(entry: &Entry, definition: &TypeDef, homes: &[Address]) -> PerLang<Option<Address>> {
    let address = |(home, text): (&Address, &Option<Text>)| match text {
        _ if !entry.built => None,
        Some(text) => Some(home.below(&text.slug)),
        None if definition.untranslated == Untranslated::Facts => Some(home.below(&entry.id)),
        None => None,
    };
    homes.iter().zip(&entry.texts).map(address).collect()
}

/// A translation's headings take the ids of the source's as long as the two run parallel, so that a link with an
/// anchor survives the language switch.
fn set_heading_ids(entry: &mut Entry) {
    let headings = |lang: Lang| entry.texts[lang.index()].as_ref().and_then(|t| t.body.as_ref()).map(|b| &b.headings);
    let source: Vec<(u8, EcoString)> =
        headings(entry.source_language).into_iter().flatten().map(|h| (h.level, h.id.clone())).collect();
    let mut all = Vec::with_capacity(entry.texts.len());
    for lang in (0..entry.texts.len()).map(|at| Lang(at as u8)) {
        let mut taken: FxHashSet<EcoString> = FxHashSet::default();
        let mut parallel = true;
        let mut ids = Vec::new();
        for (at, heading) in headings(lang).into_iter().flatten().enumerate() {
            parallel &= source.get(at).is_some_and(|(level, _)| *level == heading.level);
            let wanted = if parallel && !heading.explicit { source[at].1.clone() } else { heading.id.clone() };
            let mut id = wanted.clone();
            let mut number = 2;
            while !taken.insert(id.clone()) {
                id = ecow::eco_format!("{wanted}-{number}");
                number += 1;
            }
            ids.push(id);
        }
        all.push(ids);
    }
    entry.heading_ids = all;
}

/// Two entries of a type cannot share an address.
fn claim_slugs(entries: &[Entry], types: &[TypeDef], config: &Config, diagnostics: &mut Diagnostics) {
    // No two languages have an address in common.
    let of_lang = |lang: &Lang| {
        let mut owners: FxHashMap<&Address, usize> = FxHashMap::default();
        owners.reserve(entries.len());
        let mut clashes = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            let Some(address) = &entry.addresses[lang.index()] else { continue };
            match owners.entry(address) {
                Occupied(owner) => clashes.push((*owner.get(), at)),
                Vacant(free) => drop(free.insert(at)),
            }
        }
        clashes
    };
    let langs: Vec<Lang> = config.langs().collect();
    let found: Vec<Vec<(usize, usize)>> = langs.par_iter().map(of_lang).collect();
    let mut clashes: BTreeMap<(usize, usize), Vec<Lang>> = BTreeMap::new();
    for (lang, found) in langs.into_iter().zip(found) {
        for clash in found {
            clashes.entry(clash).or_default().push(lang);
        }
    }
    for ((owner, at), langs) in clashes {
        let (other, entry) = (&entries[owner], &entries[at]);
        let lang = langs[0];
        let Some(file) = entry.file else { continue };
        let span = entry.texts[lang.index()].as_ref().map_or(file.start(), |t| t.slug_span);
        let address = entry.addresses[lang.index()].as_ref().map_or("", |a| a.0.as_str());
        let key = |e: &Entry| format!("{}/{}", types[e.type_index].id, e.id);
        let message = format!("{} and {} would both be at /{address}", key(other), key(entry));
        let tags: Vec<&str> = langs.iter().map(|l| config.tag(*l)).collect();
        let help = format!("give one of them another `slug` in {}", tags.join(", "));
        let mut diagnostic = Diagnostic::error("duplicate-slug", span, message).help(help);
        if let Some(text) = &other.texts[lang.index()] {
            diagnostic = diagnostic.related(text.slug_span, "the other one");
        }
        diagnostics.push(diagnostic);
    }
}
