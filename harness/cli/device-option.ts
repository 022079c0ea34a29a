import { Option } from 'commander';
import { DEVICE_KINDS } from '../../results/device.js';

export const deviceOption = (): Option =>
  new Option(
    '--device <kind>',
    'what to measure latency on: the engine on this machine, or onnxruntime-web in Chromium on it (default: native)',
  ).choices(DEVICE_KINDS);
