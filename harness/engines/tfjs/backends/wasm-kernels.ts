/**
 * The gradients of convolutions, which TF.js's wasm backend lacks in two dimensions and gets wrong in three, made of the kernels
 * that it has.
 */
import { interleave } from '../operations/interleave.js';
import { asMap, asVolume } from '../operations/tensors.js';
import { tf } from './tf.js';

type KernelArguments = Parameters<tf.KernelConfig['kernelFunc']>[0];

/** Once a process, before the backend trains. */
export const registerWasmGradients = (): void => {
  for (const [kernelName, compute] of Object.entries(GRADIENTS)) {
    // A kernel that returns a tensor, rather than a description of its data, hands over what it made.
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: (site) => tf.tidy(() => compute(site)),
    });
  }
};

/** dW[tap] = X[tap]^T dY, where X[tap] are the pixels that a tap of the kernel meets. */
const filterGradient = ({ inputs, attrs }: KernelArguments): tf.Tensor => {
  const { strides, pad, filterShape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  const [x, dy] = [asMap(tensorOf(inputs.x)), asMap(tensorOf(inputs.dy))];
  const windows = mapWindows(tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad));
  return productByTap(x, dy, windows, filterShape);
};

/** dW[tap] = the sum over images and pixels of X[tap] dY, for every channel and each of its filters. */
const depthwiseFilterGradient = ({ inputs, attrs }: KernelArguments): tf.Tensor => {
  const { strides, pad, filterShape } = attrs as unknown as tf.DepthwiseConv2dNativeBackpropFilterAttrs;
  const [x, dy] = [asMap(tensorOf(inputs.x)), asMap(tensorOf(inputs.dy))];
  const windows = mapWindows(
    tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, undefined, true),
  );
  const [, , channels, multiplier] = filterShape;
  const gradients = tf.reshape(dy, [-1, channels, multiplier]);
  const sums = valuesByTap(x, windows).map((values) =>
    tf.sum(tf.mul(tf.reshape(values, [-1, channels, 1]), gradients), 0),
  );
  return tf.reshape(tf.stack(sums), filterShape);
};

/** dX = the convolution of the spread dY with the kernels turned by half a turn. */
const depthwiseInputGradient = ({ inputs, attrs }: KernelArguments): tf.Tensor => {
  const { strides, pad, inputShape } = attrs as unknown as tf.DepthwiseConv2dNativeBackpropInputAttrs;
  const [dy, filter] = [asMap(tensorOf(inputs.dy)), asMap(tensorOf(inputs.filter))];
  const windows = mapWindows(
    tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad, undefined, true),
  );
  const [height, width, channels, multiplier] = filter.shape;
  const turned = tf.reshape(tf.reverse(filter, [0, 1]), [height, width, channels * multiplier, 1]);
  const gradients = tf.depthwiseConv2d(asMap(spread(dy, windows)), asMap(turned), 1, 'valid');
  if (multiplier === 1) return gradients;
  const [images, rows, columns] = inputShape;
  return tf.sum(tf.reshape(gradients, [images, rows, columns, channels, multiplier]), 4);
};

/** As `filterGradient`. */
const volumeFilterGradient = ({ inputs, attrs }: KernelArguments): tf.Tensor => {
  const { strides, pad, filterShape } = attrs as unknown as tf.Conv3DBackpropFilterV2Attrs;
  const [x, dy] = [asVolume(tensorOf(inputs.x)), asVolume(tensorOf(inputs.dy))];
  const windows = volumeWindows(tf.backend_util.computeConv3DInfo(x.shape, filterShape, strides, 1, pad));
  return productByTap(x, dy, windows, filterShape);
};

/** As `depthwiseInputGradient`, with the two ends of the kernel swapped. */
const volumeInputGradient = ({ inputs, attrs }: KernelArguments): tf.Tensor => {
  const { strides, pad, inputShape } = attrs as unknown as tf.Conv3DBackpropInputV2Attrs;
  const [dy, filter] = [asVolume(tensorOf(inputs.dy)), asVolume(tensorOf(inputs.filter))];
  const windows = volumeWindows(tf.backend_util.computeConv3DInfo(inputShape, filter.shape, strides, 1, pad));
  const turned = tf.transpose(tf.reverse(filter, [0, 1, 2]), [0, 1, 2, 4, 3]);
  return tf.conv3d(asVolume(spread(dy, windows)), asVolume(turned), 1, 'valid');
};

const GRADIENTS: Readonly<Record<string, (site: KernelArguments) => tf.Tensor>> = {
  [tf.Conv2DBackpropFilter]: filterGradient,
  [tf.DepthwiseConv2dNativeBackpropFilter]: depthwiseFilterGradient,
  [tf.DepthwiseConv2dNativeBackpropInput]: depthwiseInputGradient,
  [tf.Conv3DBackpropFilterV2]: volumeFilterGradient,
  [tf.Conv3DBackpropInputV2]: volumeInputGradient,
};

/** How a kernel slides along one axis. */
interface Window {
  readonly input: number;
  readonly output: number;
  readonly taps: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
}

const mapWindows = (info: tf.backend_util.Conv2DInfo | tf.backend_util.Conv3DInfo): readonly Window[] => [
  {
    input: info.inHeight,
    output: info.outHeight,
    taps: info.filterHeight,
    stride: info.strideHeight,
    before: info.padInfo.top,
    after: info.padInfo.bottom,
  },
  {
    input: info.inWidth,
    output: info.outWidth,
    taps: info.filterWidth,
    stride: info.strideWidth,
    before: info.padInfo.left,
    after: info.padInfo.right,
  },
];

const volumeWindows = (info: tf.backend_util.Conv3DInfo): readonly Window[] => [
  {
    input: info.inDepth,
    output: info.outDepth,
    taps: info.filterDepth,
    stride: info.strideDepth,
    before: info.padInfo.front,
    after: info.padInfo.back,
  },
  ...mapWindows(info),
];

/** For each tap of the kernel, the last axis fastest, the values that it is multiplied with, in the output's order. */
const valuesByTap = (x: tf.Tensor, windows: readonly Window[]): readonly tf.Tensor[] => {
  const padded = tf.pad(x, aroundWindows(windows.map(({ before, after }) => [before, after])));
  const [images = 0, channels = 0] = [x.shape[0], x.shape.at(-1)];
  return everyTap(windows.map(({ taps }) => taps)).map((tap) => {
    const ends = windows.map(({ output, stride }, axis) => (tap[axis] ?? 0) + (output - 1) * stride + 1);
    const strides = windows.map(({ stride }) => stride);
    return tf.stridedSlice(padded, [0, ...tap, 0], [images, ...ends, channels], [1, ...strides, 1]);
  });
};

const everyTap = ([taps, ...rest]: readonly number[]): readonly (readonly number[])[] =>
  taps === undefined
    ? [[]]
    : Array.from({ length: taps }, (_, tap) => everyTap(rest).map((others) => [tap, ...others])).flat();

const productByTap = (
  x: tf.Tensor,
  dy: tf.Tensor,
  windows: readonly Window[],
  filterShape: readonly number[],
): tf.Tensor => {
  const gradients = asMatrix(dy);
  const products = valuesByTap(x, windows).map((values) => tf.matMul(asMatrix(values), gradients, true));
  return tf.reshape(tf.stack(products), [...filterShape]);
};

/** dY's values a stride apart, with zeros around them, so that a kernel slid over it meets the input's size. */
const spread = (dy: tf.Tensor, windows: readonly Window[]): tf.Tensor => {
  const apart = windows.reduce((x, { stride }, axis) => interleave(x, axis + 1, stride), dy);
  const around = windows.map(({ input, output, taps, stride, before }): [number, number] => {
    const lead = taps - 1 - before;
    return [lead, input + taps - 1 - lead - ((output - 1) * stride + 1)];
  });
  return tf.pad(apart, aroundWindows(around));
};

/** Paddings of the axes between images and channels. */
const aroundWindows = (paddings: readonly [number, number][]): [number, number][] => [
  [0, 0],
  ...paddings,
  [0, 0],
];

const asMatrix = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, x.shape.at(-1) ?? 1]);

/** The engine hands kernels its tensors, typed as less. */
const tensorOf = (input: tf.TensorInfo | undefined): tf.Tensor | undefined =>
  input instanceof tf.Tensor ? input : undefined;
