/** A comparison with everything in it, and names that try to break out of what shows them. */
import type { Comparison } from '../../harness/regression/compare/comparison.js';
import { HOSTILE_NAMES } from './run-fixture.js';

const side = { kind: 'baseline', lightbench: '0.1.0', at: '2025-01-02T03:04:05.000Z' } as const;

const row = (path: string, op: string, params: number) => ({
  path,
  kind: 'depthwise',
  op,
  output: [16, 6, 6],
  params,
  macs: 36 * params,
  flops: 72 * params,
});

export const comparisonFixture = (): Comparison => ({
  baseline: { ...side, name: 'baseline', commit: '0123456789abcdef', uncommitted: true },
  current: { ...side, name: 'suite|`*.ts', kind: 'code', commit: null },
  state: 'regression',
  regressions: [
    { rule: 'costs', name: 'wider' },
    { rule: 'latency', name: 'wider' },
    { rule: 'accuracy', name: HOSTILE_NAMES.script },
  ],
  undecided: [{ rule: 'latency', name: HOSTILE_NAMES.image }],
  gone: ['old'],
  costs: {
    entries: [
      {
        name: 'wider',
        state: 'worse',
        selection: ['lightnet(block=a)', 'lightnet(block=b)'],
        totals: [
          { form: 'train', metric: 'params', before: 1000, after: 1250 },
          { form: 'deploy', metric: 'activationBytes', before: 0, after: 64 },
        ],
        operations: [
          {
            form: 'train',
            path: 'stem.conv',
            before: row('stem.conv', 'conv2d outChannels=16 kernel=3x3', 144),
            after: row('stem.conv', 'conv2d outChannels=16 kernel=5x5', 400),
          },
          {
            form: 'deploy',
            path: 'stem.side.conv',
            before: null,
            after: row('stem.side.conv', 'conv2d outChannels=16 kernel=1x1', 16),
          },
          ...Array.from({ length: 20 }, (_, index) => ({
            form: 'deploy' as const,
            path: `later.${index}`,
            before: row(`later.${index}`, 'add', 0),
            after: null,
          })),
        ],
        unmerged: ['stem.side.conv'],
      },
      {
        name: 'renamed',
        state: 'changed',
        selection: ['renamed', 'renamed'],
        totals: [],
        operations: null,
        unmerged: [],
      },
    ],
    equal: ['repso', 'sf'],
    added: ['new'],
    removed: ['old', 'older'],
  },
  latency: {
    state: 'compared',
    entries: [
      {
        name: 'wider',
        state: 'worse',
        effect: 0.051,
        interval: [0.03, 0.07],
        threshold: 0.01,
        needed: null,
        before: 1.25,
        after: 1.314,
        stored: 1.9,
      },
      {
        name: HOSTILE_NAMES.image,
        state: 'undecided',
        effect: 0.004,
        interval: [-0.01, 0.02],
        threshold: 0.01,
        needed: { unit: 'rounds', count: 120 },
        before: 1,
        after: 1.004,
        stored: null,
      },
      { name: 'repso', state: 'identical' },
      { name: 'sf', state: 'not-comparable', reason: 'batch: 1 and 8' },
    ],
    noiseFloor: 0.0042,
    notes: ['The baseline was made with onnxruntime 1.2.3; both sides were timed with 1.30.0.'],
  },
  accuracy: { state: 'not-comparable', reasons: ['recipe.epochs: 4 and 8', 'data set: a and b'] },
});
