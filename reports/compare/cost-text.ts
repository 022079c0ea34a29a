/** Changed costs and operations, a line each. */
import type { CostChange, OperationChange } from '../../harness/regression/compare/comparison.js';
import { grouped, signed } from '../text/numbers.js';
import { plural } from '../text/words.js';

const NAMES: Readonly<Record<CostChange['metric'], string>> = {
  params: 'params',
  macs: 'MACs',
  flops: 'FLOPs',
  activationBytes: 'activation bytes',
};

/** `deploy params 640 → 1,600 (+150.00 %)`. */
export const totalText = ({ form, metric, before, after }: CostChange): string =>
  `${form} ${NAMES[metric]} ${change(before, after)}`;

const change = (before: number, after: number): string => {
  const share = before === 0 ? '' : ` (${signed(100 * (after / before - 1), 2)} %)`;
  return `${grouped(before)} → ${grouped(after)}${share}`;
};

/** What follows from the first changes is counted, not listed. */
const SHOWN = 6;

/** The first of each form, in execution order. */
export const operationTexts = (operations: readonly OperationChange[]): readonly string[] =>
  (['train', 'deploy'] as const).flatMap((form) => {
    const changes = operations.filter((operation) => operation.form === form);
    const more = changes.length - SHOWN;
    return [
      ...changes.slice(0, SHOWN).map(operationText),
      ...(more > 0 ? [`${form}: and ${plural(more, 'operation')} more`] : []),
    ];
  });

const operationText = ({ form, path, before, after }: OperationChange): string => {
  const where = `${form} ${path}`;
  if (before === null) return `${where} added: ${after?.op ?? ''}${costsOf(after)}`;
  if (after === null) return `${where} removed: ${before.op}${costsOf(before)}`;
  const differences = [
    ...attributeChanges(before.op, after.op),
    ...(before.output.join('x') === after.output.join('x')
      ? []
      : [`output ${before.output.join('x')} → ${after.output.join('x')}`]),
    ...(['params', 'macs', 'flops'] as const).flatMap((metric) =>
      before[metric] === after[metric]
        ? []
        : [`${NAMES[metric]} ${grouped(before[metric])} → ${grouped(after[metric])}`],
    ),
  ];
  return `${where}: ${differences.join(', ')}`;
};

const costsOf = (row: OperationChange['after']): string =>
  row === null ? '' : ` (${grouped(row.params)} params, ${grouped(row.macs)} MACs)`;

/** Attributes that differ: `kernel 3x3 → 5x5`; of two kinds of operation, both in full. */
const attributeChanges = (before: string, after: string): readonly string[] => {
  if (before === after) return [];
  const [oldKind, old] = parsed(before);
  const [kind, present] = parsed(after);
  if (oldKind !== kind) return [`${before} → ${after}`];
  return [...present].flatMap(([key, value]) =>
    old.get(key) === value ? [] : [`${key} ${old.get(key) ?? 'none'} → ${value}`],
  );
};

const parsed = (op: string): readonly [kind: string, attributes: ReadonlyMap<string, string>] => {
  const [kind = '', ...attributes] = op.split(' ');
  return [
    kind,
    new Map(
      attributes.map((attribute) => {
        const [key = '', value = ''] = attribute.split('=');
        return [key, value];
      }),
    ),
  ];
};
