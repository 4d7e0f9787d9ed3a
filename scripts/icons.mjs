// Draws the PNG icons of www/icons from www/icon.svg with the browser that the tests use: icons.mjs. To be run when the
// drawing changes.

import { readFileSync, writeFileSync } from 'node:fs';

import { launch } from '../tests/e2e/support/browser.mjs';

const svg = readFileSync('www/icon.svg', 'utf8');
const ground = svg.match(/<rect [^>]*fill="([^"]+)"/)[1];
// A maskable icon may be cut to a circle of 80 % of its side; the ground goes to the edge.
const ICONS = { '180': { size: 180, share: 1 }, '192': { size: 192, share: 1 }, '512': { size: 512, share: 1 },
  'maskable-512': { size: 512, share: 0.8, ground } };

const browser = await launch([]);
for (const [name, { size, share, ground = 'transparent' }] of Object.entries(ICONS)) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0;height:100vh;display:grid;place-items:center;background:${ground}}
    svg{width:${share * 100}vw}</style>${svg}`);
  writeFileSync(`www/icons/${name}.png`, await page.screenshot({ omitBackground: true }));
}
await browser.close();
