#!/usr/bin/env python3
"""Writes one made-up portal as a site for Relais and as a site for Hugo; it does not know how they are measured.

    benches/corpus.py OUT [--entries 1000] [--seed 1] [--for relais,hugo]

OUT/relais and OUT/hugo hold the same entries with the same words in the same five languages: entry pages with facts,
a reference, a language switcher and hreflang; listings of 20 a page with counted facets; pages and a feed for every
facet value. Hugo's templates do no more than the theme of Relais does, and use its caches where they help.
"""

import argparse
import json
import os
import random
from itertools import accumulate

# Consonants, vowels and the interface words that the templates for Hugo need.
LANGUAGES = {
    "es": ("bcdflmnñprstv", "a e i o u á é í ó ue", "Fecha Plazo Importe Socio"),
    "en": ("bcdfghklmnprstw", "a e i o u ea oo ou", "Date Deadline Amount Partner"),
    "fr": ("bcdfglmnprstv", "a e i o u é è ê ou oi", "Date Échéance Montant Partenaire"),
    "lv": ("bčdgģkķlļmņprsštvz", "a e i o u ā ē ī ū ie", "Datums Termiņš Summa Partneris"),
    "sv": ("bdfghjklmnprstv", "a e i o u y å ä ö", "Datum Sista Belopp Partner"),
}
TYPES = {"calls": 45, "partners": 35, "news": 20}
VOCABULARIES = {
    "countries": "ee es fr lv se".split(),
    "themes": "ageing culture digital education energy food gender health housing inclusion mobility poverty rural "
              "skills work youth".split(),
    "audiences": "carers children entrepreneurs jobseekers migrants researchers volunteers women".split(),
}


class Prose:
    """Text of one language: its own syllables, a few words very frequent and most of them rare (Zipf's law)."""

    def __init__(self, language):
        consonants, vowels, _ = LANGUAGES[language]
        rng = random.Random(f"words of {language}")
        words = {}
        while len(words) < 6000:
            syllables = 1 + (len(words) > 50) + (len(words) > 1000) + (rng.random() < 0.2)
            words["".join(rng.choice(consonants) + rng.choice(vowels.split()) for _ in range(syllables))] = None
        self.known = list(words)
        self.weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))

    def words(self, rng, low, high):
        return rng.choices(self.known, cum_weights=self.weights, k=rng.randint(low, high))

    def phrase(self, rng, low, high):
        return " ".join(self.words(rng, low, high)).capitalize()

    def paragraph(self, rng):
        sentences = [self.phrase(rng, 8, 20) for _ in range(rng.randint(3, 6))]
        sentences[0] += f" **{self.phrase(rng, 1, 2)}**"
        if rng.random() < 0.4:
            sentences[-1] += f" [{self.phrase(rng, 2, 3)}](https://example.org/{rng.randint(1, 9999)})"
        return ". ".join(sentences) + "."

    def body(self, rng):
        """About 1.5 kB of Markdown: headings, paragraphs, some lists and a few tables."""
        blocks = []
        for _ in range(rng.randint(2, 4)):
            blocks.append("## " + self.phrase(rng, 3, 7))
            blocks += [self.paragraph(rng) for _ in range(rng.randint(1, 3))]
            if rng.random() < 0.5:
                blocks.append("\n".join("- " + self.phrase(rng, 4, 10) for _ in range(rng.randint(3, 6))))
            if rng.random() < 0.15:
                rows = ["| " + " | ".join(self.words(rng, 3, 3)) + " |" for _ in range(4)]
                blocks.append("\n".join([rows[0], "|---|---|---|"] + rows[1:]))
        return "\n\n".join(blocks) + "\n"


def facts(count, seed):
    """The entries' facts, which have no language."""
    rng = random.Random(f"facts {seed}")
    kinds = rng.choices(list(TYPES), weights=TYPES.values(), k=count)
    partners = [f"partners-{i:06}" for i, kind in enumerate(kinds) if kind == "partners"]
    for i, kind in enumerate(kinds):
        year, day = rng.randint(2019, 2024), f"{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        entry = {"type": kind, "id": f"{kind}-{i:06}", "date": f"{year}-{day}"}
        entry |= {name: sorted(rng.sample(terms, rng.randint(1, 3))) for name, terms in VOCABULARIES.items()}
        if kind == "calls":
            entry |= {"deadline": f"{year + 1}-{day}", "amount": rng.randint(1, 500) * 10_000}
            if partners:
                entry["partner"] = rng.choice(partners)
        yield entry


def write(root, path, text):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


# ---------------------------------------------------------------------------------------------------------- Relais


def everywhere(word):
    return "{ " + ", ".join(f"{language}: {quoted(word)}" for language in LANGUAGES) + " }"


def relais_site(root):
    languages = list(LANGUAGES)
    others = ", ".join(f"{at}: [{', '.join(x for x in languages if x != at)}]" for at in languages)
    write(root, "relais.yaml", f"title: {everywhere('Portal')}\nbase_url: https://portal.example/\n"
          f"languages: [{', '.join(languages)}]\nfallback: {{ {others} }}\ntime_zone: Europe/Brussels\n"
          f"theme: relais\nmenu: [{', '.join(TYPES)}]\n")
    for name, terms in VOCABULARIES.items():
        lines = [f"  {term}: {{ label: {everywhere(term.capitalize())} }}" for term in terms]
        write(root, f"content/_vocabularies/{name}.yaml",
              f"label: {everywhere(name)}\nslug: {everywhere(name)}\nterms:\n" + "\n".join(lines) + "\n")
    for kind in TYPES:
        fields = {"date": "kind: date, required: true"}
        fields |= {name: f"kind: term, vocabulary: {name}, many: true, facet: true" for name in VOCABULARIES}
        if kind == "calls":
            fields |= {"deadlines": "kind: deadline, many: true", "amount": "kind: money",
                       "partner": "kind: reference, to: partners"}
        lines = [f"  {name}: {{ {field}, label: {everywhere(name)} }}" for name, field in fields.items()]
        write(root, f"content/{kind}/_type.yaml", f"label: {everywhere(kind)}\nslug: {everywhere(kind)}\n"
              "untranslated: facts\nsort: -date\nfields:\n" + "\n".join(lines) + "\n")


def relais_facts(root, entry, source):
    lines = [f"source_language: {source}", f"date: {entry['date']}"]
    lines += [f"{name}: [{', '.join(entry[name])}]" for name in VOCABULARIES]
    if "deadline" in entry:
        lines += [f"deadlines: [{{ at: {entry['deadline']}T17:00, zone: Europe/Brussels }}]",
                  f"amount: {{ amount: {entry['amount']}, currency: EUR }}"]
    if "partner" in entry:
        lines.append(f"partner: {entry['partner']}")
    write(root, f"content/{entry['type']}/{entry['id']}/index.yaml", "\n".join(lines) + "\n")


def relais_text(root, entry, language, title, summary, body):
    write(root, f"content/{entry['type']}/{entry['id']}/index.{language}.md",
          f"---\ntitle: {quoted(title)}\nslug: {entry['id']}\nsummary: {quoted(summary)}\n---\n\n{body}")


# ------------------------------------------------------------------------------------------------------------ Hugo

HUGO_TEMPLATES = {
    "baseof.html": """<!doctype html>
<html lang="{{ site.Language.Lang }}">
<head>
<meta charset="utf-8">
<title>{{ .Title }} – {{ site.Title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{{ with .Params.summary }}<meta name="description" content="{{ . }}">{{ end }}
<link rel="canonical" href="{{ .Permalink }}">
{{ range .AllTranslations }}<link rel="alternate" hreflang="{{ .Language.Lang }}" href="{{ .Permalink }}">
{{ end }}{{ range .AlternativeOutputFormats }}<link rel="alternate" type="{{ .MediaType.Type }}" href="{{ .Permalink }}">
{{ end }}</head>
<body>
<a class="skip" href="#main">↓</a>
<header>
<p class="brand"><a href="{{ site.Home.RelPermalink }}">{{ site.Title }}</a></p>
<nav class="languages"><ul>
{{ range .AllTranslations }}<li><a href="{{ .RelPermalink }}" lang="{{ .Language.Lang }}" hreflang="{{ .Language.Lang }}">{{ .Language.Label }}</a></li>
{{ end }}</ul></nav>
{{ partialCached "menu.html" . site.Language.Lang .Section }}
</header>
<nav class="breadcrumbs"><ol>
{{ range .Ancestors.Reverse }}<li><a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a></li>
{{ end }}<li aria-current="page">{{ .Title }}</li>
</ol></nav>
<main id="main">{{ block "main" . }}{{ end }}</main>
<footer>{{ partialCached "footer.html" . site.Language.Lang }}</footer>
</body>
</html>
""",
    "home.html": """{{ define "main" }}<h1>{{ site.Title }}</h1>
<ul class="cards">{{ range first 10 site.RegularPages }}{{ partial "card.html" . }}{{ end }}</ul>{{ end }}
""",
    "page.html": """{{ define "main" }}<article>
<header><p class="kicker">{{ .CurrentSection.LinkTitle }}</p><h1>{{ .Title }}</h1><p class="lead">{{ .Params.summary }}</p></header>
<dl>
<dt>{{ T "date" }}</dt><dd><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date | time.Format ":date_long" }}</time></dd>
{{ with .Params.deadline }}<dt>{{ T "deadline" }}</dt><dd><time datetime="{{ . }}">{{ time.Format ":date_long" . }}</time></dd>
{{ end }}{{ with .Params.amount }}<dt>{{ T "amount" }}</dt><dd>{{ lang.FormatCurrency 0 "EUR" . }}</dd>
{{ end }}{{ with .Params.partner }}{{ with site.GetPage (printf "/partners/%s" .) }}<dt>{{ T "partner" }}</dt><dd><a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a></dd>
{{ end }}{{ end }}{{ range $name := slice "countries" "themes" "audiences" }}<dt>{{ $name }}</dt>
{{ range $.GetTerms $name }}<dd><a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a></dd>
{{ end }}{{ end }}</dl>
<div class="body">{{ .Content }}</div>
</article>{{ end }}
""",
    "list.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
{{ $pages := .Paginate .RegularPages }}<p>{{ len .RegularPages }}</p>
<ul class="cards">{{ range $pages.Pages }}{{ partial "card.html" . }}{{ end }}</ul>
<nav class="pages">{{ with $pages.Prev }}<a rel="prev" href="{{ .URL }}">‹</a>{{ end }} {{ $pages.PageNumber }} / {{ $pages.TotalPages }} {{ with $pages.Next }}<a rel="next" href="{{ .URL }}">›</a>{{ end }}</nav>
<aside class="facets">{{ partialCached "facets.html" . site.Language.Lang }}</aside>{{ end }}
""",
    "taxonomy.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range .Data.Terms.Alphabetical }}<li><a href="{{ .Page.RelPermalink }}">{{ .Page.LinkTitle }}</a> ({{ .Count }})</li>
{{ end }}</ul>{{ end }}
""",
    "_partials/card.html": """<li><article class="card">
<h3><a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a></h3>
<p class="kicker">{{ .CurrentSection.LinkTitle }}</p>
<p class="summary">{{ .Params.summary }}</p>
<time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date | time.Format ":date_long" }}</time>
</article></li>
""",
    "_partials/menu.html": """<nav class="menu"><ul>
{{ range site.Sections }}<li><a href="{{ .RelPermalink }}"{{ if eq .Section $.Section }} aria-current="true"{{ end }}>{{ .LinkTitle }}</a></li>
{{ end }}</ul></nav>
""",
    "_partials/facets.html": """{{ range $name, $terms := site.Taxonomies }}<section><h2>{{ $name }}</h2><ul>
{{ range $terms.Alphabetical }}<li><a href="{{ .Page.RelPermalink }}">{{ .Page.LinkTitle }}</a> ({{ .Count }})</li>
{{ end }}</ul></section>
{{ end }}""",
    "_partials/footer.html": """<p class="brand"><a href="{{ site.Home.RelPermalink }}">{{ site.Title }}</a></p>
""",
}


def hugo_site(root):
    languages = list(LANGUAGES)
    lines = [f"  {at}: {{ label: {at}, weight: {i + 1}, title: Portal }}" for i, at in enumerate(languages)]
    write(root, "hugo.yaml", f"""baseURL: https://portal.example/
defaultContentLanguage: {languages[0]}
defaultContentLanguageInSubdir: true
timeZone: Europe/Brussels
pagination: {{ pagerSize: 20, disableAliases: true }}
taxonomies: {{ {', '.join(f'{name}: {name}' for name in VOCABULARIES)} }}
services: {{ rss: {{ limit: 20 }} }}
outputs: {{ home: [html, rss], section: [html, rss], taxonomy: [html], term: [html, rss], page: [html] }}
languages:
""" + "\n".join(lines) + "\n")
    for path, template in HUGO_TEMPLATES.items():
        write(root, f"layouts/{path}", template)
    for language, (_, _, words) in LANGUAGES.items():
        labels = zip(["date", "deadline", "amount", "partner"], words.split())
        write(root, f"i18n/{language}.yaml", "".join(f"{name}: {word}\n" for name, word in labels))
        for kind in TYPES:
            write(root, f"content/{kind}/_index.{language}.md", f"---\ntitle: {kind}\n---\n")


def hugo_text(root, entry, language, title, summary, body):
    lines = [f"title: {quoted(title)}", f"summary: {quoted(summary)}", f"date: {entry['date']}"]
    lines += [f"{name}: [{', '.join(entry[name])}]" for name in VOCABULARIES]
    lines += [f"{name}: {entry[name]}" for name in ("deadline", "amount", "partner") if name in entry]
    write(root, f"content/{entry['type']}/{entry['id']}/index.{language}.md",
          "---\n" + "\n".join(lines) + f"\n---\n\n{body}")


def write_corpus(out, count, seed, programs):
    """Writes the sites of `programs` below `out`."""
    sites = {program: os.path.join(out, program) for program in programs}
    prose = {language: Prose(language) for language in LANGUAGES}
    if "relais" in sites:
        relais_site(sites["relais"])
    if "hugo" in sites:
        hugo_site(sites["hugo"])
    for number, entry in enumerate(facts(count, seed)):
        if "relais" in sites:
            relais_facts(sites["relais"], entry, list(LANGUAGES)[number % len(LANGUAGES)])
        for language, text in prose.items():
            rng = random.Random(f"{seed} {entry['id']} {language}")
            words = text.phrase(rng, 4, 8), text.phrase(rng, 15, 25) + ".", text.body(rng)
            if "relais" in sites:
                relais_text(sites["relais"], entry, language, *words)
            if "hugo" in sites:
                hugo_text(sites["hugo"], entry, language, *words)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--entries", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--for", dest="programs", default="relais,hugo")
    given = parser.parse_args()
    write_corpus(given.out, given.entries, given.seed, given.programs.split(","))


if __name__ == "__main__":
    main()
