export const ENGINE_HELP =
  'auto, an engine of lightbench list engines, or one on a device, for example onnxruntime:cuda';
