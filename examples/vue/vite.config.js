import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

import { shoalAssets } from '../shoal-assets.js';

const isCustomElement = (tag) => tag === 'image-shoal';

export default defineConfig({
  base: './',
  plugins: [vue({ template: { compilerOptions: { isCustomElement } } }), shoalAssets()],
});
