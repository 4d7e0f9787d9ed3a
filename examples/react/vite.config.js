import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { shoalAssets } from '../shoal-assets.js';

export default defineConfig({ base: './', plugins: [react(), shoalAssets()] });
