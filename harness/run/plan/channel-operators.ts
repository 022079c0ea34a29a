/** The channel operators of a candidate as its record holds them: what FalconNet's Fig. 7 (arXiv:2306.06365) compares. */
import type { ChannelOperatorRecord } from '../../../results/plan/candidate.js';
import { connectionGrid } from '../../cost/connection-grid.js';
import { type Connections, connectionFactors, connectionsOf } from '../../cost/connections.js';
import { receptiveRange } from '../../cost/receptive-range.js';
import type { Graph } from '../../graph/graph.js';
import { subgraphOf } from '../../graph/subgraph.js';

/** Those of the first block under test of the last stage, where the block has the frame of the Meta Basic Block; else none. */
export const channelOperators = (graph: Graph): ChannelOperatorRecord[] => {
  const block = firstOfLastStage(graph);
  if (block === undefined) return [];
  return PLACES.flatMap((place) => {
    const operator = subgraphOf(graph, `${block}.${place}`);
    return operator === null ? [] : [{ place, ...receptiveRange(operator), patterns: patternsOf(operator) }];
  });
};

const PLACES = ['channel1', 'channel2'] as const;

const firstOfLastStage = ({ nodes }: Graph): string | undefined => {
  const blocks = [...new Set(nodes.flatMap(({ block }) => block ?? []))];
  const last = blocks.at(-1);
  return last === undefined ? undefined : blocks.find((block) => stageOf(block) === stageOf(last));
};

const stageOf = (block: string): string => block.slice(0, block.lastIndexOf('.'));

const patternsOf = (operator: Graph): ChannelOperatorRecord['patterns'] => {
  const layers = connectionFactors(operator);
  return [...(layers.length < 2 ? [] : layers), connectionsOf(operator)].map(patternOf);
};

const SIZE = { columns: 32, rows: 32 } as const;

const patternOf = (connections: Connections): ChannelOperatorRecord['patterns'][number] => ({
  inputs: connections.inputs,
  outputs: connections.outputs,
  rows: connectionGrid(connections, SIZE).shares.map((row) => row.map(digit).join('')),
});

/** Ninths; 0 and 9 only where nothing and everything is connected. */
const digit = (share: number): number => {
  if (share === 0 || share === 1) return 9 * share;
  return Math.min(8, Math.max(1, Math.round(9 * share)));
};
