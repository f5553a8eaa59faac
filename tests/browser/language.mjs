// The language that a reader chose: remembered where the browser keeps things, asked for again where it does not, and
// never in anybody's way.

/** @type {import('./pages.mjs').Check} */
export async function check({ browser, origin, pages, faults }) {
  const tags = pages.map(({ address }) => address.match(/^\/([a-z-]+)\/$/)?.[1]).filter((tag) => tag !== undefined);
  if (tags.length < 2) faults.add('there are no home pages in several languages', '/');
  const context = await browser.newContext();
  const tab = await context.newPage();
  /**
   * Opens an address as a reader who types it, and says where that leads.
   * @param {string} address
   */
  const open = async (address) => {
    await tab.goto('about:blank');
    await tab.goto(origin + address, { waitUntil: 'load' });
    // A script that leads on does so before the page has loaded; the new page loads then.
    await tab.waitForLoadState('networkidle');
    return tab.url().slice(origin.length);
  };
  /**
   * @param {string} step
   * @param {string} wanted
   * @param {string} found
   */
  const expect = (step, wanted, found) => {
    if (found !== wanted) faults.add(`${step} leads to ${found}, not to ${wanted}`, '/');
  };
  expect('the chooser, the first time,', '/', await open('/'));
  for (const tag of tags) {
    await open('/#choose');
    await tab.click(`.choices a[hreflang="${tag}"]`);
    await tab.waitForURL(`${origin}/${tag}/`);
    expect(`the chooser, after ${tag} was chosen in it,`, `/${tag}/`, await open('/'));
    expect('`#choose`', '/#choose', await open('/#choose'));
  }
  const [first, second] = tags;
  await open(`/${first}/`);
  await tab.click(`.languages a[hreflang="${second}"]`);
  await tab.waitForURL(`${origin}/${second}/`);
  expect('the chooser, after the menu of languages,', `/${second}/`, await open('/'));
  await tab.goBack();
  expect('"back" from there', 'about:blank', tab.url());
  await open(`/${first}/`);
  const kept = await tab.evaluate(() => JSON.stringify({ ...localStorage }));
  expect('what the browser keeps', JSON.stringify({ 'relais-language': second }), kept);
  if ((await context.cookies()).length > 0) faults.add('a page sets a cookie', '/');
  await tab.evaluate(() => localStorage.setItem('relais-language', 'xx'));
  expect('the chooser, after a language that the portal does not have,', '/', await open('/'));
  await context.close();

  const closed = await browser.newContext();
  await closed.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
  });
  const without = await closed.newPage();
  without.on('pageerror', (error) => faults.add(`a browser that keeps nothing: ${error.message}`, '/'));
  await without.goto(`${origin}/`);
  await without.click(`.choices a[hreflang="${first}"]`);
  await without.waitForURL(`${origin}/${first}/`);
  await without.goto(`${origin}/`, { waitUntil: 'networkidle' });
  if (without.url() !== `${origin}/`) faults.add('a browser that keeps nothing is led on', '/');
  await closed.close();
  return `${tags.length} languages chosen, ${tags.length + 2} returns`;
}
