// @powersync/web in headless Chromium. Argument as for node-client.mjs.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from './program.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
];

const settings = JSON.parse(process.argv[2]);
const page = path.join(import.meta.dirname, 'dist');
const files = new Map(
  fs.readdirSync(page, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => [`/${path.relative(page, file)}`, file])
);

const pages = http.createServer((request, response) => {
  const file = files.get(request.url === '/' ? '/index.html' : request.url.split('?')[0]);
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
  fs.createReadStream(file).pipe(response);
});
await new Promise((listening) => pages.listen(0, '127.0.0.1', listening));

const browser = await chromium.launchPersistentContext(path.join(settings.folder, 'browser'), {
  executablePath: settings.chromium,
  headless: true,
  args: FLAGS
});
const tab = browser.pages()[0] ?? (await browser.newPage());
tab.on('console', (message) => process.stderr.write(`${message.text()}\n`));
tab.on('pageerror', (error) => process.stderr.write(`${error}\n`));
// Only a secure origin has what the SDK stores in: localhost is one.
await tab.goto(`http://localhost:${pages.address().port}/`);
await tab.waitForFunction(() => window.start !== undefined);
await tab.evaluate((given) => window.start(given), settings);
await serve((command) => tab.evaluate((given) => window.run(given), command));
await browser.close();
process.exit(0);
