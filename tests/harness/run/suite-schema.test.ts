import { describe, expect, expectTypeOf, it } from 'vitest';
import { checkSuite, suiteSchema } from '../../../harness/run/suite-schema.js';
import { SUITES } from '../../../suites/registry.js';
import { defineSuite, SCALES } from '../../../suites/suite.js';
import { refusalOf } from '../../support/refusal.js';
import { suiteSpec } from '../../support/suite.js';

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
  ['sessions without a round', { latency: { rounds: 9 } }, /latency: fewer rounds than sessions \(12/],
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
    /thresholds\.latency: .*expected number to be >=0, and it is -0\.01/,
  ],
  ['an unknown field', { epochs: 3 }, /the suite: .*"epochs"/],
];

describe('a suite', () => {
  it.each(MALFORMED)('with %s is refused by the name of the field', async (_what, changes, message) => {
    const refusal = await refusalOf(() => checkSuite({ ...suiteSpec(), ...changes }, 'my-suite.ts'));
    expect(refusal).toMatch(/^my-suite\.ts is not a suite: /);
    expect(refusal).toMatch(message);
    expect(refusal).toMatch(/A suite file exports defineSuite/);
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
    expect(suite.latency).toEqual({ batch: 1, threads: 1, sessions: 12, rounds: 120 });
    expect(suite.claims).toEqual([]);
    expect(suite.recipe).toMatchObject({
      optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
      schedule: 'cosine',
      augmentation: { flip: true, shift: 2 },
    });
    expect(checkSuite({ ...suite, budget: { metric: 'macs', target: 5 } }, 'x.ts').budget?.tolerance).toBe(
      0.02,
    );
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
  });
});
