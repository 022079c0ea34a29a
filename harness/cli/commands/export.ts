import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { UserError } from '../../user-error.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import { grouped } from '../format.js';
import {
  addFormOption,
  addSubjectOptions,
  buildSubjectFrom,
  type FormName,
  inForm,
  type SubjectOptions,
} from '../subject-options.js';
import { parseSeed } from '../values.js';

interface Options extends SubjectOptions {
  readonly form: FormName;
  readonly out: string;
  readonly seed: number;
  readonly json?: true;
}

export const exportCommand: Register = (program) => {
  const command = program
    .command('export')
    .summary('write a part as an ONNX file')
    .description(
      'Writes a network, a block or an operator as ONNX, initialised by the seed: input `input`, output `logits` (networks) or ' +
        '`output`, every parameter an initializer named by its path, in execution order.',
    )
    .argument('<id>', 'operator, block or network; or a file with one of your own')
    .requiredOption('--out <file>', 'the file to write')
    .option('--seed <n>', 'decides the initial weights', parseSeed, 0)
    .option('--json', 'machine-readable; see lightbench schema export');
  addFormOption(addSubjectOptions(command), 'deploy')
    .addHelpText(
      'after',
      examples(
        'export mobilenet-v2 --out mobilenet-v2.onnx',
        'export falconnet --form train --seed 1 --out falconnet.onnx',
      ),
    )
    .action(async (id: string, options: Options) => {
      const subject = await buildSubjectFrom(id, options);
      const { exportOnnx } = await import('../../engines/onnx/export.js');
      const { initialWeights } = await import('../../train/initialise.js');
      const { graph, convert } = inForm(subject, options.form);
      const bytes = exportOnnx(graph, convert(initialWeights(subject.train, options.seed)), {
        batch: null,
        outputName: subject.kind === 'network' ? 'logits' : 'output',
      });
      await write(options.out, bytes);
      const report = {
        id: subject.id,
        selection: subject.selection,
        form: options.form,
        input: [...subject.input],
        file: options.out,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        seed: options.seed,
      };
      if (options.json) printJson(report);
      else
        printLine(
          `${options.out}: ${subject.selection}, ${options.form} form, ${grouped(bytes.length)} bytes`,
        );
    });
};

const write = async (file: string, bytes: Uint8Array): Promise<void> => {
  try {
    await writeFile(file, bytes);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UserError(
      `${file} cannot be written: ${error.message}.`,
      'Name a file in a folder that you may write to.',
    );
  }
};
