// A static host for a built portal: it knows how files are sent, packed and guarded, and nothing of what is in them.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The constant policy that every page must keep. */
export const POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
  + "font-src 'self'; base-uri 'none'; form-action 'self'";

/** @type {Record<string, string>} */
const KINDS = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.ics': 'text/calendar',
};

/**
 * Serves a folder on a free port of this computer, packed with gzip. Nothing is cached, so that each page costs what it
 * costs a new reader.
 * @param {string} folder
 */
export async function serveFolder(folder) {
  /** @type {Map<string, Buffer>} */
  const packed = new Map();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    try {
      if (!file.startsWith(folder + sep)) throw new Error('outside');
      const body = packed.get(file) ?? gzipSync(await readFile(file));
      packed.set(file, body);
      response.writeHead(200, {
        'content-type': KINDS[extname(file)] ?? 'application/octet-stream',
        'content-encoding': 'gzip',
        'content-length': body.length,
        'content-security-policy': POLICY,
        'cache-control': 'no-store',
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', () => listening(undefined)); });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { origin: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
