// Re-encoded copies of images, made in the page: the same image in other bytes.

import { readFileSync } from 'node:fs';

/**
 * Adds copies with the public `add`: `{ path, name, type, scale, quality, mirrored, quarters }` each, `scale` being a factor of the
 * size, and `quarters` the number of quarter turns clockwise after mirroring.
 */
export async function addCopies(page, copies) {
  const sources = copies.map(({ path, ...copy }) => ({ ...copy, base64: readFileSync(path).toString('base64') }));
  return page.evaluate(async (sources) => {
    const files = [];
    for (const { base64, name, type = 'image/png', scale = 1, quality, mirrored, quarters = 0 } of sources) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes]));
      const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
      const canvas = quarters % 2 ? new OffscreenCanvas(height, width) : new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.translate(canvas.width / 2, canvas.height / 2);
      context.rotate(quarters * Math.PI / 2);
      context.scale(mirrored ? -1 : 1, 1);
      context.drawImage(picture, -width / 2, -height / 2, width, height);
      files.push(new File([await canvas.convertToBlob({ type, quality })], name, { type }));
    }
    return document.querySelector('image-shoal').add(files);
  }, sources);
}
