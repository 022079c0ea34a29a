/** Devices in words: each is ranked by itself, and what is decided otherwise on another is said. */
import type { Analysis, DeviceAnalysis } from '../../harness/analysis/analysis.js';
import type { DeviceKind } from '../../results/measurement/device.js';
import { plainText } from '../text/text.js';
import { distinct, listed } from '../text/words.js';

export const DEVICES_APART =
  'Each device is ranked by itself: its networks were timed in the same rounds. Times of different devices are shown side by side and not compared.';

const KIND_NOTES = {
  native: '',
  browser: ' (browser)',
  'browser-webgpu': ' (browser, WebGPU)',
} as const satisfies Record<DeviceKind, string>;

/** A name for each, in their order. */
export const deviceNames = (devices: readonly DeviceAnalysis[]): readonly string[] =>
  distinct(
    devices.map(({ device }, index) => {
      if (device === null) return `device ${index + 1}`;
      return plainText(`${device.name}${KIND_NOTES[device.kind]}`) || `device ${index + 1}`;
    }),
  );

/** A sentence a pair whose order changes between devices. */
export const orderChangeTexts = ({ devices, orderChanges }: Analysis): readonly string[] => {
  const names = deviceNames(devices);
  const on = (indices: readonly number[]): string => listed(indices.map((index) => names[index] ?? ''));
  return orderChanges.map(
    ({ candidate, reference, fasterOn, slowerOn }) =>
      `${plainText(candidate)} is faster than ${plainText(reference)} on ${on(fasterOn)}, and slower on ${on(slowerOn)}.`,
  );
};

/** Of devices where pairs are decided, and none otherwise than on another. */
export const NO_ORDER_CHANGE = 'No pair is decided one way on one device and the other way on another.';
