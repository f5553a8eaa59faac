//! `{{ name argument key=value }}`: knows the names and the grammar; knows neither the facts nor the files.

use ecow::EcoString;

use super::HoleKind;

const NAMES: [&str; 2] = ["fact", "figure"];

/// Why a shortcode is refused.
pub(super) struct Refusal {
    pub code: &'static str,
    pub message: String,
    pub help: String,
}

/// Reads what stands between the braces.
pub(super) fn read(inside: &str) -> Result<HoleKind, Refusal> {
    let mut words = Vec::new();
    let mut rest = inside.trim();
    while !rest.is_empty() {
        let (word, after) = word(rest)?;
        words.push(word);
        rest = after.trim_start();
    }
    let mut words = words.into_iter();
    let name = match words.next() {
        Some((None, name)) if NAMES.contains(&name) => name,
        Some((key, value)) => return Err(unknown(key.unwrap_or(value))),
        None => return Err(unknown("")),
    };
    let mut subject: Option<EcoString> = None;
    let mut args: Vec<(EcoString, EcoString)> = Vec::new();
    for (key, value) in words {
        match key {
            Some(key) if args.iter().any(|(own, _)| own == key) => {
                return Err(arguments(name, format!("`{key}` is given twice")));
            }
            Some(key) => args.push((key.into(), value.into())),
            None if subject.is_some() => {
                return Err(arguments(name, format!("`{value}` is one argument too many")));
            }
            None => subject = Some(value.into()),
        }
    }
    match subject {
        Some(path) if name == "figure" => Ok(HoleKind::Figure { path, args }),
        Some(name) => Ok(HoleKind::Fact { name, args }),
        None => Err(arguments(name, format!("`{name}` does not say which"))),
    }
}

type Word<'a> = (Option<&'a str>, &'a str);

/// `value`, `"value"`, `key=value` or `key="value"`, and what follows.
fn word(text: &str) -> Result<(Word<'_>, &str), Refusal> {
    let plain = text.find(|c: char| c.is_whitespace() || c == '=' || c == '"').unwrap_or(text.len());
    let (key, value) = match text[plain..].strip_prefix('=') {
        Some(value) if plain > 0 => (Some(&text[..plain]), value),
        _ => (None, text),
    };
    if let Some(quoted) = value.strip_prefix('"') {
        let Some((value, rest)) = quoted.split_once('"') else {
            return Err(Refusal {
                code: "shortcode-arguments",
                message: "a quote is not closed".into(),
                help: "write \" after the value too".into(),
            });
        };
        return Ok(((key, value), rest));
    }
    let end = value.find(char::is_whitespace).unwrap_or(value.len());
    Ok(((key, &value[..end]), &value[end..]))
}

fn arguments(name: &str, message: String) -> Refusal {
    let help = if name == "figure" {
        "write {{ figure file.svg }}, with key=value pairs after the file"
    } else {
        "write {{ fact name }}, with key=value pairs after the name"
    };
    Refusal { code: "shortcode-arguments", message, help: help.into() }
}

fn unknown(name: &str) -> Refusal {
    let message = if name.is_empty() {
        "there is nothing between the braces".to_owned()
    } else {
        format!("nothing is called `{name}`")
    };
    let near = NAMES.iter().find(|own| distance(own, name) <= 2);
    let help = match near {
        Some(own) => format!("did you mean `{own}`?"),
        None => "fact and figure are known; write \\{{ for the braces themselves".to_owned(),
    };
    Refusal { code: "shortcode-unknown", message, help }
}

/// The edit distance between a short known name and what was written, case aside; large when it cannot be small.
fn distance(known: &str, written: &str) -> usize {
    if written.len() > known.len() + 4 {
        return usize::MAX;
    }
    let written: Vec<char> = written.chars().flat_map(char::to_lowercase).collect();
    let mut row: Vec<usize> = (0..=written.len()).collect();
    for (i, a) in known.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in written.iter().enumerate() {
            let cost = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[written.len()]
}
