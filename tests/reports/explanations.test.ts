import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHARTS } from '../../reports/charts/registry.js';
import { EXPLANATIONS } from '../../reports/explanations.js';
import { COLUMNS } from '../../results/csv/csv-columns.js';
import { lightbench } from '../support/command-line.js';

describe('explanations', () => {
  it.each(EXPLANATIONS)('$name is explained in a sentence', ({ text }) => {
    expect(text).toMatch(/^[A-Z(`].*\.$/s);
    expect(text.length).toBeGreaterThan(20);
  });

  it('are of every column, verdict and chart', () => {
    const names = EXPLANATIONS.map(({ name }) => name);
    const verdicts = ['better', 'worse', 'tie', 'undecided'];
    expect(names).toEqual(
      expect.arrayContaining([
        ...COLUMNS.map(({ name }) => name),
        ...verdicts,
        ...CHARTS.map(({ id }) => id),
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
    const texts = EXPLANATIONS.flatMap(({ kind, text }) => (kind === 'term' ? [text] : []));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('name the charts that docs/figures.md explains', () => {
    const page = readFileSync('docs/figures.md', 'utf8');
    for (const { id } of CHARTS) {
      const [, stem = '', variant = ''] = /^(.*)(-[^-]+)$/.exec(id) ?? [];
      expect(
        page.includes(`\`${id}\``) || (page.includes(`\`${stem}`) && page.includes(`\`${variant}\``)),
        id,
      ).toBe(true);
    }
  });
});

describe('lightbench explain', () => {
  it.each([
    [['noise', 'floor'], /^noise floor \(term\): .*A\/A control/],
    [['noise_floor'], /^noise floor \(term\).*\nnoise-floor \(caution\)/s],
    [['deploy'], /^deploy form \(term\): The network as run, .*merged/],
    [['train form'], /^train form \(term\): The network as trained, .*separate/],
    [['better'], /^better .* on the good side: higher top-1/],
    [['worse'], /^worse .* on the bad side: lower top-1/],
    [['Params-Deploy'], /^params_deploy \(column, in parameters\): Learnable/],
  ])('%j', async (words, expected) => {
    expect((await lightbench('explain', ...words)).stdout).toMatch(expected);
  });

  it('lists every word with the whole of its first sentence', async () => {
    const { stdout } = await lightbench('explain');
    for (const { name, text } of EXPLANATIONS) {
      const [, shown = ''] =
        stdout
          .split('\n')
          .find((line) => line.startsWith(`${name}  `))
          ?.split(/ {2,}/) ?? [];
      expect(shown, name).toMatch(/\w .*\.$/);
      expect(`${text} `.startsWith(`${shown} `), name).toBe(true);
    }
    expect(stdout).toMatch(/^difference .*percentage points; of latency/m);
    expect(stdout).toMatch(/^budget residual .*target/m);
  });

  it('helps with a slip', async () => {
    const { stderr, exitCode } = await lightbench('explain', 'undecidd');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Did you mean undecided?')]);
  });
});
