// Worker with the network in onnxruntime-web, on its wasm backend with one thread or on WebGPU.

import { onnxModel } from './onnx-model.mjs';
import { serve } from './peer-worker.mjs';
import { fetchWeights } from './weights.mjs';

function toNchw(nhwcF32, pictures, sizePx) {
  const places = sizePx * sizePx;
  const nchwF32 = new Float32Array(nhwcF32.length);
  for (let index = 0; index < nhwcF32.length; index += 1) {
    const [channel, pixel] = [index % 3, Math.floor(index / 3)];
    nchwF32[(Math.floor(pixel / places) * 3 + channel) * places + (pixel % places)] = nhwcF32[index];
  }
  return nchwF32;
}

serve(async ({ weightsUrl, provider }) => {
  const folder = new URL('../node_modules/onnxruntime-web/dist/', import.meta.url);
  const ort = await import(new URL(`ort.${provider}.min.mjs`, folder).href);
  ort.env.wasm.wasmPaths = folder.href;
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(onnxModel(await fetchWeights(weightsUrl)), {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
  });
  return async (nchwF32, pictures, sizePx) => {
    const pixels = new ort.Tensor('float32', nchwF32, [pictures, 3, sizePx, sizePx]);
    const { features } = await session.run({ pixels });
    const values = await features.getData();
    features.dispose();
    return values;
  };
}, toNchw);
