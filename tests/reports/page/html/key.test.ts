import { expect, it } from 'vitest';
import { candidateName } from '../../../../reports/page/html/key.js';
import { viewOf } from '../../../../reports/view/view.js';
import { analysisFixture } from '../../../support/analysis-fixture.js';
import { runFixture } from '../../../support/run-fixture.js';

it('a name in a table may break after punctuation, and within no word or number', () => {
  const { run } = runFixture({ epochs: 1, failures: false });
  const [candidate] = viewOf({ run, analysis: analysisFixture(run) }).candidates;
  if (candidate === undefined) throw new Error('the fixture lost its candidates');
  const tableName = 'meta-light(spatial=avg-pool, channel=<grouped>,expansion=1.25)';
  const [, shown] = /<bdi>(.*)<\/bdi>/.exec(candidateName({ ...candidate, tableName }).markup) ?? [];
  expect(shown?.split('<wbr>')).toEqual([
    'meta-light(',
    'spatial=',
    'avg-pool, channel=&lt;grouped&gt;,',
    'expansion=',
    '1.25)',
  ]);
});
