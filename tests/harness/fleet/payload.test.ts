/** What arrives through Redis may be anything. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { answerOf } from '../../../harness/fleet/answers.js';
import {
  announcementSchema,
  answerSchema,
  PROTOCOL,
  progressSchema,
  refusalSchema,
  sheetSchema,
  taskSchema,
  workerSchema,
} from '../../../harness/fleet/payload.js';
import { readAll } from '../../../harness/fleet/roster.js';
import { graphRecord } from '../../../harness/graph/graph-record.js';
import { fingerprint } from '../../../harness/graph/print.js';
import { recipeSchema } from '../../../harness/recipe/recipe.js';
import { sentGraph } from '../../../harness/run/folder/graph-files.js';
import { UserError } from '../../../harness/user/user-error.js';
import { CATALOGUE } from '../../support/catalogue.js';
import { runFixture } from '../../support/run-fixture.js';

const RUNS = 8_000;

const { plan, run } = runFixture({ failures: false });
const done = run.trials.find((trial) => trial.state === 'done');
const result = done?.state === 'done' ? done.result : undefined;
const [, graph] = CATALOGUE[0] ?? [];
if (graph === undefined) throw new Error('the catalogue is empty');

const RECIPE = recipeSchema.parse({ epochs: 2, batch: 20, learningRate: 0.05 });

const key = '0123456789abcdef';

const VALID: readonly (readonly [string, z.ZodType, unknown])[] = [
  [
    'task',
    taskSchema,
    { task: 'trial', protocol: PROTOCOL, key, candidate: 'a', seed: 1, learningRate: 0.1 },
  ],
  ['task', taskSchema, { task: 'try', protocol: PROTOCOL, key, candidate: 'a', learningRate: 0.1 }],
  ['task', taskSchema, { task: 'measure', protocol: PROTOCOL, device: key }],
  [
    'answer',
    answerSchema,
    { message: { say: 'trial-done', result, weights: { state: 'absent', reason: 'none' } }, machine: 'pi5' },
  ],
  ['progress', progressSchema, { kind: 'begun', machine: 'pi5' }],
  ['progress', progressSchema, { kind: 'share', done: 1, total: 2 }],
  ['worker', workerSchema, { id: 'w', machine: 'pi5', process: 1, jobs: 2, device: key }],
  ['refusal', refusalSchema, { id: 'w', machine: 'pi5', reason: 'none' }],
  [
    'sheet',
    sheetSchema,
    {
      protocol: PROTOCOL,
      limits: { seconds: 9 },
      latencyLimits: { seconds: 7 },
      plan: { ...plan, conditions: { ...plan.conditions, recipe: RECIPE } },
    },
  ],
];

/** The same with something wrong in it: a field more, a field less, or a value of another type. */
const spoilt = (value: unknown): fc.Arbitrary<string> =>
  fc.infiniteStream(fc.nat()).map((stream) => {
    const next = (below: number): number => Number(stream.next().value) % below;
    const copy = structuredClone(value);
    const places: { readonly holder: Record<string, unknown>; readonly name: string }[] = [];
    const holders: Record<string, unknown>[] = [];
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      if (!Array.isArray(node)) holders.push(node as Record<string, unknown>);
      for (const name of Object.keys(node)) {
        places.push({ holder: node as Record<string, unknown>, name });
        walk((node as Record<string, unknown>)[name]);
      }
    };
    walk(copy);
    const place = places[next(places.length)];
    const holder = holders[next(holders.length)];
    if (!place || !holder) throw new Error('nothing to spoil');
    const wrong = WRONG[next(WRONG.length)];
    if (next(3) === 0) {
      const name = NAMES[next(NAMES.length)] ?? '';
      return JSON.stringify(copy).replace(JSON.stringify(holder), (text) =>
        text === '{}' ? `{"${name}":1}` : text.replace(/^\{/, `{"${name}":{"polluted":true},`),
      );
    }
    place.holder[place.name] = wrong;
    return JSON.stringify(copy);
  });

/** Nothing of which any field of these messages may be. */
const WRONG = [{ polluted: true }, null, [[]], '\u0000', -1.5, 1e308, undefined, 'x'.repeat(20_000)];

const NAMES = ['__proto__', 'constructor', 'toString', 'polluted', '', '0'];

const prototypes = () =>
  [Object.prototype, Array.prototype, Function.prototype].map((one) =>
    Object.getOwnPropertyNames(one).join(),
  );

let before: string[];

beforeAll(() => {
  before = prototypes();
});

describe.each(VALID)('a malformed %s', (_name, schema, valid) => {
  it('is accepted as it should be, and refused as soon as something is wrong with it', () => {
    expect(schema.safeParse(JSON.parse(JSON.stringify(valid))).error).toBeUndefined();
    fc.assert(
      fc.property(spoilt(valid), (text) => {
        const [parsed] = readAll(schema, [text]);
        // A field may be spoilt into another value that it may have, never into another field.
        if (parsed !== undefined) expect(JSON.stringify(parsed)).not.toContain('polluted');
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      { numRuns: Math.ceil(RUNS / VALID.length) },
    );
    expect(prototypes()).toEqual(before);
  });
});

it('a graph that arrives spoilt is refused, or is the very graph that was asked for', () => {
  const id = fingerprint(graph);
  const text = JSON.stringify(graphRecord(graph));
  expect(fingerprint(sentGraph(text, id))).toBe(id);
  fc.assert(
    fc.property(spoilt(graphRecord(graph)), (spoiltText) => {
      try {
        expect(fingerprint(sentGraph(spoiltText, id))).toBe(id);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
});

it('an answer that is none is a failure that says so', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.object()), (returnvalue) => {
      const { outcome } = answerOf({ failedReason: '', stalledCounter: 0, finishedOn: 0, returnvalue });
      expect(outcome).toMatchObject({ say: 'failed', cause: 'error' });
    }),
  );
});

it('an announcement of another version is read, so that it can be refused by name', () => {
  const other = {
    protocol: 9,
    lightbench: '9.0.0',
    run: key,
    suite: 's',
    sheet: key,
    at: new Date().toISOString(),
  };
  expect(announcementSchema.parse({ ...other, more: 1 }).lightbench).toBe('9.0.0');
});
