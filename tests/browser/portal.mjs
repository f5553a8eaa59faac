// The pages of a built portal: which there are, of which kind, in which language, and which of them to look at. It reads
// files; it knows no browser.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

/**
 * @typedef {object} Page
 * @property {string} address - as links have it, from the host's root
 * @property {string} lang
 * @property {string} kind - the body's class
 * @property {number} size - of its HTML, in characters
 * @property {string[]} parts - what is on it that not every page has
 * @property {Map<string, string>} versions - its addresses by language
 */

const PARTS = ['class="notice', 'class="timeline', 'class="map', 'class="pagination', 'class="selection', '<table',
  'class="fact block', 'class="provenance', 'facts-only', 'class="elsewhere', '<details', '<form', '<script src'];

/** Pages whose pictures are taken, by their English addresses. */
const NAMED = {
  home: '/en/',
  funding: '/en/funding/',
  call: '/en/funding/esf-si-2023-ncc-01/',
  consortium: '/en/consortia/buicasus/',
  organisation: '/en/organisations/avise/',
  country: '/en/countries/latvia/',
  dossier: '/en/dossiers/esf-plus-for-social-innovation/',
  term: '/en/glossary/social-innovation/',
  directory: '/en/organisations/a-z/',
  'not-found': '/en/404.html',
};

/**
 * Reads all pages of a portal.
 * @param {string} folder
 * @returns {Promise<Page[]>}
 */
export async function readPortal(folder) {
  const pages = [];
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if (!name.endsWith('.html')) continue;
    const html = await readFile(join(folder, name), 'utf8');
    // A page that leads on at once is none that anybody reads.
    if (html.includes('<meta http-equiv="refresh"')) continue;
    const address = `/${name.replaceAll(sep, '/')}`.replace(/\/index\.html$/, '/');
    const alternates = html.matchAll(/<link rel="alternate" hreflang="([^"]*)" href="https?:\/\/[^/]*([^"]*)"/g);
    pages.push({
      address,
      lang: /<html[^>]* lang="([^"]*)"/.exec(html)?.[1] ?? '',
      kind: /<body class="([^"]*)"/.exec(html)?.[1] ?? '',
      size: html.length,
      parts: PARTS.filter((part) => html.includes(part)),
      versions: new Map([...alternates].map(([, lang, href]) => [lang, href])),
    });
  }
  assert(pages.length > 0, `there are no pages in ${folder}`);
  return pages;
}

/**
 * The largest page for each key.
 * @param {Page[]} pages
 * @param {(page: Page) => string[]} keys
 */
function largest(pages, keys) {
  /** @type {Map<string, Page>} */
  const found = new Map();
  for (const page of pages) {
    for (const key of keys(page)) {
      if (page.size > (found.get(key)?.size ?? 0)) found.set(key, page);
    }
  }
  return [...new Set(found.values())];
}

/**
 * Of every kind of page the largest one in each language, and of every set of parts the largest one in all.
 * @param {Page[]} pages
 */
export function everyKindInEveryLanguage(pages) {
  return largest(pages, ({ kind, lang, parts }) => [`${lang} ${kind}`, [kind, ...parts].join(' ')]);
}

/**
 * Of every kind of page one: the kinds take turns with the languages. Of every part the largest page that has it, too.
 * @param {Page[]} pages
 */
export function everyKind(pages) {
  const kinds = [...new Set(pages.map(({ kind }) => kind))].sort();
  const langs = [...new Set(pages.map(({ lang }) => lang))].sort();
  const chosen = kinds.flatMap((kind, at) => {
    const same = pages.filter((page) => page.kind === kind);
    const turn = same.filter(({ lang }) => lang === langs[at % langs.length]);
    return largest(turn.length > 0 ? turn : same, () => ['']);
  });
  return [...new Set([...chosen, ...largest(pages, ({ parts }) => parts)])];
}

/**
 * The pages whose pictures are taken, in all languages: name, language and address.
 * @param {Page[]} pages
 */
export function namedPages(pages) {
  const langs = [...new Set(pages.map(({ lang }) => lang))].sort();
  return Object.entries(NAMED).flatMap(([name, address]) => {
    const english = pages.find((page) => page.address === address);
    assert(english, `there is no page ${address}`);
    return langs.map((lang) => {
      const own = english.versions.get(lang) ?? address.replace('/en/', `/${lang}/`);
      assert(pages.some((page) => page.address === own), `${address} has no version ${own}`);
      return { name, lang, address: own };
    });
  });
}
