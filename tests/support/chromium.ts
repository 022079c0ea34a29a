/** A real browser for pages: Chromium from the PATH, driven by playwright-core. */
import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM_NAMES, findChromium } from '../../harness/browser/find-chromium.js';

const executablePath = findChromium();

/** Why browser tests cannot run here. Undefined where they can. */
export const chromiumIsMissing: string | undefined =
  executablePath === null ? `none of ${CHROMIUM_NAMES.join(', ')} is on the PATH` : undefined;

/** The caller closes it. A GPU that is played by software would take longer to paint than the processor does. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
