/** Under which conditions the numbers were made: everything that two runs must share to be compared, and the machine. */

import { flatten } from '../../../harness/analysis/comparable/comparable.js';
import type { Environment } from '../../../results/run/environment.js';
import type { Run } from '../../../results/run/run.js';
import { grouped } from '../../text/numbers.js';
import { plural } from '../../text/words.js';
import type { ReportView } from '../../view/view.js';
import { warningText } from '../../wording/cautions.js';
import { type Html, type HtmlPart, html } from '../html/html.js';
import { commitText } from './commit-text.js';
import { tuning } from './tuning.js';

export const conditions = ({ run }: ReportView): Html => {
  const { plan, environment } = run;
  const { dataset, input, fit = 'pad', engine, trainThreads, recipe } = plan.conditions;
  const images = (count: number, split: string) => `${grouped(count)} ${split}`;
  return html`
<dl class="facts">
${fact('Dataset', html`${dataset.id}, ${dataset.classes} classes; images: ${[images(dataset.trainImages, 'training'), images(dataset.validationImages, 'validation'), images(dataset.testImages, 'test')].join(', ')}`)}
${fact('Dataset hash', html`<code>${dataset.contentHash}</code>`)}
${dataset.decoding === undefined ? null : fact('Decoding', html`rule <code>${dataset.decoding}</code>`)}
${fact('Input', `${input.join(' × ')} (channels × height × width)${FIT_TEXT[fit]}`)}
${fact('Recipe', html`<code>${recipeText(recipe)}</code>`)}
${fact('Seeds', [...new Set(plan.trials.map(({ seed }) => seed))].join(', '))}
${fact('Engine', `${engine.id} ${engine.version}, ${engine.device}; training with ${plural(trainThreads, 'thread')}`)}
${fact('Latency', latencyText(run))}
${fact('Machine', machineText(environment))}
${reusedText(run) === null ? null : fact('Reused', reusedText(run))}
${fact('Software', `lightbench ${environment.lightbench}, Node.js ${environment.node}, ${environment.platform}`)}
${environment.commit === null ? null : fact('Commit', commitText(environment))}
${fact('Started', html`<time datetime="${environment.startedAt}">${environment.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>`)}
</dl>
${tuning(run)}
${
  environment.warnings.length === 0
    ? null
    : html`<ul class="warnings">${environment.warnings.map((warning) => html`<li>${warningText(warning)}</li>`)}</ul>`
}`;
};

const FIT_TEXT = { pad: '', scale: '; images are scaled', crop: '; images are cropped' } as const;

const fact = (
  term: string,
  definition: HtmlPart,
): Html => html`<div><dt>${term}</dt><dd>${definition}</dd></div>
`;

const latencyText = ({ plan: { latency }, latencyControl, latencyMeasurement }: Run): string => {
  const planned = `batch ${latency.batch}, ${plural(latency.threads, 'thread')}, ${plural(latency.rounds, 'round')} in ${plural(latency.sessions, 'session')}`;
  if (latencyMeasurement === null) return planned;
  const { start, end, othersShare } = latencyMeasurement.conditions;
  const { device } = latencyMeasurement;
  return [
    planned,
    ...(device && device.kind !== 'native' ? [`in a browser (${device.runtime})`] : []),
    ...(latencyMeasurement.endedEarly && latencyControl !== null
      ? [
          `ended early after ${plural(latencyControl.result.sessions, 'session')} because every pair was decided`,
        ]
      : []),
    `load ${loadText(start.loadAverage)} at the start and ${loadText(end.loadAverage)} at the end`,
    ...(othersShare === null
      ? []
      : [`other programs used ${Math.round(100 * othersShare)} % of the CPU time`]),
  ].join('; ');
};

/** Null where the run has trained everything itself. */
const reusedText = ({ trials }: Run): string | null => {
  const origins = trials.flatMap((trial) => (trial.state === 'done' && trial.from ? [trial.from] : []));
  const [first] = origins;
  if (first === undefined) return null;
  const runs = [...new Set(origins.map(({ suite, folder, run }) => `${suite} in ${folder} (${run})`))];
  const days = origins.map(({ at }) => at.slice(0, 10)).toSorted();
  const [from, to] = [days[0], days.at(-1)];
  return (
    `${origins.length} of ${plural(trials.length, 'trial')}, trained by ${runs.join(', ')}, ${from === to ? `on ${from}` : `from ${from} to ${to}`}, ` +
    `on ${first.cpu}, with the same network, data, recipe, engine and code: training times are of then`
  );
};

const loadText = (loadAverage: Environment['loadAverage']): string =>
  loadAverage.map((load) => load.toFixed(2)).join(', ');

const recipeText = (recipe: Readonly<Record<string, unknown>>): string =>
  [...flatten(recipe)].map(([path, value]) => `${path}=${value}`).join(' ');

const machineText = ({ cpu, cores, memoryBytes, governor, loadAverage }: Environment): string =>
  [
    `${cpu}, ${plural(cores, 'core')}, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    ...(governor === null ? [] : [`governor ${governor}`]),
    `load ${loadText(loadAverage)} at the start`,
  ].join('; ');
