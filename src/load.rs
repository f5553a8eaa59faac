//! The only door for inputs: reads the site's files, the embedded theme and messages, the old manifest and the clock;
//! it does not know what any of them mean.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, DirEntry, include_dir};
use jiff::Timestamp;
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::diag::{Diagnostic, Diagnostics};
use crate::fingerprint::Fingerprint;
use crate::manifest::Manifest;
use crate::source::{FileId, Sources};
use crate::url::Rebase;

static THEMES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes");
static MESSAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/i18n");

/// What the caller asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site's folder.
    pub site: PathBuf,
    /// The output folder; by default `public` in the site's folder.
    pub out: PathBuf,
    /// Replaces `base_url` of `relais.yaml`, or a part of it.
    pub base_url: Option<Rebase>,
    /// The instant that the site is built for.
    pub at: Timestamp,
    /// Whether drafts and scheduled entries are built.
    pub drafts: bool,
    /// Whether what the manifest says of earlier output is disregarded.
    pub full: bool,
}

/// Everything that a build depends on.
#[derive(Debug)]
pub struct Inputs {
    /// All texts: configuration, content, templates, messages.
    pub sources: Sources,
    /// `relais.yaml`, where there is one that can be read.
    pub config: Option<FileId>,
    /// Texts below `content/`, sorted by path.
    pub content: Vec<ContentFile>,
    /// Other files below `content/`, sorted by path.
    pub assets: Vec<Asset>,
    /// Theme files: embedded ones first, so that the site's own come later and win.
    pub theme_files: Vec<ThemeFile>,
    /// Fluent files, embedded ones first.
    pub messages: Vec<MessageFile>,
    /// What an earlier build wrote into the output folder.
    pub manifest: Manifest,
}

/// A YAML or Markdown file of the content.
#[derive(Debug)]
pub struct ContentFile {
    /// Path below `content/`, with `/`.
    pub path: String,
    /// The text; `None` where it could not be read, which has been reported.
    pub file: Option<FileId>,
}

/// A file of the content that is published as it is.
#[derive(Debug)]
pub struct Asset {
    /// Path below `content/`, with `/`.
    pub path: String,
    /// Where it is on disk.
    pub disk: PathBuf,
    /// Length in bytes.
    pub len: u64,
    /// Fingerprint of the bytes.
    pub fingerprint: Fingerprint,
    /// Width and height in pixels, for images.
    pub size: Option<(u32, u32)>,
}

/// A file of a theme.
#[derive(Debug)]
pub struct ThemeFile {
    /// The theme's name.
    pub theme: String,
    /// Path below the theme's folder, such as `templates/entry.html`.
    pub path: String,
    /// What it holds.
    pub content: ThemeContent,
}

/// A template or `theme.yaml` is text, an asset is bytes.
#[derive(Debug)]
pub enum ThemeContent {
    /// Text that may be at fault.
    Text(FileId),
    /// Bytes to publish.
    Bytes(Cow<'static, [u8]>),
}

/// A Fluent file.
#[derive(Debug)]
pub struct MessageFile {
    /// The language: the name of its folder.
    pub language: String,
    /// The text.
    pub file: FileId,
}

/// Whether this folder holds a site at all.
pub fn find_site(site: &Path) -> Result<(), Box<Diagnostic>> {
    let path = site.join("relais.yaml");
    if fs::symlink_metadata(&path).is_ok() {
        return Ok(());
    }
    let (path, message) = match site.is_dir() {
        true => (path, "there is no relais.yaml here"),
        false => (site.to_owned(), "there is no such folder"),
    };
    let help = "run relais in the folder that holds relais.yaml, or name that folder: relais build path/to/site";
    Err(Box::new(Diagnostic::in_file("no-site", path.display().to_string(), message).help(help)))
}

/// Reads everything; what cannot be read is reported and left out.
pub fn load(options: &Options) -> (Inputs, Diagnostics) {
    let mut loader = Loader { sources: Sources::default(), diagnostics: Diagnostics::new() };
    let config = loader.config(options);
    let (content, assets) = loader.content(&options.site.join("content"));
    let theme_files = loader.themes(&options.site);
    let messages = loader.messages(&options.site);
    let manifest =
        if options.full { Manifest::recorded(&options.out).distrusted() } else { Manifest::recorded(&options.out) };
    let inputs = Inputs { sources: loader.sources, config, content, assets, theme_files, messages, manifest };
    (inputs, loader.diagnostics)
}

struct Loader {
    sources: Sources,
    diagnostics: Diagnostics,
}

/// A file found by walking a folder: its path below that folder and on disk.
struct Found {
    path: String,
    disk: PathBuf,
}

impl Loader {
    fn config(&mut self, options: &Options) -> Option<FileId> {
        let disk = options.site.join("relais.yaml");
        self.text("relais.yaml".into(), fs::read(&disk))
    }

    fn content(&mut self, root: &Path) -> (Vec<ContentFile>, Vec<Asset>) {
        let (texts, others): (Vec<_>, Vec<_>) =
            self.walk(root, "content").into_iter().partition(|f| f.path.ends_with(".md") || f.path.ends_with(".yaml"));
        let read: Vec<_> = texts.par_iter().map(|f| decode(fs::read(&f.disk))).collect();
        let content = texts
            .into_iter()
            .zip(read)
            .map(|(f, bytes)| ContentFile { file: self.register(format!("content/{}", f.path), bytes), path: f.path })
            .collect();
        let read: Vec<_> = others.par_iter().map(|f| fs::read(&f.disk)).collect();
        let assets = others.into_iter().zip(read).filter_map(|(f, bytes)| self.asset(f, bytes)).collect();
        (content, assets)
    }

    fn asset(&mut self, found: Found, bytes: std::io::Result<Vec<u8>>) -> Option<Asset> {
        match bytes {
            Ok(bytes) => Some(Asset {
                len: bytes.len() as u64,
                fingerprint: Fingerprint::of(&bytes),
                size: size(&found.path, &bytes),
                path: found.path,
                disk: found.disk,
            }),
            Err(error) => {
                self.unreadable(format!("content/{}", found.path), &error);
                None
            }
        }
    }

    fn themes(&mut self, site: &Path) -> Vec<ThemeFile> {
        let mut files = Vec::new();
        for (path, bytes) in embedded(&THEMES) {
            if let Some((theme, rest)) = path.split_once('/') {
                let content = if is_theme_text(rest) {
                    match self.text(format!("themes/{path}"), Ok(bytes.to_vec())) {
                        Some(file) => ThemeContent::Text(file),
                        None => continue,
                    }
                } else {
                    ThemeContent::Bytes(Cow::Borrowed(bytes))
                };
                files.push(ThemeFile { theme: theme.into(), path: rest.into(), content });
            }
        }
        for found in self.walk(&site.join("themes"), "themes") {
            let Some((theme, rest)) = found.path.split_once('/') else { continue };
            let read = fs::read(&found.disk);
            let path = format!("themes/{}", found.path);
            let content = if is_theme_text(rest) {
                self.text(path, read).map(ThemeContent::Text)
            } else {
                read.map(|bytes| ThemeContent::Bytes(bytes.into())).map_err(|e| self.unreadable(path, &e)).ok()
            };
            files.extend(content.map(|content| ThemeFile { theme: theme.into(), path: rest.into(), content }));
        }
        files
    }

    fn messages(&mut self, site: &Path) -> Vec<MessageFile> {
        let own: Vec<_> =
            self.walk(&site.join("i18n"), "i18n").into_iter().map(|f| (f.path, fs::read(f.disk))).collect();
        let built_in = embedded(&MESSAGES).into_iter().map(|(path, bytes)| (path, Ok(bytes.to_vec())));
        let mut files = Vec::new();
        for (path, bytes) in built_in.chain(own) {
            let Some((language, name)) = path.split_once('/') else { continue };
            if !name.ends_with(".ftl") {
                continue;
            }
            if let Some(file) = self.text(format!("i18n/{path}"), bytes) {
                files.push(MessageFile { language: language.into(), file });
            }
        }
        files
    }

    /// Files below a folder, sorted by path, without those that are no part of a site. A folder that is not there is empty.
    fn walk(&mut self, root: &Path, name: &str) -> Vec<Found> {
        let mut found = Vec::new();
        if !root.exists() {
            return found;
        }
        let visible = |e: &walkdir::DirEntry| e.depth() == 0 || is_visible(e.file_name());
        for entry in WalkDir::new(root).follow_links(true).into_iter().filter_entry(visible) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => match relative(root, entry.path()) {
                    Some(path) => found.push(Found { path, disk: entry.into_path() }),
                    None => self.diagnostics.push(
                        Diagnostic::in_file("not-utf8", entry.path().to_string_lossy(), "the file's name is not UTF-8")
                            .help("rename the file"),
                    ),
                },
                Err(error) => match (error.path(), error.path().and_then(|p| relative(root, p))) {
                    // What is no folder is tried again as a file, so that it is known to be there, and reported then.
                    (Some(disk), Some(path)) if error.loop_ancestor().is_none() && !disk.is_dir() => {
                        found.push(Found { path, disk: disk.to_owned() });
                    }
                    (_, path) => {
                        let path = format!("{name}/{}", path.unwrap_or_default());
                        match error.io_error() {
                            Some(cause) => self.unreadable(path, cause),
                            None => {
                                let found = Diagnostic::in_file("unreadable", path, format!("cannot be read: {error}"));
                                self.diagnostics.push(found.help("remove the link that leads back to its own folder"));
                            }
                        }
                    }
                },
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    fn text(&mut self, path: String, bytes: std::io::Result<Vec<u8>>) -> Option<FileId> {
        self.register(path, decode(bytes))
    }

    /// Registers a text; bytes that are not UTF-8 are reported with their place.
    fn register(&mut self, path: String, text: Decoded) -> Option<FileId> {
        match text {
            Ok(Ok(text)) => Some(self.sources.add(path, text)),
            Ok(Err(error)) => {
                let good = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let file = self.sources.add(path, Arc::from(text));
                let range = crate::source::Range::of(good, good + '\u{FFFD}'.len_utf8());
                self.diagnostics.push(
                    Diagnostic::error("not-utf8", file.at(range), "the file is not UTF-8 from here on")
                        .label("this byte belongs to another encoding")
                        .help("save the file as UTF-8 (in most editors: Save with encoding)"),
                );
                None
            }
            Err(error) => {
                self.unreadable(path, &error);
                None
            }
        }
    }

    fn unreadable(&mut self, path: String, error: &std::io::Error) {
        let (cause, help) = match error.kind() {
            ErrorKind::NotFound => ("it is a link that leads nowhere".to_owned(), "remove the link, or mend it"),
            ErrorKind::PermissionDenied => {
                ("permission denied".to_owned(), "give yourself the right to read the file and its folder")
            }
            _ => (error.to_string(), "check the file and the disk that it is on"),
        };
        self.diagnostics.push(Diagnostic::in_file("unreadable", path, format!("cannot be read: {cause}")).help(help));
    }
}

/// Whether a file or folder of this name is part of a site: hidden ones and the copies that editors make are not.
pub(crate) fn is_visible(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    !(name.starts_with(b".") || name.ends_with(b"~") || name.starts_with(b"#") && name.ends_with(b"#"))
}

/// Width and height of a picture in pixels.
fn size(path: &str, bytes: &[u8]) -> Option<(u32, u32)> {
    if path.ends_with(".svg") {
        return svg_size(bytes);
    }
    imagesize::blob_size(bytes).ok().map(|s| (s.width as u32, s.height as u32))
}

/// The size that an SVG picture gives itself: `width` and `height` in pixels, else those of its `viewBox` (SVG 2, 8.2).
fn svg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let root = loop {
        match reader.read_event().ok()? {
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => break tag,
            quick_xml::events::Event::Eof => return None,
            _ => {}
        }
    };
    let attribute = |name: &str| Some(root.try_get_attribute(name).ok()??.value.into_owned());
    let pixels = |text: String| text.trim_end_matches("px").trim().parse::<f64>().ok().filter(|n| *n >= 1.0);
    let given = || Some((pixels(attribute("width")?)?, pixels(attribute("height")?)?));
    let boxed = || {
        let numbers = attribute("viewBox")?;
        let numbers: Vec<f64> = numbers.split([' ', ',']).filter_map(|n| n.parse().ok()).collect();
        numbers.get(2).copied().zip(numbers.get(3).copied()).filter(|(w, h)| *w >= 1.0 && *h >= 1.0)
    };
    given().or_else(boxed).map(|(w, h)| (w.round() as u32, h.round() as u32))
}

/// A text, or why it is none: the bytes, or the file, are at fault.
type Decoded = std::io::Result<Result<Arc<str>, std::string::FromUtf8Error>>;

fn decode(bytes: std::io::Result<Vec<u8>>) -> Decoded {
    bytes.map(|bytes| String::from_utf8(bytes).map(Arc::from))
}

fn is_theme_text(path: &str) -> bool {
    path.starts_with("templates/") || path == "theme.yaml"
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

/// All files of an embedded folder, sorted by path.
fn embedded(dir: &'static Dir<'static>) -> Vec<(String, &'static [u8])> {
    fn collect(dir: &'static Dir<'static>, out: &mut Vec<(String, &'static [u8])>) {
        for entry in dir.entries() {
            match entry {
                DirEntry::Dir(dir) => collect(dir, out),
                DirEntry::File(file) => {
                    let parts: Vec<_> = file.path().iter().map(|p| p.to_string_lossy()).collect();
                    out.push((parts.join("/"), file.contents()));
                }
            }
        }
    }
    let mut out = Vec::new();
    collect(dir, &mut out);
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}
