/**
 * Our counts against fvcore, ptflops, torchinfo and thop, on networks of torchvision and timm: milliseconds of one count in a running
 * process, seconds of a whole process for the first network, and what is counted. Rounds of one count of every contender in turn. Ours
 * builds the network each time; theirs is given it, on one thread. MACs of the others are those of convolutions and dense layers where
 * the tool keeps them apart (fvcore), else what it calls the total.
 *
 *   npm run build && npx jiti benchmarks/cost.ts [--rounds 20] [--processes 3]
 */
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { z } from 'zod';
import { buildNetwork } from '../blocks/build.js';
import { cost } from '../harness/cost/cost.js';
import { median } from '../harness/stats/sample.js';
import { type Peer, startPeer } from './peers/json-lines.js';

const TOOLS = ['fvcore', 'ptflops', 'torchinfo', 'thop'] as const;

const NETWORKS = [
  { id: 'mobilenet-v2', library: 'torchvision', model: 'mobilenet_v2' },
  { id: 'mobilenet-v3-large', library: 'torchvision', model: 'mobilenet_v3_large' },
  { id: 'shufflenet-v2', library: 'torchvision', model: 'shufflenet_v2_x1_0' },
  { id: 'efficientnet-b0', library: 'torchvision', model: 'efficientnet_b0' },
  { id: 'ghostnet', library: 'timm', model: 'ghostnet_100' },
] as const;

type Network = (typeof NETWORKS)[number];

const SIZE = 224;

const countHere = ({ id }: Network) => cost(buildNetwork(id, { input: [3, SIZE, SIZE], classes: 1000 }));

const answer = z.object({ params: z.number(), macs: z.number(), seconds: z.number() });

type Answer = z.infer<typeof answer>;

const startTool = (tool: string): Peer => {
  const peer = startPeer('./cost_peer.py');
  peer.tell({ tool });
  return peer;
};

const secondsOf = async (work: () => unknown): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

/** The counts of every contender, by round, after one that does not count. */
const compareCounts = async (peers: ReadonlyMap<string, Peer>, network: Network, rounds: number) => {
  const counts = new Map<string, Answer[]>([['lightbench', []]]);
  for (const name of peers.keys()) counts.set(name, []);
  for (let round = -1; round < rounds; round += 1) {
    const seconds = await secondsOf(() => countHere(network));
    const { params, macs } = countHere(network);
    const answers = new Map<string, Answer>([['lightbench', { params, macs, seconds }]]);
    for (const [name, peer] of peers) {
      answers.set(name, await peer.ask({ ...network, size: SIZE }, answer));
    }
    if (round >= 0) for (const [name, one] of answers) counts.get(name)?.push(one);
  }
  return counts;
};

/** Seconds from the start of a process to its end, with one count of the network. */
const wholeProcesses = async (network: Network, processes: number) => {
  const main = new URL('../dist/harness/cli/main.js', import.meta.url).pathname;
  const contenders = new Map<string, () => Promise<unknown>>([
    ['lightbench', () => execa(process.execPath, [main, 'cost', network.id, '--json'])],
    ...TOOLS.map((tool): [string, () => Promise<unknown>] => [
      tool,
      async () => {
        const peer = startTool(tool);
        await peer.ask({ ...network, size: SIZE }, answer);
        await peer.close();
      },
    ]),
  ]);
  const seconds = new Map<string, number[]>([...contenders.keys()].map((name) => [name, []]));
  for (let round = 0; round < processes; round += 1) {
    for (const [name, run] of contenders) seconds.get(name)?.push(await secondsOf(run));
  }
  return seconds;
};

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    processes: { type: 'string', default: '3' },
  },
});

/** Median seconds by contender, and how many times ours that is. */
const compared = (seconds: ReadonlyMap<string, readonly number[]>) => {
  const medians = new Map([...seconds].map(([name, times]) => [name, median(times)]));
  const ours = medians.get('lightbench') ?? Number.NaN;
  return new Map([...medians].map(([name, time]) => [name, { time, ratio: (time / ours).toFixed(1) }]));
};

const peers = new Map(TOOLS.map((tool) => [tool, startTool(tool)]));
const rows = [];
for (const network of NETWORKS) {
  const counts = await compareCounts(peers, network, Number(values.rounds));
  const ours = countHere(network);
  const times = compared(
    new Map([...counts].map(([name, all]) => [name, all.map(({ seconds }) => seconds)] as const)),
  );
  for (const [name, [one]] of counts) {
    const { time = Number.NaN, ratio } = times.get(name) ?? {};
    rows.push({
      network: network.id,
      tool: name,
      'count, ms': (1000 * time).toFixed(2),
      'x ours': ratio,
      params: one?.params,
      'params, off by': (one?.params ?? Number.NaN) - ours.params,
      MACs: one?.macs,
      'MACs, off by': (one?.macs ?? Number.NaN) - ours.macs,
    });
  }
}
for (const peer of peers.values()) await peer.close();
console.table(rows);

const [first] = NETWORKS;
console.log(`Whole processes, ${first.id}:`);
console.table(
  [...compared(await wholeProcesses(first, Number(values.processes)))].map(([tool, { time, ratio }]) => ({
    tool,
    'process, s': time.toFixed(2),
    'x ours': ratio,
  })),
);
