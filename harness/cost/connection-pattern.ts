/** The connection pattern of a channel operator as text: what FalconNet's Fig. 7 (arXiv:2306.06365) is about. */
import type { Graph } from '../graph/graph.js';
import { type Connections, connectionFactors, connectionsOf } from './connections.js';

export interface PatternSize {
  /** The most characters side by side, each for one input channel or several neighbours. */
  readonly columns: number;
  /** The most lines, each for one output channel or several neighbours. */
  readonly rows: number;
}

/** The pattern from input to output; before it, where several layers make it, those of the layers. */
export const drawConnections = (graph: Graph, size?: PatternSize): string => {
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
  { columns, rows }: PatternSize = { columns: 64, rows: 32 },
): string => {
  const { inputs: width, outputs: height, ranges } = connections;
  if (ranges.every((range) => range === width)) return `${width} inputs, ${height} outputs, all connected`;
  const across = cellsOf(width, columns);
  const down = cellsOf(height, rows);
  const lines = down.map((outputs) =>
    across.map((inputs) => shade(share(connections, outputs, inputs))).join(''),
  );
  return [legend(connections, down[0], across[0]), ...lines].join('\n');
};

/** Channels start (included) to end (excluded). */
type Cell = readonly [start: number, end: number];

const cellsOf = (channels: number, most: number): readonly Cell[] => {
  const size = Math.ceil(channels / most);
  return Array.from({ length: Math.ceil(channels / size) }, (_, i) => [
    i * size,
    Math.min(channels, (i + 1) * size),
  ]);
};

const share = ({ connects }: Connections, [top, bottom]: Cell, [left, right]: Cell): number => {
  let connected = 0;
  for (let output = top; output < bottom; output++)
    for (let input = left; input < right; input++) connected += connects(output, input) ? 1 : 0;
  return connected / ((bottom - top) * (right - left));
};

const shade = (connected: number): string => {
  if (connected === 0) return '·';
  if (connected === 1) return '█';
  return '░▒▓'.charAt(Math.floor(connected * 3));
};

const legend = ({ inputs, outputs }: Connections, line: Cell = [0, 1], column: Cell = [0, 1]): string =>
  `${inputs} inputs across, ${outputs} outputs down; a cell is ${counted(column, 'input')} by ${counted(line, 'output')}`;

const counted = ([start, end]: Cell, name: string): string =>
  end - start === 1 ? `1 ${name}` : `${end - start} ${name}s`;
