/**
 * A whole suite of 8 trials, four candidates of `quick`, over all cores: `lightbench run` with its worker processes against the same trials
 * in PyTorch processes, as many at a time, one thread each. Ours reads, checks and evaluates Fashion-MNIST, keeps checkpoints, merges and
 * checks the deploy form. PyTorch builds the same networks, takes as many steps of the same batch in the better of its layouts, and
 * evaluates as many images: on one batch that it has in memory, and on the images of torchvision's FashionMNIST through a DataLoader. From
 * the first process to the last trial. All in turn.
 *
 *   npm run build && npx jiti benchmarks/suite-throughput.ts [--rounds 2] [--epochs 4]
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import pMap from 'p-map';
import { z } from 'zod';
import type { Graph } from '../harness/graph/graph.js';
import { usableCores } from '../harness/measure/machine/cores.js';
import { recipeSchema } from '../harness/recipe/recipe.js';
import { plannedGraph } from '../harness/run/plan/planned.js';
import { median } from '../harness/stats/sample.js';
import type { Plan } from '../results/plan/plan.js';
import { type Peer, startPeer } from './peers/json-lines.js';

const SUITE = 'quick';
const CANDIDATES = 'inverted-residual|ghost-bottleneck|igcv3-block|fasternet';
const SEEDS = 2;
const LAYOUTS = ['nchw', 'channels-last'] as const;

type Layout = (typeof LAYOUTS)[number];

const answer = z.object({ seconds: z.array(z.number()) });

const loadBuilt = (): Promise<typeof import('../index.js')> =>
  import(new URL('../dist/index.js', import.meta.url).href);

const planSuite = async (epochs: number): Promise<Plan> => {
  const { planRun } = await loadBuilt();
  return planRun(SUITE, { only: CANDIDATES, seeds: SEEDS, epochs, engine: 'onnxruntime' });
};

interface Setting {
  readonly epochs: number;
  /** Trials at a time. */
  readonly jobs: number;
}

/** Seconds of planning and of all trials. */
const runOurs = async ({ epochs, jobs }: Setting): Promise<number> => {
  const { startRun } = await loadBuilt();
  const folder = await mkdtemp(join(tmpdir(), 'lightbench-throughput-'));
  const trained = new AbortController();
  const start = performance.now();
  let seconds = Number.NaN;
  try {
    const plan = await planSuite(epochs);
    await startRun(plan, join(folder, 'run'), {
      jobs,
      signal: trained.signal,
      onEvent: (event) => {
        if (event.kind === 'trial-failed') throw new Error(event.error);
        if (event.kind !== 'latency-started') return;
        seconds = (performance.now() - start) / 1000;
        trained.abort();
      },
    });
  } catch (error) {
    if (!trained.signal.aborted) throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
  return seconds;
};

/** The images that `quick` trains on, as torchvision's FashionMNIST looks for them in a folder. */
const layOut = async (folder: string): Promise<void> => {
  const raw = join(folder, 'FashionMNIST', 'raw');
  await mkdir(raw, { recursive: true });
  for (const [theirs, ours] of [
    ['train', 'train-10k'],
    ['t10k', 't10k'],
  ]) {
    for (const kind of ['images-idx3-ubyte', 'labels-idx1-ubyte']) {
      const packed = await readFile(new URL(`../data/fashion-mnist/${ours}-${kind}.gz`, import.meta.url));
      await writeFile(join(raw, `${theirs}-${kind}`), gunzipSync(packed));
    }
  }
};

/** With a folder of Fashion-MNIST, images come from there. */
const startTorch = (graph: Graph, batch: number, layout: Layout, fashionMnist?: string): Peer => {
  const peer = startPeer('./torch_peer.py');
  const nodes = graph.nodes.map(({ path, op, inputs, shape }) => ({ path, op, inputs, shape }));
  peer.tell({
    graph: { nodes, output: graph.output.id },
    input: graph.input.shape,
    classes: graph.output.shape[0],
    batch,
    mode: 'training',
    threads: 1,
    layout,
    ...(fashionMnist === undefined ? {} : { fashionMnist }),
  });
  return peer;
};

interface Trial {
  readonly graph: Graph;
  readonly layout: Layout;
}

/** Seconds of all trials. */
const runPeers = async (
  trials: readonly Trial[],
  { conditions }: Plan,
  { epochs, jobs, fashionMnist }: Setting & { readonly fashionMnist?: string },
): Promise<number> => {
  const { batch } = recipeSchema.parse(conditions.recipe);
  const { trainImages, validationImages, testImages } = conditions.dataset;
  const start = performance.now();
  await pMap(
    trials,
    async ({ graph, layout }) => {
      const peer = startTorch(graph, batch, layout, fashionMnist);
      for (let epoch = 0; epoch < epochs; epoch += 1) {
        await peer.ask({ steps: Math.floor(trainImages / batch) }, answer);
        await peer.ask({ evaluate: Math.ceil(validationImages / batch) }, answer);
      }
      await peer.ask({ evaluate: Math.ceil(testImages / batch) }, answer);
      await peer.close();
    },
    { concurrency: jobs },
  );
  return (performance.now() - start) / 1000;
};

const betterLayout = async (graph: Graph, batch: number): Promise<Layout> => {
  const seconds: number[] = [];
  for (const layout of LAYOUTS) {
    const peer = startTorch(graph, batch, layout);
    await peer.ask({ steps: 2 }, answer);
    seconds.push(median((await peer.ask({ steps: 7 }, answer)).seconds));
    await peer.close();
  }
  const [nchw = 0, channelsLast = 0] = seconds;
  return nchw < channelsLast ? 'nchw' : 'channels-last';
};

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    epochs: { type: 'string', default: '4' },
  },
});
const [rounds, epochs] = [Number(values.rounds), Number(values.epochs)];
const jobs = usableCores();
const setting: Setting = { epochs, jobs };
const plan = await planSuite(epochs);
const { batch } = recipeSchema.parse(plan.conditions.recipe);
const images = plan.trials.length * epochs * batch * Math.floor(plan.conditions.dataset.trainImages / batch);

const networks = new Map<string, Trial>();
for (const { name } of plan.candidates) {
  const graph = await plannedGraph(plan, name);
  networks.set(name, { graph, layout: await betterLayout(graph, batch) });
}
console.log(
  `PyTorch's layouts: ${[...networks].map(([name, { layout }]) => `${name} ${layout}`).join(', ')}`,
);
const trials = plan.trials.flatMap(({ candidate }) => networks.get(candidate) ?? []);

const folder = await mkdtemp(join(tmpdir(), 'lightbench-throughput-'));
await layOut(folder);
const rows = [];
for (let round = 0; round < rounds; round += 1) {
  const ours = await runOurs(setting);
  const inMemory = await runPeers(trials, plan, setting);
  const loading = await runPeers(trials, plan, { ...setting, fashionMnist: folder });
  rows.push({
    trials: trials.length,
    'at a time': jobs,
    'images trained': images,
    'lightbench s': ours.toFixed(1),
    'PyTorch, one batch in memory s': inMemory.toFixed(1),
    ratio: (inMemory / ours).toFixed(2),
    'PyTorch, torchvision s': loading.toFixed(1),
    'its ratio': (loading / ours).toFixed(2),
  });
  console.log(rows.at(-1));
}
await rm(folder, { recursive: true });
console.table(rows);
