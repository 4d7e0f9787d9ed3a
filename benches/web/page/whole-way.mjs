// From photographs to features, through the public members.

import { cosine } from './cosine.mjs';
import { photograph } from './pictures.mjs';
import { startShoal } from './shoal.mjs';

const DIFFERENT_PHOTOGRAPHS = 4;

/** Adds `count` photographs of 12 megapixels: `{ megabytes, added, rejected, workers, wallMs, timings }`. */
export async function addPhotographs({ count, sizePx, workers }) {
  const made = [];
  for (let seed = 1; seed <= DIFFERENT_PHOTOGRAPHS; seed += 1) made.push(await photograph(seed));
  const files = Array.from({ length: count }, (_, index) => {
    // Decoders ignore bytes after a JPEG's end, so these make different files.
    const mark = Uint32Array.of(index);
    return new File([made[index % made.length], mark], `photograph ${index}.jpg`, { type: 'image/jpeg' });
  });
  const { Shoal } = await import(new URL('../../../dist/image-shoal.js', import.meta.url).href);
  const shoal = new Shoal({ size: sizePx, workers });
  const engine = await shoal.ready;
  const startMs = performance.now();
  const { added, rejected } = await shoal.add(files);
  const wallMs = performance.now() - startMs;
  const { timings } = shoal;
  shoal.close();
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { megabytes: bytes / 1e6, added, rejected, workers: engine.workers, wallMs, timings };
}

/** The lowest cosine between a photograph's features and those of its pixels as a PNG, which is decoded at full size. */
export async function similarityOfReduced({ sizePx, count }) {
  const worker = await startShoal({
    workerUrl: new URL('../../../dist/worker-loader.js', import.meta.url).href,
    weightsUrl: new URL('../../../weights/mobilenet_v2_backbone.safetensors', import.meta.url).href,
  });
  const similarities = [];
  for (let seed = 1; seed <= count; seed += 1) {
    const jpeg = await photograph(seed);
    const pixels = await createImageBitmap(jpeg);
    const canvas = new OffscreenCanvas(pixels.width, pixels.height);
    canvas.getContext('2d').drawImage(pixels, 0, 0);
    pixels.close();
    const png = await canvas.convertToBlob({ type: 'image/png' });
    const [reduced, whole] = [
      await worker.features({ file: new File([jpeg], 'photograph.jpg', { type: 'image/jpeg' }), sizePx }),
      await worker.features({ file: new File([png], 'photograph.png', { type: 'image/png' }), sizePx }),
    ];
    similarities.push(cosine(reduced, whole));
  }
  worker.close();
  return Math.min(...similarities);
}
