import type { Plan } from '../../results/plan.js';
import type { RunOptions } from './run-options.js';

/** Opens each browser that latency is to be measured in, so that nobody trains for hours in vain. Throws UserError as openBrowser does. */
export const requireBrowsers = async (
  { latency }: Plan,
  { device = 'native', otherDevices = [] }: RunOptions,
): Promise<void> => {
  for (const kind of [device, ...otherDevices]) {
    if (kind === 'native') continue;
    const { openBrowser } = await import('../browser/browser.js');
    await (await openBrowser(latency, kind)).close();
  }
};
