//! The page that tells people which files there are, and what for.

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::Catalog;
use crate::config::Lang;
use crate::plan::{DataFile, Notation, Plan, page_address};
use crate::view::page::{self, Head};
use crate::view::{Crumb, Page, Text};

/// What `data.html` sees.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DataView {
    /// Head and surroundings.
    pub page: Page,
    title: String,
    /// The address of the licence.
    license: Option<String>,
    /// Types that have entries.
    types: Vec<TypeFiles>,
    vocabularies: Vec<VocabularyFiles>,
    /// The catalogue in each notation.
    catalogue: Vec<FileLink>,
}

/// The files of a type.
#[derive(Debug, Serialize, JsonSchema)]
struct TypeFiles {
    id: String,
    label: String,
    /// How many entries there are in them.
    count: usize,
    /// One a part.
    json: Vec<FileLink>,
    /// One a language, that of the page first.
    csv: Vec<FileLink>,
    schema: FileLink,
}

/// The files of a vocabulary.
#[derive(Debug, Serialize, JsonSchema)]
struct VocabularyFiles {
    label: String,
    /// How many terms it has.
    count: usize,
    files: Vec<FileLink>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FileLink {
    /// The notation, and what tells the file from others of the same.
    text: String,
    href: String,
    /// BCP 47 tag of a file in one language.
    lang: Option<String>,
    /// The media type.
    media: &'static str,
}

/// The page about the data, in a language.
pub fn page(catalog: &Catalog, plan: &Plan, lang: Lang) -> DataView {
    let config = &catalog.config;
    let title = catalog.message(lang, "data-title");
    let versions: Vec<_> = config.langs().map(|each| (each, page_address(catalog, each))).collect();
    let own = page_address(catalog, lang);
    let crumbs = vec![page::home_crumb(catalog, lang), Crumb { title: Text::own(title), href: None }];
    let link = |file: DataFile, text: String, media, of: Option<Lang>| FileLink {
        text,
        href: config.base.href(&file.address(catalog, &plan.tables)),
        lang: of.map(|of| config.tag(of).to_owned()),
        media,
    };
    let notations = |file: &dyn Fn(Notation) -> DataFile| -> Vec<FileLink> {
        let each = |notation| match notation {
            Notation::Turtle => link(file(notation), "Turtle".into(), "text/turtle", None),
            Notation::JsonLd => link(file(notation), "JSON-LD".into(), "application/ld+json", None),
        };
        Notation::ALL.into_iter().map(each).collect()
    };
    let types = plan.tables.iter().enumerate().map(|(at, table)| {
        let definition = &catalog.types[table.type_index];
        let json = |part: usize| {
            let text = if table.parts() == 1 { "JSON".to_owned() } else { format!("JSON {part}/{}", table.parts()) };
            link(DataFile::Json(at, part), text, "application/json", None)
        };
        let own_first = [lang].into_iter().chain(config.langs().filter(|each| *each != lang));
        let csv = |each: Lang| {
            link(DataFile::Csv(at, each), catalog.locale(each).own_name().to_owned(), "text/csv", Some(each))
        };
        TypeFiles {
            id: definition.id.to_string(),
            label: definition.label[lang.index()].to_string(),
            count: table.entries.len(),
            json: (1..=table.parts()).map(json).collect(),
            csv: own_first.map(csv).collect(),
            schema: link(DataFile::Schema(table.type_index), "JSON Schema".into(), "application/schema+json", None),
        }
    });
    let vocabularies = catalog.vocabularies.iter().enumerate().map(|(at, vocabulary)| VocabularyFiles {
        label: vocabulary.label[lang.index()].to_string(),
        count: vocabulary.terms.len(),
        files: notations(&|notation| DataFile::Vocabulary(at, notation)),
    });
    DataView {
        title: title.to_owned(),
        license: config.data.as_ref().and_then(|data| data.license.as_ref()).map(ToString::to_string),
        types: types.collect(),
        vocabularies: vocabularies.collect(),
        catalogue: notations(&DataFile::Catalog),
        page: Head {
            catalog,
            lang,
            title,
            kind: None,
            title_lang: None,
            description: catalog.message(lang, "data-description"),
            canonical: &own,
            robots: None,
            section: Some("data".to_owned()),
            crumbs,
            versions: versions.iter().map(|(each, address)| (*each, address, true)).collect(),
            linked: true,
            feeds: Vec::new(),
        }
        .page(),
    }
}
