/** Networks of timm and torchvision, read from their ONNX files: costs beside fvcore's, outputs beside onnxruntime's on the file itself. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cost } from '../../harness/cost/cost.js';
import { sessionSettings } from '../../harness/engines/onnx/predictor-model.js';
import { createModelPredictor } from '../../harness/engines/onnx/session.js';
import { findEngine } from '../../harness/engines/registry.js';
import { importOnnx } from '../../harness/import/onnx/import-onnx.js';
import { UserError } from '../../harness/user/user-error.js';
import { runPython } from './python.js';
import { randomValues } from './random.js';
import { relativeDifference } from './reference.js';

/** Side of the image. */
const SIZE = 128;

interface Counted {
  readonly params: number;
  readonly macs: number;
}

export type ImportedNetwork = { readonly name: string } & (
  | {
      readonly state: 'imported';
      readonly ours: Counted;
      readonly theirs: Counted;
      /** What counted theirs. */
      readonly counter: string;
      /** Largest difference of the logits over the largest logit. */
      readonly difference: number;
    }
  | { readonly state: 'refused' | 'not exported'; readonly reason: string }
);

type Exported = (Counted & { readonly counter: string }) | { readonly error: string };

/** By names such as `timm:lcnet_050` and `tv:mobilenet_v2`. */
export const importNetworks = async (names: readonly string[]): Promise<readonly ImportedNetwork[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'lightbench-imports-'));
  try {
    const entries = names.map((name, i) => ({ name, file: join(folder, `${i}.onnx`), size: SIZE }));
    const program = readFileSync(new URL('../torch/export_networks.py', import.meta.url), 'utf8');
    const lines = runPython(program, Buffer.from(JSON.stringify(entries)))
      .trim()
      .split('\n');
    const results: ImportedNetwork[] = [];
    for (const [i, { name, file }] of entries.entries()) {
      const exported: Exported = JSON.parse(lines[i] ?? '');
      results.push(
        'error' in exported
          ? { name, state: 'not exported', reason: exported.error }
          : await importOne(name, readFileSync(file), exported),
      );
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const importOne = async (
  name: string,
  bytes: Uint8Array,
  { counter, ...theirs }: Counted & { readonly counter: string },
): Promise<ImportedNetwork> => {
  try {
    const { graph, weights } = importOnnx(bytes).build([3, SIZE, SIZE], 'vector');
    const { params, macs } = cost(graph);
    const images = randomValues(3 * SIZE * SIZE, 1);
    const original = await createModelPredictor(bytes, sessionSettings(1, 'cpu'));
    const expected = Float32Array.from(await original.run(images));
    await original.dispose();
    const read = await findEngine('onnxruntime').createPredictor(graph, weights(), { batch: 1, threads: 1 });
    const difference = relativeDifference(await read.run(images), expected);
    await read.dispose();
    return { name, state: 'imported', ours: { params, macs }, theirs, counter, difference };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, state: 'refused', reason: error.message };
  }
};
