import { plural } from '../../../reports/text/words.js';
import { cacheFolder, RESULTS } from '../../files/cache-folder.js';
import type { ListedResult } from '../../run/cache/result-cache.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';
import { parseAge } from '../options/values.js';
import { duration, grouped } from '../views/format.js';
import { textTable } from '../views/table.js';

interface Options {
  readonly cache?: string;
  readonly json?: true;
}

export const cacheCommand: Register = (program) => {
  const cache = program
    .command('cache')
    .summary('list or delete kept results of trials')
    .description(
      'Shows or clears the folder in which lightbench run keeps the results of finished trials, so that no run trains them again.',
    );
  cache
    .command('ls')
    .summary('list the results')
    .description(
      'Lists every kept result: what was trained, when, in which run, and whether it can be used here.',
    )
    .option('--cache <dir>', "the folder (default: in the user's cache folder)")
    .option('--json', "print JSON; see lightbench schema 'cache ls'")
    .addHelpText('after', examples('cache ls', 'cache ls --json'))
    .action(async ({ cache: folder = cacheFolder(RESULTS), json }: Options) => {
      const { listResults } = await import('../../run/cache/result-cache.js');
      const { isOfHere } = await import('../../run/cache/training-facts.js');
      const { results } = await listResults(folder);
      const rows = results.map((listed) => rowOf(listed, isOfHere));
      if (json) return printJson({ folder, results: rows });
      if (rows.length > 0) printPainted(resultTable(rows));
      const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
      printLine(`${plural(rows.length, 'result')}, ${grouped(bytes)} bytes, in ${folder}`);
    });
  cache
    .command('prune')
    .summary('delete results')
    .description(
      'Deletes what no run here can use: damaged results, and those that other code, packages or machines have made. Runs that have used ' +
        'a result keep it.',
    )
    .option('--cache <dir>', "the folder (default: in the user's cache folder)")
    .option('--older-than <age>', 'also those made longer ago, for example 12h or 30d', parseAge)
    .option('--all', 'every result')
    .option('--dry-run', 'only say what would be deleted')
    .option('--json', "print JSON; see lightbench schema 'cache prune'")
    .addHelpText(
      'after',
      examples('cache prune', 'cache prune --older-than 30d', 'cache prune --all --dry-run'),
    )
    .action(
      async ({
        cache: folder = cacheFolder(RESULTS),
        json,
        ...which
      }: Options & { readonly olderThan?: number; readonly all?: true; readonly dryRun?: true }) => {
        const { pruneResults } = await import('../../run/cache/prune.js');
        const pruned = await pruneResults(folder, which);
        if (json) return printJson({ folder, ...pruned });
        const done = which.dryRun ? 'would be deleted' : 'deleted';
        printLine(
          `${plural(pruned.deleted, 'result')} ${done}, ${pruned.kept} kept, ${grouped(pruned.freedBytes)} bytes freed`,
        );
      },
    );
};

type Row = ReturnType<typeof rowOf>;

const rowOf = (
  { key, bytes, found }: ListedResult,
  isOfHere: typeof import('../../run/cache/training-facts.js')['isOfHere'],
) => {
  if (found.state === 'damaged') {
    return { key, bytes, state: 'damaged' as const, problem: found.problem, from: null, training: null };
  }
  const { kind, facts, from, result } = found.entry;
  return {
    key,
    bytes,
    state: isOfHere(facts) ? ('usable' as const) : ('of elsewhere' as const),
    problem: null,
    from,
    training: {
      kind,
      seed: facts.seed,
      learningRate: facts.recipe.learningRate,
      epochs: result.epochs.length,
      seconds: result.epochs.reduce((sum, { seconds }) => sum + seconds, 0),
      network: facts.network,
      engine: `${facts.engine.id} ${facts.engine.version} ${facts.engine.device}`,
    },
  };
};

const resultTable = (rows: readonly Row[]): string =>
  textTable(
    [
      { heading: 'made' },
      { heading: 'took', align: 'right' },
      { heading: 'state' },
      { heading: 'suite, candidate, training' },
    ],
    rows.map(({ from, training, state, key }) =>
      from === null || training === null
        ? ['', '', state, key.slice(0, 16)]
        : [
            from.at.slice(0, 16).replace('T', ' '),
            duration(training.seconds),
            state,
            `${from.suite}, ${from.candidate}, ${
              training.kind === 'trial' ? `seed ${training.seed}` : `learning rate ${training.learningRate}`
            }`,
          ],
    ),
  );
