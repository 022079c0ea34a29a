import type { DeviceKind } from '../../results/measurement/device.js';
import type { Plan } from '../../results/plan/plan.js';

/** Opens each browser that latency is to be measured in, so that nobody trains for hours in vain. Throws UserError as openBrowser does. */
export const requireBrowsers = async ({ latency }: Plan, devices: readonly DeviceKind[]): Promise<void> => {
  for (const kind of devices) {
    if (kind === 'native') continue;
    const { openBrowser } = await import('../browser/browser.js');
    await (await openBrowser(latency, kind)).close();
  }
};
