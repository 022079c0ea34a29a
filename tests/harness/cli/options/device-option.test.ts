import { describe, expect, it } from 'vitest';
import { parseDeviceKinds } from '../../../../harness/cli/options/device-option.js';

describe('the devices of a run', () => {
  it.each(['native', 'browser', 'native,browser', 'browser-webgpu,native'])(
    '%s is read in its order',
    (text) => expect(parseDeviceKinds(text).join()).toBe(text),
  );

  it.each(['', 'gpu', 'native,', 'native,native', 'native,gpu', 'native browser'])(
    '"%s" is refused',
    (text) =>
      expect(() => parseDeviceKinds(text)).toThrow(/native, browser, browser-webgpu, or several, each once/),
  );
});
