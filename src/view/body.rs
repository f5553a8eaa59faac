//! Bodies: fills in what a parsed Markdown text leaves open, for one reader; it does not parse.

use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::field::{Show, file, group, image};
use crate::html;
use crate::markdown::{Body, HoleKind, Target};
use ecow::EcoString;

/// For whom a body is filled in.
pub struct Reader<'c> {
    /// The site.
    pub catalog: &'c Catalog,
    /// The entry whose body it is; none for texts above listings.
    pub owner: Option<EntryId>,
    /// The language of the text.
    pub text: Lang,
    /// The language of the page: where links lead.
    pub page: Lang,
    /// The ids of the headings; those of the body itself where there are none.
    pub ids: &'c [EcoString],
}

/// The body as HTML; `html` is its own, with the holes.
pub fn fill(body: &Body, html: &str, reader: &Reader<'_>) -> String {
    let mut out = String::with_capacity(html.len() + body.holes.len() * 48);
    let mut from = 0;
    for hole in &body.holes {
        let at = hole.at as usize;
        out.push_str(&html[from..at]);
        from = at;
        if hole.alone && reader.is_block(&hole.kind) {
            // A block stands in place of its paragraph, not in it.
            out.truncate(out.len() - "<p>".len());
            from += "</p>".len();
        }
        reader.write(&mut out, body, &hole.kind);
    }
    out.push_str(&html[from..]);
    out
}

/// A Markdown field as HTML; its headings keep their own ids.
pub fn fill_field(body: &Body, show: &Show<'_>) -> String {
    fill(
        body,
        &body.html,
        &Reader { catalog: show.catalog, owner: show.entry, text: show.text, page: show.lang, ids: &[] },
    )
}

impl Reader<'_> {
    fn write(&self, out: &mut String, body: &Body, kind: &HoleKind) {
        match kind {
            HoleKind::HeadingId(index) => {
                let at = *index as usize;
                let id = self.ids.get(at).or_else(|| body.headings.get(at).map(|h| &h.id));
                out.push_str(&html::escape(id.map_or("", EcoString::as_str)));
            }
            HoleKind::Href { target, title } => {
                self.href(out, target);
                if !title.is_empty() {
                    out.push_str(&format!(" title=\"{}\"", html::escape(title)));
                }
            }
            HoleKind::LinkText { target } => self.link_text(out, target),
            HoleKind::Image { target, alt, title } => {
                if let Target::File(path) = target {
                    self.picture(out, path, alt, (!title.is_empty()).then_some(title.as_str()));
                }
            }
            HoleKind::Fact { name, .. } => self.fact(out, name),
            HoleKind::Figure { path, args } => {
                let arg = |wanted: &str| args.iter().find(|(name, _)| name == wanted).map(|(_, text)| text.as_str());
                out.push_str("<figure>");
                self.picture(out, path, arg("alt").unwrap_or_default(), None);
                if let Some(caption) = arg("caption") {
                    out.push_str(&format!("<figcaption>{}</figcaption>", html::escape(caption)));
                }
                out.push_str("</figure>");
            }
        }
    }

    fn is_block(&self, kind: &HoleKind) -> bool {
        let HoleKind::Fact { name, .. } = kind else { return false };
        let definition = self.owner.map(|id| self.catalog.type_of(id));
        definition.and_then(|d| d.field(name).map(|at| d.fields[at].kind.is_block())).unwrap_or(false)
    }

    /// ` href="…"` and the language of what it leads to; nothing for what has no page, which makes a placeholder link.
    fn href(&self, out: &mut String, target: &Target) {
        let base = &self.catalog.config.base;
        let (href, lang) = match target {
            Target::Entry { kind, id, anchor } => {
                let to = self.catalog.find_key(&format!("{kind}/{id}"));
                let Some(to) = to.and_then(|to| self.catalog.destination(to, self.page)) else { return };
                let anchor = anchor.as_ref().map(|a| format!("#{a}")).unwrap_or_default();
                // On a page in another language, the text around the link does not say what language it leads to.
                let lang = to.foreign.unwrap_or(self.page);
                (base.href(to.address) + &anchor, (lang != self.text).then_some(lang))
            }
            Target::Site { path } => {
                let path = path.trim_matches('/');
                let address = match self.catalog.types.iter().find(|t| t.id == path) {
                    Some(definition) => self.catalog.listing_address(definition, self.page),
                    None => crate::url::Address::home(self.catalog.config.tag(self.page)),
                };
                (base.href(&address), (self.page != self.text).then_some(self.page))
            }
            Target::File(path) => match self.asset(path) {
                Some((lang, index)) => {
                    (base.href(&self.catalog.assets[index].address), lang.filter(|l| *l != self.text))
                }
                None => return,
            },
            Target::Anchor(anchor) => (format!("#{anchor}"), None),
        };
        out.push_str(&format!(" href=\"{}\"", html::escape(&href)));
        if let Some(lang) = lang {
            out.push_str(&format!(" hreflang=\"{}\"", self.catalog.config.tag(lang)));
        }
    }

    fn link_text(&self, out: &mut String, target: &Target) {
        let (title, lang) = match target {
            Target::Entry { kind, id, .. } => match self.catalog.find_key(&format!("{kind}/{id}")) {
                Some(to) => self.catalog.title(to, self.page),
                None => (id.as_str(), self.text),
            },
            Target::Site { path } => {
                let definition = self.catalog.types.iter().find(|t| t.id == path.trim_matches('/'));
                let title = definition.map_or(&self.catalog.config.title, |d| &d.label);
                (title[self.page.index()].as_str(), self.page)
            }
            Target::File(path) => (path.as_str(), self.text),
            Target::Anchor(anchor) => (anchor.as_str(), self.text),
        };
        let foreign = (lang != self.text).then(|| self.catalog.config.tag(lang));
        out.push_str(&html::in_language(html::escape(title).into_owned(), foreign));
    }

    fn fact(&self, out: &mut String, name: &str) {
        let Some(owner) = self.owner else { return };
        let Some(index) = self.catalog.type_of(owner).field(name) else { return };
        if let Some(values) = &self.catalog.entry(owner).values[index] {
            // In the language of the sentence around it.
            out.push_str(&group::shown(values, &self.catalog.show(owner, index, self.text)).html);
        }
    }

    fn picture(&self, out: &mut String, path: &str, alt: &str, title: Option<&str>) {
        let Some((_, index)) = self.asset(path) else { return };
        let named = self.owner.and_then(|id| self.catalog.image_named(id, path));
        let alt = match named {
            Some(image) if alt.is_empty() => image.alt[self.text.index()].as_str(),
            _ => alt,
        };
        out.push_str(&image::element(index, alt, title, self.catalog));
    }

    fn asset(&self, path: &str) -> Option<(Option<Lang>, usize)> {
        let files = &self.catalog.entry(self.owner?).files;
        let variants = file::variants(path, files, &self.catalog.config.languages);
        file::choose(&variants, self.text, self.catalog)
    }
}
