//! A small portal in three languages for tests that change a site and build it again: calls, programmes and a note that
//! nothing else mentions.

use std::path::Path;

use super::write;

/// Writes the portal into a folder.
pub(crate) fn write_portal(site: &Path) {
    for (path, text) in FILES {
        write(site, path, text);
    }
    super::add_theme(site);
}

const FILES: &[(&str, &str)] = &[
    (
        "relais.yaml",
        "title: { en: Portal, fr: Portail, sv: Portalen }\nbase_url: https://portal.example/\n\
         languages: [en, fr, sv]\ntime_zone: Europe/Brussels\ntheme: plain\ndata: false\n",
    ),
    (
        "content/_vocabularies/themes.yaml",
        "label: { en: Theme, fr: Thème, sv: Tema }\nterms:\n\
         \x20 housing: { label: { en: Housing, fr: Logement, sv: Boende } }\n\
         \x20 work: { label: { en: Work, fr: Emploi, sv: Arbete } }\n",
    ),
    ("content/programmes/_type.yaml", "label: { en: Programmes, fr: Programmes, sv: Program }\n"),
    ("content/programmes/esf.en.md", "---\ntitle: ESF+\n---\nThe programme.\n"),
    (
        "content/calls/_type.yaml",
        "label: { en: Calls, fr: Appels, sv: Utlysningar }\nfields:\n\
         \x20 deadline: { kind: deadline, label: { en: Deadline, fr: Échéance, sv: Tidsfrist } }\n\
         \x20 theme: { kind: term, vocabulary: themes, facet: true, label: { en: Theme, fr: Thème, sv: Tema } }\n\
         \x20 programme: { kind: reference, to: programmes, inverse: calls, label: { en: Programme, fr: Programme, sv: Program } }\n",
    ),
    (
        "content/calls/first/index.yaml",
        "source_language: fr\ndeadline: { at: 2026-06-15T17:00, zone: Europe/Brussels }\ntheme: housing\nprogramme: esf\n",
    ),
    ("content/calls/first/index.fr.md", "---\ntitle: Premier appel\n---\nLe texte.\n"),
    ("content/calls/first/index.en.md", "---\ntitle: First call\n---\nThe text.\n"),
    ("content/calls/first/annex.en.pdf", "an annex"),
    ("content/calls/second.sv.md", "---\ntitle: Andra utlysningen\ntheme: work\n---\nTexten.\n"),
    ("content/notes/_type.yaml", "label: { en: Notes, fr: Notes, sv: Anteckningar }\n"),
    ("content/notes/alone.en.md", "---\ntitle: Alone\n---\nNobody mentions it.\n"),
];
