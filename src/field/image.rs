//! `image`: a picture in the entry's folder, with its alternative text in every language.

use ecow::EcoString;

use super::{Cx, Item, Kind, Show, Value, file};
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::document::read::PerLang;
use crate::html;
use crate::yaml::{Node, Value as Yaml};

/// The kind.
pub struct Image;

/// A picture.
#[derive(Clone, Debug)]
pub struct ImageValue {
    /// Its path as written, by which a body may name it.
    pub path: EcoString,
    /// The files, by index into the site's assets.
    pub variants: Vec<(Option<Lang>, usize)>,
    /// What it shows (WCAG 1.1.1).
    pub alt: PerLang<EcoString>,
    /// Whose it is.
    pub credit: Option<EcoString>,
}

impl Kind for Image {
    fn name(&self) -> &'static str {
        "image"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let tags: Vec<_> = cx.read.languages.iter().map(|tag| format!("{tag}: …")).collect();
        let help = format!("write `{{ path: …, alt: {{ {} }} }}`", tags.join(", "));
        if !matches!(node.value, Yaml::Map(_)) {
            cx.read.error("missing-alt", node.range, format!("{what} has no alternative text"), help);
            return None;
        }
        cx.read.map(node, &what, &["path", "alt", "credit"])?;
        let Some(path) = node.get("path") else {
            cx.read.missing(node, "path", format!("{what} has no `path`"), help);
            return None;
        };
        let Some(alt) = node.get("alt") else {
            cx.read.error("missing-alt", node.range, format!("{what} has no alternative text"), help);
            return None;
        };
        let variants = file::find(path, &what, cx);
        let alt = cx.read.per_language(alt, "the alternative text")?;
        let credit = node.get("credit").and_then(|n| cx.read.text(n, "`credit`").cloned());
        Some(Value::Image(Box::new(ImageValue { path: path.as_str()?.into(), variants: variants?, alt, credit })))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        let Value::Image(image) = value else { return Item::default() };
        let alt = image.alt[show.lang.index()].as_str();
        let Some((_, index)) = file::choose(&image.variants, show.lang, show.catalog) else { return Item::plain(alt) };
        let mut html = element(index, alt, None, show.catalog);
        if let Some(credit) = &image.credit {
            html.push_str(&format!("<small class=\"credit\">{}</small>", html::escape(credit)));
        }
        Item { html, text: alt.to_owned() }
    }

    fn is_block(&self) -> bool {
        true
    }
}

/// `<img>` with its size, so that the page does not jump.
pub fn element(asset: usize, alt: &str, title: Option<&str>, catalog: &Catalog) -> String {
    let asset = &catalog.assets[asset];
    let size = asset.size.map(|(w, h)| format!(" width=\"{w}\" height=\"{h}\"")).unwrap_or_default();
    let src = catalog.config.base.href(&asset.address);
    let title = title.map(|text| format!(" title=\"{}\"", html::escape(text))).unwrap_or_default();
    format!("<img src=\"{}\" alt=\"{}\"{size}{title} loading=\"lazy\">", html::escape(&src), html::escape(alt))
}
