// WCAG 2.2 A and AA and best practices, as axe-core knows them, and no scrolling in two directions: every kind of page
// in every language, light and dark, on a telephone and on a desk.
import { readFile } from 'node:fs/promises';
import { require, visit } from './browser.mjs';
import { everyKindInEveryLanguage } from './portal.mjs';

export const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Runs axe-core in a tab.
 * @param {import('playwright-core').Page} tab
 * @param {string[]} runOnly - tags of rules, or names of rules
 * @returns {Promise<string[]>}
 */
export async function violationsIn(tab, runOnly) {
  await tab.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
  return tab.evaluate(async (rules) => {
    // @ts-ignore: axe-core was put there.
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'], runOnly: rules });
    return violations.map((/** @type {any} */ { id, help, nodes }) =>
      `${id}: ${help}\n       ${nodes[0].html.slice(0, 200)}`);
  }, runOnly);
}

/** @type {import('./pages.mjs').Check} */
export async function check({ browser, origin, pages, faults }) {
  const chosen = everyKindInEveryLanguage(pages);
  let views = 0;
  for (const width of [320, 1280]) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const options = { viewport: { width, height: 900 }, colorScheme, bypassCSP: true };
      await visit(browser, options, chosen, origin, async (tab, { address }) => {
        const here = `${address} (${width} px, ${colorScheme})`;
        const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) faults.add(`is ${wide} px too wide`, here);
        for (const violation of await violationsIn(tab, RULES)) faults.add(violation, here);
        views += 1;
      });
    }
  }
  return `${chosen.length} pages in ${views} views`;
}
