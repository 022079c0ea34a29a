import { InvalidArgumentError, Option } from 'commander';
import { DEVICE_KINDS, type DeviceKind } from '../../../results/measurement/device.js';
import { didYouMean } from '../../user/did-you-mean.js';
import { namedAmong } from './values.js';

export const DEVICE_KINDS_HELP =
  'native, the engine on this machine; browser or browser-webgpu, onnxruntime-web in Chromium on it';

export const deviceOption = (): Option =>
  new Option('--device <kind>', `what to measure latency on: ${DEVICE_KINDS_HELP} (default: native)`).choices(
    DEVICE_KINDS,
  );

/** `native,browser`: the run's own device, and those beside it. */
export const parseDeviceKinds = (text: string): readonly [DeviceKind, ...DeviceKind[]] => {
  const { named, stranger, isTwice } = namedAmong(text.split(','), DEVICE_KINDS);
  const [own, ...others] = named;
  if (own !== undefined && stranger === undefined && !isTwice) return [own, ...others];
  const expected = `Expected one of ${DEVICE_KINDS.join(', ')}, or several, each once, for example native,browser.`;
  throw new InvalidArgumentError(didYouMean(stranger ?? '', DEVICE_KINDS, expected));
};
