/**
 * onnxruntime's native library reads this as it is loaded. Without it, it writes a device id and events to the user's cache, and sends
 * them. Importing this module sets it for this process and those that it starts.
 */
export const NO_TELEMETRY = { ORT_DISABLE_TELEMETRY: '1' };

Object.assign(process.env, NO_TELEMETRY);
