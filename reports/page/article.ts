/** One run on the page: the answer, then the differences, then the rest. Beside it stand its candidates and its contents. */
import { CHART_SECTIONS } from '../charts/registry.js';
import type { ReportView } from '../view/view.js';
import { answer } from './answer/answer.js';
import { cautionList } from './answer/caution-list.js';
import { figures } from './html/figures.js';
import { type Html, type HtmlPart, html, jsonData } from './html/html.js';
import { candidateKey } from './html/key.js';
import { costTable, costTableAt224 } from './networks/costs.js';
import { memoryTable } from './networks/memory.js';
import { rangeTable } from './networks/ranges.js';
import { rooflineTable } from './networks/roofline.js';
import { dilutionNote, kernelNote, noiseNote, trainingNote } from './notes.js';
import { packView } from './packed-view.js';
import { conditions } from './run/conditions.js';
import { failures } from './run/failures.js';
import { reproduce } from './run/reproduce.js';
import { claimsTable } from './verdicts/claims.js';
import { devicesTable } from './verdicts/devices.js';
import { factorTable } from './verdicts/factors.js';
import { frontTable } from './verdicts/fronts.js';
import { int8Tables } from './verdicts/int8.js';
import { notComparableList, pairTables } from './verdicts/pairs.js';
import { resultsTable } from './verdicts/results.js';

/** Beyond it, what is out of sight is not laid out. */
const MANY = 60;

interface Section {
  readonly name: string;
  readonly title: string;
  /** Null where the run has nothing of it. */
  readonly content: HtmlPart;
}

export const article = async (view: ReportView, id: string): Promise<Html> => {
  const { plan } = view.run;
  const anchor = (name: string) => `${id}-${name}`;
  const sections = (await sectionsOf(view, anchor)).filter(({ content }) => content !== null);
  return html`<article id="${id}"${view.candidates.length > MANY ? html` class="large"` : null}>
<header><h1>${plan.title}</h1><p class="question">${plan.question}</p>
${answer(view)}
${cautionList(view.analysis.cautions)}
</header>
<aside aria-label="Candidates and contents">
<section class="panel" aria-labelledby="${anchor('candidates')}"><h2 id="${anchor('candidates')}">Candidates</h2>${candidateKey(view.groups)}</section>
<nav class="contents" aria-label="Contents"><h2>Contents</h2><ol>${sections.map(({ name, title }) => html`<li><a href="#${anchor(name)}">${title}</a></li>`)}</ol></nav>
</aside>
<div class="body">
${sections.map(
  ({
    name,
    title,
    content,
  }) => html`<section class="${name}" aria-labelledby="${anchor(name)}"><h2 id="${anchor(name)}">${title}</h2>
${content}
</section>`,
)}
</div>
${jsonData(packView(view))}
</article>`;
};

const sectionsOf = async (
  view: ReportView,
  anchor: (name: string) => string,
): Promise<readonly Section[]> => {
  const charts = async (name: keyof typeof CHART_SECTIONS, note: HtmlPart = null) => {
    const drawn = await figures(view, CHART_SECTIONS[name], anchor);
    return drawn && html`<div class="charts">${drawn}${note}</div>`;
  };
  const effects = factorTable(view);
  const ranges = rangeTable(view);
  const int8 = int8Tables(view);
  const pairs = pairTables(view);
  return [
    {
      name: 'accuracy',
      title: 'Accuracy',
      content: html`${await charts('accuracy')}${frontTable(view)}`,
    },
    { name: 'results', title: 'Results', content: resultsTable(view) },
    { name: 'claims', title: 'Claims', content: claimsTable(view) },
    {
      name: 'pairs',
      title: 'Every pair',
      content: pairs && html`<div class="matrix">${await charts('verdicts')}<div>${pairs}</div></div>`,
    },
    {
      name: 'int8',
      title: 'In int8',
      content: int8 && html`${await charts('int8')}${int8}`,
    },
    { name: 'factors', title: 'Factors', content: effects && html`${await charts('factors')}${effects}` },
    {
      name: 'not-comparable',
      title: 'Not comparable',
      content: notComparableList(view.analysis.notComparable),
    },
    { name: 'failures', title: 'Without a result', content: failures(view) },
    { name: 'latency', title: 'Latency', content: await charts('latency', noiseNote(view)) },
    {
      name: 'roofline',
      title: 'Roofline',
      content: view.roofline && html`${await charts('roofline')}${rooflineTable(view)}`,
    },
    { name: 'devices', title: 'Latency by device', content: devicesTable(view) },
    { name: 'training', title: 'Training', content: await charts('training', trainingNote(view)) },
    {
      name: 'ranges',
      title: 'Receptive ranges',
      content: ranges && html`${ranges}${await charts('ranges')}`,
    },
    { name: 'kernels', title: 'Kernel magnitudes', content: await charts('kernels', kernelNote(view)) },
    {
      name: 'costs',
      title: 'Costs',
      content: html`${await charts('costs', dilutionNote(view))}${costTable(view)}${memoryTable(view)}${costTableAt224(view)}`,
    },
    { name: 'conditions', title: 'Conditions', content: conditions(view) },
    { name: 'reproduce', title: 'How to reproduce', content: reproduce(view.run) },
  ];
};
