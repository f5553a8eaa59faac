//! What a failed build found, as HTML: for the page that stands in for all others, and for the script that lays it over
//! the last good one.

use std::fmt::Write as _;

use crate::Report;
use crate::diag::excerpt::Excerpt;
use crate::diag::{Diagnostic, Level};
use crate::fingerprint::Fingerprint;
use crate::html::escape;
use crate::source::{Sources, Span};

use super::page;

/// Nobody mends more than these at once; the terminal has all of them.
const SHOWN: usize = 30;

/// The errors of a build.
#[derive(Clone, Debug)]
pub(super) struct Problems {
    /// Changes with what is said.
    pub(super) id: String,
    title: String,
    /// A heading with the id `relais-title`, and a list.
    pub(super) html: String,
}

impl Problems {
    /// The errors of a report that has some.
    pub(super) fn of(report: &Report) -> Problems {
        let errors: Vec<_> = report.diagnostics.iter().filter(|d| d.level == Level::Error).collect();
        let title = format!("{} error{}", errors.len(), if errors.len() == 1 { "" } else { "s" });
        let mut html = format!("<h1 id=\"relais-title\">{title}</h1>\n<ol>\n");
        for error in errors.iter().take(SHOWN) {
            let _ = writeln!(html, "<li>\n{}</li>", item(error, &report.sources));
        }
        html.push_str("</ol>\n");
        if let Some(more) = errors.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(html, "<p class=\"more\">And {more} more: the terminal lists all of them.</p>");
        }
        Problems { id: Fingerprint::of(html.as_bytes()).short(), title, html }
    }

    /// The version of the page below.
    pub(super) fn version(&self) -> String {
        format!("errors{}", self.id)
    }

    /// The page that is shown where no build has succeeded yet.
    pub(super) fn page(&self) -> String {
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{} · Relais</title>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"stylesheet\" href=\"{}\">\n</head>\n\
             <body>\n<main class=\"problems\">\n{}<p class=\"then\">This page gives way to the portal as soon as they are \
             mended.</p>\n</main>\n</body>\n</html>\n",
            self.title,
            page::STYLE,
            self.html
        )
    }
}

fn item(error: &Diagnostic, sources: &Sources) -> String {
    let mut html = format!("<h2>{}</h2>\n", with_code(&error.message));
    if let Some(span) = error.span {
        html.push_str(&excerpt(span, &error.label, sources));
    } else if let Some(path) = &error.path {
        let _ = writeln!(html, "<p class=\"place\">{}</p>", escape(path));
    }
    if let Some(help) = &error.help {
        let _ = writeln!(html, "<p class=\"help\">{}</p>", with_code(help));
    }
    for (span, text) in &error.related {
        html.push_str(&excerpt(*span, text, sources));
    }
    let _ = writeln!(html, "<p class=\"code\">{}</p>", error.code);
    html
}

fn excerpt(span: Span, label: &str, sources: &Sources) -> String {
    let excerpt = Excerpt::around(span, sources);
    let column = sources.place(span.file, span.range.start).column;
    let (before, rest) = excerpt.text.split_at(excerpt.span.start);
    let (meant, after) = rest.split_at(excerpt.span.end - excerpt.span.start);
    let mut html = format!(
        "<p class=\"place\">{}:{}:{column}</p>\n<pre tabindex=\"0\"><span class=\"line\">{}</span>{}<mark>{}</mark>{}</pre>\n",
        escape(excerpt.path),
        excerpt.line,
        excerpt.line,
        escape(before),
        escape(meant),
        escape(after)
    );
    if !label.is_empty() {
        let _ = writeln!(html, "<p class=\"label\">{}</p>", with_code(label));
    }
    html
}

/// Text in which what is between backticks is code.
fn with_code(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(text).into_owned();
    }
    let part = |(at, part): (usize, &&str)| match at % 2 {
        0 => escape(part).into_owned(),
        _ => format!("<code>{}</code>", escape(part)),
    };
    parts.iter().enumerate().map(part).collect()
}
