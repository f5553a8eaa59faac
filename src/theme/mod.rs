//! A theme with those that it extends: which file of which one counts, and what is published of it. Not what templates
//! are given.

mod look;
mod style;
mod templates;
mod variables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use tera::Tera;

use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::read::Reader;
use crate::document::schema::TypeDef;
use crate::fingerprint::Fingerprint;
use crate::load::{Inputs, ThemeContent, ThemeFile};
use crate::locale::messages::Messages;
use crate::social::Painter;
use crate::source::{FileId, Span};
use crate::suggest;
use crate::url::Address;
use crate::view;

pub use self::templates::word;

/// Templates that every theme has, its own or inherited.
pub const TEMPLATES: &[&str] = &[
    "home.html",
    "listing.html",
    "entry.html",
    "directory.html",
    "calendar.html",
    "search.html",
    "data.html",
    "chooser.html",
    "404.html",
    "moved.html",
    "gone.html",
    "card.html",
    "facets.html",
    "menu.html",
    "footer.html",
];

/// The folder of the templates of single types.
const TYPES: &str = "types/";

/// A theme that is ready to render.
pub struct Theme {
    /// The compiled templates.
    pub tera: Tera,
    /// What is published beside the pages.
    pub assets: Vec<ThemeAsset>,
    /// Paints social cards; `None` where there are to be none.
    pub painter: Option<Painter>,
    /// Changes whenever any file of the theme does.
    pub digest: Fingerprint,
    files: BTreeMap<EcoString, FileId>,
    /// Ids that templates for types ask lists for.
    asked: Vec<variables::Asked>,
}

/// A style sheet, script, font or picture of a theme.
#[derive(Debug)]
pub struct ThemeAsset {
    /// Its name in the theme, such as `site.css`.
    pub name: EcoString,
    /// Where it is published.
    pub address: Address,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Theme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Theme").field("digest", &self.digest).finish_non_exhaustive()
    }
}

/// The themes of a site, the one that it names first, then those that it extends.
#[derive(Debug)]
pub struct Chain<'i> {
    links: Vec<Link<'i>>,
}

/// One theme of a chain.
#[derive(Debug)]
struct Link<'i> {
    name: String,
    files: Vec<&'i ThemeFile>,
    tokens: Vec<style::Token>,
    look: look::Look,
}

impl<'i> Chain<'i> {
    /// Follows `extends` from the theme that the site names.
    pub fn of(inputs: &'i Inputs, config: &Config, diagnostics: &mut Diagnostics) -> Chain<'i> {
        let mut links: Vec<Link<'i>> = Vec::new();
        let mut next = Some((config.theme.0.to_string(), config.theme.1));
        let files = |name: &str| inputs.theme_files.iter().filter(|f| f.theme == name).collect::<Vec<_>>();
        while let Some((name, span)) = next.take() {
            if links.iter().any(|link| link.name == name) {
                let message = format!("the theme `{name}` extends itself");
                let help = "remove `extends` from one of the themes, or let it extend `relais`";
                diagnostics.push(Diagnostic::error("unknown-theme", span, message).help(help));
                break;
            }
            let files = files(&name);
            if files.is_empty() {
                let names: BTreeSet<&str> = inputs.theme_files.iter().map(|f| f.theme.as_str()).collect();
                let help = suggest::remedy(&name, names, "themes");
                diagnostics
                    .push(Diagnostic::error("unknown-theme", span, format!("there is no theme `{name}`")).help(help));
                break;
            }
            let mut link = Link { name, files, tokens: Vec::new(), look: look::Look::default() };
            let yaml = link.files.iter().rev().find(|f| f.path == "theme.yaml");
            if let Some(ThemeFile { content: ThemeContent::Text(file), .. }) = yaml {
                next = theme_yaml(*file, inputs.sources.text(*file), &mut link, diagnostics);
            }
            links.push(link);
        }
        // What a theme leaves out comes from the built-in one.
        if !links.iter().any(|link| link.name == "relais") {
            let look = look::Look::default();
            links.push(Link { name: "relais".into(), files: files("relais"), tokens: Vec::new(), look });
        }
        Chain { links }
    }

    /// The files of interface strings of a language, those that count most last.
    pub fn messages<'a>(&'a self, language: &'a str) -> impl Iterator<Item = FileId> + 'a {
        let files = self.links.iter().rev().flat_map(|link| &link.files);
        files.filter_map(move |file| match &file.content {
            ThemeContent::Text(id) if file.path.ends_with(".ftl") => {
                let (of, _) = file.path.strip_prefix("i18n/")?.split_once('/')?;
                (of == language).then_some(*id)
            }
            _ => None,
        })
    }

    /// The files of all themes by their paths: of those with the same path, that which counts.
    fn files(&self) -> BTreeMap<&'i str, &'i ThemeFile> {
        self.links.iter().rev().flat_map(|link| &link.files).map(|file| (file.path.as_str(), *file)).collect()
    }

    /// The texts in a folder by the names by which others may call them: alone for the one that counts, after the theme's
    /// name for the one of that theme.
    fn texts(&self, folder: &str) -> BTreeMap<EcoString, FileId> {
        let mut texts = BTreeMap::new();
        for link in self.links.iter().rev() {
            for file in &link.files {
                if let (ThemeContent::Text(id), Some(name)) = (&file.content, file.path.strip_prefix(folder)) {
                    texts.insert(name.into(), *id);
                    texts.insert(eco_format!("{}/{name}", link.name), *id);
                }
            }
        }
        texts
    }
}

/// Reads `theme.yaml`: what a theme sets, and the theme that it extends.
fn theme_yaml(file: FileId, text: &str, link: &mut Link<'_>, diagnostics: &mut Diagnostics) -> Option<(String, Span)> {
    let node = crate::document::yaml(file, text, 0, diagnostics);
    let mut read = Reader { file, diagnostics, languages: &[] };
    if node.is_null() {
        return None;
    }
    let mut extends = None;
    for entry in read.map(&node, "theme.yaml", &["extends", "description", "tokens", "dark_tokens", "card"])? {
        let key = entry.key.as_str();
        match key {
            "extends" => {
                let name = read.text(&entry.value, "`extends`").map(ToString::to_string);
                extends = name.map(|name| (name, read.at(entry.value.range)));
            }
            "tokens" | "dark_tokens" => link.tokens.extend(style::read(&entry.value, key, &mut read)),
            "card" => link.look = look::read(&entry.value, &mut read),
            // For people who choose a theme.
            _ => {
                read.text(&entry.value, "`description`");
            }
        }
    }
    extends
}

impl Theme {
    /// Compiles a chain of themes.
    pub fn build(
        inputs: &Inputs,
        chain: &Chain<'_>,
        config: &Config,
        messages: &Arc<Vec<Messages>>,
        diagnostics: &mut Diagnostics,
    ) -> Theme {
        let files = chain.files();
        let digest = digest(inputs, chain);
        let templates = chain.texts("templates/");
        let tags: Vec<EcoString> = config.languages.clone();
        let before = diagnostics.errors();
        let tera = templates::compile(inputs, &templates, messages, tags, diagnostics);
        let readable = diagnostics.errors() == before;
        let tokens: Vec<&style::Token> = chain.links.iter().rev().flat_map(|link| &link.tokens).collect();
        let painter = config.cards.then(|| look::painter(chain, &files, &tokens, diagnostics)).flatten();
        let sheets = chain.texts("assets/");
        let mut styles = style::Styles::new(inputs, &sheets, tokens, diagnostics);
        let mut assets = Vec::new();
        for (path, file) in &files {
            let Some(name) = path.strip_prefix("assets/") else { continue };
            match &file.content {
                ThemeContent::Bytes(bytes) => assets.push((None, asset(name, bytes.to_vec()))),
                ThemeContent::Text(id) => {
                    let text = styles.text(*id, diagnostics);
                    assets.push((Some(*id), asset(name, text.into_bytes())));
                }
            }
        }
        // What another style sheet imports is a part of that one.
        assets.retain(|(id, _)| !id.is_some_and(|id| styles.imported.contains(&id)));
        let assets: Vec<ThemeAsset> = assets.into_iter().map(|(_, asset)| asset).collect();
        let words: Vec<String> = messages.iter().flat_map(Messages::plain).map(|(id, _)| templates::word(id)).collect();
        let shapes = view::shapes(words.iter().map(String::as_str), assets.iter().map(|asset| asset.name.as_str()));
        // Of templates that cannot be read, or a language without words, nothing more can be said.
        let readable = readable && messages.iter().all(|set| set.ids().next().is_some());
        let asked = match readable {
            true => variables::check(&inputs.sources, &templates, &shapes, messages, diagnostics),
            false => Vec::new(),
        };
        Theme { tera, assets, painter, digest, files: templates, asked }
    }

    /// The template of the pages of a type's entries: the type's own where there is one.
    pub fn entry_template(&self, id: &str) -> EcoString {
        let own = eco_format!("{TYPES}{id}.html");
        if self.files.contains_key(&own) { own } else { "entry.html".into() }
    }

    /// Reports templates for types that the site does not have, and what they ask for that their type does not have.
    pub fn check_types(&self, types: &[TypeDef], broken: &BTreeSet<EcoString>, diagnostics: &mut Diagnostics) {
        variables::check_ids(&self.asked, types, diagnostics);
        let types = types.iter().map(|t| t.id.as_str()).chain(broken.iter().map(EcoString::as_str));
        for (name, file) in &self.files {
            let Some(id) = name.strip_prefix(TYPES).and_then(|rest| rest.strip_suffix(".html")) else { continue };
            if !types.clone().any(|known| known == id) {
                let help = suggest::remedy(id, types.clone(), "types");
                let message = format!("the site has no type `{id}`: this template is not used");
                diagnostics.push(Diagnostic::warning("unused-template", file.start(), message).help(help));
            }
        }
    }

    /// What went wrong while a template was used, at its own file and place.
    pub fn explain(&self, error: &tera::Error, template: &str) -> Diagnostic {
        templates::explain(error, &self.files, template)
    }
}

fn digest(inputs: &Inputs, chain: &Chain<'_>) -> Fingerprint {
    let files = chain.links.iter().flat_map(|link| &link.files);
    let parts = files.flat_map(|file| {
        let bytes = match &file.content {
            ThemeContent::Text(id) => inputs.sources.text(*id).as_bytes(),
            ThemeContent::Bytes(bytes) => bytes,
        };
        [file.theme.as_bytes(), file.path.as_bytes(), bytes]
    });
    Fingerprint::of_parts(parts)
}

/// Style sheets and scripts carry a fingerprint in their name, so that hosts may cache them for ever.
fn asset(name: &str, bytes: Vec<u8>) -> ThemeAsset {
    let published = match name.rsplit_once('.') {
        Some((stem, extension @ ("css" | "js"))) => {
            eco_format!("assets/{stem}.{}.{extension}", Fingerprint::of(&bytes).short())
        }
        _ => eco_format!("assets/{name}"),
    };
    ThemeAsset { name: name.into(), address: Address(published), bytes }
}
