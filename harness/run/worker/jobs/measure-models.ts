/** The latency of exported models, each under session options of its own, all in one measurement. */
import { readFile } from 'node:fs/promises';
import { onnxruntime } from '../../../engines/onnx/engine.js';
import { LATENCY_SEED } from '../../../measure/deploy-contender.js';
import { modelContender } from '../../../measure/exported-model.js';
import type { LoadableContender } from '../../../measure/latency/latency-measurement.js';
import { measureLatency } from '../../../measure/latency/measure-latency.js';
import { watchMachine } from '../../../measure/machine/disturbance.js';
import type { Job } from '../protocol.js';

export const measureModels = async (
  { models, latency }: Extract<Job, { job: 'model-latency' }>,
  onProgress?: (done: number, total: number) => void,
) => {
  const contenders: LoadableContender[] = [];
  for (const { name, file, input, session } of models) {
    contenders.push(modelContender(name, input, await readFile(file), session));
  }
  const conditionsUntilNow = await watchMachine();
  const { seconds, outcomes, control } = await measureLatency({
    engine: onnxruntime,
    contenders,
    ...latency,
    seed: LATENCY_SEED,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return {
    outcomes,
    control,
    measurement: { earlyLooks: 0, endedEarly: false, conditions: await conditionsUntilNow(), seconds },
  };
};
