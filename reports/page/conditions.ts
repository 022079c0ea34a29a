/** Under which conditions the numbers were made: everything that two runs must share to be compared, and the machine. */
import type { Environment, Run } from '../../results/record.js';
import { grouped } from '../numbers.js';
import type { ReportView } from '../view.js';
import { type Html, type HtmlPart, html } from './html.js';
import { tuning } from './tuning.js';

export const conditions = ({ run }: ReportView): Html => {
  const { plan, environment } = run;
  const { dataset, input, engine, trainThreads, recipe } = plan.conditions;
  const images = (count: number, split: string) => `${grouped(count)} ${split}`;
  return html`
<dl class="facts">
${fact('Dataset', html`${dataset.id}, ${dataset.classes} classes; images: ${[images(dataset.trainImages, 'training'), images(dataset.validationImages, 'validation'), images(dataset.testImages, 'test')].join(', ')}`)}
${fact('Dataset hash', html`<code>${dataset.contentHash}</code>`)}
${fact('Input', `${input.join(' × ')} (channels × height × width)`)}
${fact('Recipe', html`<code>${recipeText(recipe)}</code>`)}
${fact('Seeds', [...new Set(plan.trials.map(({ seed }) => seed))].join(', '))}
${fact('Engine', `${engine.id} ${engine.version}, ${engine.device}; training with ${threads(trainThreads)}`)}
${fact('Latency', latencyText(run))}
${fact('Machine', machineText(environment))}
${fact('Software', `lightbench ${environment.lightbench}, Node.js ${environment.node}, ${environment.platform}`)}
${environment.commit === null ? null : fact('Commit', html`<code>${environment.commit}</code>`)}
${fact('Started', html`<time datetime="${environment.startedAt}">${environment.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>`)}
</dl>
${tuning(run)}
${
  environment.warnings.length === 0
    ? null
    : html`<ul class="warnings">${environment.warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`
}`;
};

const fact = (
  term: string,
  definition: HtmlPart,
): Html => html`<div><dt>${term}</dt><dd>${definition}</dd></div>
`;

const threads = (count: number): string => (count === 1 ? '1 thread' : `${count} threads`);

const latencyText = ({ plan: { latency }, latencyControl, latencyMeasurement }: Run): string => {
  const planned = `batch ${latency.batch}, ${threads(latency.threads)}, ${latency.rounds} rounds in ${latency.sessions} sessions`;
  if (latencyMeasurement === null) return planned;
  const { start, end, othersShare } = latencyMeasurement.conditions;
  return [
    planned,
    ...(latencyMeasurement.endedEarly && latencyControl !== null
      ? [`ended early, every pair being decided, after ${latencyControl.result.sessions} sessions`]
      : []),
    `load ${loadText(start.loadAverage)} at the start and ${loadText(end.loadAverage)} at the end`,
    ...(othersShare === null ? [] : [`other programs had ${Math.round(100 * othersShare)} % of the cores`]),
  ].join('; ');
};

const loadText = (loadAverage: Environment['loadAverage']): string =>
  loadAverage.map((load) => load.toFixed(2)).join(', ');

const recipeText = (recipe: Readonly<Record<string, unknown>>): string =>
  Object.entries(recipe)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');

const machineText = ({ cpu, cores, memoryBytes, governor, loadAverage }: Environment): string =>
  [
    `${cpu}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    ...(governor === null ? [] : [`governor ${governor}`]),
    `load ${loadText(loadAverage)} at the start`,
  ].join('; ');
