//! What is the same on every page of a language: names, menus, assets, interface strings.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

use super::{FeedLink, Text, feed_links, links_to_changes};
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::plan::{self, Calendar};
use crate::source::Span;
use crate::theme;
use crate::url::Address;

#[derive(Serialize, JsonSchema)]
struct Site<'c> {
    title: &'c str,
    description: &'c str,
    lang: &'c str,
    home: String,
    root: String,
    assets: BTreeMap<&'c str, String>,
    menu: Vec<MenuItem>,
    footer: Vec<MenuItem>,
    languages: Vec<Language>,
    publisher: Option<Publisher<'c>>,
    /// The language's feeds, in each format.
    feeds: Vec<FeedLink>,
    /// The language's feeds of changes, in each format.
    changes: Vec<FeedLink>,
    /// The search page.
    search: String,
    /// The calendar, where a type has dates for it.
    calendar: Option<String>,
    /// The page about the data for other programs, where there are any.
    data: Option<String>,
    t: BTreeMap<String, &'c str>,
}

#[derive(Serialize, JsonSchema)]
struct MenuItem {
    id: String,
    title: Text,
    href: String,
}

#[derive(Serialize, JsonSchema)]
struct Language {
    tag: String,
    name: String,
    home: String,
    title: String,
}

#[derive(Serialize, JsonSchema)]
struct Publisher<'c> {
    name: &'c str,
    url: Option<&'c str>,
}

/// The shape of that value, its members at hand; those of `t` and `assets` differ from site to site.
pub(super) fn shape(generator: &mut SchemaGenerator) -> Schema {
    Site::json_schema(generator)
}

/// The value `site` of a language.
pub fn site(catalog: &Catalog, lang: Lang) -> tera::Value {
    let config = &catalog.config;
    let home = Address::home(config.tag(lang));
    let site = Site {
        title: &config.title[lang.index()],
        description: config.description.as_ref().map_or("", |d| &d[lang.index()]),
        lang: config.tag(lang),
        home: config.base.href(&home),
        root: config.base.href(&Address::root()),
        assets: catalog.theme.assets.iter().map(|a| (a.name.as_str(), config.base.href(&a.address))).collect(),
        menu: menu(catalog, lang, &config.menu),
        footer: menu(catalog, lang, &config.footer),
        languages: config
            .langs()
            .map(|each| Language {
                tag: config.tag(each).to_owned(),
                name: catalog.locale(each).own_name().to_owned(),
                home: config.base.href(&Address::home(config.tag(each))),
                title: config.title[each.index()].to_string(),
            })
            .collect(),
        publisher: config.publisher.as_ref().map(|p| Publisher { name: &p.name[lang.index()], url: p.url.as_deref() }),
        feeds: feed_links(catalog, &home, &config.title[lang.index()]).collect(),
        changes: links_to_changes(catalog, lang),
        search: config.base.href(&catalog.search_address(lang)),
        calendar: Calendar::is_kept(catalog).then(|| config.base.href(&Calendar::address(catalog, lang))),
        data: config.data.as_ref().map(|_| config.base.href(&plan::page_address(catalog, lang))),
        t: catalog.messages[lang.index()].plain().map(|(id, text)| (theme::word(id), text)).collect(),
    };
    tera::Value::from_serializable(&site)
}

fn menu(catalog: &Catalog, lang: Lang, items: &[(ecow::EcoString, Span)]) -> Vec<MenuItem> {
    let base = &catalog.config.base;
    items
        .iter()
        .filter_map(|(item, _)| {
            let path = item.trim_matches('/');
            if let Some(id) = catalog.find_key(path) {
                let to = catalog.destination(id, lang)?;
                let (title, title_lang) = catalog.title(id, lang);
                let title = Text::new(title, title_lang, lang, catalog);
                return Some(MenuItem { id: path.to_owned(), title, href: base.href(to.address) });
            }
            let definition = catalog.types.iter().find(|t| t.id == path)?;
            Some(MenuItem {
                id: path.to_owned(),
                title: Text::own(definition.label[lang.index()].as_str()),
                href: base.href(&catalog.listing_address(definition, lang)),
            })
        })
        .collect()
}
