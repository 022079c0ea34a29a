/** A block of PyTorch, exported for every place of a skeleton, read back, and checked to compute the same. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { OptionValue } from '../../../blocks/part.js';
import { cost } from '../../cost/cost.js';
import type { Engine } from '../../engines/engine.js';
import { alreadyThere } from '../../files/already-there.js';
import { makeFolders } from '../../files/make-folders.js';
import { formatShape } from '../../graph/shape.js';
import { packageRoot } from '../../package/package-root.js';
import { userPython } from '../../process/user-python.js';
import { UserError } from '../../user/user-error.js';
import { idOfFile, inFile } from '../file.js';
import { importOnnx } from '../onnx/import-onnx.js';
import { type BlockKnob, MANIFEST, type manifestSchema, type Place } from './block-folder.js';

export interface BlockSource {
  /** `my_block.py:MyBlock` or `package.module:Class`. */
  readonly source: string;
  /** Keyword arguments of the constructor. */
  readonly arguments: Readonly<Record<string, OptionValue>>;
  /** An argument that gets each of these values in turn, and becomes an option of the block. */
  readonly knob?: BlockKnob;
  readonly places: readonly Place[];
}

export interface ImportedBlock {
  readonly id: string;
  readonly torch: string;
  readonly knob?: BlockKnob;
  readonly places: readonly (Place & {
    /** Of the knob. */
    readonly value?: number;
    readonly params: number;
    readonly macs: number;
    /** Largest difference to PyTorch's output, over its largest value. */
    readonly difference: number;
  })[];
}

/** Sums in float32 in another order. */
const TOLERANCE = 1e-4;

/**
 * Writes the folder. Throws UserError, and writes nothing, where Python or torch is missing, the module does not fit a place or takes a
 * random or data-dependent path, something in it has no counterpart here, or what was read back computes something else.
 */
export const importBlock = async (
  block: BlockSource,
  folder: string,
  engine: Engine,
): Promise<ImportedBlock> => {
  await requireReplaceable(folder);
  const unfinished = `${folder}.unfinished-${process.pid}`;
  await makeFolders(unfinished);
  try {
    const imported = await writeBlock(block, unfinished, engine);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
    return imported;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
};

/** Throws UserError where something lies there that no import wrote. */
const requireReplaceable = async (folder: string): Promise<void> => {
  const entries = await alreadyThere(folder);
  if (entries.length === 0 || entries.includes(MANIFEST)) return;
  throw new UserError(`${folder} holds other files, and no ${MANIFEST}.`, 'Name a new folder with --out.');
};

const writeBlock = async (
  { source, arguments: given, knob, places: sites }: BlockSource,
  folder: string,
  engine: Engine,
): Promise<ImportedBlock> => {
  const places: readonly ValuedPlace[] = knob
    ? knob.values.flatMap((value) => sites.map((place) => ({ ...place, value })))
    : sites;
  const files = places.map((_, i) => `place-${i + 1}.onnx`);
  const exported = await exportedByTorch({
    source,
    arguments: given,
    places: places.map((place, i) => ({
      ...place,
      arguments: knob ? { [knob.option]: place.value } : {},
      file: join(folder, files[i] ?? ''),
    })),
  });
  const results: ImportedBlock['places'][number][] = [];
  for (const [i, place] of places.entries()) {
    const sample = exported.samples[i];
    if (!sample)
      throw new UserError('The Python program answered for fewer places than it was asked for.', REPORT);
    const bytes = await readFile(join(folder, files[i] ?? ''));
    results.push({ ...place, ...(await checked(source, place, bytes, sample, engine)) });
  }
  const id = idOfFile(`${nameOf(source)}-torch`);
  const manifest: z.infer<typeof manifestSchema> = {
    id,
    source,
    torch: exported.torch,
    ...(knob ? { knob } : {}),
    places: places.map((place, i) => ({ ...place, file: files[i] ?? '' })),
  };
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return { id, torch: exported.torch, ...(knob ? { knob } : {}), places: results };
};

type ValuedPlace = Place & { readonly value?: number };

/** `MyBlock` of `my_block.py:MyBlock`, in words. */
const nameOf = (source: string): string =>
  source.slice(source.lastIndexOf(':') + 1).replace(/([a-z0-9])([A-Z])/g, '$1-$2');

const checked = async (source: string, place: Place, bytes: Uint8Array, sample: Sample, engine: Engine) => {
  const where = `${source}, for ${formatShape(place.input)}`;
  const { graph, weights } = inFile(where, () => importOnnx(bytes).build(place.input, 'map'));
  const { params, macs } = cost(graph);
  const predictor = await engine.createPredictor(graph, weights(), { batch: 1, threads: 1 });
  const ours = Float32Array.from(await predictor.run(floats(sample.input)));
  await predictor.dispose();
  const difference = relativeDifference(ours, floats(sample.output));
  if (!(difference <= TOLERANCE)) {
    throw new UserError(
      `${where}: what was read back differs from PyTorch's output by ${difference.toPrecision(2)}.`,
      'Its path may depend on what it reads: a block must compute the same operations for every image.',
    );
  }
  requireParameters(where, params, sample);
  return { params, macs, difference };
};

const requireParameters = (where: string, exported: number, { parameters, buffers }: Sample): void => {
  if (exported === parameters) return;
  if (exported > parameters && buffers.length > 0) {
    const names = buffers.join(', ');
    throw new UserError(
      `${where}: it has ${parameters} parameters, and ${exported} were exported, since its buffer ${names} is used as a weight.`,
      'Make it an nn.Parameter, which is trained, or leave it out: constants of channels have no counterpart here.',
    );
  }
  throw new UserError(
    `${where}: it has ${parameters} parameters, and ${exported} of them were exported.`,
    'Let it use each whole and once, in a layer or as a factor: do not share or index them, nor compute with them, and remove the unused.',
  );
};

const floats = (text: string): Float32Array =>
  new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);

const relativeDifference = (actual: Float32Array, expected: Float32Array): number => {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [difference, largest] = [0, 0];
  for (const [i, value] of expected.entries()) {
    difference = Math.max(difference, Math.abs((actual[i] ?? 0) - value));
    largest = Math.max(largest, Math.abs(value));
  }
  return difference === 0 ? 0 : difference / largest;
};

const sampleSchema = z.object({
  input: z.string(),
  output: z.string(),
  parameters: z.int(),
  buffers: z.array(z.string()),
});

type Sample = z.infer<typeof sampleSchema>;

const answerSchema = z.union([
  z.object({ torch: z.string(), samples: z.array(sampleSchema) }),
  z.object({ error: z.string(), remedy: z.string() }),
]);

const REPORT = 'Run it again; if it stays, it is a defect of lightbench.';

const exportedByTorch = async (task: object) => {
  const { execa } = await import('execa');
  const program = join(packageRoot(), 'harness/import/torch/export_block.py');
  const { code, exitCode, signal, stdout, stderr } = await execa(userPython(), [program], {
    input: JSON.stringify(task),
    reject: false,
    maxBuffer: 2 ** 30,
  });
  if (code === 'ENOENT') {
    throw new UserError(
      `There is no program ${userPython()}.`,
      'Install Python with torch, or set LIGHTBENCH_PYTHON to a Python that has it.',
    );
  }
  const line = stdout?.trim().split('\n').at(-1) ?? '';
  const answer = exitCode === 0 ? answerSchema.safeParse(parsed(line)) : undefined;
  if (!answer?.success) {
    const reason = stderr?.trim().split('\n').at(-1) || (signal ?? `exit code ${exitCode}`);
    throw new UserError(
      `The export in ${userPython()} failed: ${reason}.`,
      'Mend the module, or the installation of torch.',
    );
  }
  if ('error' in answer.data) throw new UserError(answer.data.error, answer.data.remedy);
  return answer.data;
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
