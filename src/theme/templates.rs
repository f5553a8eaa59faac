//! Templates: compiled with all that they may call, and their faults explained at their own place; not what they are given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::EcoString;
use tera::{Kwargs, State, Tera, Value};

use super::TEMPLATES;
use crate::diag::{Diagnostic, Diagnostics};
use crate::load::Inputs;
use crate::locale::messages::{Arg, Messages};
use crate::source::{FileId, Range};
use crate::suggest;

/// All templates of a site's themes, ready to render.
pub(super) fn compile(
    inputs: &Inputs,
    templates: &BTreeMap<EcoString, FileId>,
    messages: &Arc<Vec<Messages>>,
    tags: Vec<EcoString>,
    diagnostics: &mut Diagnostics,
) -> Tera {
    for name in TEMPLATES.iter().filter(|name| !templates.contains_key(**name)) {
        let message = format!("the theme has no template {name}");
        let help = "add it to the theme's templates/, or let the theme extend `relais`";
        diagnostics.push(Diagnostic::in_file("missing-template", format!("templates/{name}"), message).help(help));
    }
    let mut tera = Tera::new();
    let sets = Arc::clone(messages);
    tera.register_function("msg", move |args: Kwargs, state: &State<'_>| message(&args, state, &sets, &tags));
    tera.register_filter("pick", |list: Value, args: Kwargs, _: &State<'_>| by_id(list, &args, true));
    tera.register_filter("without", |list: Value, args: Kwargs, _: &State<'_>| by_id(list, &args, false));
    let sources: Vec<(&str, &str)> =
        needed(inputs, templates).map(|(name, id)| (name.as_str(), inputs.sources.text(*id))).collect();
    let before = diagnostics.errors();
    for (name, id) in needed(inputs, templates) {
        check_references(name, *id, inputs.sources.text(*id), templates, diagnostics);
        check_dumps(*id, inputs.sources.text(*id), diagnostics);
    }
    for (name, text) in &sources {
        // Alone, a template can only be read; what it refers to is checked with all of them together.
        let mut alone = Tera::new();
        if let Err(error) = alone.add_raw_template(name, text)
            && matches!(error.kind(), tera::ErrorKind::SyntaxError(_))
        {
            diagnostics.push(explain(&error, templates, name));
        }
    }
    if diagnostics.errors() == before
        && let Err(error) = tera.add_raw_templates(sources)
    {
        let found = drawn(&error.to_string(), inputs, templates);
        if found.is_empty() {
            diagnostics.push(explain(&error, templates, ""));
        }
        found.into_iter().for_each(|d| diagnostics.push(d));
    }
    tera
}

/// The templates that count, and those of other themes that they call by name.
fn needed<'t>(
    inputs: &Inputs,
    templates: &'t BTreeMap<EcoString, FileId>,
) -> impl Iterator<Item = (&'t EcoString, &'t FileId)> {
    // Files of the same text are the same file: only what is called by another name is compiled twice.
    let mut names: BTreeSet<&EcoString> = BTreeSet::new();
    let counts = |name: &str| TEMPLATES.contains(&name) || name.starts_with(super::TYPES);
    let mut open: Vec<&EcoString> = templates.keys().filter(|name| counts(name)).collect();
    while let Some(name) = open.pop() {
        if names.insert(name) {
            let called = references(inputs.sources.text(templates[name]));
            open.extend(called.filter_map(|(_, called)| Some(templates.get_key_value(called)?.0)));
        }
    }
    templates.iter().filter(move |(name, _)| names.contains(name))
}

/// The templates that a template extends or includes, and where it says so.
fn references(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices("{%").filter_map(|(at, _)| {
        let tag = &text[at..text[at..].find("%}").map_or(text.len(), |end| at + end)];
        let words = tag.trim_start_matches(['{', '%', '-']).trim_start();
        if !words.starts_with("extends") && !words.starts_with("include") {
            return None;
        }
        let quote = tag.find(['"', '\''])?;
        let name = &tag[quote + 1..];
        Some((at + quote + 1, &name[..name.find(['"', '\''])?]))
    })
}

/// Reports templates that are extended or included and not there.
fn check_references(
    name: &str,
    file: FileId,
    text: &str,
    templates: &BTreeMap<EcoString, FileId>,
    diagnostics: &mut Diagnostics,
) {
    for (start, wanted) in references(text).filter(|(_, wanted)| !templates.contains_key(*wanted)) {
        let span = file.at(Range::of(start, start + wanted.len()));
        let help = suggest::remedy(wanted, templates.keys().map(EcoString::as_str).filter(|n| *n != name), "templates");
        let message = format!("there is no template {wanted}");
        diagnostics.push(Diagnostic::error("missing-template", span, message).help(help));
    }
}

/// Refuses Tera's variable that prints all others: it does so in no fixed order, and no two builds would be the same.
fn check_dumps(file: FileId, text: &str, diagnostics: &mut Diagnostics) {
    const DUMP: &str = "__tera_context";
    for (at, _) in text.match_indices(DUMP) {
        let before = &text[..at];
        let opened = before.rfind("{{").max(before.rfind("{%"));
        let closed = before.rfind("}}").max(before.rfind("%}"));
        if opened > closed {
            let span = file.at(Range::of(at, at + DUMP.len()));
            let message = format!("`{DUMP}` prints what the template was given in another order at every build");
            diagnostics.push(
                Diagnostic::error("template-dump", span, message).help("print the variables that you need by name"),
            );
        }
    }
}

/// `facts | pick(ids=["budget", "deadlines"])`: those members of a list that have one of these ids, in the order of the
/// ids; `without`: the others, in their own order.
fn by_id(list: Value, args: &Kwargs, wanted: bool) -> tera::TeraResult<Value> {
    let given: Value = args.must_get("ids")?;
    let Some(ids) = given.as_array() else { return Err(tera::Error::message("`ids` must be a list of texts")) };
    let Some(list) = list.as_array() else { return Err(tera::Error::message("this filter is for lists")) };
    let id = |member: &Value| member.get_from_path("id").cloned();
    let found: Vec<Value> = match wanted {
        true => ids
            .iter()
            .flat_map(|wanted| list.iter().filter(move |one| id(one).as_ref() == Some(wanted)))
            .cloned()
            .collect(),
        false => list.iter().filter(|one| !id(one).is_some_and(|id| ids.contains(&id))).cloned().collect(),
    };
    Ok(Value::from(found))
}

/// `msg(id="…", count=3)`: an interface string with arguments, in the page's language.
fn message(args: &Kwargs, state: &State<'_>, sets: &[Messages], tags: &[EcoString]) -> tera::TeraResult<String> {
    let id: String = args.must_get("id")?;
    let lang: String = state.get("lang")?.unwrap_or_default();
    let set = tags.iter().position(|tag| *tag == lang).and_then(|at| sets.get(at));
    let set = set.ok_or_else(|| tera::Error::message(format!("`{lang}` is not a language of this site")))?;
    let mut texts: Vec<(String, Result<i64, String>)> = Vec::new();
    for (key, value) in args.iter() {
        let name = key.to_string();
        if name != "id" {
            let argument = match value.as_i64().or_else(|| value.as_u64().map(|n| n as i64)) {
                Some(number) => Ok(number),
                None => Err(plain(value)),
            };
            texts.push((name, argument));
        }
    }
    let arguments: Vec<(&str, Arg<'_>)> = texts
        .iter()
        .map(|(name, argument)| {
            let argument = match argument {
                Ok(number) => Arg::Number(*number),
                Err(text) => Arg::Text(text),
            };
            (name.as_str(), argument)
        })
        .collect();
    set.format(&id, &arguments).ok_or_else(|| {
        let help = suggest::remedy(&id, set.ids().collect::<Vec<_>>(), "messages");
        tera::Error::message(format!("there is no message `{id}` for `{lang}`: {help}"))
    })
}

/// The name under which templates find an interface string: `site.t.skip_link` is `skip-link`.
pub fn word(id: &str) -> String {
    id.replace('-', "_")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A fault of a template, at its own file and place.
pub(super) fn explain(error: &tera::Error, files: &BTreeMap<EcoString, FileId>, template: &str) -> Diagnostic {
    use tera::ErrorKind;
    let (code, report) = match error.kind() {
        ErrorKind::SyntaxError(report) => ("template-syntax", Some(report)),
        ErrorKind::RenderingError(report) => ("template-error", Some(report)),
        _ => ("template-error", None),
    };
    if let Some(report) = report {
        let name = if report.filename().is_empty() { template } else { report.filename() };
        if let Some(file) = files.get(name) {
            let range = report.span().range.clone();
            let help = match code {
                "template-syntax" => {
                    "look for a tag that is not closed, or closed by another one; docs/formats.md has a page on templates"
                }
                _ => "docs/formats.md says what each template is given",
            };
            let span = file.at(Range::of(range.start, range.end));
            return Diagnostic::error(code, span, crate::diag::phrase(report.message())).help(help);
        }
    }
    Diagnostic::in_file(code, format!("templates/{template}"), error.to_string().trim().to_owned())
}

/// Tera reports unknown filters, functions and includes as drawn text only, `error: …` above ` --> name:line:column`:
/// reads the places back.
fn drawn(report: &str, inputs: &Inputs, files: &BTreeMap<EcoString, FileId>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut message = "";
    for line in report.lines() {
        if let Some(text) = line.strip_prefix("error: ") {
            message = text;
        } else if let Some(place) = line.trim().strip_prefix("--> ") {
            let mut parts = place.split(':');
            let file = parts.next().and_then(|name| files.get(name));
            let numbers: Vec<usize> = parts.filter_map(|n| n.parse().ok()).collect();
            if let (Some(file), [line, column, ..]) = (file, numbers.as_slice()) {
                let text = inputs.sources.text(*file);
                let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
                let before: usize = text[start..].chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
                let range = Range::of(start + before, start + before);
                let help = "docs/formats.md lists the filters and functions that templates may use";
                found
                    .push(Diagnostic::error("template-error", file.at(range), crate::diag::phrase(message)).help(help));
            }
        }
    }
    found
}
