//! Data for other programs: which view writes which file; addresses of files and words for values, as all of them say them.

mod catalogue;
mod csv;
mod json;
mod page;
mod rdf;
mod schema;

use crate::catalog::Catalog;
use crate::plan::{DataFile, Notation, Plan};
use crate::url::Address;

pub use self::json::Terms;
pub use self::page::{DataView, page};

/// Version of the shape of JSON files; another one for every change that readers of the last would not understand.
const VERSION: u32 = 1;

/// What a data file holds.
pub fn data(catalog: &Catalog, plan: &Plan, terms: &Terms, file: &DataFile, out: &mut Vec<u8>) {
    match file {
        DataFile::Entry(id) => json::document(catalog, terms, *id, out),
        DataFile::Json(table, part) => json::table(catalog, terms, plan, *table, *part, out),
        DataFile::Schema(index) => out.extend(schema::schema(catalog, *index)),
        DataFile::Csv(table, lang) => csv::table(catalog, &plan.tables[*table], *lang, out),
        DataFile::CsvColumns(table, lang) => out.extend(csv::columns(catalog, plan, *table, *lang)),
        DataFile::Catalog(notation) => notate(&catalogue::catalogue(catalog, plan), *notation, out),
        DataFile::Vocabulary(index, notation) => {
            notate(&catalogue::vocabulary(catalog, *index), *notation, out);
        }
    }
}

fn notate(graph: &rdf::Graph, notation: Notation, out: &mut Vec<u8>) {
    match notation {
        Notation::Turtle => graph.turtle(out),
        Notation::JsonLd => graph.json_ld(out),
    }
}

/// The full address of a file of the data.
fn absolute(catalog: &Catalog, path: &str) -> String {
    catalog.config.base.absolute(&Address::data(path))
}

/// The address of a term: that of the file which describes it, at its place.
fn term_address(catalog: &Catalog, vocabulary: usize, term: usize) -> String {
    let vocabulary = &catalog.vocabularies[vocabulary];
    absolute(catalog, &format!("vocabularies/{}.ttl#{}", vocabulary.id, vocabulary.terms[term].id))
}
