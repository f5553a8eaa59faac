//! Phase 2, parse: every file on its own becomes a document; what documents say of one another is not known here.

mod layout;
pub mod network;
pub mod read;
pub mod schema;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::layout::{Layout, Place};
use self::network::Pulled;
use self::read::Reader;
use self::schema::{GroupBy, TypeDef, Vocabulary};
use crate::cache::{Bodies, Made, Stored};
use crate::config::{self, Config, Lang};
use crate::diag::{Diagnostic, Diagnostics};
use crate::fingerprint::Fingerprint;
use crate::ledger::{self, Ledger};
use crate::load::{Inputs, Options};
use crate::locale::messages::Messages;
use crate::locale::typography::{Run, Typography};
use crate::locale::{Locale, Voice};
use crate::markdown::{self, Body};
use crate::source::{FileId, Range, Sources};
use crate::theme::{self, Theme};
use crate::yaml::{self, Node, Value};

/// What the cache distinguishes facts files by from texts in whatever language.
const FACTS: u64 = 1;

/// A front matter or facts file above this size is a mistake, not content.
const LARGEST_YAML: usize = 1 << 20;

/// Everything that the site's files say, each file on its own.
#[derive(Debug)]
pub struct Documents {
    /// `relais.yaml`.
    pub config: Config,
    /// Formats and order of each language.
    pub locales: Vec<Locale>,
    /// Typography and months of each language.
    pub voices: Vec<Voice>,
    /// Interface strings of each language.
    pub messages: Arc<Vec<Messages>>,
    /// Templates and assets.
    pub theme: Theme,
    /// Content types, sorted by id.
    pub types: Vec<TypeDef>,
    /// Vocabularies, sorted by id.
    pub vocabularies: Vec<Vocabulary>,
    /// Types and vocabularies whose file is at fault: known, so that nothing else complains about them.
    pub broken: BTreeSet<EcoString>,
    /// Entries, sorted by type and id.
    pub entries: Vec<EntryDoc>,
    /// Texts above listings and on the home pages.
    pub intros: Vec<Intro>,
    /// Fingerprint of all that the site declares: configuration, types, vocabularies, texts above listings.
    pub declared: Fingerprint,
    /// `urls.lock`.
    pub ledger: Ledger,
    /// What was pulled of partners' feeds, in their order.
    pub network: Vec<Option<Pulled>>,
}

/// An entry as its files say it.
#[derive(Debug)]
pub struct EntryDoc {
    /// Index into [`Documents::types`].
    pub type_index: usize,
    /// Its folder or its only file below `content/`, as messages name it.
    pub shown: String,
    /// Unique within its type, for ever.
    pub id: EcoString,
    /// Its folder or file below `content/`.
    pub path: String,
    /// Where its facts are: `index.yaml`, or the front matter of a single-file entry.
    pub facts: Option<Facts>,
    /// Its texts, by language.
    pub texts: Vec<TextDoc>,
    /// Published files of its folder: their path in it, and their index into [`Inputs::assets`].
    pub files: Vec<(EcoString, usize)>,
    /// Whether facts and text share one file.
    pub single_file: bool,
    /// Whether one of its files is at fault, so that gaps in it say nothing.
    pub broken: bool,
}

/// A parsed facts file.
#[derive(Debug)]
pub struct Facts {
    /// The file.
    pub file: FileId,
    /// Its tree.
    pub node: Node,
    /// Fingerprint of the whole file.
    pub content: Fingerprint,
}

/// A text in one language.
#[derive(Debug)]
pub struct TextDoc {
    /// Its language: the file name's suffix.
    pub lang: Lang,
    /// The file.
    pub file: FileId,
    /// The front matter's tree.
    pub front: Node,
    /// The Markdown, rendered but for what depends on the site.
    pub body: Body,
    /// Where its HTML waits; `None` where it is in `body`.
    pub stored: Option<Stored>,
    /// Fingerprint of the whole file.
    pub content: Fingerprint,
    /// Fingerprint of the front matter as written.
    pub front_fingerprint: Fingerprint,
    /// Fingerprint of the Markdown as written.
    pub body_fingerprint: Fingerprint,
}

/// An `_index.<lang>.md`.
#[derive(Debug)]
pub struct Intro {
    /// Index into [`Documents::types`]; `None` for the home page.
    pub type_index: Option<usize>,
    /// A title instead of the type's label.
    pub title: Option<String>,
    /// A sentence under it.
    pub summary: Option<String>,
    /// The text.
    pub text: TextDoc,
}

/// Reads every file for what it says by itself; `None` where nothing else can be said before `relais.yaml` is mended.
pub fn parse(inputs: &Inputs, options: &Options) -> (Option<Documents>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let Some(file) = inputs.config else { return (None, diagnostics) };
    let text = inputs.sources.text(file);
    let Some(config) = config::parse(file, text, options.base_url.as_ref(), &mut diagnostics) else {
        return (None, diagnostics);
    };
    let locales: Vec<Locale> = config.languages.iter().filter_map(|tag| Locale::new(tag).ok()).collect();
    let chain = theme::Chain::of(inputs, &config, &mut diagnostics);
    let messages = Arc::new(parse_messages(inputs, &chain, &config, &locales, &mut diagnostics));
    let voices: Vec<Voice> =
        config.langs().map(|lang| voice(&config, lang, &locales[lang.index()], &messages[lang.index()])).collect();
    let theme = Theme::build(inputs, &chain, &config, &messages, &mut diagnostics);
    let layout = Layout::of(inputs, &config, &mut diagnostics);
    let mut declared = Declared { inputs, prints: Vec::new() };
    declared.note(text);
    declared.note(&config.base.origin);
    declared.note(&config.base.path);
    let (types, vocabularies, broken) = parse_schemas(&mut declared, &config, &layout, &mut diagnostics);
    theme.check_types(&types, &broken, &mut diagnostics);
    let intros = parse_intros(&mut declared, &config.languages, &voices, &types, &layout, &mut diagnostics);
    let declared = Fingerprint::of_numbers(declared.prints);
    let entries = parse_entries(inputs, &voices, &types, &broken, layout, &mut diagnostics);
    let known = inputs.ledger.map(|file| ledger::parse(file, inputs.sources.text(file), &mut diagnostics));
    let ledger = known.unwrap_or_default();
    let network = network::all(&config, inputs, &mut diagnostics);
    let documents = Documents {
        config,
        locales,
        voices,
        messages,
        theme,
        types,
        vocabularies,
        broken,
        entries,
        intros,
        declared,
        ledger,
        network,
    };
    (Some(documents), diagnostics)
}

/// Reads the files in which the site declares what it is, and takes their fingerprints.
struct Declared<'a> {
    inputs: &'a Inputs,
    prints: Vec<u128>,
}

impl Declared<'_> {
    fn note(&mut self, text: &str) {
        self.prints.push(Fingerprint::of(text.as_bytes()).0);
    }

    fn read(&mut self, file: FileId, diagnostics: &mut Diagnostics) -> Option<String> {
        let text = self.inputs.read(file, diagnostics)?;
        self.note(self.inputs.sources.path(file));
        self.note(&text);
        Some(text)
    }
}

/// Parses a YAML text that begins at `base` in its file.
pub fn yaml(file: FileId, text: &str, base: u32, diagnostics: &mut Diagnostics) -> Node {
    if text.len() > LARGEST_YAML {
        let message = format!(
            "{} kB of YAML in one file is more than Relais reads ({} kB)",
            text.len() / 1000,
            LARGEST_YAML / 1000
        );
        let help =
            "move the text below the closing `---` of the front matter, or check that the file is what it should be";
        diagnostics.push(Diagnostic::error("yaml-size", file.at(Range { start: base, end: base }), message).help(help));
        return Node { range: Range { start: base, end: base }, value: Value::Null };
    }
    let (mut node, errors) = yaml::parse(text, base);
    use yaml::ErrorKind::{Alias, Depth, Syntax};
    if errors.iter().any(|e| matches!(e.kind, Alias | Depth | Syntax)) {
        // What is left of the tree would only cause errors that are none.
        node.value = Value::Null;
    }
    config::report_yaml(file, errors, diagnostics);
    node
}

fn voice(config: &Config, lang: Lang, locale: &Locale, messages: &Messages) -> Voice {
    let typography = Typography::new(config.tag(lang), config.typography[lang.index()]);
    let vague = messages.get("vague-link-texts").unwrap_or_default();
    let vague_links = vague.split('|').map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty()).collect();
    let months = locale.month_names();
    let profile = format!("{:?}", config.typography[lang.index()]);
    let parts = [config.tag(lang), &profile].into_iter().chain(months.iter().chain(&vague_links).map(String::as_str));
    let salt = Fingerprint::of_parts(parts.map(str::as_bytes)).0 as u64;
    Voice { typography, months, vague_links, salt }
}

fn parse_messages(
    inputs: &Inputs,
    chain: &theme::Chain<'_>,
    config: &Config,
    locales: &[Locale],
    diagnostics: &mut Diagnostics,
) -> Vec<Messages> {
    let mut sets = Vec::new();
    for (locale, tag) in locales.iter().zip(&config.languages) {
        let of = |built_in| {
            let files = inputs.messages.iter().filter(move |m| m.built_in == built_in);
            files.filter(|m| m.language == tag.as_str()).map(|m| m.file)
        };
        let files = of(true).chain(chain.messages(tag)).chain(of(false));
        let files: Vec<(usize, &str)> = files.map(|id| (id.0 as usize, inputs.sources.text(id))).collect();
        let (messages, errors) = Messages::build(locale, &files);
        for error in errors {
            let range = Range::of(error.range.start, error.range.end);
            let mut diagnostic =
                Diagnostic::error("message", FileId(error.file as u32).at(range), crate::diag::phrase(&error.message));
            diagnostic.help = error.help;
            diagnostics.push(diagnostic);
        }
        sets.push(messages);
    }
    check_messages(&sets, config, diagnostics);
    sets
}

/// Every language has every message that another one has.
fn check_messages(sets: &[Messages], config: &Config, diagnostics: &mut Diagnostics) {
    let all: BTreeSet<&str> = sets.iter().flat_map(Messages::ids).collect();
    for (set, tag) in sets.iter().zip(&config.languages) {
        let missing: Vec<&str> = all.iter().copied().filter(|id| !set.contains(id)).collect();
        let path = format!("i18n/{tag}");
        if set.ids().next().is_none() && !missing.is_empty() {
            let message = format!("there are no interface strings for `{tag}`: {} messages are missing", missing.len());
            let help = format!("add i18n/{tag}/relais.ftl with these messages: {}", missing.join(", "));
            diagnostics.push(Diagnostic::in_file("missing-message", path, message).help(help));
            continue;
        }
        for id in missing {
            let message = format!("the interface string `{id}` is missing in `{tag}`");
            let help = format!("add `{id} = …` to a file in i18n/{tag}/");
            diagnostics.push(Diagnostic::in_file("missing-message", path.clone(), message).help(help));
        }
    }
}

type Schemas = (Vec<TypeDef>, Vec<Vocabulary>, BTreeSet<EcoString>);

fn parse_schemas(
    declared: &mut Declared<'_>,
    config: &Config,
    layout: &Layout,
    diagnostics: &mut Diagnostics,
) -> Schemas {
    let (mut types, mut vocabularies, mut broken) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (id, file) in &layout.types {
        let parsed = file.and_then(|file| {
            let node = yaml(file, &declared.read(file, diagnostics)?, 0, diagnostics);
            let mut read = Reader { file, diagnostics, languages: &config.languages };
            schema::parse_type(id, &node, &mut read)
        });
        match parsed {
            Some(definition) => types.push(definition),
            None => drop(broken.insert(id.clone())),
        }
    }
    for (id, file) in &layout.vocabularies {
        let parsed = declared.read(*file, diagnostics).and_then(|text| {
            let node = yaml(*file, &text, 0, diagnostics);
            let mut read = Reader { file: *file, diagnostics, languages: &config.languages };
            schema::parse_vocabulary(id, &node, &mut read)
        });
        match parsed {
            Some(vocabulary) => vocabularies.push(vocabulary),
            None => drop(broken.insert(id.clone())),
        }
    }
    check_schemas(&types, &vocabularies, &broken, diagnostics);
    (types, vocabularies, broken)
}

/// Every vocabulary and type that a field names is there.
fn check_schemas(
    types: &[TypeDef],
    vocabularies: &[Vocabulary],
    broken: &BTreeSet<EcoString>,
    diagnostics: &mut Diagnostics,
) {
    let mut fields: Vec<&schema::Field> = types.iter().flat_map(|t| &t.fields).collect();
    while let Some(field) = fields.pop() {
        fields.extend(&field.fields);
        for (name, span) in field.vocabulary.iter().chain(&field.roles) {
            if !vocabularies.iter().any(|v| v.id == *name) && !broken.contains(name) {
                let help = crate::suggest::remedy(name, vocabularies.iter().map(|v| v.id.as_str()), "vocabularies");
                let message = format!("there is no vocabulary `{name}`");
                diagnostics.push(Diagnostic::error("unknown-vocabulary", *span, message).help(help));
            }
        }
        for (name, span) in &field.to {
            if !types.iter().any(|t| t.id == *name) && !broken.contains(name) {
                let help = crate::suggest::remedy(name, types.iter().map(|t| t.id.as_str()), "types");
                diagnostics
                    .push(Diagnostic::error("unknown-type", *span, format!("there is no type `{name}`")).help(help));
            }
        }
        check_grouping(field, types, broken, diagnostics);
    }
}

/// A field divides references by something that the types have to which it leads.
fn check_grouping(
    field: &schema::Field,
    types: &[TypeDef],
    broken: &BTreeSet<EcoString>,
    diagnostics: &mut Diagnostics,
) {
    let Some((by, span)) = field.group_by.as_ref().filter(|_| field.kind.name() == "reference") else { return };
    let (message, help) = match by {
        GroupBy::Field(name) => {
            let to = types.iter().filter(|t| field.to.iter().any(|(to, _)| *to == t.id));
            let fields: Vec<&schema::Field> =
                to.flat_map(|t| &t.fields).filter(|f| f.kind.can_facet() && !f.localized).collect();
            if fields.iter().any(|f| f.name == *name) || field.to.iter().any(|(to, _)| broken.contains(to)) {
                return;
            }
            let names = ["role", "type"].into_iter().chain(fields.iter().map(|f| f.name.as_str()));
            let help = crate::suggest::remedy(name, names, "ways to divide");
            (format!("`{}` cannot be divided by `{name}`", field.name), help)
        }
        GroupBy::Role if field.roles.is_none() => {
            let message = format!("the field `{}` has no roles to be divided by", field.name);
            (message, "add `roles: <vocabulary>`, or remove `group_by`".into())
        }
        _ => return,
    };
    diagnostics.push(Diagnostic::error("unknown-field", *span, message).help(help));
}

fn parse_entries(
    inputs: &Inputs,
    voices: &[Voice],
    types: &[TypeDef],
    broken: &BTreeSet<EcoString>,
    layout: Layout,
    diagnostics: &mut Diagnostics,
) -> Vec<EntryDoc> {
    let parsed: Vec<(Option<EntryDoc>, Diagnostics)> = layout
        .entries
        .into_par_iter()
        // Few at once: some have much more to read than others.
        .with_max_len(32)
        .map(|place| {
            let mut diagnostics = Diagnostics::new();
            let type_index = types.iter().position(|t| t.id == place.type_id && !broken.contains(&t.id));
            let entry = type_index.map(|index| parse_entry(index, place, inputs, voices, &mut diagnostics));
            (entry, diagnostics)
        })
        .collect();
    let mut entries = Vec::with_capacity(parsed.len());
    for (entry, found) in parsed {
        entries.extend(entry);
        diagnostics.extend(found);
    }
    entries
}

fn parse_intros(
    declared: &mut Declared<'_>,
    languages: &[EcoString],
    voices: &[Voice],
    types: &[TypeDef],
    layout: &Layout,
    diagnostics: &mut Diagnostics,
) -> Vec<Intro> {
    let mut intros = Vec::new();
    for (type_id, lang, file) in &layout.intros {
        let (lang, file) = (*lang, *file);
        let type_index = type_id.as_ref().map(|id| types.iter().position(|t| t.id == *id));
        if type_index == Some(None) {
            continue;
        }
        let Some(written) = declared.read(file, diagnostics) else { continue };
        let text = parse_text(lang, file, &written, voices, diagnostics);
        let mut read = Reader { file, diagnostics, languages };
        let typography = &voices[lang.index()].typography;
        let mut line = |key: &str| {
            let node = text.front.get(key)?;
            let written = read.text(node, &format!("`{key}`"))?;
            Some(typography.run(written, &mut Run::default()).into_owned())
        };
        let (title, summary) = (line("title"), line("summary"));
        if !text.front.is_null() {
            read.map(&text.front, "the front matter above a listing", &["title", "summary"]);
        }
        intros.push(Intro { type_index: type_index.flatten(), title, summary, text });
    }
    intros
}

fn parse_entry(
    type_index: usize,
    place: Place,
    inputs: &Inputs,
    voices: &[Voice],
    diagnostics: &mut Diagnostics,
) -> EntryDoc {
    let mut broken = place.broken;
    let mut facts = place.facts.and_then(|file| {
        let before = diagnostics.errors();
        let facts = facts(file, inputs, diagnostics);
        broken |= diagnostics.errors() > before;
        facts
    });
    let mut texts = Vec::with_capacity(place.texts.len());
    for (lang, file) in place.texts {
        let before = diagnostics.errors();
        texts.extend(text(lang, file, inputs, voices, diagnostics));
        broken |= diagnostics.errors() > before;
    }
    texts.sort_by_key(|t| t.lang);
    if place.single_file
        && let Some(text) = texts.first_mut()
    {
        let range = text.front.range;
        let node = std::mem::replace(&mut text.front, Node { range, value: Value::Null });
        facts = Some(Facts { file: text.file, node, content: text.content });
    }
    let Place { id, path, shown, files, single_file, .. } = place;
    EntryDoc { type_index, shown, id, path, facts, texts, files, single_file, broken }
}

/// A facts file, from the cache where it is as it was; `None` where it cannot be read.
fn facts(file: FileId, inputs: &Inputs, diagnostics: &mut Diagnostics) -> Option<Facts> {
    let found = RefCell::new(diagnostics);
    let read = || inputs.read(file, &mut found.borrow_mut()).ok_or(());
    let make = |text: String| {
        let mut own = Diagnostics::new();
        let node = yaml(file, &text, 0, &mut own);
        let keep = own.is_empty();
        found.borrow_mut().extend(own);
        Made { value: node, keep, body: 0 }
    };
    let (node, content) = inputs.cache.document(inputs.cached(file), FACTS, read, make).ok()?;
    Some(Facts { file, node, content })
}

/// What the cache keeps of a text.
#[derive(Serialize, Deserialize)]
struct CachedText {
    front: Node,
    body: Body,
    stored: Option<Stored>,
    front_fingerprint: Fingerprint,
    body_fingerprint: Fingerprint,
}

/// A text, from the cache where it is as it was; `None` where it cannot be read. Its HTML is put aside.
fn text(lang: Lang, file: FileId, inputs: &Inputs, voices: &[Voice], diagnostics: &mut Diagnostics) -> Option<TextDoc> {
    let found = RefCell::new(diagnostics);
    let read = || inputs.read(file, &mut found.borrow_mut()).ok_or(());
    let make = |text: String| {
        let mut own = Diagnostics::new();
        let mut text = parse_text(lang, file, &text, voices, &mut own);
        let len = text.body.html.len() as u32;
        put_aside(&mut text, inputs.cache.bodies());
        let TextDoc { front, body, stored, front_fingerprint, body_fingerprint, .. } = text;
        let keep = own.is_empty() && stored.is_some();
        found.borrow_mut().extend(own);
        Made { value: CachedText { front, body, stored, front_fingerprint, body_fingerprint }, keep, body: len }
    };
    let salt = voices[lang.index()].salt;
    let (value, content) = inputs.cache.document(inputs.cached(file), salt, read, make).ok()?;
    let CachedText { front, body, stored, front_fingerprint, body_fingerprint } = value;
    Some(TextDoc { lang, file, front, body, stored, content, front_fingerprint, body_fingerprint })
}

/// A text as an editor has just left it; `None` where it cannot be read or has anything that must be told.
pub fn edited(lang: Lang, file: FileId, sources: &Sources, voices: &[Voice], bodies: &Bodies) -> Option<TextDoc> {
    let written = std::fs::read_to_string(sources.disk(file)).ok()?;
    let mut found = Diagnostics::new();
    let mut text = parse_text(lang, file, &written, voices, &mut found);
    put_aside(&mut text, bodies);
    found.is_empty().then_some(text)
}

/// Takes the HTML of a text out of memory, where that is possible.
fn put_aside(text: &mut TextDoc, bodies: &Bodies) {
    text.stored = bodies.put(&text.body.html);
    if text.stored.is_some() {
        text.body.html = Box::default();
    }
}

/// A text, made from its file once more; for the rare case that its HTML was put aside and is damaged now.
pub fn again(lang: Lang, file: FileId, sources: &Sources, voices: &[Voice]) -> TextDoc {
    let text = std::fs::read_to_string(sources.disk(file)).unwrap_or_default();
    parse_text(lang, file, &text, voices, &mut Diagnostics::new())
}

fn parse_text(lang: Lang, file: FileId, text: &str, voices: &[Voice], diagnostics: &mut Diagnostics) -> TextDoc {
    let parts = split_front_matter(text);
    if let Some(at) = parts.unclosed {
        let message = "the front matter is never closed";
        let help = "end it with a line that holds `---` and nothing else, then write the text";
        diagnostics.push(Diagnostic::error("front-matter", file.at(at), message).label("opened here").help(help));
    }
    let front = yaml(file, &text[parts.front.clone()], parts.front.start as u32, diagnostics);
    let written = &text[parts.body..];
    let voice = &voices[lang.index()];
    let options = voice.markdown("");
    let (body, problems) = markdown::parse(written, parts.body as u32, &options);
    report_markdown(file, problems, diagnostics);
    // The same text has the same fingerprint however its lines end.
    let body_fingerprint = match written.contains('\r') {
        true => Fingerprint::of(written.replace("\r\n", "\n").trim().as_bytes()),
        false => Fingerprint::of(written.trim().as_bytes()),
    };
    let front_fingerprint = Fingerprint::of(text[parts.front].as_bytes());
    let content = Fingerprint::of(text.as_bytes());
    TextDoc { lang, file, front, body, stored: None, content, front_fingerprint, body_fingerprint }
}

/// Reports what Markdown found.
pub fn report_markdown(file: FileId, problems: Vec<markdown::Problem>, diagnostics: &mut Diagnostics) {
    for problem in problems {
        let mut diagnostic = Diagnostic::error(problem.code, file.at(problem.range), problem.message);
        diagnostic.help = problem.help;
        diagnostics.push(if problem.error { diagnostic } else { diagnostic.as_warning() });
    }
}

/// Where front matter and body lie in a text.
struct Parts {
    front: std::ops::Range<usize>,
    body: usize,
    unclosed: Option<Range>,
}

fn split_front_matter(text: &str) -> Parts {
    let bom = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let first_line = text[bom..].split_inclusive('\n').next().unwrap_or_default();
    if first_line.trim_end() != "---" {
        return Parts { front: bom..bom, body: bom, unclosed: None };
    }
    let start = bom + first_line.len();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Parts { front: start..at, body: at + line.len(), unclosed: None };
        }
        at += line.len();
    }
    Parts { front: start..start, body: text.len(), unclosed: Some(Range::of(bom, bom + 3)) }
}
