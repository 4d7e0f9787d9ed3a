// Reader of the shipped weights: safetensors, f16.

/** The strides of the 17 blocks. A block without expansion has no `expand`. */
export const STRIDES = [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1];

/** `{ name: { shape, values: Float32Array } }`. */
export async function fetchWeights(url) {
  const bytes = await (await fetch(url)).arrayBuffer();
  const headerBytes = Number(new DataView(bytes).getBigUint64(0, true));
  const { __metadata__: metadata, ...tensors } = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, headerBytes)));
  if (metadata.layout !== 'folded' || metadata.padding !== 'tensorflow' || metadata.input_mean !== '0.5 0.5 0.5') {
    throw new Error('the other libraries\' networks are not built for these weights');
  }
  return Object.fromEntries(Object.entries(tensors).map(([name, { dtype, shape, data_offsets: [start, end] }]) => {
    if (dtype !== 'F16') throw new Error(`${name} is ${dtype}, not F16`);
    return [name, { shape, values: fromF16(new Uint16Array(bytes.slice(8 + headerBytes + start, 8 + headerBytes + end))) }];
  }));
}

function fromF16(halves) {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
