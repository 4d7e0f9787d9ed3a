// Generated images, so that nothing needs to be downloaded.

/** Random numbers in 0..1 from a seed (Marsaglia's xorshift, 32 bits). */
export function randomFrom(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A canvas with an image like a photograph: shapes of many sizes, and noise at every scale. */
export function paint(width, height, seed) {
  const random = randomFrom(seed);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  for (let scale = 512; scale >= 1; scale /= 2) {
    const [columns, rows] = [width, height].map((side) => Math.max(2, Math.ceil(side / scale)));
    const octave = new OffscreenCanvas(columns, rows);
    const pixels = new ImageData(columns, rows);
    for (let index = 0; index < pixels.data.length; index += 4) {
      const grey = random() * 200;
      for (let channel = 0; channel < 3; channel += 1) pixels.data[index + channel] = grey + random() * 55;
      pixels.data[index + 3] = 255;
    }
    octave.getContext('2d').putImageData(pixels, 0, 0);
    context.globalAlpha = scale === 512 ? 1 : Math.min(0.5, 0.06 + scale / 200);
    context.drawImage(octave, 0, 0, width, height);
  }
  context.globalAlpha = 1;
  for (let shape = 0; shape < 12; shape += 1) {
    context.fillStyle = `hsl(${random() * 360} 60% ${20 + random() * 60}%)`;
    context.beginPath();
    const [x, y, across, down] = [random(), random(), 0.02 + random() * 0.1, 0.02 + random() * 0.15];
    context.ellipse(x * width, y * height, across * width, down * height, random() * Math.PI, 0, 2 * Math.PI);
    context.fill();
  }
  return canvas;
}

/** An image as bytes, `[sizePx, sizePx, 3]`, and as a PNG file of the same pixels. */
export async function picture(sizePx, seed) {
  const canvas = paint(sizePx, sizePx, seed);
  const { data } = canvas.getContext('2d').getImageData(0, 0, sizePx, sizePx);
  const rgb = data.filter((_, index) => index % 4 !== 3);
  const file = new File([await canvas.convertToBlob({ type: 'image/png' })], 'picture.png', { type: 'image/png' });
  return { rgb: Uint8Array.from(rgb), file };
}

/** A JPEG of 4 : 3. With 12 megapixels it has 2 to 4 MB, as from a camera. */
export function photograph(seed, megapixels = 12) {
  const width = Math.round(Math.sqrt(megapixels * 1e6 * 4 / 3));
  return paint(width, Math.round(width * 3 / 4), seed).convertToBlob({ type: 'image/jpeg', quality: 0.92 });
}
