//! Diagnostics as SARIF 2.1.0 (OASIS), for code-scanning services.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Diagnostic, json, path_of};
use crate::source::Sources;

pub(super) fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let rules: BTreeSet<&str> = diagnostics.iter().map(|d| d.code).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "relais",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": diagnostics.iter().map(|d| result(d, sources)).collect::<Vec<_>>(),
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn result(d: &Diagnostic, sources: &Sources) -> Value {
    let text = match &d.help {
        Some(help) => format!("{}. {help}", d.message),
        None => d.message.clone(),
    };
    let mut result = json!({ "ruleId": d.code, "level": d.level.as_str(), "message": { "text": text } });
    if let Some(path) = path_of(d, sources) {
        let mut location = json!({ "artifactLocation": { "uri": path } });
        if let Some(span) = d.span {
            let at = json::place(span, sources);
            location["region"] = json!({
                "startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column,
            });
        }
        result["locations"] = json!([{ "physicalLocation": location }]);
    }
    result
}
