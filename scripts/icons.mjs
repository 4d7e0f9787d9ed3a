// Renders www/icon.svg to the PNG icons of www/icons, with the browser of the tests: icons.mjs. To be run after changes to
// the SVG.

import { readFileSync, writeFileSync } from 'node:fs';

import { launch } from '../tests/e2e/support/browser.mjs';

const svg = readFileSync('www/icon.svg', 'utf8');
const background = svg.match(/<rect [^>]*fill="([^"]+)"/)[1];
// Systems may crop a maskable icon to a circle of 80 % of its width, so only its background reaches the edge.
const ICONS = { '180': { size: 180, share: 1 }, '192': { size: 192, share: 1 }, '512': { size: 512, share: 1 },
  'maskable-512': { size: 512, share: 0.8, background } };

const browser = await launch();
for (const [name, { size, share, background = 'transparent' }] of Object.entries(ICONS)) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0;height:100vh;display:grid;place-items:center;background:${background}}
    svg{width:${share * 100}vw}</style>${svg}`);
  writeFileSync(`www/icons/${name}.png`, await page.screenshot({ omitBackground: true }));
}
await browser.close();
