//! A theme: its templates, compiled, and its assets, named after their content; not what templates are given.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use serde::Deserialize;
use tera::{Kwargs, State, Tera, Value};

use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics};
use crate::fingerprint::Fingerprint;
use crate::load::{Inputs, ThemeContent, ThemeFile};
use crate::locale::messages::{Arg, Messages};
use crate::source::{FileId, Range};
use crate::suggest;
use crate::url::Address;

/// Templates that every theme has, its own or inherited.
pub const TEMPLATES: &[&str] = &[
    "home.html",
    "listing.html",
    "entry.html",
    "directory.html",
    "chooser.html",
    "404.html",
    "card.html",
    "facets.html",
    "menu.html",
    "footer.html",
];

/// A theme that is ready to render.
pub struct Theme {
    /// The compiled templates.
    pub tera: Tera,
    /// What is published beside the pages.
    pub assets: Vec<ThemeAsset>,
    /// Changes whenever any file of the theme does.
    pub digest: Fingerprint,
    files: BTreeMap<EcoString, FileId>,
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

/// `theme.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeYaml {
    /// The theme whose files this one replaces one by one.
    extends: Option<String>,
    #[expect(dead_code, reason = "for people who choose a theme")]
    description: Option<String>,
}

impl Theme {
    /// Compiles the theme that the site names, with those that it extends.
    pub fn build(
        inputs: &Inputs,
        config: &Config,
        messages: &Arc<Vec<Messages>>,
        diagnostics: &mut Diagnostics,
    ) -> Theme {
        let chain = chain(inputs, config, diagnostics);
        let mut files: BTreeMap<&str, &ThemeFile> = BTreeMap::new();
        for name in chain.iter().rev() {
            files.extend(inputs.theme_files.iter().filter(|f| f.theme == *name).map(|f| (f.path.as_str(), f)));
        }
        let digest = digest(inputs, &files);
        let mut templates = BTreeMap::new();
        let mut assets = Vec::new();
        for (path, file) in &files {
            match &file.content {
                ThemeContent::Text(id) => {
                    if let Some(name) = path.strip_prefix("templates/") {
                        templates.insert(EcoString::from(name), *id);
                    }
                }
                ThemeContent::Bytes(bytes) => {
                    if let Some(name) = path.strip_prefix("assets/") {
                        assets.push(asset(name, bytes.to_vec()));
                    }
                }
            }
        }
        let tags: Vec<EcoString> = config.languages.clone();
        let tera = compile(inputs, &templates, messages, tags, diagnostics);
        Theme { tera, assets, digest, files: templates }
    }

    /// What went wrong while a template was used, at its own file and place.
    pub fn explain(&self, error: &tera::Error, template: &str) -> Diagnostic {
        explain(error, &self.files, template)
    }
}

/// The theme and those that it extends, itself first.
fn chain(inputs: &Inputs, config: &Config, diagnostics: &mut Diagnostics) -> Vec<String> {
    let mut chain: Vec<String> = Vec::new();
    let mut next = Some((config.theme.0.to_string(), config.theme.1));
    while let Some((name, span)) = next.take() {
        let own: Vec<&ThemeFile> = inputs.theme_files.iter().filter(|f| f.theme == name).collect();
        if chain.contains(&name) {
            let message = format!("the theme `{name}` extends itself");
            let help = "remove `extends` from one of the themes, or let it extend `relais`";
            diagnostics.push(Diagnostic::error("unknown-theme", span, message).help(help));
            break;
        }
        if own.is_empty() {
            let names: std::collections::BTreeSet<&str> = inputs.theme_files.iter().map(|f| f.theme.as_str()).collect();
            let help = suggest::remedy(&name, names, "themes");
            diagnostics
                .push(Diagnostic::error("unknown-theme", span, format!("there is no theme `{name}`")).help(help));
            break;
        }
        let yaml = own.iter().rev().find(|f| f.path == "theme.yaml");
        if let Some(ThemeFile { content: ThemeContent::Text(file), .. }) = yaml {
            let extends = theme_yaml(*file, inputs.sources.text(*file), diagnostics);
            next = extends.map(|name| (name, file.start()));
        }
        chain.push(name);
    }
    // What a theme leaves out comes from the built-in one.
    if !chain.iter().any(|name| name == "relais") {
        chain.push("relais".into());
    }
    chain
}

/// Reads `theme.yaml`: the theme that this one extends.
fn theme_yaml(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    match serde_yaml::from_str::<Option<ThemeYaml>>(text) {
        Ok(theme) => theme.unwrap_or_default().extends,
        Err(error) => {
            let at = error.location().map_or(0, |l| l.index());
            let end = text[at.min(text.len())..].find([':', '\n']).map_or(text.len(), |length| at + length);
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            let span = file.at(Range::of(at, end));
            diagnostics.push(Diagnostic::error("theme-yaml", span, message).help("keys: extends, description"));
            None
        }
    }
}

fn digest(inputs: &Inputs, files: &BTreeMap<&str, &ThemeFile>) -> Fingerprint {
    let parts = files.iter().flat_map(|(path, file)| {
        let bytes = match &file.content {
            ThemeContent::Text(id) => inputs.sources.text(*id).as_bytes(),
            ThemeContent::Bytes(bytes) => bytes,
        };
        [path.as_bytes(), bytes]
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

fn compile(
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
    let sources: Vec<(&str, &str)> =
        templates.iter().map(|(name, id)| (name.as_str(), inputs.sources.text(*id))).collect();
    let before = diagnostics.errors();
    for (name, id) in templates {
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

/// Reports templates that are extended or included and not there.
fn check_references(
    name: &str,
    file: FileId,
    text: &str,
    templates: &BTreeMap<EcoString, FileId>,
    diagnostics: &mut Diagnostics,
) {
    for (at, _) in text.match_indices("{%") {
        let tag = &text[at..text[at..].find("%}").map_or(text.len(), |end| at + end)];
        let words = tag.trim_start_matches(['{', '%', '-']).trim_start();
        if !words.starts_with("extends") && !words.starts_with("include") {
            continue;
        }
        let Some(quote) = tag.find(['"', '\'']) else { continue };
        let wanted = &tag[quote + 1..];
        let Some(length) = wanted.find(['"', '\'']) else { continue };
        let wanted = &wanted[..length];
        if !templates.contains_key(wanted) {
            let start = at + quote + 1;
            let span = file.at(Range::of(start, start + length));
            let help =
                suggest::remedy(wanted, templates.keys().map(EcoString::as_str).filter(|n| *n != name), "templates");
            diagnostics
                .push(Diagnostic::error("missing-template", span, format!("there is no template {wanted}")).help(help));
        }
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

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn explain(error: &tera::Error, files: &BTreeMap<EcoString, FileId>, template: &str) -> Diagnostic {
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
