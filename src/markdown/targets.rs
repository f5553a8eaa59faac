//! Destinations of links and images: knows which are refused, which leave the site and how a local one is written;
//! does not know whether it exists.

use ecow::EcoString;

use super::Target;

/// Where a link goes.
pub(super) enum Destination {
    /// `http` and `https`.
    Web,
    /// `mailto` and `tel`.
    Contact,
    Local(Target),
}

/// Why a destination is refused.
pub(super) struct Refusal {
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>, help: &str) -> Self {
        Self { code, message: message.into(), help: Some(help.to_owned()) }
    }
}

/// Reads a link's destination, its Markdown escapes and entities already decoded.
pub(super) fn link(destination: &str) -> Result<Destination, Refusal> {
    check_characters(destination)?;
    match scheme(destination) {
        Some(scheme) if is(scheme, &["http", "https"]) => {
            has_host(&destination[scheme.len()..])?;
            Ok(Destination::Web)
        }
        Some(scheme) if is(scheme, &["mailto", "tel"]) => {
            if destination.len() == scheme.len() + 1 {
                return Err(empty());
            }
            Ok(Destination::Contact)
        }
        Some(scheme) => Err(bad_scheme(scheme)),
        None => local(destination, false).map(Destination::Local),
    }
}

/// Reads an image's destination.
pub(super) fn image(destination: &str) -> Result<Target, Refusal> {
    check_characters(destination)?;
    match scheme(destination) {
        Some(scheme) if is(scheme, &["http", "https"]) => Err(third_party()),
        Some(_) => Err(not_a_file()),
        None if destination.starts_with("//") => Err(third_party()),
        None if destination.contains('#') => Err(not_a_file()),
        None => local(destination, true),
    }
}

fn is(scheme: &str, names: &[&str]) -> bool {
    names.iter().any(|name| scheme.eq_ignore_ascii_case(name))
}

/// Browsers drop tabs and line breaks inside an address and read `\` as `/`: none of them is let through.
fn check_characters(destination: &str) -> Result<(), Refusal> {
    if destination.is_empty() {
        return Err(empty());
    }
    let outer = |c: char| c.is_whitespace() || is_invisible(c);
    if destination.starts_with(outer)
        || destination.ends_with(outer)
        || destination.chars().any(|c| c.is_control() || c == '\\' || is_invisible(c))
    {
        return Err(Refusal::new(
            "link-malformed",
            format!("the address `{}` holds a character that no address has", destination.escape_debug()),
            "write it without control characters, backslashes and outer spaces",
        ));
    }
    Ok(())
}

/// Marks that change how an address looks and not where it leads.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The scheme of RFC 3986, or what stands before a colon where one would be.
fn scheme(destination: &str) -> Option<&str> {
    let end = destination.find([':', '/', '?', '#'])?;
    let scheme = &destination[..end];
    let named = destination.as_bytes()[end] == b':'
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b' '));
    named.then_some(scheme)
}

fn has_host(after_scheme: &str) -> Result<(), Refusal> {
    let host = after_scheme.strip_prefix("://").and_then(|rest| rest.split(['/', '?', '#']).next());
    match host {
        Some(host) if !host.is_empty() && !after_scheme.contains(' ') => Ok(()),
        _ => Err(Refusal::new(
            "link-malformed",
            "the address names no host",
            "write the whole address, as in https://example.org/page",
        )),
    }
}

fn local(destination: &str, image: bool) -> Result<Target, Refusal> {
    if destination.starts_with("//") {
        return Err(Refusal::new(
            "link-protocol-relative",
            format!("the address `{destination}` names a host but no protocol"),
            "write https: before it, or one slash for a page of this site",
        ));
    }
    let (path, fragment) = match destination.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (destination, None),
    };
    if path.contains('?') {
        return Err(Refusal::new(
            "link-query",
            "an address within the site has no query",
            "remove what follows the question mark",
        ));
    }
    let anchor = fragment.map(decode).transpose()?;
    if anchor.as_deref() == Some("") {
        return Err(empty());
    }
    if path.is_empty() {
        return anchor.map(Target::Anchor).ok_or_else(empty);
    }
    if let Some(rest) = path.strip_prefix('/') {
        return from_root(rest, anchor, image);
    }
    let file = path.trim_start_matches("./");
    let mut name = decode(file)?;
    if !name.split('/').all(is_segment) {
        return Err(Refusal::new(
            "link-outside",
            format!("`{destination}` is not a file of this folder"),
            "a relative address names a file beside this text; a page is written from the root, as in /type/id",
        ));
    }
    if let Some(anchor) = anchor {
        name.push('#');
        name.push_str(&anchor);
    }
    Ok(Target::File(name))
}

/// `/`, `/type/`, `/type/id` and anything deeper.
fn from_root(path: &str, anchor: Option<EcoString>, image: bool) -> Result<Target, Refusal> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let decoded = decode(path)?;
    if !decoded.is_empty() && !decoded.split('/').all(is_segment) {
        return Err(Refusal::new(
            "link-malformed",
            format!("`/{path}` is not an address of this site"),
            "write /type/id for an entry, /type/ for a listing",
        ));
    }
    match decoded.split_once('/') {
        Some((kind, id)) if !image && !id.contains('/') => {
            Ok(Target::Entry { kind: kind.into(), id: id.into(), anchor })
        }
        _ if anchor.is_some() => Err(Refusal::new(
            "link-anchor",
            format!("`/{path}` has no headings of its own to link to"),
            "only an entry's text has: /type/id#heading",
        )),
        _ => Ok(Target::Site { path: decoded }),
    }
}

fn is_segment(segment: &str) -> bool {
    !matches!(segment, "" | "." | "..")
}

/// Decodes percent-encoding, as RFC 3986 has it; refuses what hides a delimiter, a control character or no UTF-8.
fn decode(text: &str) -> Result<EcoString, Refusal> {
    if !text.contains('%') {
        return Ok(text.into());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
        let code = digit().zip(digit()).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        match code {
            Some(code) if !code.is_ascii_control() && !matches!(code, b'/' | b'\\') => bytes.push(code),
            _ => return Err(bad_encoding(text)),
        }
    }
    String::from_utf8(bytes).map(EcoString::from).map_err(|_| bad_encoding(text))
}

fn bad_encoding(text: &str) -> Refusal {
    Refusal::new(
        "link-malformed",
        format!("`{text}` is not a valid percent-encoding"),
        "write the name as it is, between < and > if it holds spaces",
    )
}

fn bad_scheme(scheme: &str) -> Refusal {
    Refusal::new(
        "link-scheme",
        format!("addresses that begin with `{scheme}:` are refused"),
        "http, https, mailto and tel are allowed; pages of this site are written /type/id",
    )
}

fn not_a_file() -> Refusal {
    Refusal::new("image-address", "this is not the address of an image", "write the name of a file of this folder")
}

fn third_party() -> Refusal {
    Refusal::new(
        "image-third-party",
        "the image would be fetched from another host, which then sees every reader",
        "put a copy into this folder, if its licence allows, and write its file name",
    )
}

fn empty() -> Refusal {
    Refusal::new("link-empty", "the link leads nowhere", "write an address between the parentheses")
}
