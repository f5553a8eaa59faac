// What a page costs its reader, and what it does without: bytes, requests, other hosts, a strict policy for content, and
// all of it with JavaScript off.
import assert from 'node:assert/strict';
import { visit } from './browser.mjs';
import { everyKind, everyKindInEveryLanguage } from './portal.mjs';

/** In bytes as sent (gzip), for one page; images do not count. */
const MOST = { all: 40_000, stylesheet: 12_000, script: 4_000, requests: 6 };

/** @type {import('./pages.mjs').Check} */
export async function check(world) {
  const { browser, origin, pages, faults } = world;
  const chosen = everyKindInEveryLanguage(pages);
  const heaviest = { bytes: 0, address: '', requests: 0 };
  /** @type {Map<string, import('playwright-core').Request[]>} */
  const asked = new Map();
  const listen = (/** @type {import('playwright-core').Page} */ tab, /** @type {() => string} */ here) => {
    tab.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) faults.add(`asks for ${request.url()}`, here());
      asked.set(here(), [...(asked.get(here()) ?? []), request]);
    });
    tab.on('console', (message) => {
      if (message.type() === 'error') faults.add(`says: ${message.text()}`, here());
    });
    tab.on('pageerror', (error) => faults.add(`throws: ${error.message}`, here()));
  };
  await visit(browser, { viewport: { width: 390, height: 844 } }, chosen, origin, async (tab, { address, kind }) => {
    await tab.waitForLoadState('networkidle');
    const sum = { all: 0, stylesheet: 0, script: 0 };
    // The chooser leads a returning reader on: what counts are the requests of the page that was asked for.
    const requests = asked.get(address) ?? [];
    for (const request of requests) {
      if (request.failure()) {
        faults.add(`gets no answer: ${request.url().replace(origin, '')}`, address);
        continue;
      }
      const { responseBodySize } = await request.sizes();
      const type = request.resourceType();
      if (type !== 'image') sum.all += responseBodySize;
      if (type === 'stylesheet' || type === 'script') sum[type] += responseBodySize;
    }
    assert(sum.all > 500, `${address} has sent nothing`);
    for (const type of /** @type {const} */ (['stylesheet', 'script'])) {
      const most = MOST[type];
      if (sum[type] > most) faults.add(`has ${sum[type]} bytes of kind ${type}; ${most} is the most`, address);
    }
    if (requests.length > MOST.requests) {
      faults.add(`makes ${requests.length} requests; ${MOST.requests} is the most`, address);
    }
    if (!kind.startsWith('entry')) return;
    if (sum.all > MOST.all) faults.add(`costs ${sum.all} bytes; ${MOST.all} is the most`, address);
    if (sum.all > heaviest.bytes) Object.assign(heaviest, { bytes: sum.all, address, requests: requests.length });
  }, listen);
  const steps = await withoutScript(world);
  return `${chosen.length} pages; the heaviest entry, ${heaviest.address}, costs ${heaviest.bytes} bytes in `
    + `${heaviest.requests} requests; ${steps} without JavaScript`;
}

/** @type {import('./pages.mjs').Check} */
async function withoutScript({ browser, origin, pages, faults }) {
  const langs = [...new Set(pages.map(({ lang }) => lang))];
  const options = { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } };
  let steps = 0;
  await visit(browser, options, everyKind(pages), origin, async (tab, { address }) => {
    const problem = (/** @type {string} */ what) => faults.add(`without JavaScript: ${what}`, address);
    // Disclosure: what is closed opens, and what is open closes.
    for (const summary of await tab.locator('summary:visible').all()) {
      const isOpen = () => summary.evaluate((one) => one.parentElement?.hasAttribute('open'));
      const before = await isOpen();
      await summary.click({ position: { x: 8, y: 8 } });
      if (await isOpen() === before) problem('a disclosure does not work');
      steps += 1;
    }
    // A form that only a script can answer must not be there without one.
    const forms = tab.locator('form:visible');
    for (const form of await forms.all()) {
      if (!await form.getAttribute('action')) problem('there is a form that leads nowhere');
    }
    // The language switch: each of its links leads to a page in the language that it names.
    const links = await tab.locator('a[hreflang]:visible').evaluateAll((all) =>
      all.map((link) => ({ href: link.getAttribute('href') ?? '', lang: link.getAttribute('hreflang') ?? '' })));
    const own = links.filter(({ href }) => href.startsWith('/'));
    const switcher = langs.flatMap((lang) => own.find((link) => link.lang === lang) ?? []);
    for (const { href, lang } of switcher) {
      const html = await (await tab.request.get(origin + href)).text();
      if (!new RegExp(`<html[^>]* lang="${lang}"`).test(html)) problem(`${href} is not in ${lang}`);
      steps += 1;
    }
    if (switcher.length < langs.length) problem(`there is a way to ${switcher.length} of ${langs.length} languages`);
  });
  // Facets: a value narrows the list, and its removal widens it again.
  const listings = pages.filter(({ kind, parts }) => kind === 'listing' && !parts.includes('class="selection'));
  const first = langs.flatMap((lang) => listings.find((page) => page.lang === lang) ?? []);
  await visit(browser, options, first, origin, async (tab, { address }) => {
    const facet = tab.locator('.facets a[href]:visible').first();
    assert(await facet.count() > 0, `${address} has no facets`);
    await facet.click();
    const narrowed = new URL(tab.url()).pathname;
    if (narrowed === address) faults.add('without JavaScript: a facet leads nowhere', address);
    await tab.locator('.selection a[href]:visible').first().click();
    const back = new URL(tab.url()).pathname;
    if (back !== address) faults.add(`without JavaScript: a facet's removal leads from ${narrowed} to ${back}`, address);
    steps += 2;
  });
  assert(steps > 50, `only ${steps} steps without JavaScript`);
  return `${steps} steps`;
}
