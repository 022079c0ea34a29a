import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildNetwork } from '../../../../blocks/build.js';
import { asChoice } from '../../../../blocks/choice.js';
import { convBn } from '../../../../blocks/conv-bn.js';
import { defineBlock } from '../../../../blocks/define.js';
import { peakMemory, weightBytes } from '../../../../harness/cost/memory.js';
import type { Dataset } from '../../../../harness/data/dataset.js';
import { loadDataset } from '../../../../harness/data/registry.js';
import type { Engine } from '../../../../harness/engines/engine.js';
import { onnxruntime } from '../../../../harness/engines/onnx/engine.js';
import type { ResolvedEngine } from '../../../../harness/engines/registry.js';
import { recipeSchema } from '../../../../harness/recipe/recipe.js';
import { learningRateAt } from '../../../../harness/recipe/schedule.js';
import { deployForm } from '../../../../harness/rewrite/deploy.js';
import { overrideSuite, planSuite, siteOf } from '../../../../harness/run/plan/plan.js';
import type { LoadedSuite } from '../../../../harness/run/plan/suite/load-suite.js';
import { checkSuite } from '../../../../harness/run/plan/suite/suite-schema.js';
import { planSchema } from '../../../../results/plan/plan.js';
import type { SuiteSpec } from '../../../../suites/suite.js';
import { refusalOf } from '../../../support/refusal.js';
import { suiteSpec } from '../../../support/suite.js';

let dataset: Dataset;
beforeAll(async () => {
  dataset = await loadDataset('synthetic');
});

const ENGINE: ResolvedEngine = { engine: onnxruntime, version: '1.2.3', device: 'cpu', reason: 'asked for' };

const suiteOf = (changes: Partial<SuiteSpec> = {}) => checkSuite(suiteSpec(changes), 'test');

interface Surroundings {
  readonly data?: Partial<Dataset>;
  readonly engine?: Partial<ResolvedEngine>;
  readonly trainThreads?: number;
  readonly imagenet?: LoadedSuite['imagenet'];
}

const plan = (
  changes: Partial<SuiteSpec> = {},
  { data = {}, engine = {}, trainThreads = 1, imagenet = null }: Surroundings = {},
) =>
  planSuite(
    { suite: suiteOf(changes), source: 'test.ts', imagenet },
    { ...dataset, ...data },
    { ...ENGINE, ...engine },
    { trainThreads },
  );

const keysOf = (made: ReturnType<typeof plan>): readonly string[] => made.trials.map(({ key }) => key);

const { recipe, data, skeleton, candidates } = suiteSpec();

describe('a plan', () => {
  it('of more trials than anybody can wish for is refused before it is made', async () => {
    const [candidate] = candidates;
    if (candidate === undefined) throw new Error('The suite has no candidate.');
    const many = Array.from({ length: 11 }, (_, i) => ({ ...candidate, name: `c${i}` }));
    expect(await refusalOf(() => plan({ candidates: many, seeds: 10_000, claims: [] }))).toMatch(
      /^11 candidates with 10000 seeds each are 110000 trials\. A plan has at most 100000: /,
    );
  });

  it('has a trial for every candidate and seed, seeds outermost, each with a key of its own', () => {
    const made = plan({ seeds: 3 });
    expect(made.trials.map(({ candidate, seed }) => [candidate, seed])).toEqual([
      ['inverted', 0],
      ['sandglass', 0],
      ['inverted', 1],
      ['sandglass', 1],
      ['inverted', 2],
      ['sandglass', 2],
    ]);
    expect(new Set(keysOf(made)).size).toBe(6);
  });

  it('is a valid record, and says under which conditions it stands', () => {
    const made = plan({
      claims: ['accuracy(inverted) > accuracy(sandglass)'],
      data: { ...data, trainImages: 100 },
    });
    expect(planSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
    expect(made.conditions).toEqual({
      dataset: {
        id: 'synthetic',
        contentHash: dataset.contentHash,
        trainImages: 100,
        validationImages: 80,
        testImages: 200,
        classes: 4,
      },
      input: [1, 12, 12],
      recipe: suiteOf().recipe,
      engine: { id: 'onnxruntime', version: '1.2.3', device: 'cpu' },
      trainThreads: 1,
    });
    expect(siteOf(suiteOf({ data: { ...data, size: 20 } }), dataset)).toEqual({
      input: [1, 20, 20],
      classes: 4,
    });
  });

  it('says how networks are quantised, whatever trains them, and refuses where the images do not suffice', async () => {
    const int8 = { images: 64, weights: 'per-tensor' } as const;
    expect(plan({ int8 }).conditions.int8).toEqual({ calibration: 'min-max', ...int8 });
    expect(plan({ int8 }).trials[0]?.key).not.toBe(plan({}).trials[0]?.key);
    const { int8: _, ...without } = onnxruntime;
    const other: ResolvedEngine = { ...ENGINE, engine: { ...without, id: 'wasm' } };
    expect(plan({ int8 }, { engine: other }).conditions.int8).toEqual({ calibration: 'min-max', ...int8 });
    const fineTune = { epochs: 1 };
    expect(plan({ int8: { ...int8, fineTune } }).trials[0]?.key).not.toBe(plan({ int8 }).trials[0]?.key);
    expect(await refusalOf(() => plan({ int8, data: { ...data, trainImages: 40 } }))).toMatch(
      /asks for 64 images, but only 40 training images/,
    );
  });

  it('turns the knobs to the budget and says how far off they are', () => {
    const budget = { metric: 'params', target: 4_200, tolerance: 0.1 } as const;
    const knob = { option: 'expansion', values: [1, 2, 3, 4, 5, 6, 7, 8] };
    const made = plan({ budget, candidates: [{ name: 'a', block: 'inverted-residual', knob }] });
    const [candidate] = made.candidates;
    const deployed = candidate?.costs.deploy.params ?? Number.NaN;
    expect(candidate?.budget).toMatchObject({
      ...budget,
      knob: 'expansion',
      residual: (deployed - 4_200) / 4_200,
    });
    expect(candidate?.selection).toContain(`expansion=${candidate?.budget?.value}`);
  });

  it('counts the memory of both forms, and turns knobs to it, too', () => {
    const budget = { metric: 'peak-memory', target: 2_600, tolerance: 0.05 } as const;
    const knob = { option: 'expansion', values: [1, 2, 3, 4, 5, 6, 7, 8] };
    const made = plan({ budget, candidates: [{ name: 'a', block: 'inverted-residual', knob }] });
    const [candidate] = made.candidates;
    for (const form of ['train', 'deploy'] as const) {
      const subject = buildNetwork(asChoice(candidate?.selection ?? ''), siteOf(suiteOf(), dataset));
      const graph = form === 'train' ? subject : deployForm(subject).graph;
      expect(candidate?.costs[form].peakMemory).toEqual(peakMemory(graph));
      expect(candidate?.costs[form].weightBytes).toBe(weightBytes(graph));
    }
    const values = candidate?.costs.deploy.peakMemory?.values ?? Number.NaN;
    expect(candidate?.budget).toMatchObject({ ...budget, residual: (values - 2_600) / 2_600 });
  });

  it('shows the costs at 224 pixels beside, where the suite has that scale, and decides nothing by them', () => {
    const made = plan({}, { imagenet: suiteOf({ skeleton: { preset: 'imagenet' } }) });
    expect(made.candidatesAt224?.map(({ name }) => name)).toEqual(['inverted', 'sandglass']);
    expect(made.candidatesAt224?.[0]?.costs.deploy.macs).toBeGreaterThan(1e8);
    expect(made.candidatesAt224?.map(({ channelOperators }) => channelOperators)).toEqual([
      undefined,
      undefined,
    ]);
    expect({ ...made, candidatesAt224: undefined }).toEqual({ ...plan(), candidatesAt224: undefined });
  });

  it('is refused where the engine does not do what the recipe asks for', async () => {
    const lacking: ResolvedEngine = { ...ENGINE, engine: { ...onnxruntime, lacks: ['AdamW'] } };
    const adamw = { recipe: { ...recipe, optimizer: { kind: 'adamw' } } } as const;
    expect(await refusalOf(() => plan(adamw, { engine: lacking }))).toMatch(/uses AdamW/);
    expect(plan(adamw).conditions.recipe).toMatchObject({ optimizer: { kind: 'adamw' } });
  });

  it('is refused where latency wants more threads than the engine can use', async () => {
    const engine: Engine = { ...onnxruntime, mostThreads: 1 };
    expect(await refusalOf(() => plan({ latency: { threads: 2 } }, { engine: { engine } }))).toBe(
      'The engine onnxruntime supports at most 1 thread; 2 were requested. Set threads to 1, or use another engine.',
    );
  });

  it('is refused where images would lose pixels, or mostly be black, unless that is said', async () => {
    for (const size of [8, 48]) {
      expect(await refusalOf(() => plan({ data: { ...data, size } }))).toMatch(/^Size (8|48) .*data\.fit/);
      expect(plan({ data: { ...data, size, fit: 'scale' } }).conditions).toMatchObject({
        input: [1, size, size],
        fit: 'scale',
      });
    }
    expect(plan({ data: { ...data, fit: 'pad' } }).planKey).toBe(plan().planKey);
  });

  it.each([
    ['there are fewer images than a batch', { recipe: { ...recipe, batch: 600 } }, /batch of 600 is larger/],
    [
      'fewer of them are used',
      { data: { ...data, trainImages: 10 } },
      /batch of 20 is larger than the 10 training images/,
    ],
    [
      'the warm-up takes the whole training',
      { recipe: { ...recipe, epochs: 2, warmupEpochs: 2 } },
      /A warm-up of 2 epochs takes up the whole training of 2 epochs: the learning rate 0\.05 is never/,
    ],
    [
      'the warm-up takes all of a try',
      { recipe: { ...recipe, epochs: 9, warmupEpochs: 1 }, tuning: { learningRates: [1, 2], epochs: 1 } },
      /A warm-up of 1 epoch takes up the whole training of 1 epoch/,
    ],
    [
      'images may be moved out of sight',
      { recipe: { ...recipe, augmentation: { shift: 12 } } },
      /A shift by up to 12 pixels moves images of 12x12 out of sight/,
    ],
  ] as const)('is refused where %s', async (_what, changes, message) => {
    expect(await refusalOf(() => plan(changes))).toMatch(message);
  });

  it('has the learning rate of the recipe for a step, where the warm-up is as long as it may be', () => {
    const steps = Math.floor(dataset.splits.train.count / 20);
    const warmed = { ...recipe, epochs: 2, learningRate: 0.05, warmupEpochs: 2 - 1 / steps };
    const made = plan({ recipe: warmed });
    const rates = Array.from({ length: 2 * steps }, (_, step) =>
      learningRateAt(step, steps, recipeSchema.parse(made.conditions.recipe)),
    );
    expect(Math.max(...rates)).toBeCloseTo(0.05, 12);
  });

  it('is refused where a candidate cannot be built or cannot meet the budget', async () => {
    const budget = { metric: 'params', target: 10, tolerance: 0.1 } as const;
    const knob = { option: 'expansion', values: [1, 2] };
    const refusal = (changes: Partial<SuiteSpec>) => refusalOf(() => plan(changes));
    expect(await refusal({ budget, candidates: [{ name: 'a', block: 'inverted-residual', knob }] })).toMatch(
      /^a: no value of expansion from 1 to 2 brings its params within 10 % of 10\./,
    );
    expect(await refusal({ candidates: [{ name: 'a', block: 'none' }] })).toMatch(/Unknown part "none"/);
  });

  it('is refused where a network has more parameters than can be kept, with the candidate', async () => {
    const wide = { ...skeleton, widths: [8, 8192], headWidth: 65_536 };
    expect(await refusalOf(() => plan({ skeleton: wide }))).toMatch(
      /^inverted: The network has \d+ parameters, 536870912 of them in head\.conv\.weight;/,
    );
  });

  it('is refused where a batch norm would see one value, with the candidate and the norm', async () => {
    const single = { recipe: { ...recipe, batch: 1 } };
    expect(() => plan(single)).not.toThrow();
    const squeezed = {
      ...single,
      skeleton: { preset: 'small', depths: [1, 1, 1, 1] },
      data: { ...data, size: 16 },
    };
    expect(await refusalOf(() => plan(squeezed))).toMatch(
      /^inverted: stages\.3\.\S+: in training, this batch norm would normalise a single value \(batch 1, map 1x1\)/,
    );
  });
});

/** What decides results, and a change of it. */
const DECISIVE: readonly {
  readonly what: string;
  readonly suite?: Partial<SuiteSpec>;
  readonly around?: Surroundings;
}[] = [
  { what: 'epochs', suite: { recipe: { ...recipe, epochs: 3 } } },
  { what: 'the learning rate', suite: { recipe: { ...recipe, learningRate: 0.06 } } },
  { what: 'the optimiser', suite: { recipe: { ...recipe, optimizer: { kind: 'adamw' } } } },
  { what: 'augmentation', suite: { recipe: { ...recipe, augmentation: { shift: 1 } } } },
  { what: 'the rates to choose from', suite: { tuning: { learningRates: [0.01, 0.1] } } },
  { what: 'the size of the images', suite: { data: { ...data, size: 16 } } },
  { what: 'how images come to their size', suite: { data: { ...data, fit: 'scale' } } },
  { what: 'how many images are used', suite: { data: { ...data, trainImages: 200 } } },
  { what: 'the skeleton', suite: { skeleton: { ...skeleton, headWidth: 20 } } },
  { what: 'content of the data', around: { data: { contentHash: 'another' } } },
  { what: 'the data set', around: { data: { id: 'another' } } },
  { what: 'the version of the engine', around: { engine: { version: '1.2.4' } } },
  { what: 'the device', around: { engine: { device: 'gpu' } } },
  { what: 'threads', around: { trainThreads: 2 } },
  {
    what: 'the candidates',
    suite: {
      candidates: [
        { name: 'inverted', block: 'inverted-residual', set: { expansion: 3 } },
        { name: 'sandglass', block: 'sandglass', set: { reduction: 2 } },
      ],
    },
  },
  {
    what: 'their names',
    suite: { candidates: candidates.map((one) => ({ ...one, name: `${one.name} 2` })) },
  },
];

/** What decides nothing about a trial's results. */
const INDIFFERENT: readonly (readonly [what: string, changes: Partial<SuiteSpec>])[] = [
  [
    'id, title, question and claims',
    { id: 'other', title: 'T', question: 'Q', claims: ['accuracy(a) > accuracy(b)'] },
  ],
  ['padding that is said', { data: { ...data, fit: 'pad' } }],
  ['the latency measurement', { latency: { sessions: 3, rounds: 9, batch: 2 } }],
  [
    'what is default anyway',
    { recipe: { schedule: 'cosine', optimizer: { kind: 'sgd', momentum: 0.9 }, ...recipe } },
  ],
  [
    'how a block is written',
    {
      candidates: [
        { name: 'inverted', block: 'inverted-residual(expansion=2)' },
        { name: 'sandglass', block: { id: 'sandglass' } },
      ],
    },
  ],
];

describe('tuning', () => {
  const tuned = (tuning: SuiteSpec['tuning']) => plan(tuning === undefined ? {} : { tuning });

  it('plans the same tries for every candidate, each with a key of its own', () => {
    const made = tuned({ learningRates: [0.3, 0.1] });
    expect(made.tries?.map(({ candidate, learningRate }) => [candidate, learningRate])).toEqual([
      ['inverted', 0.1],
      ['sandglass', 0.1],
      ['inverted', 0.3],
      ['sandglass', 0.3],
    ]);
    expect(new Set([...keysOf(made), ...(made.tries ?? []).map(({ key }) => key)]).size).toBe(8);
    expect(planSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  });

  it('takes as many epochs as the recipe where the suite says nothing else, and any change of it is another trial', () => {
    expect(tuned({ learningRates: [0.1, 0.3] }).conditions.tuning).toEqual({
      learningRates: [0.1, 0.3],
      epochs: 2,
      seed: -1,
    });
    const keys = [
      tuned(undefined),
      tuned({ learningRates: [0.1, 0.3] }),
      tuned({ learningRates: [0.1, 0.3], epochs: 1 }),
      tuned({ learningRates: [0.1, 0.2] }),
    ].flatMap(keysOf);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keysOf(tuned({ learningRates: [0.3, 0.1] }))).toEqual(
      keysOf(tuned({ learningRates: [0.1, 0.3] })),
    );
  });

  it('is refused with one rate, or with the same one twice', async () => {
    expect(await refusalOf(() => tuned({ learningRates: [0.1] }))).toMatch(/tuning\.learningRates: /);
    expect(await refusalOf(() => tuned({ learningRates: [0.1, 0.1] }))).toMatch(/two of the rates are equal/);
  });
});

describe('the keys of trials', () => {
  it('are equal for equal suites', () => {
    expect(plan()).toEqual(plan());
  });

  it.each(DECISIVE)('are all others where $what differ', ({ suite, around }) => {
    const [made, reference] = [plan(suite, around), plan()];
    const known = new Set(keysOf(reference));
    expect(keysOf(made).filter((key) => known.has(key))).toEqual([]);
    expect(made.planKey).not.toBe(reference.planKey);
  });

  it.each(INDIFFERENT)('are the same where %s differ', (_what, changes) => {
    expect(keysOf(plan(changes))).toEqual(keysOf(plan()));
  });

  it('stay when seeds or candidates are added, while the plan has another key', () => {
    const more = plan({ seeds: 3, candidates: [...candidates, { name: 'fasternet', block: 'fasternet' }] });
    expect(keysOf(more)).toEqual(expect.arrayContaining([...keysOf(plan())]));
    expect(keysOf(more)).toHaveLength(9);
    expect(more.planKey).not.toBe(plan().planKey);
    expect(plan({ latency: { rounds: 99 } }).planKey).not.toBe(plan().planKey);
    expect(plan({ title: 'Another' }).planKey).toBe(plan().planKey);
  });
});

describe('an override', () => {
  const knob = { option: 'expansion', values: [1, 2] };
  const withKnobs = (changes: Partial<SuiteSpec> = {}) =>
    suiteOf({ ...changes, candidates: suiteSpec().candidates.map((one) => ({ ...one, knob })) });

  it('of the budget is refused where nothing can be turned', async () => {
    const budget = [{ metric: 'params', target: 5 }] as const;
    expect(await refusalOf(() => overrideSuite(suiteOf(), { budget }))).toMatch(
      /^A budget would change nothing: no candidate of test has a knob\. Give candidates a knob/,
    );
    const mixed = { candidates: [{ name: 'a', block: 'sandglass', knob }, ...suiteSpec().candidates] };
    expect(overrideSuite(suiteOf(mixed), { budget }).budget).toHaveLength(1);
    expect(await refusalOf(() => overrideSuite(suiteOf(mixed), { budget, only: 'inverted' }))).toMatch(
      /no candidate/,
    );
  });

  it('takes the place of what the suite says, and leaves the rest', () => {
    const suite = withKnobs({ budget: { metric: 'macs', target: 9, tolerance: 0.3 } });
    const overridden = overrideSuite(suite, {
      seeds: 7,
      epochs: 9,
      tune: [0.1, 0.2],
      budget: [{ metric: 'params', target: 5 }],
      only: 'SAND',
    });
    expect(overridden).toEqual({
      ...suite,
      seeds: 7,
      recipe: { ...suite.recipe, epochs: 9 },
      tuning: { learningRates: [0.1, 0.2] },
      budget: [{ metric: 'params', target: 5, tolerance: 0.3 }],
      candidates: [suite.candidates[1]],
    });
    expect(overrideSuite(suite, {})).toEqual(suite);
    const { budget } = overrideSuite(withKnobs(), { budget: [{ metric: 'params', target: 5 }] });
    expect(budget).toEqual([{ metric: 'params', target: 5, tolerance: 0.02 }]);
  });

  it('of the budget takes the tolerance of the suite only from counted to counted, and from measured to measured', () => {
    const tolerance = (from: 'macs' | 'latency', to: 'params' | 'latency') =>
      overrideSuite(withKnobs({ budget: { metric: from, target: 9, tolerance: 0.3 } }), {
        budget: [{ metric: to, target: 5 }],
      }).budget?.[0]?.tolerance;
    expect([tolerance('macs', 'params'), tolerance('latency', 'latency')]).toEqual([0.3, 0.3]);
    expect([tolerance('macs', 'latency'), tolerance('latency', 'params')]).toEqual([0.05, 0.02]);
    expect(
      checkSuite({ ...suiteSpec(), budget: { metric: 'latency', target: 1 } }, 'x').budget?.[0]?.tolerance,
    ).toBe(0.05);
  });

  it('chooses candidates by a regular expression', () => {
    const names = (only: string) => overrideSuite(suiteOf(), { only }).candidates.map(({ name }) => name);
    expect(names('s')).toEqual(['inverted', 'sandglass'].filter((name) => name.includes('s')));
    expect(names('^inv|glass$')).toEqual(['inverted', 'sandglass']);
  });

  it('refuses a pattern that is none or fits nothing', async () => {
    expect(await refusalOf(() => overrideSuite(suiteOf(), { only: 'fasternet' }))).toBe(
      '"fasternet" matches no candidate of test. Candidates: inverted, sandglass.',
    );
    expect(await refusalOf(() => overrideSuite(suiteOf(), { only: '(' }))).toMatch(
      /^"\(" is not a valid pattern: .*Unterminated group.*\. Use part of a name/,
    );
  });
});

it('a part that does not build the same network again is refused before anything is trained', async () => {
  let built = 0;
  const counting = defineBlock({
    id: 'counting',
    summary: 'Another kernel every time.',
    paper: 'none',
    options: z.strictObject({}),
    build: (g, x, { outChannels, stride }) => {
      built += 1;
      return convBn(g, x, { outChannels, kernel: built % 3 === 0 ? 3 : 1, stride });
    },
  });
  const made = async () => plan({ candidates: [{ name: 'mine', block: counting }] });
  expect(await refusalOf(made)).toMatch(/^mine: its parts build another network every time\. /);
});
