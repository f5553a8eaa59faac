// What readers meet, in Chromium: runs all checks of this folder over a built portal and prints what each of them took.
// Run as `node tests/browser/pages.mjs PORTAL`, with playwright-core and axe-core in the folder that NODE_MODULES names;
// `--screenshots DIR` says where pictures go, `--only keyboard,print` leaves the other checks out.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { check as accessibility } from './accessibility.mjs';
import { Faults, launch } from './browser.mjs';
import { check as budgets } from './budgets.mjs';
import { check as display } from './display.mjs';
import { check as keyboard } from './keyboard.mjs';
import { readPortal } from './portal.mjs';
import { check as language } from './language.mjs';
import { check as print } from './print.mjs';
import { check as screenshots } from './screenshots.mjs';
import { serveFolder } from './server.mjs';

/**
 * @typedef {object} World - what a check is given
 * @property {import('playwright-core').Browser} browser
 * @property {string} origin - where the portal is served
 * @property {import('./portal.mjs').Page[]} pages - all of them
 * @property {Faults} faults - to add to
 * @property {string} screenshots - the folder for pictures
 */
/** @typedef {(world: World) => Promise<string>} Check - returns what it did, in words */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { screenshots: { type: 'string' }, only: { type: 'string' } },
});
const portal = resolve(positionals[0] ?? 'target/portal');
const folder = resolve(values.screenshots ?? 'target/screenshots');
/** @type {Record<string, Check>} */
const checks = { accessibility, budgets, keyboard, language, display, print, screenshots };
const chosen = values.only?.split(',') ?? Object.keys(checks);

const server = await serveFolder(portal);
const browser = await launch();
let failed = 0;
try {
  const pages = await readPortal(portal);
  for (const name of chosen) {
    const faults = new Faults();
    const start = performance.now();
    const world = { browser, origin: server.origin, pages, faults, screenshots: folder };
    const done = await checks[name](world).catch((error) => {
      faults.add(`${name} has ended early: ${error.stack}`, 'all');
      return 'not finished';
    });
    faults.print();
    const seconds = Math.round((performance.now() - start) / 1000);
    const count = faults.found.size;
    console.log(`${count === 0 ? 'ok  ' : 'FAIL'} ${name}: ${done}; ${count} kinds of faults; ${seconds} s`);
    failed += count;
  }
} finally {
  await browser.close();
  server.close();
}
process.exitCode = failed > 0 ? 1 : 0;
