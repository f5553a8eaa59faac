//! `file`: a document in the entry's folder, in one language or one for each.

use ecow::EcoString;

use super::number::cut;
use super::{Cx, Item, Kind, Show, Value, url};
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::diag::Diagnostic;
use crate::document::read::PerLang;
use crate::html;
use crate::suggest;
use crate::yaml::{Node, Value as Yaml};

/// The kind.
pub struct File;

/// A published file and its language variants.
#[derive(Clone, Debug)]
pub struct FileValue {
    /// The files, by index into the site's assets; the language is that of the file's name.
    pub variants: Vec<(Option<Lang>, usize)>,
    /// The language of what is in the file, where its name does not say it.
    pub lang: Option<EcoString>,
    /// What to call it, per language; by default its name.
    pub label: Option<PerLang<EcoString>>,
}

impl Kind for File {
    fn name(&self) -> &'static str {
        "file"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let (path, lang, label) = match node.value {
            Yaml::Map(_) => {
                cx.read.map(node, &what, &["path", "lang", "label"])?;
                let Some(path) = node.get("path") else {
                    cx.read.missing(node, "path", format!("{what} has no `path`"), "add `path: <file>`");
                    return None;
                };
                let lang = node.get("lang").and_then(|n| url::language(n, &mut cx.read));
                (path, lang, node.get("label").and_then(|n| cx.read.per_language(n, "a file's label")))
            }
            _ => (node, None, None),
        };
        let variants = find(path, &what, cx)?;
        let name = path.as_str().unwrap_or_default();
        if name.ends_with(".pdf") && lang.is_none() && variants.iter().any(|(lang, _)| lang.is_none()) {
            let message = format!("the language of `{}` is not known", cut(name));
            let help = format!(
                "name it after its language ({}), or write `{{ path: {name}, lang: … }}`",
                name.replace(".pdf", ".en.pdf")
            );
            let diagnostic = Diagnostic::warning("file-language", cx.read.at(path.range), message).help(help);
            cx.read.diagnostics.push(diagnostic);
        }
        Some(Value::File(Box::new(FileValue { variants, lang, label })))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        let Value::File(file) = value else { return Item::default() };
        let Some((variant, index)) = choose(&file.variants, show.lang, show.catalog) else { return Item::default() };
        let asset = &show.catalog.assets[index];
        let tag = variant.map(|lang| show.catalog.config.tag(lang)).or(file.lang.as_deref());
        let name = match &file.label {
            Some(label) => label[show.lang.index()].as_str(),
            None => asset.name.as_str(),
        };
        let foreign = tag.filter(|tag| *tag != show.catalog.config.tag(show.lang));
        let href = show.catalog.config.base.href(&asset.address);
        let mut details = vec![asset.name.rsplit('.').next().unwrap_or_default().to_uppercase(), size(asset.len, show)];
        details.extend(foreign.and_then(|tag| show.locale().language_name(tag)));
        let details = details.join(", ");
        Item {
            html: format!(
                "{} <span class=\"details\">({})</span>",
                html::link(&href, &html::escape(name), foreign),
                html::escape(&details)
            ),
            text: format!("{name} ({details})"),
        }
    }
}

/// The variant for a reader: their language's, then one without a language, then along the fallback chain.
pub fn choose(variants: &[(Option<Lang>, usize)], lang: Lang, catalog: &Catalog) -> Option<(Option<Lang>, usize)> {
    let of = |wanted: Option<Lang>| variants.iter().copied().find(|(lang, _)| *lang == wanted);
    let chain = &catalog.config.fallback[lang.index()];
    of(Some(lang)).or_else(|| of(None)).or_else(|| chain.iter().find_map(|lang| of(Some(*lang))))
}

/// All files that a name stands for: itself, and the same name with a language before its extension.
pub fn find(node: &Node, what: &str, cx: &mut Cx<'_, '_>) -> Option<Vec<(Option<Lang>, usize)>> {
    let written = cx.read.text(node, what)?;
    let variants = variants(written, cx.files, &cx.names.config.languages);
    if variants.is_empty() {
        let help =
            suggest::remedy(written, cx.files.iter().map(|(name, _)| name.as_str()), "files in the entry's folder");
        cx.read.error(
            "missing-file",
            node.range,
            format!("there is no file `{}` in the entry's folder", cut(written)),
            help,
        );
        return None;
    }
    Some(variants)
}

/// See [`find`].
pub fn variants(written: &str, files: &[(EcoString, usize)], languages: &[EcoString]) -> Vec<(Option<Lang>, usize)> {
    let path = written.trim_start_matches("./");
    let file = |name: &str| files.iter().find(|(path, _)| path == name).map(|(_, index)| *index);
    let Some((stem, extension)) = path.rsplit_once('.') else {
        return file(path).map(|i| (None, i)).into_iter().collect();
    };
    if let Some((_, tag)) = stem.rsplit_once('.')
        && let Some(lang) = Lang::find(languages, tag)
    {
        return file(path).map(|i| (Some(lang), i)).into_iter().collect();
    }
    let of_language = languages
        .iter()
        .enumerate()
        .filter_map(|(at, tag)| file(&format!("{stem}.{tag}.{extension}")).map(|index| (Some(Lang(at as u8)), index)));
    file(path).map(|index| (None, index)).into_iter().chain(of_language).collect()
}

/// A length in words: decimal kilobytes and megabytes.
fn size(bytes: u64, show: &Show<'_>) -> String {
    let (amount, message) = match bytes {
        0..1_000_000 => (format!("{}", bytes.div_ceil(1000)), "file-size-kilobytes"),
        _ => (format!("{:.1}", bytes as f64 / 1e6), "file-size-megabytes"),
    };
    let amount = show.locale().decimal(&amount).unwrap_or(amount);
    show.catalog.format(show.lang, message, &[("size", &amount)])
}
