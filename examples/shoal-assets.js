// Copies the files that <image-shoal> fetches at run time into `shoal/` of the built site, and serves them from there
// while developing: a bundler cannot see them, since the program itself asks for them.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { viteStaticCopy } from 'vite-plugin-static-copy';

const dist = dirname(fileURLToPath(import.meta.resolve('image-shoal')));

export const shoalAssets = () => viteStaticCopy({ targets: [{ src: `${dist}/*`, dest: 'shoal' }] });
