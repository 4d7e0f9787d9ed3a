// Copies of pictures, made in the page: other bytes of the same picture.

import { readFileSync } from 'node:fs';

/**
 * Adds copies by the public `add`: `{ path, name, type, scale, quality }` each, of the file at `path`, drawn at `scale`
 * times its size.
 */
export async function addCopies(page, copies) {
  const originals = copies.map(({ path, ...copy }) => ({ ...copy, base64: readFileSync(path).toString('base64') }));
  return page.evaluate(async (originals) => {
    const files = [];
    for (const { base64, name, type = 'image/png', scale = 1, quality } of originals) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      files.push(new File([await canvas.convertToBlob({ type, quality })], name, { type }));
    }
    return document.querySelector('image-shoal').add(files);
  }, originals);
}
