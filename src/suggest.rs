//! "Did you mean": the nearest of a set of names to a misspelt one; knows no domain.

/// The candidate nearest to `wanted`, if it is near enough to be a likely slip of the keys.
pub fn nearest<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted_lower = wanted.to_lowercase();
    let length = wanted.chars().count();
    // A suggestion keeps most letters.
    let bound = (length / 3).clamp(1, 4).min(length.saturating_sub(1));
    candidates
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wanted_lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| {
            *distance <= bound || (wanted.len() >= 4 && name.to_lowercase().starts_with(&wanted_lower))
        })
        .min()
        .map(|(_, name)| name)
}

/// A remedy sentence: the nearest name if there is one, else the first names that are allowed.
pub fn remedy<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str> + Clone, what: &str) -> String {
    if let Some(name) = nearest(wanted, candidates.clone()) {
        return format!("did you mean `{name}`?");
    }
    let mut names: Vec<&str> = candidates.into_iter().collect();
    names.sort_unstable();
    names.dedup();
    match names.len() {
        0 => format!("there are no {what} yet"),
        n if n <= 12 => format!("{what}: {}", names.join(", ")),
        n => format!("{what}: {}, … ({n} in all)", names[..10].join(", ")),
    }
}
