import { defineConfig } from 'vite';

import { shoalAssets } from '../shoal-assets.js';

export default defineConfig({ base: './', plugins: [shoalAssets()] });
