/** The suites that come with the package: one line a suite. */
import { quick } from './quick.js';
import type { SuiteSpec } from './suite.js';

export const SUITES: readonly SuiteSpec[] = [
  quick, //
];
