//! The only door for inputs: reads the site's files, the embedded theme and messages, the old manifest and the clock;
//! it does not know what any of them mean.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;
use std::sync::Arc;
use std::time::SystemTime;

use include_dir::{Dir, DirEntry, include_dir};
use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::cache::{self, Cache, Made, Remembered};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::network;
use crate::fingerprint::Fingerprint;
use crate::ledger;
use crate::manifest::Manifest;
use crate::memo::Memos;
use crate::raster::{self, Raster};
use crate::source::{FileId, Sources, utf8};
use crate::svg::{self, Fault, Svg};
use crate::url::Rebase;
use crate::walk::{self, Cause, Found};

/// What the paths of content files begin with.
const CONTENT: &str = "content/";

static THEME: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/relais");
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
    /// What becomes of `urls.lock`.
    pub ledger: Keeping,
}

/// What a build does with the ledger.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Keeping {
    /// It reads it: what is built is a "what if".
    #[default]
    Read,
    /// It writes down what is new.
    Write,
    /// It fails if anything is new.
    Locked,
}

/// Everything that a build depends on.
#[derive(Debug)]
pub struct Inputs {
    /// All texts: configuration, content, templates, messages.
    pub sources: Arc<Sources>,
    /// `relais.yaml`, where there is one that can be read.
    pub config: Option<FileId>,
    /// `urls.lock`, where there is one that can be read.
    pub ledger: Option<FileId>,
    /// `robots.txt`, where the site has its own.
    pub robots: Option<FileId>,
    /// What was pulled of partners' feeds.
    pub network: Vec<FileId>,
    /// Texts below `content/`, sorted by path.
    pub content: Vec<ContentFile>,
    /// What earlier builds learnt of the files below `content/`.
    pub cache: Cache,
    /// What earlier builds looked at for each view.
    pub memos: Memos,
    /// Other files below `content/`, sorted by path.
    pub assets: Vec<Asset>,
    /// Theme files: embedded ones first, so that the site's own come later and win.
    pub theme_files: Vec<ThemeFile>,
    /// Fluent files, embedded ones first.
    pub messages: Vec<MessageFile>,
    /// What an earlier build wrote into the output folder.
    pub manifest: Manifest,
}

/// A YAML or Markdown file of the content; it stays on disk until it is parsed.
#[derive(Clone, Copy, Debug)]
pub struct ContentFile {
    /// The file.
    pub file: FileId,
    /// Its number in [`Inputs::cache`].
    pub cached: u32,
}

impl Inputs {
    /// The path of a content file below `content/`.
    pub fn content_path(&self, file: FileId) -> &str {
        let path = self.sources.path(file);
        path.strip_prefix(CONTENT).unwrap_or(path)
    }

    /// The number of a content file in [`Inputs::cache`].
    pub fn cached(&self, file: FileId) -> usize {
        let at = self.content.binary_search_by_key(&file, |content| content.file);
        at.map_or(usize::MAX, |at| self.content[at].cached as usize)
    }

    /// The text of a content file; `None` where it cannot be read, which is then reported.
    pub fn read(&self, file: FileId, diagnostics: &mut Diagnostics) -> Option<String> {
        let problem = match decode(fs::read(self.sources.disk(file))) {
            Ok(Ok(text)) => return Some(text),
            Ok(Err(error)) => not_utf8(file, &error),
            Err(error) => unreadable(self.sources.path(file).to_owned(), &error),
        };
        diagnostics.push(problem);
        None
    }
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
    /// What it says of itself, for pictures of which renditions can be made.
    pub raster: Option<Raster>,
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

/// What Relais reads is text, other assets are bytes.
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
    /// Whether it is a part of the program.
    pub built_in: bool,
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
    let started = SystemTime::now();
    let folder = cache::folder(&options.site, &options.out);
    let content = options.site.join("content");
    let (walked, ((remembered, memos), manifest)) = rayon::join(
        || walk::walk(&content),
        || {
            // A full build finds out everything anew.
            let documents =
                || if options.full { Remembered::none(folder.clone()) } else { Remembered::read(folder.clone()) };
            let views = || if options.full { Memos::default() } else { Memos::read(&folder) };
            let cached = || rayon::join(documents, views);
            rayon::join(cached, || Manifest::recorded(&options.out))
        },
    );
    let mut loader = Loader { sources: Sources::below(options.site.clone()), diagnostics: Diagnostics::new() };
    let config = loader.config(&options.site);
    let ledger = loader.optional(ledger::NAME, options);
    let robots = loader.optional("robots.txt", options);
    let network = loader.network(&options.site);
    let (content, assets, cache) = loader.content(options, Known { walked, remembered, started });
    let theme_files = loader.themes(&options.site);
    let messages = loader.messages(&options.site);
    let manifest = if options.full { manifest.distrusted() } else { manifest };
    let sources = Arc::new(loader.sources);
    let inputs = Inputs {
        sources,
        config,
        ledger,
        robots,
        network,
        content,
        cache,
        memos,
        assets,
        theme_files,
        messages,
        manifest,
    };
    (inputs, loader.diagnostics)
}

/// What a site declares of partners' feeds, and what was pulled of them.
#[derive(Debug, Default)]
pub struct Declared {
    /// The texts.
    pub sources: Sources,
    /// `relais.yaml`, where it can be read.
    pub config: Option<FileId>,
    /// What was pulled.
    pub network: Vec<FileId>,
}

/// Reads what `relais pull` needs to know of a site, and nothing else.
pub fn declared(site: &Path) -> (Declared, Diagnostics) {
    let mut loader = Loader { sources: Sources::below(site.to_owned()), diagnostics: Diagnostics::new() };
    let config = loader.config(site);
    let network = loader.network(site);
    (Declared { sources: loader.sources, config, network }, loader.diagnostics)
}

/// What is known of the content before any of it is read.
struct Known {
    walked: (Vec<Found>, Vec<walk::Problem>),
    remembered: Remembered,
    started: SystemTime,
}

struct Loader {
    sources: Sources,
    diagnostics: Diagnostics,
}

impl Loader {
    fn config(&mut self, site: &Path) -> Option<FileId> {
        let disk = site.join("relais.yaml");
        self.text("relais.yaml".into(), fs::read(&disk))
    }

    /// A text in the site's folder that need not be there.
    fn optional(&mut self, name: &str, options: &Options) -> Option<FileId> {
        match fs::read(options.site.join(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            read => self.text(name.into(), read),
        }
    }

    /// What was pulled of partners' feeds; other files in that folder are no part of a site.
    fn network(&mut self, site: &Path) -> Vec<FileId> {
        let root = site.join(network::FOLDER);
        let found = self.walk(&root, network::FOLDER).into_iter();
        let found = found.filter_map(|found| {
            let path = format!("{}/{}", network::FOLDER, found.path);
            self.text(path, fs::read(root.join(&found.path)))
        });
        found.collect()
    }

    fn content(&mut self, options: &Options, known: Known) -> (Vec<ContentFile>, Vec<Asset>, Cache) {
        let Known { walked: (found, problems), remembered, started } = known;
        self.report("content", problems);
        let paths = found.iter().map(|f| f.path.clone()).collect();
        let stamps = found.iter().map(|f| f.stamp).collect();
        let cache = remembered.of(started, paths, stamps);
        let root = options.site.join("content");
        let is_text = |f: &Found| f.path.ends_with(".md") || f.path.ends_with(".yaml");
        let assets: Vec<(usize, &Found)> = found.iter().enumerate().filter(|(_, f)| !is_text(f)).collect();
        let read: Vec<_> = assets.par_iter().map(|(at, f)| asset(*at, f, &root, &cache)).collect();
        let mut published = Vec::with_capacity(read.len());
        let mut at_fault = BTreeMap::new();
        for ((at, found), asset) in assets.iter().zip(read) {
            match asset {
                Ok((asset, drawing)) => {
                    published.push(asset);
                    at_fault.extend(drawing.map(|drawing| (*at, drawing)));
                }
                Err(error) => self.diagnostics.push(unreadable(format!("{CONTENT}{}", found.path), &error)),
            }
        }
        let mut content = Vec::with_capacity(found.len() - assets.len());
        for (at, f) in found.iter().enumerate() {
            let path = || format!("{CONTENT}{}", f.path);
            if is_text(f) {
                content.push(ContentFile { file: self.sources.add_on_disk(path()), cached: at as u32 });
            } else if let Some((text, faults)) = at_fault.remove(&at).filter(|_| !is_kept_back(&f.path)) {
                self.drawing(path(), text, faults);
            }
        }
        (content, published, cache)
    }

    /// Reports what a drawing must not hold.
    fn drawing(&mut self, path: String, text: Result<String, FromUtf8Error>, faults: Vec<Fault>) {
        let Some(file) = self.register(path, Ok(text)) else { return };
        for Fault { code, range, message, help } in faults {
            self.diagnostics.push(Diagnostic::error(code, file.at(range), message).help(help));
        }
    }

    fn themes(&mut self, site: &Path) -> Vec<ThemeFile> {
        let mut files = Vec::new();
        for (path, bytes) in embedded(&THEME) {
            let content = if is_theme_text(&path) {
                match self.text(format!("themes/relais/{path}"), Ok(bytes.to_vec())) {
                    Some(file) => ThemeContent::Text(file),
                    None => continue,
                }
            } else {
                ThemeContent::Bytes(Cow::Borrowed(bytes))
            };
            files.push(ThemeFile { theme: "relais".into(), path, content });
        }
        let root = site.join("themes");
        for found in self.walk(&root, "themes") {
            let Some((theme, rest)) = found.path.split_once('/') else { continue };
            let read = fs::read(root.join(&found.path));
            let path = format!("themes/{}", found.path);
            let content = if is_theme_text(rest) {
                self.text(path, read).map(ThemeContent::Text)
            } else {
                read.map(|bytes| ThemeContent::Bytes(bytes.into()))
                    .map_err(|e| self.diagnostics.push(unreadable(path, &e)))
                    .ok()
            };
            files.extend(content.map(|content| ThemeFile { theme: theme.into(), path: rest.into(), content }));
        }
        files
    }

    fn messages(&mut self, site: &Path) -> Vec<MessageFile> {
        let root = site.join("i18n");
        let own = self.walk(&root, "i18n").into_iter().map(|found| {
            let read = fs::read(root.join(&found.path));
            (found.path, read)
        });
        let own: Vec<_> = own.collect();
        let built_in = embedded(&MESSAGES).into_iter().map(|(path, bytes)| (path, Ok(bytes.to_vec())));
        let mut files = Vec::new();
        let all = built_in.map(|file| (true, file)).chain(own.into_iter().map(|file| (false, file)));
        for (built_in, (path, bytes)) in all {
            let Some((language, name)) = path.split_once('/') else { continue };
            if !name.ends_with(".ftl") {
                continue;
            }
            if let Some(file) = self.text(format!("i18n/{path}"), bytes) {
                files.push(MessageFile { language: language.into(), file, built_in });
            }
        }
        files
    }

    /// Files below a folder, sorted by path, without those that are no part of a site. A folder that is not there is empty.
    fn walk(&mut self, root: &Path, name: &str) -> Vec<Found> {
        let (found, problems) = walk::walk(root);
        self.report(name, problems);
        found
    }

    /// Reports what could not be walked.
    fn report(&mut self, name: &str, problems: Vec<walk::Problem>) {
        for problem in problems {
            let path = format!("{name}/{}", problem.path);
            self.diagnostics.push(match problem.cause {
                Cause::Io(error) => unreadable(path, &error),
                Cause::Loop => {
                    Diagnostic::in_file("unreadable", path, "cannot be read: it is a link to a folder that it is in")
                        .help("remove the link that leads back to its own folder")
                }
                Cause::Name => {
                    Diagnostic::in_file("not-utf8", path, "the file's name is not UTF-8").help("rename the file")
                }
            });
        }
    }

    fn text(&mut self, path: String, bytes: std::io::Result<Vec<u8>>) -> Option<FileId> {
        self.register(path, decode(bytes))
    }

    /// Registers a text; bytes that are not UTF-8 are reported with their place.
    fn register(&mut self, path: String, text: Decoded) -> Option<FileId> {
        match text {
            Ok(Ok(text)) => Some(self.sources.add(path, text.into())),
            Ok(Err(error)) => {
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let file = self.sources.add(path, text.into());
                self.diagnostics.push(not_utf8(file, &error));
                None
            }
            Err(error) => {
                self.diagnostics.push(unreadable(path, &error));
                None
            }
        }
    }
}

fn unreadable(path: String, error: &std::io::Error) -> Diagnostic {
    let (cause, help) = match error.kind() {
        ErrorKind::NotFound => ("it is a link that leads nowhere".to_owned(), "remove the link, or mend it"),
        ErrorKind::PermissionDenied => {
            ("permission denied".to_owned(), "give yourself the right to read the file and its folder")
        }
        _ => (error.to_string(), "check the file and the disk that it is on"),
    };
    Diagnostic::in_file("unreadable", path, format!("cannot be read: {cause}")).help(help)
}

/// Says where a text stops being UTF-8.
fn not_utf8(file: FileId, error: &FromUtf8Error) -> Diagnostic {
    let good = error.utf8_error().valid_up_to();
    let range = crate::source::Range::of(good, good + '\u{FFFD}'.len_utf8());
    Diagnostic::error("not-utf8", file.at(range), "the file is not UTF-8 from here on")
        .label("this byte belongs to another encoding")
        .help("save the file as UTF-8 (in most editors: Save with encoding)")
}

/// Whether a file is kept with the content and never published.
fn is_kept_back(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('_'))
}

/// A file to publish: its fingerprint and, for a picture, its size; and what must not be in it, for a drawing.
fn asset(at: usize, found: &Found, root: &Path, cache: &Cache) -> std::io::Result<(Asset, Option<AtFault>)> {
    let disk = root.join(&found.path);
    let read = || fs::read(&disk);
    let measured = |bytes: Vec<u8>| {
        let value = measure(&found.path, bytes);
        Made { keep: value.drawing.is_none(), value, body: 0 }
    };
    let (Measured { len, size, raster, drawing }, fingerprint) = cache.document(at, 0, read, measured)?;
    Ok((Asset { path: found.path.clone(), disk, len, fingerprint, size, raster }, drawing))
}

/// What a file's bytes tell.
#[derive(Serialize, Deserialize)]
struct Measured {
    len: u64,
    size: Option<(u32, u32)>,
    raster: Option<Raster>,
    #[serde(skip)]
    drawing: Option<AtFault>,
}

/// A drawing with something in it that must be reported: its text, and what that is.
type AtFault = (Result<String, FromUtf8Error>, Vec<Fault>);

fn measure(path: &str, bytes: Vec<u8>) -> Measured {
    let len = bytes.len() as u64;
    if path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("svg")) {
        let text = String::from_utf8(bytes);
        let Svg { size, faults } = text.as_deref().map(svg::read).unwrap_or_default();
        let drawing = (text.is_err() || !faults.is_empty()).then_some((text, faults));
        return Measured { len, size, raster: None, drawing };
    }
    let raster = raster::read(&bytes);
    let size = match raster {
        Some(raster) => Some((raster.width, raster.height)),
        None => imagesize::blob_size(&bytes).ok().map(|s| (s.width as u32, s.height as u32)),
    };
    Measured { len, size, raster, drawing: None }
}

/// A text, or why it is none: the bytes, or the file, are at fault.
type Decoded = std::io::Result<Result<String, FromUtf8Error>>;

fn decode(bytes: std::io::Result<Vec<u8>>) -> Decoded {
    bytes.map(utf8)
}

fn is_theme_text(path: &str) -> bool {
    path.starts_with("templates/") || path.starts_with("i18n/") || path.ends_with(".css") || path == "theme.yaml"
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
