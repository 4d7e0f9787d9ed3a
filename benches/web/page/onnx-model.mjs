// Writer of the network as an ONNX file, in hand-written protobuf.
// The field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.

import { STRIDES } from './weights.mjs';

const FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
const IR_VERSION = 8;
const OPSET_VERSION = 13;
const utf8 = new TextEncoder();

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

const integer = (field, value) => Uint8Array.from([...varint(field * 8), ...varint(value)]);

function bytes(field, value) {
  const content = typeof value === 'string' ? utf8.encode(value) : value;
  return joined([Uint8Array.from([...varint(field * 8 + 2), ...varint(content.length)]), content]);
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

const message = (field, ...parts) => bytes(field, joined(parts));

const tensor = (name, shape, values) => message(
  5, ...shape.map((side) => integer(1, side)), integer(2, FLOAT), bytes(8, name),
  bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
);

const attribute = (name, value) => (Array.isArray(value)
  ? message(5, bytes(1, name), ...value.map((one) => integer(8, one)), integer(20, ATTRIBUTE_INTS))
  : message(5, bytes(1, name), integer(3, value), integer(20, ATTRIBUTE_INT)));

const node = (operation, inputs, output, attributes = {}) => message(
  1, ...inputs.map((input) => bytes(1, input)), bytes(2, output), bytes(3, output), bytes(4, operation),
  ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
);

// A number is a fixed dimension, a string one that is known only at run time.
const dimension = (side) => message(1, typeof side === 'number' ? integer(1, side) : bytes(2, side));
const port = (field, name, shape) => message(
  field, bytes(1, name), message(2, message(1, integer(1, FLOAT), message(2, ...shape.map(dimension)))),
);

/** The ONNX file for `weights`: `pixels` `[n, 3, height, width]`, float32, to `features` `[n, 1280]`. */
export function onnxModel(weights) {
  const nodes = [];
  const tensors = [tensor('zero', [], Float32Array.of(0)), tensor('six', [], Float32Array.of(6))];

  const convolution = (input, name, { stride = 1, activation = true } = {}) => {
    const [weight, bias] = ['weight', 'bias'].map((part) => {
      const { shape, values } = weights[`${name}.${part}`];
      tensors.push(tensor(`${name}.${part}`, shape, values));
      return `${name}.${part}`;
    });
    const [channels, channelsIn, side] = weights[weight].shape;
    // TensorFlow's SAME on even sides: top, left, bottom, right.
    const pads = { 1: [0, 0, 0, 0], 3: stride === 2 ? [0, 0, 1, 1] : [1, 1, 1, 1] }[side];
    const group = side === 3 && channelsIn === 1 ? channels : 1;
    nodes.push(node('Conv', [input, weight, bias], name, { kernel_shape: [side, side], strides: [stride, stride], pads, group }));
    if (!activation) return name;
    nodes.push(node('Clip', [name, 'zero', 'six'], `${name}.relu6`));
    return `${name}.relu6`;
  };

  let x = convolution('pixels', 'stem', { stride: 2 });
  let channels = weights['stem.bias'].shape[0];
  STRIDES.forEach((stride, index) => {
    const block = `blocks.${index}`;
    const wide = weights[`${block}.expand.weight`] ? convolution(x, `${block}.expand`) : x;
    const narrow = convolution(convolution(wide, `${block}.depthwise`, { stride }), `${block}.project`, { activation: false });
    const [channelsOut] = weights[`${block}.project.bias`].shape;
    if (stride === 1 && channels === channelsOut) {
      nodes.push(node('Add', [narrow, x], `${block}.sum`));
      x = `${block}.sum`;
    } else {
      x = narrow;
    }
    channels = channelsOut;
  });
  nodes.push(node('GlobalAveragePool', [convolution(x, 'head')], 'pooled'));
  nodes.push(node('Flatten', ['pooled'], 'features', { axis: 1 }));

  return joined([
    integer(1, IR_VERSION),
    message(
      7, ...nodes, bytes(2, 'mobilenet_v2'), ...tensors,
      port(11, 'pixels', ['n', 3, 'height', 'width']), port(12, 'features', ['n', weights['head.bias'].shape[0]]),
    ),
    message(8, bytes(1, ''), integer(2, OPSET_VERSION)),
  ]);
}
