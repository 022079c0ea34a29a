import { Option } from 'commander';
import { sha256Of } from '../../../results/journal/checksum.js';
import { UserError } from '../../user/user-error.js';
import { NAMINGS, type Naming } from '../../weights/names.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import { addInt8Options, type Int8Options, int8Of, requireNoInt8Options } from '../export/int8.js';
import { type ExportedNetwork, networkFrom, type SourceOptions } from '../export/network.js';
import { addSubjectOptions, FORM_NAMES, type FormName } from '../options/subject-options.js';
import { addTrialOptions } from '../options/trial-options.js';
import { grouped } from '../views/format.js';
import { writeOutput } from '../write-output.js';

interface Options extends SourceOptions, Int8Options {
  readonly form?: FormName;
  readonly names?: Naming;
  readonly out: string;
  readonly json?: true;
}

export const exportCommand: Register = (program) => {
  const command = program
    .command('export')
    .summary('write a network as an ONNX or a safetensors file')
    .description(
      'Writes a network, a block or an operator as ONNX, with weights initialised from the seed, or a network that a run has trained. The input is ' +
        'named `input`, the output `logits` (networks) or `output`; parameters are initializers named by their paths, in execution order. A file that ' +
        'ends in .safetensors gets the weights alone.',
    )
    .argument('<id>', 'operator, block or network, or the file of your own; or the folder of a run')
    .requiredOption('--out <file>', 'file to write: .onnx or .safetensors')
    .addOption(
      new Option(
        '--form <form>',
        'train: with branches and batch norms; deploy: branches merged, norms folded; int8: that, quantised, as QDQ ONNX (default: deploy; of safetensors: train)',
      ).choices(FORM_NAMES),
    )
    .addOption(
      new Option('--names <library>', 'of safetensors: name parameters as this library does').choices(
        NAMINGS,
      ),
    )
    .option(
      '--weights <file>',
      'safetensors file to take the weights of a part from, under our names or those of a library',
    )
    .option('--json', 'print JSON; see lightbench schema export');
  addTrialOptions(
    addInt8Options(addSubjectOptions(command)),
    'seed of the initial weights (default: 0), or of the trial of a run',
  )
    .addHelpText(
      'after',
      examples(
        'export mobilenet-v2 --out mobilenet-v2.onnx',
        'export falconnet --form train --seed 1 --out falconnet.onnx',
        'export runs/quick --candidate repso --best --out repso.onnx',
        'export runs/quick --candidate repso --form int8 --out repso-int8.onnx',
        'export mobilenet-v2 --names torchvision --out mobilenet-v2.safetensors',
      ),
    )
    .action(async (id: string, options: Options) => {
      const network = await networkFrom(id, options);
      const form = options.form ?? (isSafetensors(options.out) ? 'train' : 'deploy');
      const { bytes, calibratedOn } = await fileOf(network, form, options);
      await writeOutput(options.out, bytes);
      const report = {
        id: network.id,
        selection: network.selection,
        form,
        input: [...network.input],
        file: options.out,
        bytes: bytes.length,
        sha256: sha256Of(bytes),
        seed: network.seed,
        weights: network.weightsAre,
        ...(calibratedOn === undefined ? {} : { calibratedOn }),
        ...(network.candidate === undefined ? {} : { candidate: network.candidate }),
      };
      if (options.json) return printJson(report);
      printLine(`${options.out}: ${network.selection}, ${form} form, ${grouped(bytes.length)} bytes`);
      printLine(`weights: ${network.weightsAre}`);
      if (calibratedOn !== undefined) printLine(`calibrated on ${calibratedOn}`);
    });
};

const isSafetensors = (file: string): boolean => file.endsWith('.safetensors');

interface ExportedFile {
  readonly bytes: Uint8Array;
  readonly calibratedOn?: string;
}

const fileOf = async (network: ExportedNetwork, form: FormName, options: Options): Promise<ExportedFile> => {
  if (form === 'int8') return int8FileOf(network, options);
  requireNoInt8Options(options);
  return { bytes: await floatFileOf(network, form, options) };
};

const int8FileOf = async (network: ExportedNetwork, options: Options): Promise<ExportedFile> => {
  if (isSafetensors(options.out) || options.names !== undefined) {
    throw new UserError(
      'The int8 form is an ONNX model: a safetensors file has no place for its scales.',
      'Let --out end in .onnx, and leave out --names.',
    );
  }
  const { exportInt8 } = await import('../../engines/onnx/int8/model.js');
  const { graph, convert } = network.deploy();
  const { form, calibratedOn } = await int8Of(network, graph, convert(network.weights), options);
  const metadata = { weights: network.weightsAre, form: 'int8', calibratedOn };
  return {
    bytes: exportInt8(form, { batch: null, outputName: network.outputName, metadata }),
    calibratedOn,
  };
};

const floatFileOf = async (
  network: ExportedNetwork,
  form: Exclude<FormName, 'int8'>,
  { out, names }: Options,
): Promise<Uint8Array> => {
  const { train, weights: trained, id, outputName, weightsAre } = network;
  if (names !== undefined && (form !== 'train' || !isSafetensors(out))) {
    throw new UserError(
      `--names ${names} names the parameters of the training form in a safetensors file.`,
      'Let --out end in .safetensors, and leave out --form.',
    );
  }
  const metadata = { weights: weightsAre, form };
  const { weightsFile, foreignWeightsFile } = await import('../../weights/files.js');
  if (names !== undefined) return foreignWeightsFile({ network: id, graph: train }, trained, names, metadata);
  const { graph, convert } = form === 'deploy' ? network.deploy() : { graph: train, convert: () => trained };
  if (isSafetensors(out)) return weightsFile(graph, convert(trained), metadata);
  const { exportOnnx } = await import('../../engines/onnx/export.js');
  return exportOnnx(graph, convert(trained), { batch: null, outputName, metadata });
};
