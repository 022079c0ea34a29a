import type { Run } from '../../../results/run/run.js';
import { plural } from '../../text/words.js';
import { code, type Html, html } from '../html/html.js';
import { commitText } from './commit-text.js';

/** The commands that make this run again, and what must be the same for the same numbers. */
export const reproduce = ({ plan, environment }: Run): Html => {
  const engines = Object.entries(environment.engines).map(([name, version]) => `${name} ${version}`);
  const { source, isFile } = namedHere(plan.source);
  const images = NEEDS_FOLDER.has(plan.conditions.dataset.id) ? 'LIGHTBENCH_DATA=path/to/images ' : '';
  return html`
${code(`npm install path/to/lightbench-${environment.lightbench}.tgz
${images}npx lightbench run ${quoted(source)} ${options(plan).join(' ')}`)}
<p>The file is what <code>npm pack</code> makes in a checkout of lightbench ${environment.lightbench}; in the checkout itself, <code>npm ci</code> takes the place of the first line.${isFile ? ' The second line is for the folder of the suite’s file.' : ''}${images === '' ? '' : ' The folder of images is that of the data set.'}</p>
<p>Run with Node.js ${environment.node}${engines.length === 0 ? '' : ` and ${engines.join(', ')}`}${environment.commit === null ? '' : html`, at commit ${commitText(environment)}`}. Plan key <code>${plan.planKey}</code>: a run with the same key has the same candidates, data and recipe, whatever its seeds. Costs are exactly reproducible; accuracies are with the same engine and number of threads; latencies only on the same machine, within their intervals.${triesText(plan)}</p>`;
};

/** Data sets that are on no machine unless its user says where. */
const NEEDS_FOLDER: ReadonlySet<string> = new Set(['image-folder']);

/** A built-in suite by its id, a file by its name without the folders of the machine that it was run on. */
const namedHere = (source: string): { readonly source: string; readonly isFile: boolean } => {
  const isFile = /^([/\\]|[A-Za-z]:[/\\])/.test(source);
  return { source: isFile ? source.replace(/^.*[/\\]/s, '') : source, isFile };
};

/** For a POSIX shell. */
const quoted = (text: string): string =>
  /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** All that the command line can decide, whether it did or the suite. */
const options = ({ conditions, candidates, trials, only, untilDecided }: Run['plan']): readonly string[] => {
  const { recipe, tuning, engine } = conditions;
  const budget = candidates.find((candidate) => candidate.budget !== undefined)?.budget;
  const seeds = untilDecided?.firstSeeds ?? new Set(trials.map(({ seed }) => seed)).size;
  return [
    ...(only === undefined ? [] : [`--only ${quoted(only)}`]),
    `--seeds ${seeds}`,
    ...(untilDecided === undefined ? [] : [`--until-decided ${untilDecided.maxSeeds}`]),
    ...(untilDecided?.timeBudgetSeconds === undefined
      ? []
      : [`--time-budget ${untilDecided.timeBudgetSeconds}s`]),
    `--epochs ${String(recipe.epochs)}`,
    ...(tuning === undefined ? [] : [`--tune ${tuning.learningRates.join(',')}`]),
    ...[budget, budget?.second].flatMap((one) =>
      one === undefined ? [] : [`--budget ${one.metric}=${one.target}`],
    ),
    `--engine ${quoted(`${engine.id}:${engine.device}`)}`,
  ];
};

/** Where tries are shorter or longer than trials: only the suite can say so. */
const triesText = ({ conditions: { tuning, recipe } }: Run['plan']): string =>
  tuning === undefined || tuning.epochs === recipe.epochs
    ? ''
    : ` Each learning-rate try takes ${plural(tuning.epochs, 'epoch')}, set by tuning.epochs in the suite; the command has no option for it.`;
