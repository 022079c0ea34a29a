/** The reference of the recipe, from its schema. */
import { z } from 'zod';
import { recipeSchema } from '../../harness/recipe/recipe.js';

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

export const recipeMarkdown = (): string => {
  const schema = z.toJSONSchema(recipeSchema, { io: 'input' }) as Schema;
  return `# The recipe of a suite

How every candidate of a suite is trained: the same for all, so that a difference comes from the candidates. A field that is not named
has its default. This page is written from the schema by \`npm run docs:recipe\`.

| field | allowed | default | what it is |
|---|---|---|---|
${rowsOf(schema, '').join('\n')}

\`\`\`ts
recipe: {
  epochs: 30,
  batch: 128,
  learningRate: 0.05,
  optimizer: { kind: 'adamw' },
  schedule: { kind: 'step', milestones: [15, 25] },
  augmentation: { crop: 'random-resized', mixup: 0.2 },
}
\`\`\`

Not every engine does everything: \`lightbench run SUITE --dry-run\` says what the chosen one lacks. \`--epochs\` and \`--tune\` of
\`lightbench run\` take the place of \`epochs\` and \`learningRate\`.
`;
};

const rowsOf = ({ properties = {}, required = [] }: Schema, before: string): readonly string[] =>
  Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${before}${name}`;
    const must = required.includes(name) && schema.default === undefined;
    if (schema.properties !== undefined) return rowsOf(schema, `${path}.`);
    const alternatives = (schema.oneOf ?? schema.anyOf ?? []).filter(
      ({ properties }) => properties !== undefined,
    );
    return [
      row(path, allowed(schema), must ? 'required' : code(schema.default), schema.description ?? ''),
      ...alternatives.flatMap((one) =>
        rowsOf({ ...one, properties: withoutKind(one) }, `${path}(${kindOf(one)}).`),
      ),
    ];
  });

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const code = (value: unknown): string => (value === undefined ? '' : `\`${JSON.stringify(value)}\``);

const kindOf = ({ properties }: Schema): string => String(properties?.kind?.const ?? '');

const withoutKind = ({ properties = {} }: Schema): Readonly<Record<string, Schema>> =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'kind'));

const allowed = (schema: Schema): string => {
  const several = schema.oneOf ?? schema.anyOf;
  if (several !== undefined) return several.map(allowed).join(', or ');
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.const !== undefined) return code(schema.const);
  if (schema.properties !== undefined) return `\`{ kind: "${kindOf(schema)}", ... }\``;
  if (schema.type === 'array') return `a list of ${allowed(schema.items ?? {})}`;
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.type === 'null') return '`null`';
  return `${schema.type === 'integer' ? 'a whole number' : 'a number'}${rangeOf(schema)}`;
};

const rangeOf = ({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string =>
  [
    ...(minimum === undefined ? [] : [` from ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [` above ${exclusiveMinimum}`]),
    ...(maximum === undefined ? [] : [` to ${maximum}`]),
    ...(exclusiveMaximum === undefined ? [] : [` below ${exclusiveMaximum}`]),
  ].join('');
