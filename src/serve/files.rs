//! From the path of a request to a file of the output folder, and never to another.

use std::fs;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

/// What is at a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A file.
    File(PathBuf),
    /// A page whose address ends with a slash, which the request left out.
    Page,
    /// Nothing; the file is what the reader is shown, in the language of the path where there is one.
    Nothing(Option<PathBuf>),
    /// No path at all, but an attempt at one.
    Refused,
}

/// Finds what is at a percent-encoded path below the site's base, without the slash in front.
pub(super) fn find(out: &Path, encoded: &str) -> Found {
    let Some(parts) = parts(encoded) else { return Found::Refused };
    let Ok(out) = fs::canonicalize(out) else { return Found::Nothing(None) };
    let (folders, name) = match parts.split_last() {
        Some((name, folders)) if !name.is_empty() => (folders, Some(name)),
        Some((_, folders)) => (folders, None),
        None => (&[][..], None),
    };
    let folder = out.join(folders.iter().collect::<PathBuf>());
    let file = folder.join(name.map_or("index.html", String::as_str));
    if is_plain(&file) {
        return Found::File(file);
    }
    if name.is_some() && is_plain(&file.join("index.html")) {
        return Found::Page;
    }
    let missing =
        folder.ancestors().take_while(|f| f.starts_with(&out)).map(|f| f.join("404.html")).find(|f| is_plain(f));
    Found::Nothing(missing)
}

/// The parts of a path, decoded, the last one empty where it ends with a slash; `None` unless each is a plain name. What
/// is a separator, a drive or a folder above on any system is none.
fn parts(encoded: &str) -> Option<Vec<String>> {
    let decoded: Option<Vec<String>> =
        encoded.split('/').map(|part| Some(percent_decode_str(part).decode_utf8().ok()?.into_owned())).collect();
    let parts = decoded?;
    let plain = |part: &String| !part.contains(['/', '\\', ':']) && !part.contains(char::is_control) && part != "..";
    let named =
        |(at, part): (usize, &String)| !(part.is_empty() || part == ".") || (part.is_empty() && at + 1 == parts.len());
    (parts.iter().all(plain) && parts.iter().enumerate().all(named)).then_some(parts)
}

/// Whether this is a file that a build may have written: no link leads to it, its case is right, and it is not hidden.
fn is_plain(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden && path.is_file() && fs::canonicalize(path).is_ok_and(|real| real == path)
}
