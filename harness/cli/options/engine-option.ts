export const ENGINE_HELP =
  'auto, an engine from lightbench list engines, or an engine on a device, such as pytorch:cuda';
