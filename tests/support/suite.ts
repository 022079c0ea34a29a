import type { SuiteSpec } from '../../suites/suite.js';

/** A small suite on the synthetic data set, with the changes given. */
export const suiteSpec = (changes: Partial<SuiteSpec> = {}): SuiteSpec => ({
  id: 'test',
  title: 'Two blocks',
  question: 'Which is better?',
  skeleton: { stemWidth: 4, stemStrides: [1, 2], widths: [8, 16], depths: [1, 1], headWidth: 16 },
  data: { dataset: 'synthetic', size: 12 },
  recipe: { epochs: 2, batch: 20, learningRate: 0.05 },
  seeds: 2,
  candidates: [
    { name: 'inverted', block: 'inverted-residual', set: { expansion: 2 } },
    { name: 'sandglass', block: 'sandglass' },
  ],
  ...changes,
});
