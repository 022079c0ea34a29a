import type { Run } from '../../results/record.js';
import { plural } from '../text.js';
import { code, type Html, html } from './html.js';

/** The command that makes this run again, and what must be the same for the same numbers. */
export const reproduce = ({ plan, environment }: Run): Html => {
  const engines = Object.entries(environment.engines).map(([name, version]) => `${name} ${version}`);
  return html`
${code(`npm install lightbench@${environment.lightbench}
npx lightbench run ${quoted(plan.source)} ${options(plan).join(' ')}`)}
<p>Run with Node.js ${environment.node}${engines.length === 0 ? '' : ` and ${engines.join(', ')}`}${environment.commit === null ? '' : html`, at commit <code>${environment.commit}</code>`}. Plan key <code>${plan.planKey}</code>: a run with the same key has the same candidates, data, recipe and seeds. Costs come out exactly equal; accuracies on the same engine and number of threads; latencies only on the same machine, and there within their intervals.${triesText(plan)}</p>`;
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
    `--epochs ${String(recipe.epochs)}`,
    ...(tuning === undefined ? [] : [`--tune ${tuning.learningRates.join(',')}`]),
    ...(budget === undefined ? [] : [`--budget ${budget.metric}=${budget.target}`]),
    `--engine ${engine.id}`,
  ];
};

/** Where tries are shorter or longer than trials: only the suite can say so. */
const triesText = ({ conditions: { tuning, recipe } }: Run['plan']): string =>
  tuning === undefined || tuning.epochs === recipe.epochs
    ? ''
    : ` Each try of a learning rate has ${plural(tuning.epochs, 'epoch')}, as the suite says in tuning.epochs: no option of the command does.`;
