// Keeps the page in the browser like the one on disk, where the reader was: exchanges its content or its style sheets, and
// shows over it why it could not be built anew.
'use strict';
(() => {
  /** @typedef {{ dialog: HTMLDialogElement, styled: Promise<unknown>, id: string | null }} Overlay */

  /** What the page is made of, as the server says it. */
  let version = document.currentScript?.dataset.version ?? '';
  const isErrorPage = version.startsWith('errors');
  const place = `relais-place ${location.pathname}`;
  /** @type {EventSource | null} */
  let source = null;
  /** @type {Overlay | null} */
  let overlay = null;

  // Browsers forget the place where a page has become shorter or has moved meanwhile.
  const left = sessionStorage.getItem(place);
  if (left !== null) {
    sessionStorage.removeItem(place);
    const [x, y] = JSON.parse(left);
    scrollTo({ left: x, top: y, behavior: 'instant' });
  }

  function reload() {
    disconnect();
    sessionStorage.setItem(place, JSON.stringify([scrollX, scrollY]));
    location.reload();
  }

  async function fetchPage() {
    const response = await fetch(location.href);
    return new DOMParser().parseFromString(await response.text(), 'text/html');
  }

  /** @param {Document} page */
  function versionOf(page) {
    /** @type {HTMLScriptElement | null} */
    const script = page.querySelector('script[src="/_relais/client.js"]');
    return script?.dataset.version ?? '';
  }

  // Loading a page again takes a browser ten times as long as exchanging its content, but starts its scripts.
  async function exchangeContent() {
    const page = await fetchPage();
    const hasScripts = (/** @type {Document} */ one) =>
      one.querySelectorAll('script:not([type="application/ld+json"])').length !== 1;
    if (isErrorPage || hasScripts(page) || hasScripts(document)) {
      reload();
      return;
    }
    version = versionOf(page);
    const root = document.documentElement;
    for (const { name } of [...root.attributes]) root.removeAttribute(name);
    for (const { name, value } of page.documentElement.attributes) root.setAttribute(name, value);
    // Style sheets that are still in use stay, so that the page is never seen without.
    exchangeStyles(page);
    const lasting = (/** @type {Node} */ node) => node instanceof Element
      && node.matches('link[rel~="stylesheet"], script[src]');
    for (const node of [...document.head.childNodes]) if (!lasting(node)) node.remove();
    for (const node of [...page.head.childNodes]) if (!lasting(node)) document.head.append(document.adoptNode(node));
    const place = [scrollX, scrollY];
    document.body.replaceWith(document.adoptNode(page.body));
    scrollTo({ left: place[0], top: place[1], behavior: 'instant' });
  }

  /**
   * The old style sheet stays until the new one is there.
   * @param {Document} page
   */
  function exchangeStyles(page) {
    const sheets = (/** @type {Document} */ one) =>
      [...one.querySelectorAll('link')].filter((link) => link.relList.contains('stylesheet'));
    const fresh = sheets(page);
    const stale = sheets(document);
    if (fresh.length !== stale.length) {
      reload();
      return;
    }
    version = versionOf(page);
    fresh.forEach((link, at) => {
      if (link.href === stale[at].href) return;
      const copy = document.importNode(link, true);
      copy.addEventListener('load', () => stale[at].remove());
      copy.addEventListener('error', reload);
      stale[at].after(copy);
    });
  }

  /**
   * A host of our own and its shadow root: the page's style sheets do not reach in, nor ours out.
   * @returns {Overlay}
   */
  function makeOverlay() {
    const host = document.createElement('relais-problems');
    const shadow = host.attachShadow({ mode: 'open' });
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = '/_relais/client.css';
    const dialog = document.createElement('dialog');
    dialog.lang = 'en';
    dialog.dir = 'ltr';
    dialog.setAttribute('aria-labelledby', 'relais-title');
    shadow.append(style, dialog);
    document.documentElement.append(host);
    return { dialog, styled: new Promise((done) => { style.onload = style.onerror = done; }), id: null };
  }

  /** @param {{ id: string, html: string }} problems */
  async function showProblems({ id, html }) {
    if (isErrorPage) return;
    const over = overlay ??= makeOverlay();
    if (over.id === id) return;
    over.id = id;
    // Whoever has put it away has seen it.
    if (sessionStorage.getItem('relais-seen') === id) return;
    over.dialog.innerHTML = `<form method="dialog"><button>Hide</button></form><div class="problems">${html}</div>`;
    await over.styled;
    if (over.id !== id || over.dialog.open) return;
    over.dialog.onclose = () => { if (over.id !== null) sessionStorage.setItem('relais-seen', over.id); };
    over.dialog.showModal();
  }

  function hideProblems() {
    sessionStorage.removeItem('relais-seen');
    if (overlay === null) return;
    overlay.id = null;
    overlay.dialog.close();
  }

  function connect() {
    if (source !== null || document.hidden) return;
    source = new EventSource(`/_relais/events/${version}${location.pathname}`);
    source.addEventListener('reload', exchangeContent);
    source.addEventListener('styles', async () => exchangeStyles(await fetchPage()));
    source.addEventListener('problems', (event) => showProblems(JSON.parse(event.data)));
    source.addEventListener('mended', hideProblems);
  }

  function disconnect() {
    source?.close();
    source = null;
  }

  // A browser has few connections for one host: pages that nobody sees leave them to the others, and catch up later.
  document.addEventListener('visibilitychange', () => (document.hidden ? disconnect() : connect()));
  addEventListener('pagehide', disconnect);
  addEventListener('pageshow', connect);
  connect();
})();
