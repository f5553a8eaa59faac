// A page on paper: no navigation, all of the text, and the addresses of links in it, since paper has no links.
import { visit } from './browser.mjs';
import { everyKind } from './portal.mjs';

const look = () => {
  const found = [];
  const seen = (/** @type {Element} */ one) => one.checkVisibility({ visibilityProperty: true });
  const start = (/** @type {Element} */ one) => one.outerHTML.slice(0, 120);
  for (const one of document.querySelectorAll('nav, .skip, form, button')) {
    if (seen(one)) found.push(`prints what cannot be used on paper: ${start(one)}`);
  }
  if (!seen(document.querySelector('h1') ?? document.body)) found.push('does not print its title');
  let addresses = 0;
  for (const link of document.querySelectorAll('main .body a[href^="http"], main .sources a[href^="http"]')) {
    if (!seen(link)) continue;
    const href = link.getAttribute('href') ?? '';
    addresses += 1;
    const after = getComputedStyle(link, '::after').content;
    const whole = link.textContent?.includes(href.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, ''));
    if (!after.includes(href) && !whole) found.push('does not print the address of a link in a text or a source');
  }
  for (const details of document.querySelectorAll('details')) {
    const hidden = [...details.children].some((child) => child.localName !== 'summary' && !seen(child));
    if (seen(details) && hidden) found.push(`does not print what a disclosure hides: ${start(details)}`);
  }
  for (const one of document.querySelectorAll('main *')) {
    const { overflowX, overflowY } = getComputedStyle(one);
    if (one.clientWidth <= 2 || one instanceof SVGElement || !seen(one)) continue;
    const cut = (overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
      || (overflowY !== 'visible' && one.scrollHeight > one.clientHeight + 1);
    if (cut) found.push(`cuts off on paper: ${start(one)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push('is wider than the paper');
  const [red, green, blue, alpha] = (getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
  if (alpha !== 0 && Math.min(red, green, blue) < 250) found.push('prints a background');
  return { found: [...new Set(found)], addresses };
};

/** @type {import('./pages.mjs').Check} */
export async function check({ browser, origin, pages, faults }) {
  const chosen = everyKind(pages);
  let addresses = 0;
  // A4 with margins of 15 mm is 680 CSS pixels wide. A reader of the dark theme has paper that is as white.
  const options = /** @type {const} */ ({ viewport: { width: 680, height: 1000 }, colorScheme: 'dark' });
  await visit(browser, options, chosen, origin, async (tab, { address }) => {
    await tab.emulateMedia({ media: 'print' });
    const { found, addresses: more } = await tab.evaluate(look);
    for (const fault of found) faults.add(fault, address);
    addresses += more;
    await tab.emulateMedia({ media: 'screen' });
  });
  if (addresses < 100) faults.add(`only ${addresses} addresses in texts and sources`, 'all');
  return `${chosen.length} pages, ${addresses} addresses of links`;
}
