import { onnxruntime } from '../../engines/onnx/engine.js';
import { UserError } from '../../user/user-error.js';

/** Throws UserError where onnxruntime's CPU kernels, by which every engine's networks are tested in int8, do not work here. */
export const requireInt8Kernels = async (): Promise<void> => {
  const state = await onnxruntime.describe();
  if (state.state === 'available') return;
  throw new UserError(
    `The suite tests its networks in int8, which onnxruntime does on the CPU, whatever trains them; but ${state.reason}.`,
    state.remedy,
  );
};
