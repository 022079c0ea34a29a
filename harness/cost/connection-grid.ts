/** A connection matrix made small enough to be drawn. */
import type { Connections } from './connections.js';

export interface GridSize {
  /** The most cells side by side, each for one input channel or several neighbours. */
  readonly columns: number;
  /** The most rows, each for one output channel or several neighbours. */
  readonly rows: number;
}

export interface ConnectionGrid {
  /** Input channels by column. */
  readonly across: readonly Channels[];
  /** Output channels by row. */
  readonly down: readonly Channels[];
  /** What share of the pairs of a cell is connected, row by row. */
  readonly shares: readonly (readonly number[])[];
}

/** Channels start (included) to end (excluded). */
export type Channels = readonly [start: number, end: number];

/** All cells hold equally many channels, but the last of a row or column may hold fewer. */
export const connectionGrid = (connections: Connections, { columns, rows }: GridSize): ConnectionGrid => {
  const across = partsOf(connections.inputs, columns);
  const down = partsOf(connections.outputs, rows);
  return {
    across,
    down,
    shares: down.map((outputs) => across.map((inputs) => share(connections, outputs, inputs))),
  };
};

const partsOf = (channels: number, most: number): readonly Channels[] => {
  const size = Math.ceil(channels / most);
  return Array.from({ length: Math.ceil(channels / size) }, (_, i) => [
    i * size,
    Math.min(channels, (i + 1) * size),
  ]);
};

const share = ({ connects }: Connections, [top, bottom]: Channels, [left, right]: Channels): number => {
  let connected = 0;
  for (let output = top; output < bottom; output++)
    for (let input = left; input < right; input++) connected += connects(output, input) ? 1 : 0;
  return connected / ((bottom - top) * (right - left));
};
