//! Open data: which files for other programs there are and which entries each is about; not how these are written.

use std::sync::Arc;

use ecow::eco_format;
use jiff::Timestamp;

use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::url::Address;

/// The most entries in one JSON file.
const PART: usize = 1000;

/// The entries of a type that its data files are about: those that lists show, in the order of their ids.
#[derive(Debug)]
pub struct Table {
    /// The type.
    pub type_index: usize,
    /// Its entries.
    pub entries: Vec<EntryId>,
    /// When one of them was last seen to change in any language.
    pub updated: Option<Timestamp>,
}

/// All tables of a site that have entries, in the order of types.
pub type Tables = Arc<Vec<Table>>;

/// A notation of RDF.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notation {
    /// Turtle 1.1.
    Turtle,
    /// JSON-LD 1.1.
    JsonLd,
}

impl Notation {
    /// Both.
    pub const ALL: [Notation; 2] = [Notation::Turtle, Notation::JsonLd];

    /// How the names of its files end.
    pub fn extension(self) -> &'static str {
        match self {
            Notation::Turtle => "ttl",
            Notation::JsonLd => "jsonld",
        }
    }
}

/// A file for other programs; tables and vocabularies are named by their index.
#[derive(Clone, Debug)]
pub enum DataFile {
    /// One entry, as JSON.
    Entry(EntryId),
    /// A part of a table, from 1, as JSON.
    Json(usize, usize),
    /// What these files look like (JSON Schema), by type.
    Schema(usize),
    /// A table in a language, as CSV.
    Csv(usize, Lang),
    /// What its columns are (CSVW).
    CsvColumns(usize, Lang),
    /// The catalogue of all of this (DCAT-AP).
    Catalog(Notation),
    /// A vocabulary (SKOS).
    Vocabulary(usize, Notation),
}

impl Table {
    /// How many JSON files it takes.
    pub fn parts(&self) -> usize {
        self.entries.len().div_ceil(PART).max(1)
    }

    /// The entries of a part.
    pub fn part(&self, number: usize) -> &[EntryId] {
        self.entries.chunks(PART).nth(number - 1).unwrap_or_default()
    }
}

/// Where the page about the data of a language is.
pub fn page_address(catalog: &Catalog, lang: Lang) -> Address {
    Address::home(catalog.config.tag(lang)).below(catalog.message(lang, "data-slug"))
}

/// Where the file of an entry is.
pub fn entry_address(catalog: &Catalog, id: EntryId) -> Address {
    Address::data(&eco_format!("{}/{}.json", catalog.type_of(id).id, catalog.entry(id).id))
}

impl DataFile {
    /// Where it is.
    pub fn address(&self, catalog: &Catalog, tables: &Tables) -> Address {
        let kind = |table: &usize| &catalog.types[tables[*table].type_index].id;
        let tag = |lang: &Lang| catalog.config.tag(*lang);
        // No id has a dot in it: no two of these are the same.
        Address::data(&match self {
            DataFile::Entry(id) => return entry_address(catalog, *id),
            DataFile::Json(table, 1) => eco_format!("{}.json", kind(table)),
            DataFile::Json(table, part) => eco_format!("{}.{part}.json", kind(table)),
            DataFile::Schema(index) => eco_format!("{}.schema.json", catalog.types[*index].id),
            DataFile::Csv(table, lang) => eco_format!("{}.{}.csv", kind(table), tag(lang)),
            DataFile::CsvColumns(table, lang) => eco_format!("{}.{}.csv-metadata.json", kind(table), tag(lang)),
            DataFile::Catalog(notation) => eco_format!("catalog.{}", notation.extension()),
            DataFile::Vocabulary(index, notation) => {
                eco_format!("vocabularies/{}.{}", catalog.vocabularies[*index].id, notation.extension())
            }
        })
    }

    /// What an editor would call it.
    pub fn owner(&self, catalog: &Catalog, tables: &Tables) -> String {
        format!("the data file {}", self.address(catalog, tables).0)
    }
}

/// What each type has to tell other programs.
pub(super) fn tables(catalog: &Catalog) -> Tables {
    let table = |type_index: usize| {
        let members = catalog.members(type_index);
        let listed = members.filter(|at| catalog.entries[*at].is_listed());
        let entries: Vec<EntryId> = listed.map(|at| EntryId(at as u32)).collect();
        let dates = entries.iter().flat_map(|id| catalog.entries[id.index()].dated.seen.iter().flatten());
        let updated = dates.copied().max();
        Table { type_index, entries, updated }
    };
    Arc::new((0..catalog.types.len()).map(table).filter(|table| !table.entries.is_empty()).collect())
}

/// Every file; those of entries that have a page, whether lists show them or not.
pub(super) fn files(catalog: &Catalog, tables: &Tables) -> Vec<DataFile> {
    let mut files: Vec<DataFile> =
        catalog.ids().filter(|id| catalog.entries[id.index()].is_published()).map(DataFile::Entry).collect();
    let has_files = |at: &usize| catalog.entries[catalog.members(*at)].iter().any(|entry| entry.is_published());
    files.extend((0..catalog.types.len()).filter(has_files).map(DataFile::Schema));
    for (at, table) in tables.iter().enumerate() {
        files.extend((1..=table.parts()).map(|part| DataFile::Json(at, part)));
        for lang in catalog.config.langs() {
            files.extend([DataFile::Csv(at, lang), DataFile::CsvColumns(at, lang)]);
        }
    }
    for notation in Notation::ALL {
        files.push(DataFile::Catalog(notation));
        files.extend((0..catalog.vocabularies.len()).map(|at| DataFile::Vocabulary(at, notation)));
    }
    files
}
