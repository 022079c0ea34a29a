/** The one way to onnxruntime's native library. */
import './no-telemetry.js';

export { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
