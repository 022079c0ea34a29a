/** The connection pattern of a channel operator as text: what FalconNet's Fig. 7 (arXiv:2306.06365) is about. */
import type { Graph } from '../graph/graph.js';
import { type Channels, connectionGrid, type GridSize } from './connection-grid.js';
import { type Connections, connectionFactors, connectionsOf } from './connections.js';

/** The pattern from input to output; before it, where several layers make it, those of the layers. */
export const drawConnections = (graph: Graph, size?: GridSize): string => {
  const factors = connectionFactors(graph);
  const layers = factors.length < 2 ? [] : factors.map((factor, i) => [`Layer ${i + 1}`, factor] as const);
  return [...layers, ['Input to output', connectionsOf(graph)] as const]
    .map(([title, connections]) => `${title}: ${connectionPattern(connections, size)}`)
    .join('\n\n');
};

/**
 * A line for what its cells stand for, then outputs downwards and inputs to the right. A cell is `·` where nothing is connected, `█`
 * where everything is, and one of three shades between. Where all cells would be `█`, the line alone says so.
 */
export const connectionPattern = (
  connections: Connections,
  size: GridSize = { columns: 64, rows: 32 },
): string => {
  const { inputs: width, outputs: height, ranges } = connections;
  if (ranges.every((range) => range === width)) return `${width} inputs, ${height} outputs, all connected`;
  const { across, down, shares } = connectionGrid(connections, size);
  const lines = shares.map((row) => row.map(shade).join(''));
  return [legend(connections, down[0], across[0]), ...lines].join('\n');
};

const shade = (connected: number): string => {
  if (connected === 0) return '·';
  if (connected === 1) return '█';
  return '░▒▓'.charAt(Math.floor(connected * 3));
};

const legend = (
  { inputs, outputs }: Connections,
  line: Channels = [0, 1],
  column: Channels = [0, 1],
): string =>
  `${inputs} inputs across, ${outputs} outputs down; a cell is ${counted(column, 'input')} by ${counted(line, 'output')}`;

const counted = ([start, end]: Channels, name: string): string =>
  end - start === 1 ? `1 ${name}` : `${end - start} ${name}s`;
