// What readers set for themselves: 400 % zoom, larger text, wider spacing (WCAG 1.4.4, 1.4.10, 1.4.12), less motion,
// their own colours.
import { visit } from './browser.mjs';
import { everyKind } from './portal.mjs';

/** WCAG 1.4.12. */
const SPACING = '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } '
  + 'p { margin-block-end: 2em !important; }';

/** Content that is lost: wider than the window, or cut off by its box. */
const lost = () => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.push(`is ${root.scrollWidth - innerWidth} px too wide`);
  for (const one of document.querySelectorAll('body *')) {
    const { overflowX, overflowY, clipPath, position } = getComputedStyle(one);
    // For screen readers only: never more than a point.
    if (one.clientWidth <= 2 || one.clientHeight <= 2 || (clipPath !== 'none' && position === 'absolute')) continue;
    const cut = (/hidden|clip/.test(overflowX) && one.scrollWidth > one.clientWidth + 1)
      || (/hidden|clip/.test(overflowY) && one.scrollHeight > one.clientHeight + 1);
    if (cut && one.textContent?.trim() && !(one instanceof SVGElement)) {
      found.push(`cuts off ${one.outerHTML.slice(0, 120)}`);
    }
    if (/fixed|sticky/.test(position) && one.getBoundingClientRect().height > innerHeight / 2) {
      found.push(`covers more than half of the window: ${one.outerHTML.slice(0, 120)}`);
    }
  }
  return found;
};

/** Anything that would still move. */
const moving = () => {
  const found = [];
  for (const one of document.querySelectorAll('*')) {
    for (const part of [undefined, '::before', '::after']) {
      const { transitionDuration, animationDuration, animationName, scrollBehavior } = getComputedStyle(one, part);
      const lasts = (/** @type {string} */ times) => times.split(',').some((time) => Number.parseFloat(time) > 0.001);
      const runs = lasts(transitionDuration) || (animationName !== 'none' && lasts(animationDuration));
      if (runs || scrollBehavior === 'smooth') {
        found.push(`moves in spite of the reader: ${one.outerHTML.slice(0, 100)}`);
      }
    }
  }
  return found;
};

/** In forced colours: marks that vanish with their background, shapes in colours that the reader has not chosen. */
const vanished = () => {
  const names = ['Canvas', 'CanvasText', 'LinkText', 'VisitedText', 'ActiveText', 'ButtonFace', 'ButtonText',
    'ButtonBorder', 'Field', 'FieldText', 'Highlight', 'HighlightText', 'SelectedItem', 'SelectedItemText', 'Mark',
    'MarkText', 'GrayText'];
  const probe = document.body.appendChild(document.createElement('i'));
  const system = new Set(names.map((name) => {
    probe.style.color = name;
    return getComputedStyle(probe).color;
  }));
  probe.remove();
  const found = [];
  const visible = (/** @type {Element} */ one) => one.checkVisibility();
  // What axe-core takes for the colour of a text is not what forced colours make of it.
  for (const one of [...document.querySelectorAll('body *')].filter(visible)) {
    const says = [...one.childNodes].some((node) => node instanceof Text && node.data.trim());
    if (one instanceof SVGElement || !says) continue;
    const { color, backgroundColor } = getComputedStyle(one);
    for (const colour of [color, backgroundColor]) {
      if (!system.has(colour) && !/^rgba\(.*, 0\)$/.test(colour)) {
        found.push(`is written in ${colour} in spite of forced colours: ${one.outerHTML.slice(0, 80)}`);
      }
    }
  }
  for (const one of [...document.querySelectorAll('.status, .badge, .language, .button')].filter(visible)) {
    const { borderTopWidth, borderTopStyle, outlineStyle } = getComputedStyle(one);
    const lined = (Number.parseFloat(borderTopWidth) >= 1 && borderTopStyle !== 'none') || outlineStyle !== 'none';
    if (!lined) found.push(`loses its outline in forced colours: ${one.outerHTML.slice(0, 80)}`);
  }
  const shapes = 'svg path, svg rect, svg circle, svg line, svg text, svg polygon, svg use';
  for (const one of [...document.querySelectorAll(shapes)].filter(visible)) {
    const { fill, stroke } = getComputedStyle(one);
    for (const paint of [fill, stroke]) {
      const none = paint === 'none' || paint.startsWith('url(') || /^rgba\(.*, 0\)$/.test(paint);
      const name = one.closest('[class]')?.getAttribute('class') ?? '';
      if (!none && !system.has(paint)) found.push(`paints <${one.localName}> of “${name}” in spite of forced colours`);
    }
  }
  return found;
};

/** @type {import('./pages.mjs').Check} */
export async function check({ browser, origin, pages, faults }) {
  const chosen = everyKind(pages);
  let views = 0;
  /**
   * @param {string} name
   * @param {import('playwright-core').BrowserContextOptions} options
   * @param {(tab: import('playwright-core').Page) => Promise<string[]>} look
   */
  const under = (name, options, look) =>
    visit(browser, { bypassCSP: true, ...options }, chosen, origin, async (tab, { address }) => {
      for (const fault of new Set(await look(tab))) faults.add(`${name}: ${fault}`, address);
      views += 1;
    });
  /** @param {string} style */
  const styled = (style) => async (/** @type {import('playwright-core').Page} */ tab) => {
    await tab.addStyleTag({ content: style });
    return tab.evaluate(lost);
  };
  await under('400 % zoom', { viewport: { width: 320, height: 256 } },
    async (tab) => [...await tab.evaluate(lost), ...await tab.evaluate(moving)]);
  await under('spacing on a telephone', { viewport: { width: 320, height: 640 } }, styled(SPACING));
  await under('spacing on a desk', { viewport: { width: 1280, height: 800 } }, styled(SPACING));
  await under('text of 200 %', { viewport: { width: 1280, height: 800 } }, styled(':root { font-size: 200% !important; }'));
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const options = /** @type {const} */ ({ viewport: { width: 1280, height: 800 }, forcedColors: 'active', colorScheme });
    await under(`forced colours, ${colorScheme}`, options, (tab) => tab.evaluate(vanished));
  }
  return `${chosen.length} pages in ${views} views`;
}
