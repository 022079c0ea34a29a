import { APART, betweenRuns } from './between-runs.js';
import { CHART_SECTIONS } from './charts/registry.js';
import { answer } from './page/answer.js';
import { claimsTable } from './page/claims.js';
import { conditions } from './page/conditions.js';
import { costTable, costTableAt224 } from './page/costs.js';
import { definitions } from './page/definitions.js';
import { htmlDocument } from './page/document.js';
import { factorTable } from './page/factors.js';
import { failures } from './page/failures.js';
import { figures } from './page/figures.js';
import { frontTable } from './page/fronts.js';
import { type Html, type HtmlPart, html } from './page/html.js';
import { candidateKey } from './page/key.js';
import { dilutionNote, kernelNote, noiseNote, trainingNote } from './page/notes.js';
import { notComparableList, pairTables } from './page/pairs.js';
import { rangeTable } from './page/ranges.js';
import { reproduce } from './page/reproduce.js';
import { resultsTable } from './page/results.js';
import { plainText, plural } from './text.js';
import { type ReportInput, type ReportView, viewOf } from './view.js';

/**
 * One HTML file that needs nothing else: charts are drawn, there is no script, and its content security policy allows no request.
 * Runs follow each other in the order given.
 */
export const reportPage = async (inputs: readonly ReportInput[]): Promise<string> => {
  const views = inputs.map(viewOf);
  const articles: Html[] = [];
  for (const [index, view] of views.entries()) articles.push(await article(view, `run-${index + 1}`));
  const titles = [...new Set(views.map(({ run }) => plainText(run.plan.title)))];
  return htmlDocument(
    views.length === 1 ? titles : `${plural(views.length, 'run')}: ${titles.join('; ')}`,
    html`${views.length > 1 ? contents(views) : null}
${articles}
<section aria-labelledby="definitions"><h2 id="definitions">What the words mean</h2>${definitions()}</section>`,
  );
};

const contents = (views: readonly ReportView[]): Html =>
  html`<nav aria-label="Runs"><ol>${views.map(
    ({ run: { plan, environment } }, index) =>
      html`<li><a href="#run-${index + 1}">${plan.title}</a>, ${environment.startedAt.slice(0, 10)}</li>`,
  )}</ol></nav>
<section aria-labelledby="between-runs"><h2 id="between-runs">Between the runs</h2>
<p>${APART}</p>
<ul>${betweenRuns(views.map(({ run }) => run)).map((text) => html`<li>${text}</li>`)}</ul>
</section>`;

const article = async (view: ReportView, id: string): Promise<Html> => {
  const { plan } = view.run;
  const anchor = (name: string) => `${id}-${name}`;
  const section = (name: string, title: string, content: HtmlPart): Html | null =>
    content === null
      ? null
      : html`<section aria-labelledby="${anchor(name)}"><h2 id="${anchor(name)}">${title}</h2>
${content}
</section>`;
  const charts = async (name: keyof typeof CHART_SECTIONS, note: HtmlPart = null) => {
    const drawn = await figures(view, CHART_SECTIONS[name], anchor);
    return drawn && html`<div class="charts">${drawn}${note}</div>`;
  };
  const effects = factorTable(view);
  const ranges = rangeTable(view);
  return html`<article id="${id}">
<header><h1>${plan.title}</h1><p class="question">${plan.question}</p>
${answer(view)}
${cautions(view.analysis.cautions)}
</header>
${section('claims', 'Claims', claimsTable(view))}
${section('accuracy', 'Accuracy against cost', html`${candidateKey(view.groups)}${await charts('accuracy')}${frontTable(view)}`)}
${section('results', 'Results', resultsTable(view))}
${section('pairs', 'Every pair', html`<div class="matrix">${await charts('verdicts')}<div>${pairTables(view)}</div></div>`)}
${section('factors', 'Factors', effects && html`${await charts('factors')}${effects}`)}
${section('not-comparable', 'Not comparable', notComparableList(view.analysis.notComparable))}
${section('failures', 'Without a result', failures(view))}
${section('latency', 'Latency', await charts('latency', noiseNote(view)))}
${section('training', 'Training', await charts('training', trainingNote(view)))}
${section('ranges', 'Receptive ranges', ranges && html`${ranges}${await charts('ranges')}`)}
${section('kernels', 'Kernel magnitudes', await charts('kernels', kernelNote(view)))}
${section('costs', 'Costs', html`${await charts('costs', dilutionNote(view))}${costTable(view)}${costTableAt224(view)}`)}
${section('conditions', 'Conditions', conditions(view))}
${section('reproduce', 'How to reproduce', reproduce(view.run))}
</article>`;
};

const cautions = (texts: readonly string[]): Html | null =>
  texts.length === 0 ? null : html`<ul class="cautions">${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
