// Pictures of ten pages in all languages, on a telephone and on a desk, light and dark, for people to look at.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { visit } from './browser.mjs';
import { namedPages } from './portal.mjs';

/** Long pages are cut here, in CSS pixels. */
const LONGEST = 1600;

/** @type {import('./pages.mjs').Check} */
export async function check({ browser, origin, pages, screenshots }) {
  const chosen = namedPages(pages);
  await rm(screenshots, { recursive: true, force: true });
  await mkdir(screenshots, { recursive: true });
  let count = 0;
  for (const [device, width, height] of /** @type {const} */ ([['phone', 390, 844], ['desk', 1280, 800]])) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await visit(browser, { viewport: { width, height }, colorScheme }, chosen, origin, async (tab, { name, lang }) => {
        const whole = await tab.evaluate(() => document.documentElement.scrollHeight);
        const path = join(screenshots, `${name}-${lang}-${device}-${colorScheme}.png`);
        const clip = { x: 0, y: 0, width, height: Math.min(whole, LONGEST) };
        await tab.screenshot({ path, fullPage: true, clip });
        count += 1;
      });
    }
  }
  return `${count} pictures in ${screenshots}`;
}
