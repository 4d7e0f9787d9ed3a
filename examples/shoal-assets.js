// Vite plugin that copies the files which <image-shoal> fetches at run time into `shoal/` of the built site, and serves them
// from there during development. A bundler does not find them, because no module imports them.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { viteStaticCopy } from 'vite-plugin-static-copy';

const dist = dirname(fileURLToPath(import.meta.resolve('image-shoal')));

export const shoalAssets = () => viteStaticCopy({ targets: [{ src: `${dist}/*`, dest: 'shoal' }] });
