/** What onnxruntime's blocked operators (domain `com.microsoft.nchwc`) do on this processor. */

import { OnnxModel } from './model.js';
import { InferenceSession, Tensor } from './native.js';
import { sessionSettings } from './predictor-model.js';

export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/** Fewest channels that onnxruntime reorders. */
const PROBED_CHANNELS = 4;

/**
 * Values that onnxruntime's blocked convolution computes side by side: 16 with AVX-512, 8 with AVX; null where it has no blocked
 * convolution. Told by how far a reordered tensor is filled up.
 */
export const blockSize = async (): Promise<number | null> => {
  const model = new OnnxModel('block_size');
  const shape = [1, PROBED_CHANNELS, 1, 1];
  const probe = model.input('probe', 'float32', shape);
  model.output(model.node('ReorderInput', [probe], { domain: BLOCKED_DOMAIN, name: 'blocked' }), 'float32', [
    1,
    null,
    1,
    1,
  ]);
  try {
    const session = await InferenceSession.create(model.serialize(), sessionSettings(1, 'cpu'));
    const { blocked } = await session.run({
      probe: new Tensor('float32', new Float32Array(PROBED_CHANNELS), shape),
    });
    await session.release();
    const size = blocked?.dims[1] ?? 0;
    return size > PROBED_CHANNELS ? size : null;
  } catch {
    return null;
  }
};
