/** A block from PyTorch: a folder with one ONNX file for each place at which it may stand. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { defineBlock } from '../../../blocks/define.js';
import type { Definition } from '../../../blocks/part.js';
import { readRegularFile } from '../../files/regular-file.js';
import type { GraphBuilder, Value } from '../../graph/build/builder.js';
import type { Graph } from '../../graph/graph.js';
import { formatShape, isMap, type Shape } from '../../graph/shape.js';
import { MOST } from '../../user/limits.js';
import { UserError } from '../../user/user-error.js';
import { givenWeights } from '../../weights/given-weights.js';
import { inFile } from '../file.js';
import { importOnnx, type OnnxNetwork } from '../onnx/import-onnx.js';

export const MANIFEST = 'block.json';

const count = z.int().min(1).max(MOST.channels);

export const placeSchema = z.strictObject({
  input: z.tuple([count, count, count]).readonly(),
  outChannels: count,
  stride: count,
});

/** Where a block stands: what goes in, and what must come out. */
export type Place = z.infer<typeof placeSchema>;

/** An argument of the constructor with which the block was imported several times. */
const knobSchema = z.strictObject({
  option: z.string().min(1).max(MOST.name),
  values: z.array(z.number()).min(1).max(MOST.values),
});

export type BlockKnob = z.infer<typeof knobSchema>;

export const manifestSchema = z
  .strictObject({
    id: z.string().max(MOST.name),
    /** What was imported: `my_block.py:MyBlock`. */
    source: z.string().max(MOST.text),
    torch: z.string().max(MOST.name),
    /** The first value is the default. */
    knob: knobSchema.exactOptional(),
    places: z
      .array(
        z.strictObject({
          ...placeSchema.shape,
          /** Of the knob. */
          value: z.number().exactOptional(),
          file: z.string().regex(/^[\w-]+\.onnx$/),
        }),
      )
      .min(1)
      .max(MOST.values),
  })
  .refine(
    ({ knob, places }) => places.every(({ value }) => (value === undefined) === (knob === undefined)),
    'a place has a value where there is no knob, or none where there is one',
  );

/** The block of a folder that `lightbench import` wrote. Throws UserError where it is none, or a file of it is damaged. */
export const loadBlockFolder = async (folder: string): Promise<Definition<'block'>> => {
  const manifest = await readManifest(folder);
  const modules = new Map<string, Module>();
  for (const { file, value, ...place } of manifest.places) {
    const path = join(folder, file);
    const bytes = await readRegularFile(path, { remedy: IMPORT_AGAIN });
    const network = inFile(path, () => importOnnx(bytes));
    modules.set(nameOf(place, manifest.knob, value), { network, bytes });
  }
  return defineBlock({
    id: manifest.id,
    summary: `${manifest.source}, from PyTorch.`,
    paper: 'none',
    options: optionsOf(manifest.knob),
    build: (g, x, { outChannels, stride }, options) => {
      const { id, knob } = manifest;
      const value = knob && z.number().parse(Reflect.get(options, knob.option));
      const place = nameOf({ input: x.shape, outChannels, stride }, knob, value);
      const { network, bytes } = moduleFor(id, modules, place);
      const { graph, weights } = network.build(x.shape, 'map');
      if (options.init === 'file') g.startFrom(givenWeights(bytes, weights));
      return inlined(g, x, graph);
    },
  });
};

interface Module {
  readonly network: OnnxNetwork;
  /** Of its file. */
  readonly bytes: Uint8Array;
}

const init = z
  .enum(['seed', 'file'])
  .default('seed')
  .describe(
    'Weights to start from: random ones of the seed, or those that the module had when it was imported.',
  );

const optionsOf = (knob: BlockKnob | undefined) => {
  if (!knob) return z.strictObject({ init });
  const { option, values } = knob;
  const [standard = 0] = values;
  const value = z.literal(values).default(standard).describe('Of the constructor, as imported.');
  return z.strictObject({ init, [option]: value });
};

const IMPORT_AGAIN = 'Run lightbench import again.';

const readManifest = async (folder: string): Promise<z.infer<typeof manifestSchema>> => {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) {
    throw new UserError(
      `${folder} is a folder without ${MANIFEST}.`,
      'Name a file, or a folder that lightbench import wrote.',
    );
  }
  const text = await readRegularFile(file, { remedy: IMPORT_AGAIN });
  const result = manifestSchema.safeParse(parsed(text.toString()));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UserError(
    `${file} is damaged: ${[...(issue?.path ?? []), issue?.message].join(': ')}.`,
    IMPORT_AGAIN,
  );
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const nameOf = ({ input, outChannels, stride }: Place, knob?: BlockKnob, value?: number): string =>
  `${formatShape(input)} to ${outChannels} channels at stride ${stride}${knob ? `${SETTING}${knob.option}=${value}` : ''}`;

const SETTING = ' with ';

const moduleFor = (id: string, modules: ReadonlyMap<string, Module>, place: string): Module => {
  const module = modules.get(place);
  if (module) return module;
  const settingOf = (name: string) => name.split(SETTING)[1];
  const places = [...modules.keys()].filter((name) => settingOf(name) === settingOf(place));
  throw new UserError(
    `${id} was not imported for ${place}, only for ${places.map((name) => name.split(SETTING)[0]).join('; ')}.`,
    'Import it for this skeleton: lightbench import ... --set and --input as in the suite.',
  );
};

/** The operations of a graph, on a value of another. */
const inlined = (g: GraphBuilder, x: Value, { nodes, output }: Graph): Value => {
  const values = new Map<number, Value<Shape>>();
  for (const { id, path, op, inputs } of nodes) {
    const read = inputs.flatMap((input) => values.get(input) ?? []);
    values.set(id, op.kind === 'input' ? x : g.append(path, op, read));
  }
  const { id, shape } = values.get(output.id) ?? x;
  if (isMap(shape)) return { id, shape };
  throw new RangeError('The output of a block is a map.');
};
