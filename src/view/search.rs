//! The search page: every way into the portal, by type and by facet, and what there is of it in which language.

use schemars::JsonSchema;
use serde::Serialize;

use super::page::{self, Head};
use super::picture::{self, Place};
use super::{Crumb, Page, Text};
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::picture::share;
use crate::plan::{Directory, Plan};
use crate::url::Address;

/// What `search.html` sees.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SearchView {
    /// Head and surroundings.
    pub page: Page,
    title: String,
    /// Types that have entries.
    types: Vec<TypeWays>,
    /// What there is in which language.
    coverage: Coverage,
}

/// A type's listing, and the ways into it.
#[derive(Debug, Serialize, JsonSchema)]
struct TypeWays {
    id: String,
    label: String,
    href: String,
    /// How many entries there are.
    count: usize,
    /// The A–Z directory.
    directory: Option<String>,
    facets: Vec<FacetWays>,
}

/// The values of a facet.
#[derive(Debug, Serialize, JsonSchema)]
struct FacetWays {
    title: String,
    places: Vec<Place>,
}

/// How many entries of each type have a text in each language.
#[derive(Debug, Serialize, JsonSchema)]
struct Coverage {
    languages: Vec<CoverageLanguage>,
    rows: Vec<CoverageRow>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CoverageLanguage {
    /// The language's name in the reader's.
    name: String,
    /// BCP 47 tag.
    tag: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CoverageRow {
    label: String,
    /// How many entries there are in all.
    total: usize,
    /// By language, in the order of `languages`.
    cells: Vec<CoverageCell>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CoverageCell {
    /// How many of them have a text in the language.
    count: usize,
    /// That share, drawn.
    bar: String,
}

/// The search page of a language.
pub fn search(catalog: &Catalog, plan: &Plan, lang: Lang) -> SearchView {
    let config = &catalog.config;
    let title = catalog.message(lang, "search");
    let versions: Vec<Address> = config.langs().map(|each| catalog.search_address(each)).collect();
    let page = Head {
        catalog,
        lang,
        title,
        description: catalog.message(lang, "search-description"),
        canonical: &versions[lang.index()],
        title_lang: None,
        kind: None,
        robots: None,
        section: Some("search".into()),
        crumbs: vec![page::home_crumb(catalog, lang), Crumb { title: Text::own(title), href: None }],
        versions: config.langs().map(|each| (each, &versions[each.index()], true)).collect(),
        linked: true,
        feeds: Vec::new(),
    }
    .page();
    let types = catalog.types.iter().enumerate().filter(|(_, t)| !t.root).filter_map(|(at, definition)| {
        let listing = plan.listing(at, lang).filter(|listing| !listing.entries.is_empty())?;
        let facets = listing.panels.iter().map(|panel| FacetWays {
            title: panel.title().to_owned(),
            places: picture::places(&panel.counted()).into_iter().filter(|place| place.href.is_some()).collect(),
        });
        Some(TypeWays {
            id: definition.id.to_string(),
            label: definition.label[lang.index()].to_string(),
            href: config.base.href(&listing.address),
            count: listing.entries.len(),
            directory: definition.directory.then(|| config.base.href(&Directory::address(catalog, at, lang))),
            facets: facets.filter(|facet| !facet.places.is_empty()).collect(),
        })
    });
    let mut types: Vec<TypeWays> = types.collect();
    page::by_menu(catalog, &mut types, |t| &t.id);
    SearchView { page, title: title.to_owned(), types, coverage: coverage(catalog, plan, lang) }
}

fn coverage(catalog: &Catalog, plan: &Plan, lang: Lang) -> Coverage {
    let languages = catalog.config.langs().map(|each| {
        let tag = catalog.config.tag(each);
        let name = catalog.locale(lang).language_name(tag).unwrap_or_else(|| tag.to_owned());
        CoverageLanguage { name, tag: tag.to_owned() }
    });
    let rows = catalog.types.iter().zip(&plan.texts).filter(|(t, texts)| !t.root && texts.total > 0);
    let row = |(definition, texts): (&crate::document::schema::TypeDef, &crate::plan::Texts)| CoverageRow {
        label: definition.label[lang.index()].to_string(),
        total: texts.total,
        cells: texts
            .by_lang
            .iter()
            .map(|count| CoverageCell { count: *count, bar: share(*count, texts.total) })
            .collect(),
    };
    Coverage { languages: languages.collect(), rows: rows.map(row).collect() }
}
