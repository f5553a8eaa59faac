// Chromium and what all checks do with it: open contexts, visit pages two at a time, collect faults. It knows no check.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

/** @typedef {import('./portal.mjs').Page} Page */
/** @typedef {import('playwright-core').Page} Tab */

/** The packages that tests/run has installed. */
export const require = createRequire(join(resolve(process.env.NODE_MODULES ?? 'target/npm/node_modules'), 'x.js'));

/** Two processors are what a continuous integration has. */
const AT_ONCE = 2;

/** Starts Debian's Chromium, which asks nobody for anything. */
export function launch() {
  /** @type {typeof import('playwright-core')} */
  const { chromium } = require('playwright-core');
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

/** What is wrong, and where: the same fault on many pages is told once. */
export class Faults {
  constructor() {
    /** @type {Map<string, string[]>} */
    this.found = new Map();
  }

  /**
   * @param {string} what
   * @param {string} where
   */
  add(what, where) {
    this.found.set(what, [...(this.found.get(what) ?? []), where]);
  }

  print() {
    for (const [what, where] of this.found) {
      console.error(`FAIL ${what}\n       on ${where.length} pages: ${where.slice(0, 3).join(', ')}`);
    }
  }
}

/**
 * Visits pages in tabs of one context.
 * @template {{ address: string }} T
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {readonly T[]} pages
 * @param {string} origin
 * @param {(tab: Tab, page: T) => Promise<void>} look
 * @param {(tab: Tab, here: () => string) => void} [prepare] - each new tab; `here` says which page is in it
 */
export async function visit(browser, options, pages, origin, look, prepare) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const waiting = [...pages];
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      const tab = await context.newPage();
      let here = '';
      prepare?.(tab, () => here);
      for (let page = waiting.shift(); page; page = waiting.shift()) {
        here = page.address;
        await tab.goto(origin + page.address);
        await look(tab, page);
      }
    }));
  } finally {
    await context.close();
  }
}
