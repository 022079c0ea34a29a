/**
 * How much faster is int8 than float32, and as fast as what onnxruntime's own tool quantises? One image on one thread, all three of a
 * network in the same rounds.
 *
 *   npx jiti benchmarks/int8.ts [--networks mobilenet-v2,mnasnet-b1] [--size 224] [--sessions 6] [--rounds 60]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSubject, chooseSubject } from '../blocks/subject.js';
import { onnxruntime } from '../harness/engines/onnx/engine.js';
import { exportInt8 } from '../harness/engines/onnx/int8/model.js';
import { int8Sums } from '../harness/engines/onnx/int8/processor.js';
import { int8SessionSettings } from '../harness/engines/onnx/int8/settings.js';
import { sessionSettings } from '../harness/engines/onnx/predictor-model.js';
import { modelContender } from '../harness/measure/exported-model.js';
import { measureLatency } from '../harness/measure/latency/measure-latency.js';
import { watchMachine } from '../harness/measure/machine/disturbance.js';
import { ALPHA } from '../harness/stats/inference.js';
import { logContrast, type Rounds, roundsInference } from '../harness/stats/rounds.js';
import { quantiseTwice } from '../tests/support/python-int8.js';

const { values } = parseArgs({
  options: {
    networks: {
      type: 'string',
      default: 'mobilenet-v2,mobilenet-v3-small,mobilenet-v3-large,shufflenet-v2,mnasnet-b1,ghostnet',
    },
    size: { type: 'string', default: '224' },
    sessions: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '60' },
  },
});

const ratio = (one: Rounds, other: Rounds): string => {
  const { value, interval } = roundsInference(
    logContrast([
      { weight: 1, rounds: one },
      { weight: -1, rounds: other },
    ]),
  );
  const [low, high] = interval(ALPHA);
  return `${Math.exp(value).toFixed(3)} [${Math.exp(low).toFixed(3)}, ${Math.exp(high).toFixed(3)}]`;
};

console.log(`sums of int8 products: ${int8Sums() ?? 'not known'}`);
for (const id of values.networks.split(',')) {
  const folder = mkdtempSync(join(tmpdir(), 'lightbench-int8-'));
  try {
    const side = Number(values.size);
    const trained = buildSubject(chooseSubject({ id }), [3, side, side], 1000);
    const { form, graph, float, tool } = await quantiseTwice(trained, folder);
    const conditionsUntilNow = await watchMachine();
    const contender = (name: string, model: Uint8Array, int8: boolean) =>
      modelContender(
        name,
        graph.input.shape,
        model,
        int8 ? int8SessionSettings(1) : sessionSettings(1, 'cpu'),
      );
    const { outcomes } = await measureLatency({
      engine: onnxruntime,
      contenders: [
        contender('float', float, false),
        contender('ours', exportInt8(form, { batch: 1, outputName: 'output' }), true),
        contender('tool', tool, true),
      ],
      batch: 1,
      threads: 1,
      sessions: Number(values.sessions),
      rounds: Number(values.rounds),
      seed: 0,
    });
    const [inFloat = [], ours = [], theirs = []] = outcomes.map(({ outcome }) => {
      if (outcome.state === 'failed') throw new Error(outcome.error);
      return outcome.result.roundMs;
    });
    const { othersShare } = await conditionsUntilNow();
    console.log(
      `${id}: float / int8 ${ratio(inFloat, ours)}; ours / the tool's ${ratio(ours, theirs)}; others took ${(100 * (othersShare ?? Number.NaN)).toFixed(0)} % of the CPU`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
