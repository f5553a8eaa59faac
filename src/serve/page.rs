//! HTML pages on their way to the browser: the script that keeps them up to date, and the version that it compares; what
//! is on disk stays as it was built.

use std::fs;
use std::ops::Range;
use std::path::Path;

use percent_encoding::percent_decode_str;

use crate::fingerprint::Fingerprint;

/// Where the script is.
pub(super) const SCRIPT: &str = "/_relais/client.js";

/// Where its style sheet is.
pub(super) const STYLE: &str = "/_relais/client.css";

/// Puts the script into a page's head, with the version of the page.
pub(super) fn with_script(html: &str, version: &str) -> String {
    let (head, rest) = html.split_at(html.find("</head>").unwrap_or(html.len()));
    format!("{head}<script src=\"{SCRIPT}\" data-version=\"{version}\" defer></script>\n{rest}")
}

/// What a page looks like: one part for its text and the pictures in it, a hyphen, one part for its style sheets.
pub(super) fn version(html: &str, out: &Path, base: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut styles = String::new();
    let mut end = 0;
    for range in values(html, " href=\"").filter(|range| html[range.clone()].ends_with(".css")) {
        text.push_str(&html[end..range.start]);
        styles.push_str(&html[range.clone()]);
        end = range.end;
    }
    text.push_str(&html[end..]);
    // A picture keeps its address when it changes.
    for range in values(html, " src=\"") {
        let path = html[range].strip_prefix(base).map(|path| percent_decode_str(path).decode_utf8_lossy());
        if let Some(metadata) = path.and_then(|path| fs::metadata(out.join(&*path)).ok()) {
            text.push_str(&format!("{} {:?}\n", metadata.len(), metadata.modified().ok()));
        }
    }
    format!("{}-{}", Fingerprint::of(text.as_bytes()), Fingerprint::of(styles.as_bytes()).short())
}

/// Whether two versions differ in their style sheets at most.
pub(super) fn same_text(one: &str, other: &str) -> bool {
    one.split('-').next() == other.split('-').next()
}

/// Where the values of an attribute are.
fn values<'h>(html: &'h str, attribute: &'h str) -> impl Iterator<Item = Range<usize>> + 'h {
    html.match_indices(attribute).filter_map(move |(at, _)| {
        let start = at + attribute.len();
        html[start..].find('"').map(|len| start..start + len)
    })
}
