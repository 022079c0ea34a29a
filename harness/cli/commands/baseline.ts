import { plural } from '../../../reports/text/words.js';
import type { Baseline } from '../../../results/baseline.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';
import { grouped, short } from '../views/format.js';
import { textTable } from '../views/table.js';

const FOLDER = 'baseline';

interface Options {
  readonly json?: true;
}

export const baselineCommand: Register = (program) => {
  const baseline = program
    .command('baseline')
    .summary('save the state that later code is compared with')
    .description(
      'Saves or shows a baseline: a small folder to commit, which lightbench compare compares with.',
    );
  baseline
    .command('save')
    .summary('create a baseline, or accept what changed')
    .description(
      'Saves the costs of every operation, and the models to time against, of a run, a suite or the whole catalogue. Without a source, ' +
        'updates an existing baseline to the current code.',
    )
    .argument(
      '[source]',
      'the folder of a run, a suite (id or file), or "catalogue" (default: the baseline\'s own source)',
    )
    .option('--out <dir>', 'folder of the baseline', FOLDER)
    .option('--json', 'print JSON; see lightbench schema baseline')
    .addHelpText(
      'after',
      examples(
        'baseline save my-suite.ts',
        'baseline save',
        'baseline save runs/accepted --out baselines/accuracy',
      ),
    )
    .action(async (source: string | undefined, { out, json }: Options & { readonly out: string }) => {
      const { saveBaseline } = await import('../../regression/snapshot/save.js');
      const saved = await saveBaseline(out, source);
      if (json) return printJson(saved);
      const { length } = saved.entries;
      printLine(`${out}: ${length} ${length === 1 ? 'entry' : 'entries'} of ${saved.source}`);
      printLine(`Commit this folder. To compare with it: lightbench compare ${out}`);
    });
  baseline
    .command('show')
    .summary('show what a baseline contains')
    .description('Shows the source of a baseline, when and where it was saved, and the costs of its entries.')
    .argument('[dir]', 'folder of the baseline', FOLDER)
    .option('--json', 'print JSON; see lightbench schema baseline')
    .addHelpText('after', examples('baseline show', 'baseline show baselines/accuracy --json'))
    .action(async (folder: string, { json }: Options) => {
      const { readBaseline } = await import('../../../results/baseline.js');
      const found = await readBaseline(folder);
      if (json) printJson(found);
      else printBaseline(found);
    });
};

const printBaseline = ({ source, madeOf, savedAt, environment, entries }: Baseline): void => {
  const { commit, lightbench, cpu, cores } = environment;
  printLine(`source   ${source}${madeOf === 'run' ? ' (a run)' : ''}`);
  printLine(`saved    ${savedAt}`);
  printLine(`commit   ${commit ?? 'none'}, lightbench ${lightbench}`);
  printLine(`machine  ${cpu}, ${plural(cores, 'core')}`);
  printLine();
  printPainted(
    textTable(
      [
        { heading: 'entry' },
        { heading: 'params', align: 'right' },
        { heading: 'MACs', align: 'right' },
        { heading: 'model', align: 'right' },
      ],
      entries.map(({ name, deploy, model }) => [
        name,
        grouped(deploy.params),
        short(deploy.macs),
        model === undefined ? '' : `${grouped(Math.ceil(model.bytes / 1024))} KiB`,
      ]),
    ),
  );
};
