//! One entry: its facts file and its texts become checked values; what other entries say of it comes later.

use ecow::EcoString;

use super::{Entry, Read, State, Text, envelope};
use crate::cache::Stored;
use crate::config::Lang;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::read::{PerLang, Reader};
use crate::document::schema::{self, ENVELOPE, Field, TypeDef};
use crate::document::{EntryDoc, TextDoc};
use crate::field::{Cx, Names, Value, Values, parse_list, parse_values};
use crate::fingerprint::Fingerprint;
use crate::locale::typography::Run;
use crate::markdown::Body;
use crate::source::{FileId, Range, Span};
use crate::yaml::{self, Node};
use crate::{suggest, url};

/// Keys of the envelope that differ by language.
const LOCALIZED: &[&str] = &["title", "slug", "summary", "body", "aliases", "translation"];

/// The longest title, in characters; what is longer is a summary.
const LONGEST_TITLE: usize = 300;
/// The longest summary, in characters.
const LONGEST_SUMMARY: usize = 600;

/// What one language says, while it is being read.
#[derive(Default)]
struct Draft {
    title: Option<(EcoString, Span)>,
    slug: Option<(EcoString, Span)>,
    summary: Option<(EcoString, Span)>,
    aliases: Vec<EcoString>,
    translation: Option<super::Translation>,
    body: Option<Body>,
    stored: Option<Stored>,
    front: Fingerprint,
    body_fingerprint: Fingerprint,
    draft: bool,
    file: Option<FileId>,
}

/// Builds entries.
pub(super) struct Builder<'a> {
    names: &'a Names<'a>,
    definition: &'a TypeDef,
    diagnostics: &'a mut Diagnostics,
    files: Vec<(EcoString, usize)>,
    entry: Entry,
    texts: PerLang<Draft>,
    source_language: Option<(Lang, Range)>,
    draft: bool,
    /// Keys that are no fields, and have been reported.
    unknown: Vec<EcoString>,
    /// Fields that some file gives, be it wrongly.
    given: Vec<bool>,
    /// Whether facts and text share one file.
    single_file: bool,
}

/// Reads one entry.
pub(super) fn build(doc: EntryDoc, names: &Names<'_>) -> (Entry, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let languages = names.config.languages.len();
    let definition = &names.types[doc.type_index];
    let file = doc.facts.as_ref().map(|f| f.file).or(doc.texts.first().map(|t| t.file));
    let entry = Entry {
        type_index: doc.type_index,
        id: doc.id.clone(),
        facts_file: match doc.single_file {
            true => format!("content/{}", doc.shown),
            false => format!("content/{}/index.yaml", doc.path),
        },
        file,
        source_language: Lang(0),
        texts: (0..languages).map(|_| None).collect(),
        values: vec![None; definition.fields.len()],
        publish_on: None,
        review_by: None,
        review_overdue: false,
        expires_on: None,
        superseded_by: None,
        featured: false,
        demo: false,
        was: Vec::new(),
        related: Vec::new(),
        files: Vec::new(),
        sources: Vec::new(),
        provenance: Vec::new(),
        state: State::Published,
        built: true,
        status: None,
        inverse: Vec::new(),
        addresses: vec![None; languages],
        heading_ids: vec![Vec::new(); languages],
        broken: doc.broken,
        content: content(&doc),
        own: Vec::new(),
        dated: Default::default(),
    };
    let mut builder = Builder {
        names,
        definition,
        diagnostics: &mut diagnostics,
        files: doc.files,
        entry,
        texts: (0..languages).map(|_| Draft::default()).collect(),
        source_language: None,
        draft: false,
        unknown: Vec::new(),
        given: vec![false; definition.fields.len()],
        single_file: doc.single_file,
    };
    let single = doc.single_file.then(|| doc.texts.first().map(|t| t.lang)).flatten();
    if let Some(facts) = &doc.facts {
        builder.facts(facts.file, &facts.node, single);
    }
    for text in doc.texts {
        builder.text(text);
    }
    let entry = builder.finish();
    (entry, diagnostics)
}

/// An entry's files.
fn content(doc: &EntryDoc) -> Vec<Read> {
    let facts = doc.facts.iter().map(|facts| Read { file: facts.file, lang: None, content: facts.content });
    let text = |text: &TextDoc| Read { file: text.file, lang: Some(text.lang), content: text.content };
    facts.chain(doc.texts.iter().map(text)).collect()
}

impl Builder<'_> {
    /// Runs `action` with everything that reading a value of `field` needs.
    fn with<R>(
        &mut self,
        file: FileId,
        field: &Field,
        lang: Option<Lang>,
        action: impl FnOnce(&mut Cx<'_, '_>) -> R,
    ) -> R {
        let read = Reader { file, diagnostics: self.diagnostics, languages: &self.names.config.languages };
        action(&mut Cx { read, field, names: self.names, files: &self.files, lang })
    }

    fn read(&mut self, file: FileId) -> Reader<'_> {
        Reader { file, diagnostics: self.diagnostics, languages: &self.names.config.languages }
    }

    /// `index.yaml`, or with a language the front matter of a single-file entry.
    fn facts(&mut self, file: FileId, node: &Node, single: Option<Lang>) {
        let entries = match &node.value {
            yaml::Value::Null => return,
            yaml::Value::Map(entries) => entries,
            _ => {
                self.read(file).wrong::<()>(node, "index.yaml", "`key: value` lines");
                self.entry.broken = true;
                return;
            }
        };
        for entry in entries {
            let (key, value) = (entry.key.as_str(), &entry.value);
            if ENVELOPE.contains(&key) {
                match single {
                    Some(lang) if LOCALIZED.contains(&key) && value.as_map().is_none_or(|_| key == "translation") => {
                        self.localized_envelope(file, key, entry, lang);
                    }
                    _ => self.shared_envelope(file, key, entry),
                }
                continue;
            }
            let Some(index) = self.definition.field(key) else {
                self.unknown(file, entry);
                continue;
            };
            self.given[index] = true;
            let field = &self.definition.fields[index];
            let values = match single {
                Some(lang) if field.localized && value.as_map().is_none() => {
                    let list = self.with(file, field, Some(lang), |cx| parse_list(value, cx));
                    let mut each = vec![Vec::new(); self.names.config.languages.len()];
                    each[lang.index()] = list;
                    Some(Values::Localized(each))
                }
                _ => self.with(file, field, None, |cx| parse_values(value, cx)),
            };
            // A value at fault has been reported: the field counts as given.
            self.entry.values[index] = Some(values.unwrap_or(Values::Shared(Vec::new())));
        }
    }

    fn unknown(&mut self, file: FileId, entry: &yaml::Entry) {
        self.unknown.push(entry.key.clone());
        let definition = self.definition;
        let known: Vec<&str> =
            definition.fields.iter().map(|f| f.name.as_str()).chain(ENVELOPE.iter().copied()).collect();
        let message = format!("{} has no field `{}`", definition.id, crate::field::number::cut(&entry.key));
        let help = suggest::remedy(&entry.key, known, "fields");
        let declared = definition.file.start();
        let diagnostic = Diagnostic::error("unknown-key", file.at(entry.key_range), message).help(help);
        let diagnostic = match definition.fields.first() {
            Some(first) => diagnostic.related(first.span, "the type's fields are declared here"),
            None => diagnostic.related(declared, "the type is declared here"),
        };
        self.diagnostics.push(diagnostic);
    }

    fn shared_envelope(&mut self, file: FileId, key: &str, entry: &yaml::Entry) {
        let node = &entry.value;
        let names = self.names;
        let own_type = self.entry.type_index;
        match key {
            "title" | "summary" | "slug" | "aliases" => self.localized_map(file, key, entry),
            "body" | "translation" => {
                let help = format!("move it into index.{}.md", names.config.languages[0]);
                self.read(file).error("text-in-facts", entry.key_range, format!("`{key}` belongs to a text"), help);
            }
            "source_language" => {
                let mut read = self.read(file);
                if let Some(tag) = read.text(node, "`source_language`").cloned()
                    && let Some(lang) = read.language(&tag, node.range)
                {
                    self.source_language = Some((lang, node.range));
                }
            }
            "publish_on" => self.entry.publish_on = envelope::day(node, key, &mut self.read(file)),
            "expires_on" => self.entry.expires_on = envelope::day(node, key, &mut self.read(file)),
            "review_by" => {
                let day = envelope::day(node, key, &mut self.read(file));
                self.entry.review_by = day.map(|day| (day, node.range));
            }
            "superseded_by" => {
                let found = envelope::entry(node, own_type, key, names, &mut self.read(file));
                self.entry.superseded_by = found.map(|to| (to, node.range));
            }
            "draft" => self.draft = self.read(file).boolean(node, "`draft`").unwrap_or(false),
            "featured" => self.entry.featured = self.read(file).boolean(node, "`featured`").unwrap_or(false),
            "demo" => self.entry.demo = self.read(file).boolean(node, "`demo`").unwrap_or(false),
            "was" => {
                let own = names.types[own_type].id.as_str();
                self.entry.was = envelope::former(node, own, &mut self.read(file));
            }
            "related" => {
                let mut read = self.read(file);
                let items = read.list(node);
                let found = items.iter().filter_map(|item| envelope::entry(item, own_type, key, names, &mut read));
                self.entry.related = found.collect();
            }
            "sources" => self.entry.sources = envelope::sources(node, &mut self.read(file)),
            "facts" => self.provenance(file, node),
            _ => {}
        }
    }

    fn provenance(&mut self, file: FileId, node: &Node) {
        let definition = self.definition;
        let entries = self.read(file).any_map(node, "`facts`").unwrap_or_default();
        for entry in entries {
            match definition.field(&entry.key) {
                Some(index) => {
                    let found = envelope::provenance(&entry.value, &mut self.read(file));
                    self.entry.provenance.extend(found.map(|p| (index, p)));
                }
                None => {
                    let help = suggest::remedy(&entry.key, definition.fields.iter().map(|f| f.name.as_str()), "fields");
                    let message = format!("{} has no field `{}`", definition.id, entry.key);
                    self.read(file).error("unknown-field", entry.key_range, message, help);
                }
            }
        }
    }

    /// `title: { fr: …, sv: … }` in `index.yaml`.
    fn localized_map(&mut self, file: FileId, key: &str, entry: &yaml::Entry) {
        let languages = self.names.config.languages.len();
        let Some(entries) = entry.value.as_map() else {
            if languages == 1 {
                return self.localized_envelope(file, key, entry, Lang(0));
            }
            let tag = &self.names.config.languages[0];
            let help = format!("write it in index.{tag}.md, or here as `{key}: {{ {tag}: … }}`");
            self.read(file).error("not-localized", entry.key_range, format!("`{key}` differs by language"), help);
            return;
        };
        for inner in entries {
            if let Some(lang) = self.read(file).language(&inner.key, inner.key_range) {
                let renamed = yaml::Entry { key: key.into(), key_range: inner.key_range, value: inner.value.clone() };
                self.localized_envelope(file, key, &renamed, lang);
            }
        }
    }

    /// A text file: its front matter and its body.
    fn text(&mut self, doc: TextDoc) {
        let (file, lang) = (doc.file, doc.lang);
        let draft = &mut self.texts[lang.index()];
        draft.file = Some(file);
        draft.body = Some(doc.body);
        draft.stored = doc.stored;
        draft.front = doc.front_fingerprint;
        draft.body_fingerprint = doc.body_fingerprint;
        let entries = match &doc.front.value {
            yaml::Value::Map(entries) => entries.as_slice(),
            yaml::Value::Null => &[],
            _ => {
                self.read(file).wrong::<()>(&doc.front, "the front matter", "`key: value` lines");
                self.entry.broken = true;
                return;
            }
        };
        for entry in entries {
            let key = entry.key.as_str();
            if key == "draft" {
                let draft = self.read(file).boolean(&entry.value, "`draft`").unwrap_or(false);
                self.texts[lang.index()].draft = draft;
            } else if LOCALIZED.contains(&key) {
                self.localized_envelope(file, key, entry, lang);
            } else if ENVELOPE.contains(&key) {
                self.misplaced(file, entry);
            } else if let Some(index) = self.definition.field(key) {
                self.localized_field(file, entry, index, lang);
            } else {
                self.unknown(file, entry);
            }
        }
    }

    fn misplaced(&mut self, file: FileId, entry: &yaml::Entry) {
        let message = format!("`{}` is the same in every language", entry.key);
        let index = self.definition.field(&entry.key);
        let help = match index.is_some_and(|index| self.entry.values[index].is_some()) {
            true => format!("remove the line: {} has it", self.entry.facts_file),
            false => format!("move the line to {}", self.entry.facts_file),
        };
        let diagnostic = Diagnostic::error("shared-in-text", file.at(entry.key_range), message)
            .label("a translation could disagree with it here")
            .help(help);
        self.diagnostics.push(diagnostic);
    }

    fn localized_field(&mut self, file: FileId, entry: &yaml::Entry, index: usize, lang: Lang) {
        let field = &self.definition.fields[index];
        if !field.localized {
            return self.misplaced(file, entry);
        }
        self.given[index] |=
            lang == self.entry.source_language || self.source_language.is_none_or(|(at, _)| at == lang);
        let list = self.with(file, field, Some(lang), |cx| parse_list(&entry.value, cx));
        let languages = self.names.config.languages.len();
        let slot = self.entry.values[index].get_or_insert_with(|| Values::Localized(vec![Vec::new(); languages]));
        let Values::Localized(each) = slot else { return };
        if !each[lang.index()].is_empty() {
            self.twice(file, entry, lang);
            return;
        }
        each[lang.index()] = list;
    }

    fn twice(&mut self, file: FileId, entry: &yaml::Entry, lang: Lang) {
        let tag = self.names.config.tag(lang);
        let message = format!("`{}` is written twice in `{tag}`: here and in index.yaml", entry.key);
        self.read(file).error("written-twice", entry.key_range, message, "remove one of the two");
    }

    fn localized_envelope(&mut self, file: FileId, key: &str, entry: &yaml::Entry, lang: Lang) {
        let node = &entry.value;
        let span = file.at(node.range);
        match key {
            "title" | "slug" | "summary" => {
                let Some(text) = self.read(file).text(node, &format!("`{key}`")).cloned() else { return };
                let text: EcoString = text.trim().into();
                if text.is_empty() {
                    self.read(file).error(
                        "empty-value",
                        entry.key_range,
                        format!("`{key}` is empty"),
                        "write it, or remove the line",
                    );
                    return;
                }
                let draft = &mut self.texts[lang.index()];
                draft.file.get_or_insert(file);
                let slot = match key {
                    "title" => &mut draft.title,
                    "slug" => &mut draft.slug,
                    _ => &mut draft.summary,
                };
                if slot.is_some() {
                    return self.twice(file, entry, lang);
                }
                *slot = Some((text, span));
            }
            "aliases" => {
                let mut read = self.read(file);
                let items = read.list(node);
                let found: Vec<EcoString> = items.iter().filter_map(|n| read.text(n, "an alias").cloned()).collect();
                self.texts[lang.index()].aliases.extend(found);
            }
            "translation" => {
                let found = envelope::translation(node, &mut self.read(file));
                if found.as_ref().is_some_and(|t| t.of == lang) {
                    let message = "a text cannot be a translation of its own language";
                    self.read(file).error(
                        "translation-of-itself",
                        node.range,
                        message,
                        "name the language that it was made from",
                    );
                } else {
                    self.texts[lang.index()].translation = found;
                }
            }
            "body" => {
                let message = "the body is written below the front matter";
                self.read(file).error(
                    "body-key",
                    entry.key_range,
                    message,
                    "remove `body:` and write the text after the closing `---`",
                );
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Entry {
        let present: Vec<Lang> = self.names.config.langs().filter(|l| self.texts[l.index()].file.is_some()).collect();
        self.set_source_language(&present);
        for &lang in &present {
            let draft = std::mem::take(&mut self.texts[lang.index()]);
            self.entry.texts[lang.index()] = self.finish_text(draft, lang);
        }
        self.require_fields(&present);
        if self.draft {
            self.entry.state = State::Draft;
        }
        self.entry.files = self.files;
        self.entry
    }

    fn set_source_language(&mut self, present: &[Lang]) {
        let file = self.entry.file;
        match (self.source_language, present, file) {
            (Some((lang, range)), _, Some(file)) => {
                self.entry.source_language = lang;
                if !present.contains(&lang) && !self.entry.broken {
                    let tag = self.names.config.tag(lang).to_owned();
                    let message = format!("the source language is `{tag}`, but there is no text in it");
                    let help =
                        format!("write index.{tag}.md, or name the language in which the entry was first written");
                    self.read(file).error("no-source-text", range, message, help);
                }
            }
            (_, [only], _) => self.entry.source_language = *only,
            (_, [], Some(file)) if !self.entry.broken => {
                let tag = &self.names.config.languages[0];
                let help =
                    format!("write index.{tag}.md with at least a `title`, or `title: {{ {tag}: … }}` in index.yaml");
                self.diagnostics.push(
                    Diagnostic::error("no-text", file.start(), "this entry has no text in any language").help(help),
                );
                self.entry.broken = true;
            }
            (_, [first, ..], Some(file)) => {
                self.entry.source_language = *first;
                if !self.entry.broken {
                    let message =
                        "this entry has several texts and does not say in which language it was first written";
                    let help = format!("add `source_language: {}` to index.yaml", self.names.config.tag(*first));
                    self.diagnostics.push(Diagnostic::error("no-source-language", file.start(), message).help(help));
                }
            }
            _ => {}
        }
    }

    fn finish_text(&mut self, draft: Draft, lang: Lang) -> Option<Text> {
        let file = draft.file?;
        let typography = &self.names.voices[lang.index()].typography;
        let set = |text: &str| EcoString::from(typography.run(text, &mut Run::default()));
        let Some((written, title_span)) = draft.title else {
            if !self.entry.broken {
                let help = match draft.summary.is_some() || draft.slug.is_some() || !draft.aliases.is_empty() {
                    true => "add `title: …` to its front matter",
                    false => "begin the file with a front matter: a line `---`, then `title: …`, then `---`",
                };
                self.diagnostics
                    .push(Diagnostic::error("missing-title", file.start(), "this text has no title").help(help));
            }
            return None;
        };
        let length = written.chars().count();
        if length > LONGEST_TITLE {
            let message = format!("the title has {length} characters; {LONGEST_TITLE} is the most");
            let help = "keep the title short and move the rest into `summary`";
            self.diagnostics.push(Diagnostic::error("too-long", title_span, message).help(help));
        }
        let summary = match &draft.summary {
            Some((text, span)) => {
                let length = text.chars().count();
                if length > LONGEST_SUMMARY {
                    let message = format!("the summary has {length} characters; {LONGEST_SUMMARY} is the most");
                    self.diagnostics
                        .push(Diagnostic::error("too-long", *span, message).help("move the rest into the body"));
                }
                set(text)
            }
            None => draft.body.as_ref().map(|b| b.excerpt.clone()).unwrap_or_default(),
        };
        let (slug, slug_span) = match draft.slug {
            Some((slug, span)) => {
                if !url::is_segment(&slug) {
                    schema::bad_segment(&mut self.read(span.file), span.range, &slug);
                }
                (slug, span)
            }
            None => {
                let made = url::slug(&written);
                (if made.is_empty() { self.entry.id.clone() } else { made }, title_span)
            }
        };
        let written_summary = draft.summary.as_ref().map(|(text, _)| text.as_str()).unwrap_or_default();
        let mut parts = vec![written.as_bytes(), written_summary.as_bytes()];
        let fields: Vec<String> = self.translatable(lang);
        parts.extend(fields.iter().map(String::as_bytes));
        let body = draft.body_fingerprint.0.to_le_bytes();
        parts.push(&body);
        let revision = Fingerprint::of_parts(parts);
        Some(Text {
            file,
            title: set(&written),
            slug,
            slug_span,
            summary,
            aliases: draft.aliases,
            body: draft.body,
            stored: draft.stored,
            revision,
            translation: draft.translation,
            draft: draft.draft,
            front: draft.front,
            summarized: draft.summary.is_none(),
        })
    }

    /// The localized texts of a language, for the revision.
    fn translatable(&self, lang: Lang) -> Vec<String> {
        let mut texts = Vec::new();
        for (index, values) in self.entry.values.iter().enumerate() {
            let Some(Values::Localized(each)) = values else { continue };
            for value in &each[lang.index()] {
                match value {
                    Value::Text(text) => texts.push(format!("{index}:{text}")),
                    Value::Markdown(body) => texts.push(format!("{index}:{}", body.html)),
                    _ => {}
                }
            }
        }
        texts
    }

    fn require_fields(&mut self, present: &[Lang]) {
        let (Some(file), false) = (self.entry.file, self.entry.broken) else { return };
        let source = self.entry.source_language.index();
        for (index, (field, values)) in self.definition.fields.iter().zip(&self.entry.values).enumerate() {
            let absent = match values {
                // What an absent text would say has been asked for with the text.
                _ if field.localized && !present.contains(&self.entry.source_language) => false,
                _ if self.given[index] => false,
                None => true,
                Some(Values::Shared(_)) => false,
                Some(Values::Localized(each)) => each[source].is_empty(),
            };
            let misspelt = || self.unknown.iter().any(|key| suggest::nearest(key, [field.name.as_str()]).is_some());
            if field.required && absent && !misspelt() {
                let place = match (self.single_file, field.localized) {
                    (true, _) => format!("the front matter of {}", self.entry.facts_file),
                    (_, true) => format!("the front matter of index.{}.md", self.names.config.languages[source]),
                    _ => self.entry.facts_file.clone(),
                };
                let message = format!("`{}` is required and missing", field.name);
                let diagnostic = Diagnostic::error("missing-field", file.start(), message)
                    .help(format!("add `{}: …` to {place}", field.name))
                    .related(field.span, "required here");
                self.diagnostics.push(diagnostic);
            }
        }
    }
}
