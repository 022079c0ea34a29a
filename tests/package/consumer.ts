/** What a user's program may look like: a part of its own, counted, exported and run. Prints the number of outputs. */
import {
  analyse,
  buildNetwork,
  type Cost,
  convBn,
  cost,
  defineBlock,
  deployForm,
  exportOnnx,
  initialWeights,
  loadRun,
  measureSpeed,
  planRun,
  type RunEvent,
  receptiveRange,
  reportPage,
  resolveEngine,
  startRun,
  type Value,
  z,
} from 'lightbench';

const block = defineBlock({
  id: 'consumer-block',
  summary: 'A convolution.',
  paper: 'none',
  options: z.strictObject({ kernel: z.literal([1, 3]).default(3) }),
  slots: {},
  build: (g, x, { outChannels, stride }, { kernel }): Value =>
    convBn(g.scope('conv'), x, { outChannels, kernel, stride }),
});

const graph = buildNetwork(
  { id: 'lightnet', set: { preset: 'small', block } },
  { input: [3, 32, 32], classes: 10 },
);
const { params, perOp }: Cost = cost(graph);
if (params <= perOp.length) throw new Error('A network has more parameters than operations.');
const weights = initialWeights(graph, 1);
const deployed = deployForm(graph);
const { engine } = await resolveEngine('onnxruntime');
const predictor = await engine.createPredictor(graph, weights, { batch: 1, threads: 1 });
const outputs = await predictor.run(new Float32Array(3 * 32 * 32));
await predictor.dispose();
const model: Uint8Array = exportOnnx(deployed.graph, deployed.convert(weights), {
  batch: 1,
  outputName: 'logits',
});
const { full, inputs } = receptiveRange(graph);
const speed = await measureSpeed(engine, graph, { mode: 'inference', batch: 1, threads: 1, seconds: 0.1 });
if (!full || inputs !== 3 || speed.medianMs <= 0) throw new Error('Every class depends on every channel.');

/** From a suite to a page. Not run here. */
export const report = async (suite: string, folder: string): Promise<string> => {
  const failed: RunEvent[] = [];
  const onEvent = (event: RunEvent): void => {
    if (event.kind === 'trial-failed') failed.push(event);
  };
  await startRun(await planRun(suite), folder, { onEvent });
  const run = await loadRun(folder);
  return failed.length > 0 ? '' : reportPage([{ run, analysis: analyse(run) }]);
};

console.log(JSON.stringify({ outputs: outputs.length, exported: model.length > params }));
