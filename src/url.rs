//! The only place that knows the address scheme: from what a page is to where it lives.

use ecow::EcoString;

/// The site's own address: scheme and host, and the path below which everything lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Such as `https://portal.example`.
    pub origin: EcoString,
    /// Begins and ends with a slash.
    pub path: EcoString,
}

impl Default for Base {
    fn default() -> Self {
        Base { origin: "https://portal.example".into(), path: "/".into() }
    }
}

impl Base {
    /// Reads an absolute http(s) address (RFC 3986); the error completes "`base_url` …".
    pub fn parse(text: &str) -> Result<Base, &'static str> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or("must begin with https:// or http://")?;
        let scheme_end = text.len() - rest.len();
        if rest.contains(['?', '#', ' ', '"', '<', '>', '\\']) || rest.contains(char::is_control) {
            return Err("must be an address without `?`, `#` or spaces");
        }
        let host_end = rest.find('/').unwrap_or(rest.len());
        if rest[..host_end].is_empty() {
            return Err("has no host");
        }
        let path = rest[host_end..].trim_matches('/');
        let path = if path.is_empty() { "/".into() } else { ecow::eco_format!("/{path}/") };
        Ok(Base { origin: text[..scheme_end + host_end].into(), path })
    }

    /// The address of a page or file as links on the site have it: from the host's root.
    pub fn href(&self, address: &Address) -> String {
        [self.path.as_str(), &address.0].concat()
    }

    /// The host's name, without a port.
    pub fn host(&self) -> &str {
        let host = self.origin.split("://").nth(1).unwrap_or_default();
        host.split(':').next().unwrap_or_default()
    }

    /// The full address.
    pub fn absolute(&self, address: &Address) -> String {
        [self.origin.as_str(), &self.path, &address.0].concat()
    }
}

/// What a build puts in the place of the configured address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rebase {
    /// Another address.
    Address(Base),
    /// Another scheme and host, such as `http://127.0.0.1:4000`; the path stays.
    Origin(EcoString),
}

/// Where something lives, relative to the site's base: `fr/financements/` or `assets/site.css`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(pub EcoString);

impl Address {
    /// The file that a static host serves for it.
    pub fn file(&self) -> String {
        match self.0.as_str() {
            path if path.is_empty() || path.ends_with('/') => [path, "index.html"].concat(),
            path => path.to_owned(),
        }
    }

    /// The language chooser.
    pub fn root() -> Self {
        Address("".into())
    }

    /// A language's home page.
    pub fn home(tag: &str) -> Self {
        Address(ecow::eco_format!("{tag}/"))
    }

    /// A file of the data for other programs.
    pub fn data(path: &str) -> Self {
        Address(ecow::eco_format!("data/{path}"))
    }

    /// A page below this one.
    pub fn below(&self, segment: &str) -> Self {
        let mut path = EcoString::with_capacity(self.0.len() + segment.len() + 1);
        for part in [&self.0, segment, "/"] {
            path.push_str(part);
        }
        Address(path)
    }

    /// A file in this page's folder.
    pub fn with_file(&self, name: &str) -> Self {
        let mut path = EcoString::with_capacity(self.0.len() + name.len());
        for part in [&self.0, name] {
            path.push_str(part);
        }
        Address(path)
    }

    /// Page `number` of a listing; the first is the listing itself.
    pub fn page(&self, word: &str, number: usize) -> Self {
        if number <= 1 { self.clone() } else { Address(ecow::eco_format!("{}{word}/{number}/", self.0)) }
    }
}

/// A text as an address segment: lower case, ASCII letters and digits, hyphens between; empty if nothing is left.
/// Swedish å and ä become `a`, ö becomes `o`; ß becomes `ss`, œ `oe`.
pub fn slug(text: &str) -> EcoString {
    let mut out = EcoString::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if !c.is_ascii_alphanumeric() {
            gap = true;
            return;
        }
        if std::mem::take(&mut gap) && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    };
    for c in text.chars() {
        match c.is_ascii() {
            true => push(c),
            false => c.to_lowercase().flat_map(|c| any_ascii::any_ascii_char(c).chars()).for_each(&mut push),
        }
    }
    shorten(out)
}

/// Segments stay far below the 255 bytes that file systems allow a name; cut at a hyphen.
fn shorten(slug: EcoString) -> EcoString {
    const LONGEST: usize = 96;
    if slug.len() <= LONGEST {
        return slug;
    }
    let cut = slug[..LONGEST].rfind('-').unwrap_or(LONGEST);
    slug[..cut].into()
}

/// Whether an editor may use this as a slug or an id: lower-case ASCII letters, digits and single hyphens.
pub fn is_segment(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 120
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}
