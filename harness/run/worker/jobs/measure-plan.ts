/** The latency of a plan's candidates, all in one measurement. What was measured stays in the run's folder. */
import { join } from 'node:path';
import type { BrowserKind, DeviceKind } from '../../../../results/measurement/device.js';
import { COSTS, costFileNames, printOperationCosts } from '../../../../results/model/cost-rows.js';
import { MODELS, modelFile } from '../../../../results/model/model-files.js';
import type { ModelRecord } from '../../../../results/model/model-record.js';
import type { Plan } from '../../../../results/plan/plan.js';
import { DEFAULT_THRESHOLDS } from '../../../../results/plan/thresholds.js';
import { operationRows } from '../../../cost/operations.js';
import type { Engine } from '../../../engines/engine.js';
import { int8Sums } from '../../../engines/onnx/int8/processor.js';
import { cudaGpus } from '../../../engines/pytorch/describe.js';
import type { Graph } from '../../../graph/graph.js';
import type { MapShape } from '../../../graph/shape.js';
import { contenderOf, LATENCY_SEED } from '../../../measure/deploy-contender.js';
import {
  type ExportedModel,
  exportInt8Model,
  exportModel,
  modelContender,
} from '../../../measure/exported-model.js';
import type { WatchedGpu } from '../../../measure/gpu/watch-gpu.js';
import type {
  Contender,
  GraphContender,
  LatencyMeasurement,
  TimedForm,
} from '../../../measure/latency/latency-measurement.js';
import { measureLatency } from '../../../measure/latency/measure-latency.js';
import { isDecidedEarly } from '../../../measure/latency/stopping.js';
import { thisDevice } from '../../../measure/machine/device.js';
import { watchMachine } from '../../../measure/machine/disturbance.js';
import { randomlyCalibrated } from '../../../measure/random-calibration.js';
import { earlyLooks } from '../../../stats/looks.js';
import { makeInnerFolder, writeWhole } from '../../folder/run-directory.js';
import { engineOf, plannedGraph } from '../../plan/planned.js';
import type { Job } from '../protocol.js';

/**
 * Each outcome comes with the model that was measured; null where it was not onnxruntime itself on the CPU that ran it. Ends before the
 * planned sessions where every pair is decided by far, and tells so. Throws UserError where there is no browser that is to be measured.
 */
export const measurePlan = async (
  { plan, directory, graphs, device }: Extract<Job, { job: 'latency' }>,
  onProgress?: (done: number, total: number) => void,
) => {
  const runtime = await runtimeOf(plan, device.kind);
  try {
    const models = { deploy: new Map<string, ModelRecord>(), int8: new Map<string, ModelRecord>() };
    const contenders: Contender[] = [];
    const take = async (form: TimedForm, name: string, { loadable, model }: Prepared): Promise<void> => {
      contenders.push(loadable);
      if (model === null) return;
      await keep(directory, MODELS, modelFile(model.record.sha256), model.bytes);
      models[form].set(name, model.record);
    };
    const costFiles = costFileNames(plan.candidates.map(({ name }) => name));
    for (const { name } of plan.candidates) {
      const graph = await plannedGraph(plan, name, graphs);
      const contender = contenderOf(name, graph);
      await keepCosts(directory, costFiles.get(name) ?? name, graph, contender.graph);
      const { shape: input } = graph.input;
      await take('deploy', name, runtime.prepare(contender, input));
      if (runtime.inInt8 !== null) {
        const made = runtime.inInt8(contender, input);
        await take('int8', name, await made.catch((error: unknown) => unmade('int8', name, input, error)));
      }
    }
    const { sessions } = plan.latency;
    const { latency: threshold } = plan.thresholds ?? DEFAULT_THRESHOLDS;
    const conditionsUntilNow = await watchMachine(runtime.isAlone, await runtime.gpu());
    const { outcomes, control, int8, seconds } = await measureLatency({
      engine: runtime.engine,
      contenders,
      ...plan.latency,
      seed: LATENCY_SEED,
      isEnough: isDecidedEarly(threshold, sessions),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    const withModels = (form: TimedForm, all: LatencyMeasurement['outcomes']) =>
      all.map((one) => ({ ...one, model: models[form].get(one.candidate) ?? null }));
    return {
      outcomes: withModels('deploy', outcomes),
      control,
      ...(int8 === null
        ? {}
        : { int8: { outcomes: withModels('int8', int8.outcomes), control: int8.control } }),
      measurement: {
        earlyLooks: earlyLooks(sessions),
        endedEarly: control !== null && control.result.sessions < sessions,
        device: thisDevice(device.kind, device.tags, runtime.name),
        conditions: await conditionsUntilNow(),
        ...(int8 === null ? {} : { int8Sums: int8Sums() }),
        seconds,
      },
    };
  } finally {
    await runtime.close();
  }
};

/** A contender, and the model that is kept of it. */
interface Prepared {
  readonly loadable: Contender;
  readonly model: ExportedModel | null;
}

/** A form that cannot be made fails when it is to be loaded, as one does that cannot be loaded: the others are measured all the same. */
const unmade = (form: TimedForm, name: string, input: MapShape, error: unknown): Prepared => ({
  loadable: { name, input, form, load: () => Promise.reject(error) },
  model: null,
});

/** What runs the networks of a measurement. */
interface Runtime {
  readonly name: string;
  readonly engine: Engine;
  /** Whether all of it is in this process. */
  readonly isAlone: boolean;
  /** The GPU that it runs on, where it is known to be one that nvidia-smi tells of. */
  readonly gpu: () => Promise<WatchedGpu | null>;
  readonly prepare: (contender: GraphContender, input: MapShape) => Prepared;
  /** The same of the int8 form, which not every network has; null where none is to be measured. */
  readonly inInt8: ((contender: GraphContender, input: MapShape) => Promise<Prepared>) | null;
  readonly close: () => Promise<void>;
}

const runtimeOf = (plan: Plan, kind: DeviceKind): Runtime | Promise<Runtime> =>
  kind === 'native' ? nativeRuntime(plan) : browserRuntime(plan, kind);

const nativeRuntime = (plan: Plan): Runtime => {
  const { engine: planned, int8: setting } = plan.conditions;
  const { id, version, device } = planned;
  const engine = engineOf(plan);
  const { int8 } = engine;
  return {
    name: `${id} ${version}, ${device}`,
    engine,
    isAlone: id !== 'pytorch',
    gpu: async () => {
      if (device !== 'cuda') return null;
      const [first] = id === 'pytorch' ? await cudaGpus() : [];
      return { uuid: first?.uuid ?? null };
    },
    prepare: (contender, input) => {
      if (id !== 'onnxruntime' || device !== 'cpu') return { loadable: contender, model: null };
      const model = exportModel(contender.graph, contender.weights, plan.latency);
      const { name } = contender;
      return { loadable: modelContender(name, input, model.bytes, model.record.session), model };
    },
    inInt8:
      setting === undefined || int8 === undefined
        ? null
        : async (contender, input) => {
            const form = await randomlyCalibrated(int8, contender, setting.weights);
            const model = exportInt8Model(form, plan.latency);
            const { bytes, record } = model;
            const loadable = modelContender(contender.name, input, bytes, record.session, 'int8');
            return { loadable, model };
          },
    close: async () => {},
  };
};

const browserRuntime = async (plan: Plan, kind: BrowserKind): Promise<Runtime> => {
  const { openBrowser } = await import('../../../browser/browser.js');
  const browser = await openBrowser(plan.latency, kind);
  return {
    name: browser.runtime,
    engine: engineOf(plan),
    isAlone: false,
    gpu: async () => null,
    prepare: ({ name, graph, weights }, input) => {
      const { bytes } = exportModel(graph, weights, plan.latency);
      return { loadable: { name, input, load: () => browser.load(bytes) }, model: null };
    },
    inInt8: null,
    close: browser.close,
  };
};

const keepCosts = (directory: string, file: string, train: Graph, deploy: Graph): Promise<void> =>
  keep(
    directory,
    COSTS,
    file,
    printOperationCosts({ train: operationRows(train), deploy: operationRows(deploy) }),
  );

const keep = async (
  directory: string,
  folder: string,
  file: string,
  content: string | Uint8Array,
): Promise<void> => {
  const target = join(directory, folder);
  await makeInnerFolder(target);
  await writeWhole(target, file, content);
};
