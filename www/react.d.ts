// Types of `<image-shoal>` in JSX for React 19 and later: `import 'image-shoal/react'`, which only adds types.

import type { ImageShoalJsxAttributes } from './image-shoal.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'image-shoal': ImageShoalJsxAttributes;
    }
  }
}
