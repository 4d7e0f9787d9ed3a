// Worker with the network in tfjs, on its wasm backend: bias and ReLU6 are fused into convolutions, as by its graph optimiser.

import '../node_modules/@tensorflow/tfjs-core/dist/tf-core.min.js';
import '../node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js';
import { serve } from './peer-worker.mjs';
import { STRIDES, fetchWeights } from './weights.mjs';

const { tf } = globalThis;

serve(async ({ weightsUrl }) => {
  tf.wasm.setWasmPaths(new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).href);
  tf.wasm.setThreadsCount(1);
  if (!await tf.setBackend('wasm') || !await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) {
    throw new Error('tfjs has no wasm backend with SIMD here');
  }
  const weights = await fetchWeights(weightsUrl);
  // From [out, in, height, width] to [height, width, in, out].
  const filter = (name) => {
    const { shape, values } = weights[`${name}.weight`];
    return tf.tidy(() => tf.keep(tf.transpose(tf.tensor4d(values, shape), [2, 3, 1, 0])));
  };
  // From [channels, 1, height, width] to [height, width, channels, 1].
  const depthwiseFilter = (name) => {
    const { shape, values } = weights[`${name}.weight`];
    return tf.tidy(() => tf.keep(tf.transpose(tf.tensor4d(values, shape), [2, 3, 0, 1])));
  };
  const layer = (name, strides, activation, toFilter = filter) => ({
    filter: toFilter(name), bias: tf.tensor1d(weights[`${name}.bias`].values), strides, pad: 'same', activation,
  });
  const stem = layer('stem', 2, 'relu6');
  const blocks = STRIDES.map((stride, index) => ({
    expand: weights[`blocks.${index}.expand.weight`] && layer(`blocks.${index}.expand`, 1, 'relu6'),
    depthwise: layer(`blocks.${index}.depthwise`, stride, 'relu6', depthwiseFilter),
    project: layer(`blocks.${index}.project`, 1, 'linear'),
  }));
  const head = layer('head', 1, 'relu6');

  const forward = (input) => {
    let x = tf.fused.conv2d({ x: input, ...stem });
    for (const { expand, depthwise, project } of blocks) {
      const wide = expand ? tf.fused.conv2d({ x, ...expand }) : x;
      const narrow = tf.fused.conv2d({ x: tf.fused.depthwiseConv2d({ x: wide, ...depthwise }), ...project });
      const isResidual = depthwise.strides === 1 && narrow.shape[3] === x.shape[3];
      x = isResidual ? tf.add(narrow, x) : narrow;
    }
    return tf.mean(tf.fused.conv2d({ x, ...head }), [1, 2]);
  };
  return async (nhwcF32, pictures, sizePx) => tf.tidy(() => (
    forward(tf.tensor4d(nhwcF32, [pictures, sizePx, sizePx, 3])).dataSync()
  ));
});
