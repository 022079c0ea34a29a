import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { printMarked } from '../../../harness/cli/command.js';
import { printPlan } from '../../../harness/cli/views/plan-view.js';
import { inInt8 } from '../../support/in-int8.js';
import { runFixture } from '../../support/run-fixture.js';

const COLUMNS = 50;

const written = (print: () => void): string[] => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    print();
    return write.mock.calls
      .map(([text]) => String(text))
      .join('')
      .split('\n');
  } finally {
    write.mockRestore();
  }
};

const { columns } = process.stdout;

beforeEach(() => void Object.assign(process.stdout, { columns: COLUMNS }));
afterEach(() => void Object.assign(process.stdout, { columns }));

it('a text after a mark goes on below itself, in lines that end between words', () => {
  const lines = written(() => printMarked('missing', 7, `engine x: ${'no such thing '.repeat(9)}`));
  expect(lines.length).toBeGreaterThan(3);
  expect(lines[0]).toMatch(/^missing engine x: no such/);
  for (const line of lines.slice(1, -1)) expect(line).toMatch(/^ {8}(no|such|thing)\b/);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(COLUMNS);
});

it('the sentences of a plan end between words in a narrow terminal, those on int8 too', () => {
  const { plan } = runFixture({ change: inInt8 });
  const lines = written(() => printPlan(plan, null));
  const table = lines.findIndex((line) => line.startsWith('candidate'));
  expect(lines.slice(0, table).join(' ')).toMatch(/Weights in int8/);
  for (const line of lines.slice(0, table)) expect(line.length).toBeLessThanOrEqual(COLUMNS);
});
