import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../../harness/recipe/recipe.js';
import {
  isOfHere,
  keyOf,
  type OneTraining,
  trainingFacts,
} from '../../../../harness/run/cache/training-facts.js';
import type { Plan } from '../../../../results/plan/plan.js';
import { runFixture } from '../../../support/run-fixture.js';

const { plan: made } = runFixture({ epochs: 2 });
const plan: Plan = {
  ...made,
  conditions: {
    ...made.conditions,
    recipe: recipeSchema.parse({ epochs: 2, batch: 128, learningRate: 0.1 }),
  },
};

const TRIAL: OneTraining = { kind: 'trial', candidate: 'depthwise', seed: 0, learningRate: null };

const keyFor = (changed: Plan, training: OneTraining = TRIAL): string => {
  const facts = trainingFacts(changed, training);
  if (facts === null) throw new Error('It has no facts.');
  return keyOf(facts);
};

const KEY = keyFor(plan);

const withConditions = (changes: Partial<Plan['conditions']>): Plan => ({
  ...plan,
  conditions: { ...plan.conditions, ...changes },
});

const withCandidate = (changes: Partial<Plan['candidates'][number]>): Plan => ({
  ...plan,
  candidates: plan.candidates.map((one) => (one.name === 'depthwise' ? { ...one, ...changes } : one)),
});

const { conditions } = plan;

describe('the key of a training', () => {
  it.each<[string, Plan, OneTraining?]>([
    ['another network', withCandidate({ fingerprint: 'another' })],
    ['other data', withConditions({ dataset: { ...conditions.dataset, contentHash: 'other' } })],
    ['fewer images', withConditions({ dataset: { ...conditions.dataset, trainImages: 100 } })],
    ['another size', withConditions({ input: [1, 28, 28] })],
    [
      'a test in int8',
      withConditions({ int8: { calibration: 'min-max', images: 256, weights: 'per-channel' } }),
    ],
    ['images fitted otherwise', withConditions({ fit: 'crop' })],
    ['more epochs', withConditions({ recipe: { ...conditions.recipe, epochs: 3 } })],
    ['another engine', withConditions({ engine: { ...conditions.engine, id: 'wasm' } })],
    ['another version of it', withConditions({ engine: { ...conditions.engine, version: '1.31.0' } })],
    ['more threads', withConditions({ trainThreads: 4 })],
    ['another seed', plan, { ...TRIAL, seed: 1 }],
    ['another learning rate', plan, { ...TRIAL, learningRate: 0.2 }],
    ['a try', plan, { ...TRIAL, kind: 'try' }],
  ])('is another for %s', (_what, changed, training) => {
    expect(keyFor(changed, training)).not.toBe(KEY);
  });

  it.each<[string, Plan, OneTraining?]>([
    ['another name', withCandidate({ name: 'mine' }), { ...TRIAL, candidate: 'mine' }],
    [
      'another suite',
      { ...plan, suite: 'another', title: 'Another', claims: [], thresholds: { top1: 0, latency: 0 } },
    ],
    ['other latencies', { ...plan, latency: { ...plan.latency, rounds: 7 } }],
    ['another name of the data', withConditions({ dataset: { ...conditions.dataset, id: 'mine' } })],
    ['the learning rate said twice', plan, { ...TRIAL, learningRate: 0.1 }],
    [
      'other learning rates that were tried',
      withConditions({ tuning: { learningRates: [0.1, 0.2], epochs: 1, seed: -1 } }),
    ],
    [
      'other candidates beside it',
      { ...plan, candidates: plan.candidates.filter(({ name }) => name === 'depthwise') },
    ],
  ])('is the same for %s', (_what, changed, training) => {
    expect(keyFor(changed, training)).toBe(KEY);
  });

  it('does not depend on the order in which a plan has its fields', () => {
    const reversed = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([name, inner]) => [name, reversed(inner)]),
          )
        : value;
    expect(keyFor(reversed(plan) as Plan)).toBe(KEY);
  });

  it('does not exist on a graphics processor', () => {
    const cuda = withConditions({ engine: { ...conditions.engine, device: 'cuda' } });
    expect(trainingFacts(cuda, TRIAL)).toBeNull();
  });

  it('tells results that other code, packages or machines have made', () => {
    const facts = trainingFacts(plan, TRIAL);
    if (facts === null) throw new Error('It has no facts.');
    expect(isOfHere(facts)).toBe(true);
    expect(isOfHere({ ...facts, code: 'other' })).toBe(false);
    expect(isOfHere({ ...facts, packages: { ...facts.packages, sharp: '0.0.1' } })).toBe(false);
    expect(isOfHere({ ...facts, machine: { ...facts.machine, cpu: 'Example CPU' } })).toBe(false);
  });
});
