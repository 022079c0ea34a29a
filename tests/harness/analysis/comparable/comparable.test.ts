import { describe, expect, it } from 'vitest';
import {
  comparableGroups,
  kindOf,
  notComparable,
  runDifferences,
} from '../../../../harness/analysis/comparable/comparable.js';
import type { Plan } from '../../../../results/plan/plan.js';
import type { Run } from '../../../../results/run/run.js';
import { latencyMeasurement } from '../../../support/latency-measurement.js';
import { runFixture } from '../../../support/run-fixture.js';

const { run } = runFixture();

const withConditions = (change: Partial<Plan['conditions']>): Run => ({
  ...run,
  plan: { ...run.plan, conditions: { ...run.plan.conditions, ...change } },
});

describe('runDifferences', () => {
  it('finds none between a run and itself', () => {
    expect(runDifferences(run, run)).toEqual({ all: [], latency: [] });
  });

  it.each<[string, Partial<Plan['conditions']>, readonly string[]]>([
    [
      'the data',
      { dataset: { ...run.plan.conditions.dataset, contentHash: 'ff', trainImages: 10 } },
      ['hash of the data set: 5f2c9d0b7a1e4c38 and ff', 'training images: 54000 and 10'],
    ],
    ['the size of images', { input: [1, 28, 32] }, ['input: [1,32,32] and [1,28,32]']],
    [
      'the engine',
      { engine: { id: 'onnxruntime', version: '1.31.0', device: 'cpu' } },
      ['version of the engine: 1.30.0 and 1.31.0'],
    ],
    [
      'the device of the engine',
      { engine: { ...run.plan.conditions.engine, device: 'webgpu' } },
      ['device of the engine: cpu and webgpu'],
    ],
    [
      'the recipe, deep inside and in what only one has',
      { recipe: { ...run.plan.conditions.recipe, augmentation: { flip: true, shift: 2 }, mixup: 0.2 } },
      ['recipe.augmentation.flip: false and true', 'recipe.mixup: none and 0.2'],
    ],
    ['the threads of training', { trainThreads: 1 }, ['threads of training: 2 and 1']],
    [
      'the tuning, which only one has',
      { tuning: { learningRates: [0.1, 0.2], epochs: 2, seed: -1 } },
      [
        'tuning.learningRates: none and [0.1,0.2]',
        'tuning.epochs: none and 2',
        'seed of tuning: none and -1',
      ],
    ],
  ])('names what differs in %s', (_what, change, differences) => {
    expect(runDifferences(run, withConditions(change))).toEqual({ all: differences, latency: [] });
  });

  it('names how networks are quantised where both are, and compares them in float where one is not', () => {
    const inInt8 = (images: number): Run =>
      withConditions({ int8: { calibration: 'min-max', images, weights: 'per-channel' } });
    expect(runDifferences(inInt8(256), inInt8(512)).all).toEqual(['int8.images: 256 and 512']);
    expect(runDifferences(run, inInt8(512)).all).toEqual([]);
  });

  it('names another skeleton, other versions of the program, and candidates of which none is a block', () => {
    const { plan } = run;
    const change = (candidates: Plan['candidates'], lightbench = run.environment.lightbench): Run => ({
      ...run,
      plan: { ...plan, candidates },
      environment: { ...run.environment, lightbench },
    });
    const wider = plan.candidates.map((candidate) =>
      candidate.group === 'lightnet' ? { ...candidate, skeleton: 'wider' } : candidate,
    );
    expect(runDifferences(run, change(wider, '9.9.9')).all).toEqual([
      'network around the blocks: 0c1d2e3f4a5b6c7d and wider',
      `version of lightbench: ${run.environment.lightbench} and 9.9.9`,
    ]);
    const networks = plan.candidates.filter(({ group }) => group === 'network');
    expect(runDifferences(run, change(networks)).all).toEqual([
      'network around the blocks: 0c1d2e3f4a5b6c7d and none',
    ]);
    expect(runDifferences(run, change(plan.candidates.slice(1))).all).toEqual([]);
  });

  it('names the machine that latency was measured on, where a run was resumed on another', () => {
    const moved: Run = { ...run, latencyMeasurement: latencyMeasurement({ cpu: 'elsewhere', cores: 64 }) };
    expect(runDifferences(run, moved).latency).toEqual([
      `cpu: ${run.environment.cpu} and elsewhere`,
      `cores: ${run.environment.cores} and 64`,
    ]);
  });

  it('names what matters to latency alone', () => {
    const other: Run = {
      ...run,
      environment: { ...run.environment, cpu: 'another' },
      plan: { ...run.plan, latency: { ...run.plan.latency, threads: 2 } },
    };
    expect(runDifferences(run, other)).toEqual({
      all: [],
      latency: ['cpu: Example CPU <2.0 GHz> and another', 'threads: 1 and 2'],
    });
  });
});

describe('candidates of a run', () => {
  const [candidate] = run.plan.candidates;
  if (candidate === undefined) throw new Error('The run of the fixture has no candidate.');
  const block = (name: string, selection: string, skeleton: string) => ({
    ...candidate,
    ...({ name, group: 'lightnet', selection: `lightnet(${selection})`, skeleton } as const),
  });
  const published = { ...candidate, name: 'published', group: 'network', skeleton: 'p' } as const;
  const one = block('one', 'block=repso,width=2', 'a');
  const other = block('other', 'block=ghost,width=2', 'a');
  const narrow = block('narrow', 'block=ghost,depths=[1,2]', 'b');
  const twin = block('twin', 'block=ghost,width=2', 'c');

  it('are compared as blocks where they share a skeleton, else as whole networks', () => {
    const groups = comparableGroups([one, narrow, published, other]);
    expect(groups).toEqual([
      [one, other],
      [narrow, published],
    ]);
    expect(groups.map(kindOf)).toEqual(['lightnet', 'network']);
    expect([comparableGroups([one, narrow]), comparableGroups([published, twin])]).toEqual([
      [[one, narrow]],
      [[published, twin]],
    ]);
  });

  it('are what they are where there is one of a kind', () => {
    expect(comparableGroups([one, narrow, other]).map(kindOf)).toEqual(['lightnet', 'lightnet']);
    expect(comparableGroups([one, published, other]).map(kindOf)).toEqual(['lightnet', 'network']);
  });

  it('of one group may be ranked by accuracy: blocks whatever they cost, whole networks at equal costs', () => {
    const large = (name: string, of: typeof one) => ({
      ...of,
      ...{ name, costs: { ...of.costs, deploy: { ...of.costs.deploy, macs: 3 * of.costs.deploy.macs } } },
    });
    expect(notComparable([one, other, large('large', one)])).toEqual([]);
    expect(notComparable([one, narrow])).toEqual([]);
    expect(notComparable([one, large('large', narrow)])).toEqual([
      { candidates: ['one', 'large'], differences: ['MACs: 3.00 times as many on one side'] },
    ]);
  });

  it('of two groups may not, for what is set unequally around the blocks, or by the hashes where settings do not tell', () => {
    expect(notComparable([one, other, narrow, twin]).slice(0, 2)).toEqual([
      {
        candidates: ['one', 'narrow'],
        differences: [
          'width of the network around the blocks: 2 and its default',
          'depths of the network around the blocks: its default and [1,2]',
        ],
      },
      { candidates: ['one', 'twin'], differences: ['network around the blocks: a and c'] },
    ]);
    expect(notComparable([one, other, published])).toMatchObject([
      { differences: ['one is a block in the common skeleton, the other a network of its own'] },
      {},
    ]);
  });
});
