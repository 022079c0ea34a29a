import { cutsOf } from '../graph/cuts.js';
import type { Graph } from '../graph/graph.js';
import { formatShape } from '../graph/shape.js';
import { type Step, stepsOf } from './steps.js';

/**
 * A network as lines of text: how many blocks of one kind follow one another, the shape that each gives, and its operations. A block
 * is what stands between two places where the network hangs by one value; neighbours under the same numbered path are one block.
 */
export const outline = (graph: Graph): string => {
  const rows = blocksOf(stepsOf(graph)).map(describe);
  const runs = runsOf(rows, ({ shape, operations }) => `${shape} ${operations}`);
  const cells = runs.flatMap(([row, ...more]) =>
    row ? [[more.length === 0 ? '' : `${more.length + 1} ×`, row.shape, row.operations] as const] : [],
  );
  const width = (column: 0 | 1) => Math.max(...cells.map((line) => line[column].length));
  return cells
    .map(
      ([count, shape, operations]) => `${count.padStart(width(0))} ${shape.padEnd(width(1))}  ${operations}`,
    )
    .join('\n');
};

type Block = readonly Step[];

interface Row {
  readonly shape: string;
  readonly operations: string;
}

const blocksOf = (steps: readonly Step[]): readonly Block[] => {
  const cuts = cutsOf({ nodes: steps });
  const segments = cuts.map((cut, i) => steps.slice((cuts[i - 1] ?? -1) + 1, cut + 1));
  return runsOf(segments, scopeOf).map((run) => run.flat());
};

/** The path of a block's end up to its last number, and its first name where there is none. */
const scopeOf = (block: Block): string => {
  const names = block.at(-1)?.path.split('.') ?? [];
  const last = names.findLastIndex((name) => /^\d+$/.test(name));
  return names.slice(0, Math.max(1, last + 1)).join('.');
};

const describe = (block: Block): Row => ({
  shape: formatShape(block.at(-1)?.shape ?? []),
  operations: block.map(describeStep).join(', '),
});

/** Norms go without saying, unless they stand alone. */
const describeStep = ({ count, operation, after }: Step): string =>
  [...(count === 1 ? [] : [`${count} ×`]), operation, ...after.filter((label) => label !== 'BN')].join(' ');

/** Splits a list where the key of neighbours differs. */
const runsOf = <T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] => {
  const starts = items.flatMap((item, i) => {
    const before = items[i - 1];
    return before !== undefined && key(before) === key(item) ? [] : [i];
  });
  return starts.map((start, i) => items.slice(start, starts[i + 1]));
};
