//! What there is for other programs, as a catalogue (DCAT-AP 3.0), and vocabularies as concept schemes (SKOS).

use ecow::EcoString;

use super::rdf::{Graph, Node};
use super::{absolute, term_address};
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::plan::{DataFile, Notation, Plan, page_address};
use crate::url::Address;

/// The languages of the European Union in its authority table of languages, by their BCP 47 tag.
const LANGUAGES: &[(&str, &str)] = &[
    ("bg", "BUL"),
    ("cs", "CES"),
    ("da", "DAN"),
    ("de", "DEU"),
    ("el", "ELL"),
    ("en", "ENG"),
    ("es", "SPA"),
    ("et", "EST"),
    ("fi", "FIN"),
    ("fr", "FRA"),
    ("ga", "GLE"),
    ("hr", "HRV"),
    ("hu", "HUN"),
    ("it", "ITA"),
    ("lt", "LIT"),
    ("lv", "LAV"),
    ("mt", "MLT"),
    ("nl", "NLD"),
    ("pl", "POL"),
    ("pt", "POR"),
    ("ro", "RON"),
    ("sk", "SLK"),
    ("sl", "SLV"),
    ("sv", "SWE"),
];

const FILE_TYPES: &str = "http://publications.europa.eu/resource/authority/file-type/";
const MEDIA_TYPES: &str = "http://www.iana.org/assignments/media-types/";

/// The address of a language: in the Union's table, else in that of ISO 639-1.
fn language(tag: &str) -> String {
    let primary = tag.split('-').next().unwrap_or(tag);
    match LANGUAGES.iter().find(|(known, _)| *known == primary) {
        Some((_, code)) => format!("http://publications.europa.eu/resource/authority/language/{code}"),
        None => format!("http://id.loc.gov/vocabulary/iso639-1/{primary}"),
    }
}

/// A text of each language, with its tag.
fn each<'c>(catalog: &'c Catalog, text: impl Fn(Lang) -> String + 'c) -> impl Iterator<Item = (&'c str, String)> {
    catalog.config.langs().map(move |lang| (catalog.config.tag(lang), text(lang)))
}

/// What is said of the catalogue and of each dataset: whose it is, and in which languages.
fn common(catalog: &Catalog, mut node: Node) -> Node {
    if catalog.config.publisher.is_some() {
        node = node.thing("dct:publisher", publisher(catalog));
    }
    for lang in catalog.config.langs() {
        node = node.thing("dct:language", language(catalog.config.tag(lang)));
    }
    node
}

fn publisher(catalog: &Catalog) -> String {
    absolute(catalog, "catalog.ttl#publisher")
}

/// The catalogue, with every type and every vocabulary as a dataset.
pub(super) fn catalogue(catalog: &Catalog, plan: &Plan) -> Graph {
    let config = &catalog.config;
    let mut graph = Graph::default();
    let mut head = Node::new(absolute(catalog, "catalog.ttl"), "dcat:Catalog")
        .texts(
            "dct:title",
            each(catalog, |lang| catalog.format(lang, "data-catalogue", &[("site", &config.title[lang.index()])])),
        )
        .texts(
            "dct:description",
            each(catalog, |lang| match &config.description {
                Some(description) => description[lang.index()].to_string(),
                None => catalog.message(lang, "data-description").to_owned(),
            }),
        );
    head = common(catalog, head).thing("foaf:homepage", config.base.absolute(&Address::root()));
    if let Some(license) = license(catalog) {
        head = head.thing("dct:license", license.as_str());
    }
    if let Some(at) = plan.tables.iter().filter_map(|table| table.updated).max() {
        head = head.typed("dct:modified", at.to_string(), "xsd:dateTime");
    }
    let types = plan.tables.iter().map(|table| type_id(catalog, &catalog.types[table.type_index].id));
    let vocabularies = catalog.vocabularies.iter().map(|vocabulary| vocabulary_id(catalog, &vocabulary.id));
    for dataset in types.chain(vocabularies) {
        head = head.thing("dcat:dataset", dataset);
    }
    graph.add(head);
    if let Some(publisher_of) = &config.publisher {
        let mut node = Node::new(publisher(catalog), "foaf:Agent")
            .texts("foaf:name", each(catalog, |lang| publisher_of.name[lang.index()].to_string()));
        if let Some(url) = &publisher_of.url {
            node = node.thing("foaf:homepage", url.as_str());
        }
        graph.add(node);
    }
    for table in 0..plan.tables.len() {
        add_type(catalog, plan, table, &mut graph);
    }
    for index in 0..catalog.vocabularies.len() {
        add_vocabulary(catalog, plan, index, &mut graph);
    }
    graph
}

fn license(catalog: &Catalog) -> Option<&EcoString> {
    catalog.config.data.as_ref().and_then(|data| data.license.as_ref())
}

fn themes(catalog: &Catalog) -> impl Iterator<Item = &EcoString> {
    catalog.config.data.iter().flat_map(|data| &data.themes)
}

fn type_id(catalog: &Catalog, id: &str) -> String {
    absolute(catalog, &format!("catalog.ttl#types/{id}"))
}

fn vocabulary_id(catalog: &Catalog, id: &str) -> String {
    absolute(catalog, &format!("catalog.ttl#vocabularies/{id}"))
}

/// A file of a dataset.
fn distribution(catalog: &Catalog, id: String, address: String, format: &str, media: &str) -> Node {
    let node = Node::new(id, "dcat:Distribution")
        .thing("dcat:accessURL", address.as_str())
        .thing("dcat:downloadURL", address)
        .thing("dct:format", format!("{FILE_TYPES}{format}"))
        .thing("dcat:mediaType", format!("{MEDIA_TYPES}{media}"));
    match license(catalog) {
        Some(license) => node.thing("dct:license", license.as_str()),
        None => node,
    }
}

fn add_type(catalog: &Catalog, plan: &Plan, index: usize, graph: &mut Graph) {
    let config = &catalog.config;
    let table = &plan.tables[index];
    let definition = &catalog.types[table.type_index];
    let id = type_id(catalog, &definition.id);
    let address = |file: DataFile| config.base.absolute(&file.address(catalog, &plan.tables));
    let mut files = Vec::new();
    for part in 1..=table.parts() {
        let name = if part == 1 { format!("{id}/json") } else { format!("{id}/json/{part}") };
        let schema = address(DataFile::Schema(table.type_index));
        let file = distribution(catalog, name, address(DataFile::Json(index, part)), "JSON", "application/json");
        files.push(file.thing("dct:conformsTo", schema));
    }
    for lang in config.langs() {
        let tag = config.tag(lang);
        let name = format!("{id}/csv/{tag}");
        let file = distribution(catalog, name, address(DataFile::Csv(index, lang)), "CSV", "text/csv");
        files.push(file.thing("dct:language", language(tag)));
    }
    let mut node = Node::new(&id, "dcat:Dataset")
        .texts("dct:title", each(catalog, |lang| definition.label[lang.index()].to_string()))
        .texts(
            "dct:description",
            each(catalog, |lang| match &definition.description {
                Some(description) => description[lang.index()].to_string(),
                None => catalog.format(lang, "data-of-type", &[("type", &definition.label[lang.index()])]),
            }),
        )
        .text("dct:identifier", id.as_str());
    node = common(catalog, node);
    for lang in config.langs() {
        let page =
            if definition.root { page_address(catalog, lang) } else { catalog.listing_address(definition, lang) };
        node = node.thing("dcat:landingPage", config.base.absolute(&page));
    }
    if let Some(at) = table.updated {
        node = node.typed("dct:modified", at.to_string(), "xsd:dateTime");
    }
    for theme in themes(catalog) {
        node = node.thing("dcat:theme", theme.as_str());
    }
    for file in &files {
        node = node.thing("dcat:distribution", file.address());
    }
    graph.add(node);
    files.into_iter().for_each(|file| graph.add(file));
}

fn add_vocabulary(catalog: &Catalog, plan: &Plan, index: usize, graph: &mut Graph) {
    let vocabulary = &catalog.vocabularies[index];
    let id = vocabulary_id(catalog, &vocabulary.id);
    let mut node = Node::new(&id, "dcat:Dataset")
        .texts("dct:title", each(catalog, |lang| vocabulary.label[lang.index()].to_string()))
        .texts(
            "dct:description",
            each(catalog, |lang| {
                catalog.format(lang, "data-of-vocabulary", &[("vocabulary", &vocabulary.label[lang.index()])])
            }),
        )
        .text("dct:identifier", id.as_str());
    node = common(catalog, node);
    for theme in themes(catalog) {
        node = node.thing("dcat:theme", theme.as_str());
    }
    let mut files = Vec::new();
    for notation in Notation::ALL {
        let (format, media) = match notation {
            Notation::Turtle => ("RDF_TURTLE", "text/turtle"),
            Notation::JsonLd => ("JSON_LD", "application/ld+json"),
        };
        let address =
            catalog.config.base.absolute(&DataFile::Vocabulary(index, notation).address(catalog, &plan.tables));
        files.push(distribution(catalog, format!("{id}/{}", notation.extension()), address, format, media));
    }
    for file in &files {
        node = node.thing("dcat:distribution", file.address());
    }
    graph.add(node);
    files.into_iter().for_each(|file| graph.add(file));
}

/// A vocabulary and its terms.
pub(super) fn vocabulary(catalog: &Catalog, index: usize) -> Graph {
    let vocabulary = &catalog.vocabularies[index];
    let scheme = absolute(catalog, &format!("vocabularies/{}.ttl", vocabulary.id));
    let address = |term: usize| term_address(catalog, index, term);
    let mut graph = Graph::default();
    let mut head = Node::new(&scheme, "skos:ConceptScheme")
        .texts("dct:title", each(catalog, |lang| vocabulary.label[lang.index()].to_string()))
        .texts("skos:prefLabel", each(catalog, |lang| vocabulary.label[lang.index()].to_string()));
    for (at, _) in vocabulary.terms.iter().enumerate().filter(|(_, term)| term.broader.is_none()) {
        head = head.thing("skos:hasTopConcept", address(at));
    }
    graph.add(head);
    let mut narrower: Vec<Vec<usize>> = vec![Vec::new(); vocabulary.terms.len()];
    for (at, term) in vocabulary.terms.iter().enumerate() {
        if let Some(broader) = term.broader {
            narrower[broader].push(at);
        }
    }
    for (at, term) in vocabulary.terms.iter().enumerate() {
        let mut node = Node::new(address(at), "skos:Concept")
            .thing("skos:inScheme", scheme.as_str())
            .text("skos:notation", term.id.as_str())
            .texts("skos:prefLabel", each(catalog, |lang| term.label[lang.index()].to_string()));
        if let Some(definition) = &term.definition {
            node = node.texts("skos:definition", each(catalog, |lang| definition[lang.index()].to_string()));
        }
        node = match term.broader {
            Some(broader) => node.thing("skos:broader", address(broader)),
            None => node.thing("skos:topConceptOf", scheme.as_str()),
        };
        for below in &narrower[at] {
            node = node.thing("skos:narrower", address(*below));
        }
        for other in &term.exact_match {
            node = node.thing("skos:exactMatch", other.as_str());
        }
        graph.add(node);
    }
    graph
}
