import { stat } from 'node:fs/promises';
import { Option } from 'commander';
import { plural } from '../../../reports/text/words.js';
import type { TrialResult } from '../../../results/training/trial.js';
import type { Dataset, SplitName } from '../../data/dataset.js';
import { SPLITS } from '../../data/dataset.js';
import { FITS, type Fit } from '../../data/images/fit.js';
import { fileError } from '../../files/system-error.js';
import type { Evaluation } from '../../train/evaluate.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';
import type { EvaluationReport } from '../contracts/run.js';
import { EXIT } from '../exit-codes.js';
import { addTrialOptions, type TrialOptions, whichSeed } from '../options/trial-options.js';
import { dataProgress } from '../views/data-progress.js';
import { percent } from '../views/format.js';
import { textTable } from '../views/table.js';

interface Options extends TrialOptions {
  readonly dataset?: string;
  readonly data?: string;
  readonly split: SplitName;
  readonly fit?: Fit;
  readonly json?: true;
}

type Row = EvaluationReport['networks'][number];

export const evaluateCommand: Register = (program, setExitCode) => {
  const command = program
    .command('evaluate')
    .summary('test a trained network on a data set')
    .description(
      'Runs the trained networks of a run, or the network in an ONNX file, on every image of a split. On the test images of the run itself, every ' +
        'answer must be that of the record; the exit code is 1 where one is not.',
    )
    .argument('<file>', 'an ONNX file with normalised images as its input, or the folder of a run')
    .option('--dataset <id>', "the data set (default: the run's own); see lightbench list datasets")
    .option('--data <path>', 'where its files are (default: LIGHTBENCH_DATA)')
    .addOption(new Option('--split <name>', 'the images').choices(SPLITS).default('test'))
    .addOption(new Option('--fit <how>', "how images of one size come to the network's").choices(FITS))
    .option('--json', 'print JSON; see lightbench schema evaluate');
  addTrialOptions(command, 'of a run: the trial with this seed (default: every trial)')
    .addHelpText(
      'after',
      examples(
        'evaluate runs/quick',
        'evaluate runs/quick --candidate repso --best',
        'evaluate repso.onnx --dataset fashion-mnist-10k',
      ),
    )
    .action(async (source: string, options: Options) => {
      const report = (await isFolder(source)) ? await ofRun(source, options) : await ofFile(source, options);
      if (report.networks.some(({ record }) => record !== null && record.equalImages < report.images)) {
        setExitCode(EXIT.finding);
      }
      if (options.json) return printJson(report);
      printPainted(tableOf(report));
      printLine(
        `${report.images} ${report.split} images of ${report.dataset}, content hash ${report.contentHash}`,
      );
    });
};

const isFolder = async (source: string): Promise<boolean> => {
  const entry = await stat(source).catch((error: unknown) => {
    throw fileError(error, {
      path: source,
      use: 'read',
      remedy: 'Name the folder of a run, or an ONNX file.',
    });
  });
  return entry.isDirectory();
};

const ofFile = async (
  file: string,
  { dataset: id, split, fit, ...options }: Options,
): Promise<EvaluationReport> => {
  if (id === undefined) {
    throw new UserError(`${file} does not say what it was trained on.`, 'Name the data set with --dataset.');
  }
  if (options.candidate !== undefined || whichSeed(options) !== null) {
    throw new UserError(
      `${file} is no run, and holds one network.`,
      'Leave out --candidate, --seed, --best and --mean.',
    );
  }
  const { evaluateModel } = await import('../../run/evaluate-trained.js');
  const dataset = await load(id, options);
  const evaluation = await evaluateModel(file, { dataset, split, fit });
  return reportOn(dataset, split, [
    { file, candidate: null, seed: null, ...scores(evaluation), record: null },
  ]);
};

const ofRun = async (directory: string, options: Options): Promise<EvaluationReport> => {
  const { loadRun } = await import('../../../results/run/load-run.js');
  const { chosenTrials } = await import('../../run/trained.js');
  const { unpackBits } = await import('../../analysis/evidence/accuracy.js');
  const { evaluateTrial } = await import('../../run/evaluate-trained.js');
  const run = await loadRun(directory);
  const { dataset: planned, fit: plannedFit } = run.plan.conditions;
  const { split } = options;
  const trials = chosenTrials(run, options.candidate, whichSeed(options));
  const ownPath = options.dataset === undefined ? run.plan.data?.path : undefined;
  const dataset = await load(
    options.dataset ?? planned.id,
    ownPath === undefined ? options : { data: ownPath, ...options },
  );
  const isOwn = dataset.contentHash === planned.contentHash && split === 'test';
  const recordOf = ({ testTop1, testCorrect }: TrialResult, { correct }: Evaluation): Row['record'] => {
    const recorded = unpackBits(testCorrect, correct.length, 'The trial');
    return { top1: testTop1, equalImages: correct.filter((bit, index) => bit === recorded[index]).length };
  };
  const networks: Row[] = [];
  for (const trial of trials) {
    const fit = options.fit ?? plannedFit;
    const evaluation = await evaluateTrial(directory, run, trial, { dataset, split, fit });
    networks.push({
      ...{ file: null, candidate: trial.candidate, seed: trial.seed, ...scores(evaluation) },
      record: isOwn ? recordOf(trial.result, evaluation) : null,
    });
  }
  return reportOn(dataset, split, networks);
};

const load = async (id: string, { data }: { readonly data?: string }): Promise<Dataset> => {
  const { loadDatasetAt } = await import('../../data/registry.js');
  return loadDatasetAt(id, data, { onProgress: dataProgress(process.stderr) });
};

const scores = ({ top1, loss }: Evaluation) => ({ top1, loss });

const reportOn = (dataset: Dataset, split: SplitName, networks: Row[]): EvaluationReport => ({
  dataset: dataset.id,
  contentHash: dataset.contentHash,
  split,
  images: dataset.splits[split].count,
  networks,
});

const tableOf = ({ networks, images }: EvaluationReport): string =>
  textTable(
    [
      { heading: 'network' },
      { heading: 'seed', align: 'right' },
      { heading: 'top-1', align: 'right' },
      { heading: 'loss', align: 'right' },
      { heading: 'as recorded' },
    ],
    networks.map(({ file, candidate, seed, top1, loss, record }) => [
      candidate ?? file ?? '',
      `${seed ?? ''}`,
      percent(top1, 2),
      loss.toFixed(4),
      record === null
        ? ''
        : record.equalImages === images
          ? 'yes, every image'
          : `no: ${plural(images - record.equalImages, 'image differs', 'images differ')}`,
    ]),
  );
