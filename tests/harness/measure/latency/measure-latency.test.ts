import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../harness/engines/engine.js';
import { onnxruntime } from '../../../../harness/engines/onnx/engine.js';
import { GraphBuilder } from '../../../../harness/graph/build/builder.js';
import type {
  Contender,
  GraphContender,
  LatencyMeasurement,
  LatencyOptions,
} from '../../../../harness/measure/latency/latency-measurement.js';
import { measureLatency } from '../../../../harness/measure/latency/measure-latency.js';
import { UserError } from '../../../../harness/user/user-error.js';
import { latencyResultSchema } from '../../../../results/measurement/latency-record.js';
import { randomWeights } from '../../../support/random.js';

const contender = (name: string, outChannels = 4): GraphContender => {
  const g = GraphBuilder.create();
  const graph = g.finish(g.conv2d('conv', g.input([3, 8, 8]), { outChannels, kernel: 3 }));
  return { name, graph, weights: randomWeights(graph, 1) };
};

const withoutWeights = (name: string): Contender => ({ ...contender(name), weights: new Map() });

const measure = (options: Partial<LatencyOptions>) =>
  measureLatency({
    engine: onnxruntime,
    contenders: [contender('a'), contender('b', 8)],
    batch: 1,
    threads: 1,
    sessions: 2,
    rounds: 3,
    seed: 0,
    ...options,
  });

/** The real engine, telling what is loaded, run and freed; networks are told apart by their output channels. */
const watched = ({ failRun = (_channels: number, _run: number): boolean => false } = {}) => {
  const log: { readonly action: 'load' | 'run' | 'free'; readonly channels: number }[] = [];
  let runs = 0;
  const engine: Pick<Engine, 'createPredictor'> = {
    createPredictor: async (graph, weights, options) => {
      const [channels = 0] = graph.output.shape;
      const predictor = await onnxruntime.createPredictor(graph, weights, options);
      log.push({ action: 'load', channels });
      return {
        run: async (images) => {
          runs += 1;
          if (failRun(channels, runs)) throw new Error('out of memory');
          log.push({ action: 'run', channels });
          return predictor.run(images);
        },
        dispose: async () => {
          log.push({ action: 'free', channels });
          await predictor.dispose();
        },
      };
    },
  };
  const count = (action: string) => log.filter((entry) => entry.action === action).length;
  return { engine, log, count };
};

describe('measureLatency', () => {
  it('times int8 forms in the same rounds, with a control of their own', async () => {
    const float = contender('a');
    const own = await onnxruntime.createPredictor(float.graph, float.weights, { batch: 1, threads: 1 });
    const loads = { count: 0 };
    const load = async () => {
      loads.count += 1;
      return { run: own.run, dispose: async () => {} };
    };
    const int8: Contender = { name: 'a', form: 'int8', input: float.graph.input.shape, load };
    const { outcomes, control, int8: measured } = await measure({ contenders: [float, int8] });
    await own.dispose();
    const resultsOf = (one: Pick<LatencyMeasurement, 'outcomes' | 'control'>) => [
      ...one.outcomes.map(({ outcome }) => (outcome.state === 'done' ? outcome.result : null)),
      one.control?.result,
    ];
    if (measured === null) throw new Error('nothing was measured in int8');
    const [floats, integers] = [resultsOf({ outcomes, control }), resultsOf(measured)];
    expect(floats.map((one) => one?.form)).toEqual(['deploy', 'deploy']);
    expect(integers.map((one) => one?.form)).toEqual(['int8', 'int8']);
    expect(integers.map((one) => one?.roundMs.map(({ length }) => length))).toEqual(
      floats.map((one) => one?.roundMs.map(({ length }) => length)),
    );
    // Tried once, and then by itself and as the control in each of two sessions.
    expect(loads.count).toBe(5);
  });

  it('gives a record of every contender and of the first once more, by session and round', async () => {
    const progress: (readonly [number, number])[] = [];
    const { outcomes, control } = await measure({ onProgress: (done, of) => progress.push([done, of]) });
    expect(outcomes.map(({ candidate }) => candidate)).toEqual(['a', 'b']);
    expect(control?.candidate).toBe('a');
    for (const outcome of [
      ...outcomes.map((one) => one.outcome),
      { state: 'done', result: control?.result },
    ]) {
      if (outcome.state !== 'done') throw new Error('expected a result');
      const { roundMs, medianMs, interval95Ms, ...result } = latencyResultSchema.parse(outcome.result);
      expect(result).toMatchObject({ form: 'deploy', batch: 1, threads: 1, sessions: 2, rounds: 3 });
      expect(roundMs.map(({ length }) => length)).toEqual([2, 1]);
      expect(Math.min(...roundMs.flat())).toBeGreaterThan(0);
      expect(interval95Ms[0]).toBeLessThanOrEqual(medianMs);
      expect(interval95Ms[1]).toBeGreaterThanOrEqual(medianMs);
      expect(result.warmupIterations).toBeGreaterThan(0);
    }
    expect(progress).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it('loads every network anew for every session, and frees all of them', async () => {
    const { engine, count } = watched();
    await measure({ engine, sessions: 3, rounds: 3 });
    const tried = 2;
    expect(count('load')).toBe(tried + 3 * 3);
    expect(count('free')).toBe(count('load'));
  });

  it('runs in orders that only the seed decides', async () => {
    const orders = async (seed: number) => {
      const { engine, log } = watched();
      const contenders = [contender('a', 4), contender('b', 5), contender('c', 6)];
      await measure({ engine, contenders, sessions: 1, rounds: 6, seed });
      const bursts = log
        .filter(({ action }) => action === 'run')
        .map(({ channels }) => channels)
        .filter((channels, i, all) => channels !== all[i - 1]);
      return bursts.slice(-10).join(' ');
    };
    const first = await orders(1);
    expect(first).toBe(await orders(1));
    expect(first).not.toBe(await orders(2));
  });

  it('goes on without a contender that does not load, and takes the next as reference', async () => {
    const { outcomes, control } = await measure({ contenders: [withoutWeights('bad'), contender('good')] });
    expect(outcomes[0]).toMatchObject({ candidate: 'bad', outcome: { state: 'failed' } });
    expect(outcomes[1]).toMatchObject({ candidate: 'good', outcome: { state: 'done' } });
    expect(control?.candidate).toBe('good');
  });

  it('goes on without a contender that fails while it runs, and frees it', async () => {
    const { engine, count } = watched({ failRun: (channels, run) => channels === 8 && run > 100 });
    const { outcomes } = await measure({ engine, sessions: 2, rounds: 4 });
    expect(outcomes[0]?.outcome.state).toBe('done');
    expect(outcomes[1]?.outcome).toEqual({ state: 'failed', error: 'out of memory' });
    expect(count('free')).toBe(count('load'));
  });

  it('says of every contender why it failed where none works', async () => {
    const { outcomes, control } = await measure({ contenders: [withoutWeights('x'), withoutWeights('y')] });
    expect(outcomes.map(({ outcome }) => outcome.state)).toEqual(['failed', 'failed']);
    expect(control).toBeNull();
  });

  it('stops with the reason of the signal, and frees what it loaded', async () => {
    const stop = new AbortController();
    const { engine, count } = watched();
    const reason = new Error('enough');
    const stopped = measure({ engine, signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(stopped).rejects.toBe(reason);
    expect(count('free')).toBe(count('load'));
  });

  it('ends when what is measured is enough, asked after every session', async () => {
    const asked: number[] = [];
    const { outcomes, control } = await measure({
      contenders: [contender('a'), withoutWeights('bad')],
      sessions: 6,
      rounds: 6,
      isEnough: (contenders, controlRounds) => {
        expect(contenders).toHaveLength(1);
        expect(controlRounds).toHaveLength(contenders[0]?.length ?? 0);
        asked.push(controlRounds.length);
        return controlRounds.length === 4;
      },
    });
    expect(asked).toEqual([1, 2, 3, 4]);
    const [first] = outcomes;
    expect(first?.outcome.state === 'done' && first.outcome.result.sessions).toBe(4);
    expect(control?.result.rounds).toBe(4);
  });

  it.each([
    [0, 0],
    [0, 4],
    [2, 1],
  ])('refuses %i sessions with %i rounds', async (sessions, rounds) => {
    await expect(measure({ sessions, rounds })).rejects.toThrow(UserError);
  });
});
