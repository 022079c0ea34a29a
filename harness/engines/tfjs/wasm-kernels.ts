/** The gradients of convolutions, which TF.js's wasm backend lacks, made of the kernels that it has. */
import { interleave } from './interleave.js';
import { asMap } from './tensors.js';
import { tf } from './tf.js';

type KernelArguments = Parameters<tf.KernelConfig['kernelFunc']>[0];
type Geometry = tf.backend_util.Conv2DInfo;

/** Once a process, before the backend trains. */
export const registerWasmGradients = (): void => {
  for (const [kernelName, compute] of Object.entries(GRADIENTS)) {
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: (site) => tf.tidy(() => compute(site)),
    });
  }
};

/** dW[i, j] = X[i, j]^T dY, where X[i, j] are the pixels that tap (i, j) meets. */
const filterGradient = ({ inputs, attrs }: KernelArguments): tf.Tensor => {
  const { strides, pad, filterShape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  const [x, dy] = [mapOf(inputs.x), mapOf(inputs.dy)];
  const geometry = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
  const gradients = asMatrix(dy);
  return tf.reshape(
    tf.stack(pixelsByTap(x, geometry).map((pixels) => tf.matMul(asMatrix(pixels), gradients, true))),
    filterShape,
  );
};

/** dW[i, j] = the sum over images and pixels of X[i, j] dY, for every channel and each of its filters. */
const depthwiseFilterGradient = ({ inputs, attrs }: KernelArguments): tf.Tensor => {
  const { strides, pad, filterShape } = attrs as unknown as tf.DepthwiseConv2dNativeBackpropFilterAttrs;
  const [x, dy] = [mapOf(inputs.x), mapOf(inputs.dy)];
  const geometry = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, undefined, true);
  const [, , channels, multiplier] = filterShape;
  const gradients = tf.reshape(dy, [-1, channels, multiplier]);
  return tf.reshape(
    tf.stack(
      pixelsByTap(x, geometry).map((pixels) =>
        tf.sum(tf.mul(tf.reshape(pixels, [-1, channels, 1]), gradients), 0),
      ),
    ),
    filterShape,
  );
};

/** dX = the convolution of dY, its pixels set `stride` apart, with the filters turned by half a turn. */
const depthwiseInputGradient = ({ inputs, attrs }: KernelArguments): tf.Tensor => {
  const { strides, pad, inputShape } = attrs as unknown as tf.DepthwiseConv2dNativeBackpropInputAttrs;
  const [dy, filter] = [mapOf(inputs.dy), mapOf(inputs.filter)];
  const geometry = tf.backend_util.computeConv2DInfo(
    inputShape,
    filter.shape,
    strides,
    1,
    pad,
    undefined,
    true,
  );
  const [kernelHeight, kernelWidth, channels, multiplier] = filter.shape;
  const [images, height, width] = inputShape;
  const spread = interleave(interleave(dy, 1, geometry.strideHeight), 2, geometry.strideWidth);
  const around = (size: number, kernel: number, before: number, extent: number): [number, number] => {
    const lead = kernel - 1 - before;
    return [lead, size + kernel - 1 - lead - extent];
  };
  const padded = tf.pad(spread, [
    [0, 0],
    around(height, kernelHeight, geometry.padInfo.top, spread.shape[1]),
    around(width, kernelWidth, geometry.padInfo.left, spread.shape[2]),
    [0, 0],
  ]);
  const turned = tf.reshape(tf.reverse(filter, [0, 1]), [
    kernelHeight,
    kernelWidth,
    channels * multiplier,
    1,
  ]);
  const gradients = tf.depthwiseConv2d(padded, asMap(turned), 1, 'valid');
  return multiplier === 1
    ? gradients
    : tf.sum(tf.reshape(gradients, [images, height, width, channels, multiplier]), 4);
};

const GRADIENTS: Readonly<Record<string, (site: KernelArguments) => tf.Tensor>> = {
  [tf.Conv2DBackpropFilter]: filterGradient,
  [tf.DepthwiseConv2dNativeBackpropFilter]: depthwiseFilterGradient,
  [tf.DepthwiseConv2dNativeBackpropInput]: depthwiseInputGradient,
};

/** For each tap of the kernel, row by row, the pixels that it is multiplied with: a map of the size of the output. */
const pixelsByTap = (x: tf.Tensor4D, geometry: Geometry): readonly tf.Tensor4D[] => {
  const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth, outHeight, outWidth } = geometry;
  const padded = tf.pad(x, [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ]);
  const [images, , , channels] = x.shape;
  return Array.from({ length: filterHeight * filterWidth }, (_, tap) => {
    const [row, column] = [Math.floor(tap / filterWidth), tap % filterWidth];
    const end = [row + (outHeight - 1) * strideHeight + 1, column + (outWidth - 1) * strideWidth + 1];
    return asMap(
      tf.stridedSlice(
        padded,
        [0, row, column, 0],
        [images, ...end, channels],
        [1, strideHeight, strideWidth, 1],
      ),
    );
  });
};

const asMatrix = (x: tf.Tensor4D): tf.Tensor2D => tf.reshape(x, [-1, x.shape[3]]);

/** The engine hands kernels its tensors, typed as less. */
const mapOf = (input: tf.TensorInfo | undefined): tf.Tensor4D =>
  asMap(input instanceof tf.Tensor ? input : undefined);
