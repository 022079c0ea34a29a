/** `costs/<entry>.json`: what every operation of a network costs, one line each, so that a diff shows exactly those that changed. */
import { z } from 'zod';
import { parseRecord } from '../parse.js';
import { SCHEMA_VERSION } from '../plan/plan.js';

/** Folder of the files, in that of a run or a baseline. */
export const COSTS = 'costs';

export const costRowSchema = z.strictObject({
  /** Stable name of the operation in the network. */
  path: z.string(),
  /** Pointwise, depthwise, convolution, linear, normalization or other. */
  kind: z.string(),
  /** The operation with its attributes, for example `conv2d outChannels=64 kernel=3x3`. */
  op: z.string(),
  output: z.array(z.int()),
  params: z.int(),
  macs: z.int(),
  flops: z.int(),
});

export type CostRow = z.infer<typeof costRowSchema>;

export const FORMS = ['train', 'deploy'] as const;

export type Form = (typeof FORMS)[number];

const operationCostsSchema = z.strictObject({
  schema: z.literal(SCHEMA_VERSION),
  train: z.array(costRowSchema),
  deploy: z.array(costRowSchema),
});

/** In execution order. */
export type OperationCosts = Readonly<Record<Form, readonly CostRow[]>>;

export const printOperationCosts = (costs: OperationCosts): string => {
  const forms = FORMS.map((form) => {
    const rows = costs[form].map(({ path, kind, op, output, params, macs, flops }) =>
      JSON.stringify({ path, kind, op, output, params, macs, flops }),
    );
    return `"${form}": [\n${rows.join(',\n')}\n]`;
  });
  return `{\n"schema": ${SCHEMA_VERSION},\n${forms.join(',\n')}\n}\n`;
};

/** Throws UserError naming the file and the field where the text is not what `printOperationCosts` writes. */
export const parseOperationCosts = (text: string, where: string, remedy: string): OperationCosts =>
  parseRecord(operationCostsSchema, text, where, remedy);

/**
 * A file name for every entry, of its letters and digits. The same names in the same order give the same file names; names that differ
 * in other characters or case alone are numbered.
 */
export const costFileNames = (names: readonly string[]): ReadonlyMap<string, string> => {
  const taken = new Set<string>();
  return new Map(
    names.map((name) => {
      const plain =
        name
          .toLowerCase()
          .replace(/[^a-z0-9._-]+/g, '-')
          .replace(/^\.+/, '') || 'entry';
      let file = plain;
      for (let count = 2; taken.has(file); count += 1) file = `${plain}-${count}`;
      taken.add(file);
      return [name, `${file}.json`];
    }),
  );
};
