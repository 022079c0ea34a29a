import { type Step, stepsOf } from '../../harness/describe/steps.js';
import type { Graph } from '../../harness/graph/graph.js';
import { formatShape } from '../../harness/graph/shape.js';

/** A flowchart in Mermaid, which GitHub draws: one box a step, with the shape of its output where that is not its input's. */
export const mermaidDiagram = (graph: Graph): string => {
  const steps = stepsOf(graph);
  const edges = steps.flatMap(({ id, inputs }) => inputs.map((from) => `  s${from} --> s${id}`));
  return ['flowchart LR', ...steps.map((step) => box(step, steps)), ...edges].join('\n');
};

const box = (
  { id, count, operation, after, inputs: [first], shape }: Step,
  steps: readonly Step[],
): string => {
  const before = first === undefined ? undefined : steps[first]?.shape;
  const unchanged = before !== undefined && formatShape(before) === formatShape(shape);
  const lines = [
    count === 1 ? operation : `${count} × ${operation}`,
    ...(after.length > 0 ? [after.join(', ')] : []),
    ...(unchanged ? [] : [formatShape(shape)]),
  ];
  return `  s${id}["${lines.join('<br>')}"]`;
};
