import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

import { shoalAssets } from '../shoal-assets.js';

export default defineConfig({ base: './', plugins: [svelte(), shoalAssets()] });
