//! Diagnostics as GitHub Actions workflow commands, which annotate a pull request.

use super::{Diagnostic, json, path_of};
use crate::source::Sources;

pub(super) fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for d in diagnostics {
        let mut properties = Vec::new();
        if let Some(path) = path_of(d, sources) {
            properties.push(format!("file={}", property(path)));
        }
        if let Some(span) = d.span {
            let at = json::place(span, sources);
            properties.push(format!("line={},endLine={}", at.line, at.end_line));
            if at.line == at.end_line {
                properties.push(format!("col={},endColumn={}", at.column, at.end_column.max(at.column + 1)));
            }
        }
        properties.push(format!("title={}", property(d.code)));
        let mut message = d.message.clone();
        if let Some(help) = &d.help {
            message.push('\n');
            message.push_str(help);
        }
        out.push_str(&format!("::{} {}::{}\n", d.level.as_str(), properties.join(","), data(&message)));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
