//! Small pieces of HTML: escaping, and elements that carry a language; not pages, which are the templates'.

use std::borrow::Cow;

/// Escapes text for element content and for quoted attributes.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(text)
}

/// `<time datetime="…">text</time>`.
pub(crate) fn time(datetime: &str, text: &str) -> String {
    format!("<time datetime=\"{}\">{}</time>", escape(datetime), escape(text))
}

/// The text in a `span` that says its language, where there is one to say.
pub(crate) fn in_language(html: String, lang: Option<&str>) -> String {
    match lang {
        Some(lang) => format!("<span lang=\"{}\">{html}</span>", escape(lang)),
        None => html,
    }
}

/// The block in a `div` that says its language, where there is one to say.
pub(crate) fn block_in_language(html: String, lang: Option<&str>) -> String {
    match lang {
        Some(lang) => format!("<div lang=\"{}\">{html}</div>", escape(lang)),
        None => html,
    }
}

/// A link; `hreflang` is the language of what it leads to, where that is not the page's.
pub(crate) fn link(href: &str, html: &str, hreflang: Option<&str>) -> String {
    match hreflang {
        Some(lang) => format!("<a href=\"{}\" hreflang=\"{}\">{html}</a>", escape(href), escape(lang)),
        None => format!("<a href=\"{}\">{html}</a>", escape(href)),
    }
}
