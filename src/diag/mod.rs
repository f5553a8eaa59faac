//! The one diagnostic type: what is wrong, where, why, and what to write instead; not how it is printed.

pub(crate) mod excerpt;
mod github;
mod human;
mod json;
mod sarif;

use crate::source::{Sources, Span};

/// How serious a diagnostic is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Nothing is written while one stands.
    Error,
    /// The site is built; the editor should look.
    Warning,
}

impl Level {
    /// The word printed before the message.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
        }
    }
}

/// One finding, for an editor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// How serious.
    pub level: Level,
    /// Stable kebab-case code, such as `unknown-key`.
    pub code: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where; `None` only where there is no file to point at.
    pub span: Option<Span>,
    /// Path named instead of a span, for files that could not be read as text.
    pub path: Option<String>,
    /// Text beside the caret.
    pub label: String,
    /// Other places that explain it.
    pub related: Vec<(Span, String)>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    fn new(level: Level, code: &'static str, span: Option<Span>, message: impl Into<String>) -> Self {
        Diagnostic {
            level,
            code,
            message: message.into(),
            span,
            path: None,
            label: String::new(),
            related: Vec::new(),
            help: None,
        }
    }

    /// An error at a place.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Level::Error, code, Some(span), message)
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Level::Warning, code, Some(span), message)
    }

    /// An error about a file as a whole.
    pub fn in_file(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Diagnostic { path: Some(path.into()), ..Self::new(Level::Error, code, None, message) }
    }

    /// The same finding as a warning.
    pub fn as_warning(mut self) -> Self {
        self.level = Level::Warning;
        self
    }

    /// Sets the text beside the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the remedy.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that explains it.
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, text.into()));
        self
    }
}

/// A sentence as the phrase that messages are: without a capital and a full stop.
pub fn phrase(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut chars = sentence.chars();
    match (chars.next(), chars.clone().next()) {
        // Not what is an abbreviation or a name in capitals.
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => sentence.to_owned(),
    }
}

/// The findings of a phase.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// No findings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds those of another phase or file.
    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many errors.
    pub fn errors(&self) -> usize {
        self.list.iter().filter(|d| d.level == Level::Error).count()
    }

    /// How many warnings.
    pub fn warnings(&self) -> usize {
        self.list.len() - self.errors()
    }

    /// Whether an error stands.
    pub fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// In the order of path, place and code, each once.
    pub fn sorted(mut self, sources: &Sources) -> Vec<Diagnostic> {
        let key = |d: &Diagnostic| {
            let path = d.span.map(|s| sources.path(s.file)).or(d.path.as_deref()).unwrap_or("");
            (path.to_owned(), d.span.map(|s| s.range), d.level, d.code, d.message.clone())
        };
        self.list.sort_by_cached_key(key);
        self.list.dedup();
        self.list
    }
}

/// How diagnostics are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub enum Format {
    /// Excerpts with carets, for a person.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// GitHub Actions workflow commands.
    Github,
    /// SARIF 2.1.0 (OASIS).
    Sarif,
}

/// Renders sorted diagnostics in the format asked for; `colour` counts for people only.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, format: Format, colour: bool) -> String {
    match format {
        Format::Human => human::render(diagnostics, sources, colour),
        Format::Json => json::render(diagnostics, sources),
        Format::Github => github::render(diagnostics, sources),
        Format::Sarif => sarif::render(diagnostics, sources),
    }
}

fn path_of<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Option<&'a str> {
    diagnostic.span.map(|s| sources.path(s.file)).or(diagnostic.path.as_deref())
}
