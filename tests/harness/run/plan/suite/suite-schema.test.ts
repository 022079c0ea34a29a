import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineBlock } from '../../../../../blocks/define.js';
import { checkSuite, suiteSchema } from '../../../../../harness/run/plan/suite/suite-schema.js';
import { SUITES } from '../../../../../suites/registry.js';
import { defineSuite, SCALES } from '../../../../../suites/suite.js';
import { refusalOf } from '../../../../support/refusal.js';
import { suiteSpec } from '../../../../support/suite.js';

/** An object that holds itself. */
const circular = (): object => {
  const circle: { set?: object } = {};
  circle.set = circle;
  return circle;
};

/** Names itself twice at every level. */
const doubled = (): unknown =>
  Array.from({ length: 17 }).reduce((inner) => ({ id: 'meta', set: { a: inner, b: inner } }), 'repso');

/** What is wrong, a valid suite made so, and what the refusal must name. */
const MALFORMED: readonly (readonly [what: string, changes: object, message: RegExp])[] = [
  ['an id that is none', { id: 'My Suite' }, /id: lower-case words joined by hyphens or slashes/],
  ['no title', { title: undefined }, /title: .*expected string, received undefined/],
  ['a question that is no text', { question: 7 }, /question: .*expected string, received number/],
  ['a skeleton that is no object', { skeleton: 'small' }, /skeleton: .*expected record, received string/],
  [
    'a skeleton with a function',
    { skeleton: { block: () => 1 } },
    /skeleton\.block: a number, text, true or false/,
  ],
  ['a skeleton with nothing', { skeleton: { block: null } }, /skeleton\.block: a number, text/],
  ['no data set', { data: { size: 12 } }, /data\.dataset: .*expected string/],
  ['a size of 0', { data: { dataset: 'synthetic', size: 0 } }, /data\.size: .*>=1/],
  ['half a pixel', { data: { dataset: 'synthetic', size: 1.5 } }, /data\.size: .*expected int/],
  ['no training images', { data: { dataset: 'x', size: 1, trainImages: 0 } }, /data\.trainImages: .*>=1/],
  ['a field of the data that is unknown', { data: { dataset: 'x', size: 1, pad: 2 } }, /data: .*"pad"/],
  ['no recipe', { recipe: undefined }, /recipe: .*expected object/],
  ['a batch of 0', { recipe: { epochs: 1, batch: 0, learningRate: 1 } }, /recipe\.batch: .*>=1/],
  ['no learning rate', { recipe: { epochs: 1, batch: 1 } }, /recipe\.learningRate: .*expected number/],
  ['one rate to tune', { tuning: { learningRates: [0.1] } }, /tuning\.learningRates: .*>=2/],
  ['0 seeds', { seeds: 0 }, /seeds: .*>=1/],
  [
    'a budget of an unknown metric',
    { budget: { metric: 'flops', target: 1 } },
    /budget\.metric: .*"params"\|"macs"/,
  ],
  ['a budget of nothing', { budget: { metric: 'macs', target: 0 } }, /budget\.target: .*>0/],
  [
    'a tolerance above 1',
    { budget: { metric: 'macs', target: 1, tolerance: 2 } },
    /budget\.tolerance: .*<=1/,
  ],
  ['0 rounds', { latency: { rounds: 0 } }, /latency\.rounds: .*>=1/],
  [
    'sessions without a round',
    { latency: { rounds: 9 } },
    /latency: fewer rounds than sessions \(default 12\)/,
  ],
  ['too few images to calibrate on', { int8: { images: 4 } }, /int8\.images: .*>=16/],
  ['an equalisation that is neither on nor absent', { int8: { equalise: false } }, /int8\.equalise: .*true/],
  ['an unknown calibration', { int8: { calibration: 'max' } }, /int8\.calibration: .*"min-max"/],
  ['weights scaled by row', { int8: { weights: 'per-row' } }, /int8\.weights: .*"per-channel"/],
  ['claims that are no list', { claims: 'a > b' }, /claims: .*expected array/],
  ['no candidate', { candidates: [] }, /candidates: .*>=1/],
  [
    'a candidate without a name',
    { candidates: [{ block: 'sandglass' }] },
    /candidates\.0\.name: .*expected string/,
  ],
  [
    'two candidates of one name',
    { candidates: [{ name: 'a' }, { name: 'a' }] },
    /candidates: two candidates have the same name/,
  ],
  ['a misspelt field', { candidates: [{ name: 'a', blok: 'sandglass' }] }, /candidates\.0: .*"blok"/],
  [
    'a knob without values',
    { candidates: [{ name: 'a', knob: { option: 'width', values: [] } }] },
    /candidates\.0\.knob\.values: .*>=1/,
  ],
  [
    'a knob of texts',
    { candidates: [{ name: 'a', knob: { option: 'width', values: ['1'] } }] },
    /knob\.values\.0: .*expected number/,
  ],
  [
    'a factor that is no text',
    { candidates: [{ name: 'a', factors: { S1: 3 } }] },
    /candidates\.0\.factors\.S1: .*expected string/,
  ],
  [
    'a negative threshold',
    { thresholds: { latency: -0.01 } },
    /thresholds\.latency: .*expected number to be >=0, got -0\.01/,
  ],
  ...(
    [
      ['seeds', { seeds: 2 ** 32 }, /seeds: .*<=10000, got 4294967296/],
      ['pixels', { data: { dataset: 'synthetic', size: 1e9 } }, /data\.size: .*<=4096/],
      ['images in a batch', { recipe: { epochs: 1, batch: 1e9, learningRate: 1 } }, /batch: .*<=65536/],
      [
        'pixels to be moved by',
        { recipe: { epochs: 1, batch: 1, learningRate: 1, augmentation: { shift: 1e9 } } },
        /recipe\.augmentation\.shift: .*<=4096/,
      ],
      ['threads', { latency: { threads: 5000 } }, /latency\.threads: .*<=1024/],
      ['sessions', { latency: { sessions: 2 ** 31, rounds: 2 ** 31 } }, /latency\.sessions: .*<=1000/],
      [
        'letters of a name',
        { candidates: [{ name: 'n'.repeat(201) }] },
        /candidates\.0\.name: .*<=200 characters, got "n{59}\.\.\./,
      ],
      ['letters of an id', { id: 'i'.repeat(201) }, /id: .*<=200 characters/],
      [
        'values of a knob',
        { candidates: [{ name: 'a', knob: { option: 'b', values: new Array(20_000).fill(1) } }] },
        /knob\.values: .*<=10000 items/,
      ],
    ] as const
  ).map(([what, changes, message]) => [`far too many ${what}`, changes, message] as const),
  [
    'a date for thresholds',
    { thresholds: new Date(Number.NaN) },
    /thresholds: expected a plain object, got a Date/,
  ],
  [
    'a map for widths',
    { skeleton: { widths: new Map() } },
    /skeleton\.widths: expected a plain object, got a Map/,
  ],
  ['a part that is none', { candidates: [{ name: 'a', block: {} }] }, /candidates\.0\.block: .*or a part/],
  [
    'a part of an odd id',
    { candidates: [{ name: 'a', block: { id: 7 } }] },
    /candidates\.0\.block: .*or a part/,
  ],
  ['a circle', { skeleton: circular() }, /skeleton\.set\.set\.set: it is nested too deeply/],
  [
    'a block that stands for more than can be read',
    { candidates: [{ name: 'a', block: doubled() }] },
    /candidates\.0\.block\.set: it stands for more than 100000 objects/,
  ],
  [
    'an object made of another',
    { skeleton: Object.create(Object.create(Object.create(null))) },
    /skeleton: expected a plain object, got another/,
  ],
  [
    'a name that no object keeps',
    { candidates: [{ name: 'a', set: JSON.parse('{"__proto__":1,"expansion":2}') }] },
    /candidates\.0\.set: no field may be named __proto__/,
  ],
  [
    'a path that no file has',
    { data: { dataset: 'image-folder', size: 12, path: 'a\0b' } },
    /data\.path: a character of code 0/,
  ],
  [
    'a block in a file that none is',
    { candidates: [{ name: 'a', block: './a\0b' }] },
    /candidates\.0\.block: a character of code 0/,
  ],
  ['an unknown field', { epochs: 3 }, /the suite: .*"epochs"/],
];

describe('a suite', () => {
  it.each(MALFORMED)('with %s is refused by the name of the field', async (_what, changes, message) => {
    const refusal = await refusalOf(() => checkSuite({ ...suiteSpec(), ...changes }, 'my-suite.ts'));
    expect(refusal).toMatch(/^my-suite\.ts is not a suite: /);
    expect(refusal).toMatch(message);
    expect(refusal).toMatch(/A suite file must export defineSuite/);
  });

  it('is malformed here in every field that it has', () => {
    const fields = new Set(MALFORMED.flatMap(([, changes]) => Object.keys(changes)));
    expect(Object.keys(suiteSchema.shape).filter((field) => !fields.has(field))).toEqual([]);
  });

  it('that is no object at all is refused', async () => {
    for (const value of [null, 'quick', [], () => suiteSpec()]) {
      expect(await refusalOf(() => checkSuite(value, 'x.ts'))).toMatch(
        /^x\.ts is not a suite: the suite: .*expected object/,
      );
    }
  });

  it('names every problem at once', async () => {
    const refusal = await refusalOf(() => checkSuite(suiteSpec({ seeds: 0, title: '', id: '?' }), 'x.ts'));
    expect(refusal).toMatch(/id: .*; seeds: /);
  });

  it('gets the defaults of what it does not say', () => {
    const suite = checkSuite(suiteSpec({ budget: { metric: 'macs', target: 5, tolerance: 0.1 } }), 'x.ts');
    expect(suite.latency).toEqual({ batch: 1, threads: 1, sessions: 12, rounds: 240 });
    expect(suite.claims).toEqual([]);
    expect(suite.recipe).toMatchObject({
      optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
      schedule: 'cosine',
      augmentation: { flip: true, shift: 2 },
    });
    expect(
      checkSuite({ ...suite, budget: { metric: 'macs', target: 5 } }, 'x.ts').budget?.[0]?.tolerance,
    ).toBe(0.02);
  });

  it.each(
    SUITES.flatMap((suite) => ('at' in suite ? SCALES.map((scale) => suite.at(scale)) : [suite])).map(
      (suite) => [suite.id, suite.data.dataset, suite] as const,
    ),
  )('%s on %s, built in, is well-formed', (id, _dataset, suite) => {
    expect(checkSuite(suite, id).id).toBe(id);
  });

  it('keeps its types through defineSuite', () => {
    const suite = defineSuite({ ...suiteSpec(), id: 'typed' });
    expectTypeOf(suite.id).toEqualTypeOf<'typed'>();
    // @ts-expect-error -- a suite needs an id
    expect(defineSuite({ title: 'none' })).toEqual({ title: 'none' });
    // @ts-expect-error -- a field with a typing mistake
    expect(defineSuite({ ...suiteSpec(), id: 'typed', latnecy: {} })).toHaveProperty('latnecy');
    // @ts-expect-error -- the same in a candidate
    const misspelt = defineSuite({ ...suiteSpec(), id: 'typed', candidates: [{ name: 'a', nob: [] }] });
    expect(misspelt.candidates).toHaveLength(1);
  });

  it('may hold parts of its own, with settings, and keeps them as they are', () => {
    const own = defineBlock({
      id: 'own',
      summary: 'None.',
      paper: 'none',
      options: z.strictObject({}),
      build: (_g, x) => x,
    });
    const candidates = [
      { name: 'a', block: own },
      { name: 'b', block: { id: own, set: { spatial: { id: 'depthwise', set: { kernel: 5 } } } } },
      { name: 'c', network: 'falconnet', set: { widths: [8, 16], stemShortcut: true } },
    ];
    const checked = checkSuite({ ...suiteSpec(), candidates }, 'x.ts');
    expect(checked.candidates).toEqual(candidates);
    expect(checked.candidates[0]?.block).toBe(own);
  });
});
