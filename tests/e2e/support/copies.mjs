// Re-encoded copies of images, made in the page: the same image in other bytes.

import { readFileSync } from 'node:fs';

/** Adds copies with the public `add`: `{ path, name, type, scale, quality }` each, `scale` being a factor of the size. */
export async function addCopies(page, copies) {
  const sources = copies.map(({ path, ...copy }) => ({ ...copy, base64: readFileSync(path).toString('base64') }));
  return page.evaluate(async (sources) => {
    const files = [];
    for (const { base64, name, type = 'image/png', scale = 1, quality } of sources) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      files.push(new File([await canvas.convertToBlob({ type, quality })], name, { type }));
    }
    return document.querySelector('image-shoal').add(files);
  }, sources);
}
