//! Which file is what: the folder scheme of `content/`; it looks at names only.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use crate::config::{Config, Lang};
use crate::diag::{Diagnostic, Diagnostics};
use crate::load::Inputs;
use crate::source::FileId;
use crate::{suggest, url};

/// The content's files, sorted into what they are.
pub(super) struct Layout {
    /// Types by id, with their `_type.yaml`; `None` where it is missing, which has been reported.
    pub types: BTreeMap<EcoString, Option<FileId>>,
    /// Vocabularies by id.
    pub vocabularies: BTreeMap<EcoString, FileId>,
    /// Entries, sorted by type and id.
    pub entries: Vec<Place>,
    /// `_index.<lang>.md`: the type, or `None` for the home page.
    pub intros: Vec<(Option<EcoString>, Lang, FileId)>,
}

/// The files of one entry.
#[derive(Debug)]
pub(super) struct Place {
    pub type_id: EcoString,
    pub id: EcoString,
    pub path: String,
    /// Its folder, or its only file, below `content/`.
    pub shown: String,
    pub facts: Option<FileId>,
    pub texts: Vec<(Lang, FileId)>,
    pub files: Vec<(EcoString, usize)>,
    pub single_file: bool,
    pub broken: bool,
}

impl Layout {
    /// Sorts the files; those that fit nowhere are reported.
    pub(super) fn of(inputs: &Inputs, config: &Config, diagnostics: &mut Diagnostics) -> Layout {
        let mut sorter = Sorter {
            config,
            diagnostics,
            folders: entry_folders(inputs),
            layout: Layout {
                types: BTreeMap::new(),
                vocabularies: BTreeMap::new(),
                entries: Vec::new(),
                intros: Vec::new(),
            },
            places: BTreeMap::new(),
        };
        for content in &inputs.content {
            sorter.content(inputs.content_path(content.file), content.file);
        }
        for (index, asset) in inputs.assets.iter().enumerate() {
            sorter.asset(&asset.path, index);
        }
        sorter.finish()
    }
}

/// Folders that hold an `index.yaml` or an `index.<lang>.md`.
fn entry_folders(inputs: &Inputs) -> BTreeSet<String> {
    let is_index = |name: &str| name == "index.yaml" || (name.starts_with("index.") && name.ends_with(".md"));
    let split = |path: &'_ str| path.rsplit_once('/').map(|(dir, name)| (dir.to_owned(), is_index(name)));
    inputs
        .content
        .iter()
        .filter_map(|c| split(inputs.content_path(c.file)))
        .filter(|(_, index)| *index)
        .map(|(dir, _)| dir)
        .collect()
}

struct Sorter<'a> {
    config: &'a Config,
    diagnostics: &'a mut Diagnostics,
    folders: BTreeSet<String>,
    layout: Layout,
    /// Entries by the path of their folder, or of their file without language and extension.
    places: BTreeMap<String, Place>,
}

impl Sorter<'_> {
    fn content(&mut self, path: &str, file: FileId) {
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            [name] => self.intro(None, path, name, file),
            ["_vocabularies", name] => self.vocabulary(path, name, file),
            [first, ..] if first.starts_with('_') => {}
            [kind, "_type.yaml"] => {
                if self.legal_id(path, kind) {
                    self.layout.types.insert((*kind).into(), Some(file));
                }
            }
            [kind, name] if name.starts_with("_index.") => self.intro(Some(kind), path, name, file),
            [_, rest @ ..] if rest.iter().any(|part| part.starts_with('_')) => {}
            [kind, .., name] => self.entry_file(kind, path, name, file),
            [] => {}
        }
    }

    fn vocabulary(&mut self, path: &str, name: &str, file: FileId) {
        match name.strip_suffix(".yaml") {
            Some(id) if self.legal_id(path, id) => drop(self.layout.vocabularies.insert(id.into(), file)),
            Some(_) => {}
            None => self.stray(path, "a vocabulary is a .yaml file"),
        }
    }

    fn intro(&mut self, kind: Option<&str>, path: &str, name: &str, file: FileId) {
        let Some(tag) = name.strip_prefix("_index.").and_then(|rest| rest.strip_suffix(".md")) else {
            let example = format!("name it after its language, such as `_index.{}.md`", self.config.languages[0]);
            let help = if name == "_index.md" { &example } else { "move it into the folder of its type or entry" };
            self.stray(path, help);
            return;
        };
        if let Some(lang) = self.language(tag, path) {
            self.layout.intros.push((kind.map(Into::into), lang, file));
        }
    }

    fn entry_file(&mut self, kind: &str, path: &str, name: &str, file: FileId) {
        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
        if self.folders.contains(folder) {
            if !folder.contains('/') {
                self.stray(path, "an entry is a folder inside its type's folder: give it a folder of its own");
                return;
            }
            return self.folder_file(kind, folder, path, name, file);
        }
        let Some(stem) = name.strip_suffix(".md") else {
            return self.stray(path, "an entry's folder holds an index.yaml or an index.<language>.md");
        };
        let Some((id, tag)) = stem.rsplit_once('.') else {
            let help = format!("name it after its language, such as `{stem}.{}.md`", self.config.languages[0]);
            self.error("no-language", path, format!("{name} does not say its language"), help);
            return;
        };
        let lang = self.language(tag, path);
        let legal = self.legal_id(path, id);
        let key = format!("{folder}/{id}");
        if let Some(other) = self.places.get(&key) {
            let message =
                format!("`{id}` has texts in two files without a folder: the other is content/{}", other.shown);
            let help = format!(
                "make a folder: content/{key}/index.yaml for the facts, content/{key}/index.<language>.md for each text"
            );
            self.error("needs-folder", path, message, help);
            return;
        }
        let place = self.place(kind, key, id);
        place.single_file = true;
        place.shown = path.to_owned();
        place.broken |= lang.is_none() || !legal;
        place.texts.extend(lang.map(|lang| (lang, file)));
    }

    fn folder_file(&mut self, kind: &str, folder: &str, path: &str, name: &str, file: FileId) {
        let id = folder.rsplit('/').next().unwrap_or_default().to_owned();
        let known = self.places.contains_key(folder);
        let legal = known || self.legal_id(path, &id);
        if name == "index.yaml" {
            let place = self.place(kind, folder.to_owned(), &id);
            place.facts = Some(file);
            place.broken |= !legal;
            return;
        }
        let tag = name.strip_prefix("index.").and_then(|rest| rest.strip_suffix(".md"));
        let Some(tag) = tag else {
            return self.stray(path, "in an entry's folder, texts are called index.<language>.md and facts index.yaml");
        };
        if name == "index.md" {
            let help = format!("name it after its language, such as `index.{}.md`", self.config.languages[0]);
            self.error("no-language", path, "index.md does not say its language", help);
        }
        let lang = if name == "index.md" { None } else { self.language(tag, path) };
        let place = self.place(kind, folder.to_owned(), &id);
        place.broken |= lang.is_none() || !legal;
        place.texts.extend(lang.map(|lang| (lang, file)));
    }

    fn place(&mut self, kind: &str, key: String, id: &str) -> &mut Place {
        let path = key.clone();
        self.places.entry(key).or_insert_with(|| Place {
            type_id: kind.into(),
            id: id.into(),
            shown: format!("{path}/"),
            path,
            facts: None,
            texts: Vec::new(),
            files: Vec::new(),
            single_file: false,
            broken: false,
        })
    }

    fn asset(&mut self, path: &str, index: usize) {
        if path.ends_with(".yml") {
            return self.stray(path, "give it the extension .yaml: other files are published as they are");
        }
        if path.starts_with("_vocabularies/") {
            return self.stray(path, "a vocabulary is a .yaml file");
        }
        if path.split('/').any(|part| part.starts_with('_')) {
            return;
        }
        let mut folder = path;
        while let Some((parent, _)) = folder.rsplit_once('/') {
            folder = parent;
            if let Some(place) = self.places.get_mut(folder) {
                place.files.push((path[folder.len() + 1..].into(), index));
                return;
            }
        }
        self.stray(path, "put it into the folder of the entry that shows it");
    }

    fn finish(mut self) -> Layout {
        let mut entries: Vec<Place> = std::mem::take(&mut self.places).into_values().collect();
        entries.sort_by(|a, b| (&a.type_id, &a.id, &a.path).cmp(&(&b.type_id, &b.id, &b.path)));
        let kinds: BTreeSet<EcoString> = entries.iter().map(|e| e.type_id.clone()).collect();
        for kind in kinds {
            if !self.layout.types.contains_key(&kind) {
                let help = suggest::nearest(&kind, self.layout.types.keys().map(EcoString::as_str)).map_or_else(
                    || format!("write content/{kind}/_type.yaml: its label, slug and fields"),
                    |near| format!("write content/{kind}/_type.yaml, or move its entries to content/{near}/"),
                );
                self.error(
                    "no-type",
                    &format!("{kind}/"),
                    format!("the folder `{kind}` has entries but no _type.yaml"),
                    help,
                );
                self.layout.types.insert(kind, None);
            }
        }
        let mut unique: Vec<Place> = Vec::with_capacity(entries.len());
        for entry in entries {
            match unique.last() {
                Some(other) if (&other.type_id, &other.id) == (&entry.type_id, &entry.id) => {
                    let message = format!("`{}` is already the id of content/{}", entry.id, other.shown);
                    self.error("duplicate-id", &entry.shown, message, "rename one of the two");
                }
                _ => unique.push(entry),
            }
        }
        self.layout.entries = unique;
        self.layout
    }

    fn language(&mut self, tag: &str, path: &str) -> Option<Lang> {
        let found = Lang::find(&self.config.languages, tag);
        if found.is_none() {
            let names = self.config.languages.iter().map(EcoString::as_str);
            let help = format!("{}; `languages` in relais.yaml lists them", suggest::remedy(tag, names, "languages"));
            self.error("unknown-language", path, format!("`{tag}` is not a language of this site"), help);
        }
        found
    }

    fn legal_id(&mut self, path: &str, id: &str) -> bool {
        let legal = url::is_segment(id);
        if !legal {
            let help = format!("rename it: letters from a to z, digits and hyphens, such as `{}`", url::slug(id));
            self.error("bad-id", path, format!("`{id}` cannot be an id"), help);
        }
        legal
    }

    fn stray(&mut self, path: &str, help: &str) {
        let message = "this file is not part of anything and is not published";
        let diagnostic = Diagnostic::in_file("stray-file", format!("content/{path}"), message).help(help);
        self.diagnostics.push(diagnostic.as_warning());
    }

    fn error(&mut self, code: &'static str, path: &str, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::in_file(code, format!("content/{path}"), message).help(help));
    }
}
