// What readers meet, in Chromium: every kind of page in every language, light and dark, on a telephone and on a desk.
// Run as `node tests/browser/pages.mjs PORTAL`, with playwright-core and axe-core in the folder that NODE_MODULES names;
// `--screenshots DIR` also takes pictures of ten of them. What a page costs its reader is measured, too.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { screenshots: { type: 'string' } },
});
const portal = resolve(positionals[0] ?? 'target/portal');
const require = createRequire(join(resolve(process.env.NODE_MODULES ?? 'target/npm/node_modules'), 'x.js'));
const { chromium } = require('playwright-core');
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');

const kinds = { '.html': 'text/html', '.css': 'text/css', '.svg': 'image/svg+xml', '.js': 'text/javascript' };
const server = createServer(async (request, response) => {
  const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
  const file = join(portal, path.endsWith('/') ? `${path}index.html` : path);
  try {
    assert(file.startsWith(portal + sep) && (await stat(file)).isFile());
    response.writeHead(200, { 'content-type': kinds[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
const origin = `http://127.0.0.1:${server.address().port}`;

// Of every kind of page, told by the body's class and by what is on it, the largest one in each language.
const parts = ['class="notice', 'class="timeline"', 'class="map"', 'class="pagination"', 'class="selection"',
  '<table', 'class="fact block"', 'class="provenance"', 'class="columns facts-only"', 'class="elsewhere"'];
const found = new Map();
for (const entry of await readdir(portal, { recursive: true, withFileTypes: true })) {
  if (!entry.name.endsWith('.html')) continue;
  const file = join(entry.parentPath ?? entry.path, entry.name);
  const html = await readFile(file, 'utf8');
  const lang = /<html lang="([^"]*)"/.exec(html)?.[1];
  const kind = /<body class="([^"]*)"/.exec(html)?.[1];
  const address = file.slice(portal.length).replaceAll(sep, '/').replace(/\/index\.html$/, '/');
  const same = [kind, ...parts.filter((part) => html.includes(part))].join(' ');
  // A kind of page counts once in each language; what is on it, once in all.
  for (const key of [`${lang} ${kind}`, same]) {
    const size = found.get(key)?.size ?? 0;
    if (html.length > size) found.set(key, { address, kind, lang, size: html.length });
  }
}
const pages = [...new Map([...found.values()].map((page) => [page.address, page])).values()];
assert(pages.length > 0, 'there are no pages');

// What an entry's page may cost its reader: bytes, compressed, and requests.
const budget = { html: 40_000, css: 12_000, js: 4_000, requests: 6 };
const pictured = ['home', 'listing', 'entry kind-funding', 'entry kind-consortia', 'entry kind-organisations',
  'entry kind-countries', 'entry kind-dossiers', 'entry kind-glossary', 'directory', 'calendar'];
const compressed = async (path) => gzipSync(await readFile(path), { level: 6 }).length;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const faults = new Map();
const fault = (what, where) => faults.set(what, [...(faults.get(what) ?? []), where]);
let views = 0;
const taken = new Set();
for (const asset of await readdir(join(portal, 'assets'))) {
  const size = await compressed(join(portal, 'assets', asset));
  const most = budget[extname(asset).slice(1)];
  if (most !== undefined && size > most) fault(`${asset} has ${size} bytes, compressed; ${most} is its budget`, '/');
}
for (const { address, kind } of pages) {
  const file = join(portal, address.endsWith('/') ? `${address}index.html` : address);
  const html = await readFile(file, 'utf8');
  if (/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(\ssrc=|application\/ld\+json))/.test(html)) fault('has inline code', address);
  const size = await compressed(file);
  if (kind.startsWith('entry') && size > budget.html) fault(`has more than ${budget.html} bytes, compressed`, address);
}
try {
  if (values.screenshots) await mkdir(values.screenshots, { recursive: true });
  for (const width of [320, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({
        viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce', bypassCSP: true,
      });
      const tab = await context.newPage();
      let here = '';
      let requests = 0;
      tab.on('request', (request) => {
        requests += 1;
        if (!request.url().startsWith(`${origin}/`)) fault(`asks for ${request.url()}`, here);
      });
      tab.on('console', (message) => {
        if (message.type() === 'error') fault(`says: ${message.text()}`, here);
      });
      for (const { address, kind, lang } of pages) {
        here = `${address} (${width} px, ${colorScheme})`;
        requests = 0;
        await tab.goto(origin + address);
        if (requests > budget.requests) fault(`makes more than ${budget.requests} requests`, here);
        const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) fault(`is ${wide} px too wide`, here);
        await tab.evaluate(axe);
        const { violations } = await tab.evaluate(() => globalThis.axe.run(document, {
          resultTypes: ['violations'],
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        }));
        for (const { id, help, nodes } of violations) {
          fault(`${id}: ${help}\n       ${nodes[0].html.slice(0, 200)}`, here);
        }
        views += 1;
        const name = `${lang}-${kind.replaceAll(' ', '-')}-${width}-${colorScheme}.jpg`;
        if (values.screenshots && pictured.includes(kind) && !taken.has(name)) {
          taken.add(name);
          await tab.screenshot({ path: join(values.screenshots, name), fullPage: true, type: 'jpeg', quality: 60 });
        }
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.close();
}
for (const [what, where] of faults) {
  console.error(`FAIL ${what}\n       on ${where.length} pages: ${where.slice(0, 3).join(', ')}`);
}
if (values.screenshots) console.log(`${taken.size} pictures in ${values.screenshots}`);
console.log(`${pages.length} pages in ${views} views: ${faults.size} kinds of faults`);
process.exitCode = faults.size > 0 ? 1 : 0;
