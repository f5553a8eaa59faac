// The keyboard alone: Tab reaches everything in the order of the document, what has the focus is in sight and shows it,
// the skip link skips, disclosures open with Enter and with Space.
import { visit } from './browser.mjs';
import { everyKind } from './portal.mjs';

/** @typedef {import('playwright-core').Page} Tab */
/** @typedef {(what: string) => void} Say */

/** Gives all that Tab must reach a number, in the order of the document, and says how much that is. */
const number = () => {
  const operable = 'a[href], button:not([disabled]), input:not([disabled], [type=hidden]), select:not([disabled]), '
    + 'textarea:not([disabled]), summary, [tabindex]:not([tabindex="-1"])';
  // A shape on a map may be left out where the same link stands in a list.
  const address = (/** @type {Element} */ one) => one.getAttribute('href');
  const inLists = new Set([...document.querySelectorAll('a[href]:not([tabindex="-1"])')].map(address));
  const all = [...document.querySelectorAll(operable)].filter((one) => one.checkVisibility({ visibilityProperty: true })
    && !(one.getAttribute('tabindex') === '-1' && inLists.has(address(one))));
  all.forEach((one, at) => one.setAttribute('data-tab', String(at)));
  return all.length;
};

/** Where the focus is: its number, whether it is in sight, and whether it shows. */
const look = () => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const style = getComputedStyle(one);
  const scrolls = /auto|scroll/.test(style.overflow)
    && (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight);
  const boxes = [...one.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
  const seen = boxes.some(({ left, right, top, bottom }) => [0.5, 0.15, 0.85].some((part) => {
    const [x, y] = [left + (right - left) * part, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
    const hit = document.elementFromPoint(x, y);
    return hit !== null && (one.contains(hit) || hit.contains(one));
  }));
  return {
    at: Number(one.getAttribute('data-tab') ?? -1),
    html: one.outerHTML.replace(/ data-tab="\d+"/, '').slice(0, 120),
    scrolls,
    inside: boxes.some((box) => box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight),
    seen,
    shown: style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2,
  };
};

/**
 * Presses Tab through the whole page.
 * @param {Tab} tab
 * @param {Say} say
 */
async function walk(tab, say) {
  const count = await tab.evaluate(number);
  let last = -1;
  for (let press = 0; press <= count + 20; press += 1) {
    await tab.keyboard.press('Tab');
    const focus = await tab.evaluate(look);
    if (focus === null || (focus.at >= 0 && focus.at < last)) break;
    if (focus.at < 0) {
      // Browsers let the keyboard scroll what scrolls.
      if (!focus.scrolls) say(`Tab stops at ${focus.html}`);
    } else {
      if (focus.at === last) {
        say(`Tab does not leave ${focus.html}`);
        return count;
      }
      if (focus.at > last + 1) say(`Tab leaves out ${focus.at - last - 1} elements before ${focus.html}`);
      last = focus.at;
    }
    if (!focus.inside) say(`has the focus outside the window: ${focus.html}`);
    else if (!focus.seen) say(`has the focus under something else: ${focus.html}`);
    if (!focus.shown) say(`does not show its focus: ${focus.html}`);
  }
  if (last !== count - 1) say(`Tab reaches ${last + 1} of ${count} elements`);
  return count;
}

/**
 * The skip link comes first, comes into sight, and leads into the main part.
 * @param {Tab} tab
 * @param {Say} say
 */
async function skip(tab, say) {
  await tab.keyboard.press('Tab');
  const first = await tab.evaluate(() => {
    const one = document.activeElement;
    const { top, left, width, height } = one?.getBoundingClientRect() ?? new DOMRect();
    const href = one?.getAttribute('href') ?? '';
    const main = document.querySelector('main');
    const seen = top >= 0 && left >= 0 && width > 20 && height > 20;
    return { skips: href.startsWith('#') && main?.id === href.slice(1), seen };
  });
  if (!first.skips) return say('the first link does not lead to the main part');
  if (!first.seen) say('the skip link is not in sight when it has the focus');
  await tab.keyboard.press('Enter');
  await tab.keyboard.press('Tab');
  const inside = await tab.evaluate(() => {
    const [one, main] = [document.activeElement, document.querySelector('main')];
    const operable = main?.querySelector('a[href], button, input, select, summary');
    return one === null || main === null || !operable || main.contains(one);
  });
  if (!inside) say('the skip link does not skip');
}

/**
 * Disclosures open and close with Enter and with Space.
 * @param {Tab} tab
 * @param {Say} say
 */
async function disclose(tab, say) {
  const summaries = tab.locator('summary:visible');
  const count = await summaries.count();
  for (let at = 0; at < Math.min(count, 3); at += 1) {
    for (const key of ['Enter', ' ']) {
      const summary = summaries.nth(at);
      const isOpen = () => summary.evaluate((one) => one.parentElement?.hasAttribute('open'));
      const before = await isOpen();
      await summary.focus();
      await tab.keyboard.press(key);
      if (await isOpen() === before) say(`a disclosure does not answer to “${key}”`);
    }
  }
  return count;
}

/** @type {import('./pages.mjs').Check} */
export async function check({ browser, origin, pages, faults }) {
  const chosen = everyKind(pages);
  let stops = 0;
  let disclosures = 0;
  for (const [width, height] of [[1280, 800], [320, 640]]) {
    // In a headless browser each tab has a focus of its own.
    await visit(browser, { viewport: { width, height }, bypassCSP: true }, chosen, origin, async (tab, { address }) => {
      const say = (/** @type {string} */ what) => faults.add(what, `${address} (${width} px)`);
      // What a closed disclosure hides is reached once it is open.
      stops += await walk(tab, say);
      if (width > 1000) {
        disclosures += await disclose(tab, say);
        await tab.goto(origin + address);
        await skip(tab, say);
      }
    });
  }
  if (stops < 1000 || disclosures < 10) faults.add(`only ${stops} stops and ${disclosures} disclosures`, 'all');
  return `${chosen.length} pages, ${stops} stops of Tab, ${disclosures} disclosures`;
}
