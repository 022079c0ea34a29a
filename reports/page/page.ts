import { plainText } from '../text/text.js';
import { plural } from '../text/words.js';
import { type ReportInput, type ReportView, viewOf } from '../view/view.js';
import { APART, betweenRuns } from '../wording/between-runs.js';
import { article } from './article.js';
import { definitions } from './definitions.js';
import { type DocumentOptions, htmlDocument } from './html/document.js';
import { type Html, html } from './html/html.js';

/**
 * One HTML file that needs nothing else: charts are drawn, its content security policy allows no request and no script but its own, and
 * without script it can be read as it is. Runs follow each other in the order given. Throws UserError where the program of the page has
 * not been built.
 */
export const reportPage = async (
  inputs: readonly ReportInput[],
  options?: DocumentOptions,
): Promise<string> => {
  const views = inputs.map(viewOf);
  const articles: Html[] = [];
  for (const [index, view] of views.entries()) articles.push(await article(view, `run-${index + 1}`));
  const titles = [...new Set(views.map(({ run }) => plainText(run.plan.title)))];
  return htmlDocument(
    views.length === 1 ? titles : `${plural(views.length, 'run')}: ${titles.join('; ')}`,
    html`${views.length > 1 ? contents(views) : null}
${articles}
<section class="words" aria-labelledby="definitions"><h2 id="definitions">What the words mean</h2>${definitions()}</section>`,
    options ?? { script: await (await import('./program.js')).pageProgram() },
  );
};

const contents = (views: readonly ReportView[]): Html =>
  html`<nav class="runs" aria-label="Runs"><ol>${views.map(
    ({ run: { plan, environment } }, index) =>
      html`<li><a href="#run-${index + 1}">${plan.title}</a>, ${environment.startedAt.slice(0, 10)}</li>`,
  )}</ol></nav>
<section aria-labelledby="between-runs"><h2 id="between-runs">Between the runs</h2>
<p>${APART}</p>
<ul>${betweenRuns(views.map(({ run }) => run)).map((text) => html`<li>${text}</li>`)}</ul>
</section>`;
