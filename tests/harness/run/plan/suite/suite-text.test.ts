/** Suites in YAML and JSON: what TypeScript says they can say, and mistakes in them are shown in their place. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { loadSuite } from '../../../../../harness/run/plan/suite/load-suite.js';
import { suiteJsonSchema } from '../../../../../harness/run/plan/suite/suite-json-schema.js';
import { checkSuite } from '../../../../../harness/run/plan/suite/suite-schema.js';
import { readSuiteText } from '../../../../../harness/run/plan/suite/suite-text.js';
import { SUITES } from '../../../../../suites/registry.js';
import { SCALES } from '../../../../../suites/suite.js';
import { asserted, edited, edits, refusal } from '../../../../support/edits.js';
import { it } from '../../../../support/folder.js';
import { refusalOf } from '../../../../support/refusal.js';
import { suiteSpec } from '../../../../support/suite.js';

const builtIn = SUITES.flatMap((suite) => ('at' in suite ? [suite.at('small')] : [suite]));

describe('a suite in YAML or JSON', () => {
  it.for(builtIn)('says everything that $id says in TypeScript', async (suite, { folder }) => {
    const plain = JSON.parse(JSON.stringify(suite));
    for (const [file, text] of [
      ['suite.yaml', stringify(plain)],
      ['suite.json', JSON.stringify({ $schema: './suite.schema.json', ...plain }, null, 2)],
    ] as const) {
      writeFileSync(join(folder, file), text);
      expect((await loadSuite(join(folder, file))).suite).toEqual(checkSuite(suite, suite.id));
    }
  });

  it.for(SUITES.flatMap((suite) => ('at' in suite ? [suite] : [])))(
    'asks $id at both scales',
    async (suite, { folder }) => {
      const [small, imagenet] = SCALES.map((scale) => JSON.parse(JSON.stringify(suite.at(scale))));
      const { id: _id, question: _question, ...larger } = imagenet;
      // What the larger one leaves out must be none of the smaller one's.
      const { claims, tuning, ...rest } = small;
      const both = {
        ...rest,
        ...('claims' in larger ? { claims } : {}),
        ...('tuning' in larger ? { tuning } : {}),
      };
      const file = join(folder, 'suite.yaml');
      writeFileSync(file, stringify({ ...both, scales: { imagenet: larger } }));
      const loaded = await loadSuite(`${file}@imagenet`);
      expect(loaded.suite).toEqual(checkSuite(suite.at('imagenet'), suite.id));
      expect(loaded).toMatchObject({ source: `${file}@imagenet`, imagenet: loaded.suite });
      const { suite: read, source, imagenet: beside } = await loadSuite(file);
      expect({ read, source, beside }).toEqual({
        read: checkSuite(both, suite.id),
        source: `${file}@small`,
        beside: loaded.suite,
      });
    },
  );

  it('is refused with line and column where a scale of it is wrong', async ({ folder }) => {
    const file = join(folder, 'suite.yaml');
    const refused = (scales: string): Promise<string> => {
      writeFileSync(file, `${stringify(suiteSpec())}scales: ${scales}\n`);
      return refusalOf(() => loadSuite(file));
    };
    expect(await refused('{ imagenet: { seeds: many } }')).toMatch(
      /seeds: .*got "many" \(line \d+, column 30\)/,
    );
    expect(await refused('{ imagenet: { skelton: {} } }')).toMatch(/skelton/);
    expect(await refused('{ imagenet: { id: other } }')).toMatch(
      /scales.imagenet.id: it is the same .*\(line/,
    );
    expect(await refused('{ large: {}, imagenet: {} }')).toMatch(/scales.large: the suite itself/);
    for (const wrong of ['[]', '3', '{}', '{ imagenet: 3 }']) {
      expect(await refused(wrong)).toMatch(/scales.imagenet: the fields .*\(line/);
    }
  });

  it('is refused with line and column, for every mistake', async ({ folder }) => {
    const file = join(folder, 'suite.yaml');
    const refused = (text: string): Promise<string> => {
      writeFileSync(file, text);
      return refusalOf(() => loadSuite(file));
    };
    const good = stringify(suiteSpec());
    const at = (text: string, part: string): string => {
      const before = text.slice(0, text.indexOf(part)).split('\n');
      return `(line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
    };
    const many = good.replace('seeds: 2', 'seeds: many');
    expect(await refused(many)).toContain(`got "many" ${at(many, 'many')}`);
    const unknown = good.replace('    block: sandglass', '    blok: sandglass');
    const refusal = await refused(unknown);
    expect(refusal).toMatch(/candidates\.1: .*blok/);
    expect(refusal).toContain(at(unknown, 'name: sandglass'));
    expect(await refused(good.replace('title: Two blocks\n', ''))).toMatch(/title: .*\(line 1, column 1\)/);
    const twice = `${good}seeds: 3\n`;
    expect(await refused(twice)).toContain(`is not YAML: Map keys must be unique ${at(twice, 'seeds: 3')}`);
    expect(await refused('id: [1\n')).toMatch(/is not YAML: .*\(line/);
    expect(await refused(good.replace('id: test', 'id: !!js/function "x"'))).toMatch(
      /is not YAML: Unresolved tag.*\(line 1, column 5\)/,
    );
    expect(await refused('')).toContain('is not a suite');
  });

  it('that grows without end is refused', async ({ folder }) => {
    const file = join(folder, 'bomb.yaml');
    const levels = Array.from({ length: 30 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
        : `a${level}: &a${level} [${Array(9)
            .fill(`*a${level - 1}`)
            .join(', ')}]`,
    );
    writeFileSync(file, levels.join('\n'));
    expect(await refusalOf(() => loadSuite(file))).toContain('Excessive alias count');
  });

  it('that is damaged is refused, or says what was written', async ({ folder }) => {
    const file = join(folder, 'suite.yaml');
    const whole = Buffer.from(stringify(suiteSpec()));
    const { refused } = await asserted(edits, 500, async (all) => {
      writeFileSync(file, edited(whole, all));
      try {
        const { spec, placeOf } = await readSuiteText(file);
        checkSuite(spec, file, placeOf);
        return 'same';
      } catch (error) {
        return refusal(error);
      }
    });
    expect(refused).toBeGreaterThan(100);
  });

  it('has a schema for editors, which takes the example and is in the package as it is', () => {
    const schema = suiteJsonSchema();
    expect(JSON.parse(readFileSync('docs/suite.schema.json', 'utf8'))).toEqual(schema);
    const reader = z.fromJSONSchema(schema);
    for (const suite of builtIn)
      expect(reader.safeParse(JSON.parse(JSON.stringify(suite))).error).toBeUndefined();
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(suiteSpec())), (field) => {
        expect(reader.safeParse({ ...suiteSpec(), [field]: Symbol }).success).toBe(false);
      }),
    );
  });

  it('takes the values of a knob as a range', () => {
    const knob = (values: object) => ({
      candidates: [{ name: 'a', block: 'sandglass', knob: { option: 'expansion', values } }],
    });
    const [candidate] = checkSuite(
      { ...suiteSpec(), ...knob({ from: 0.5, to: 2, step: 0.5 }) },
      's',
    ).candidates;
    expect(candidate?.knob?.[0]?.values).toEqual([0.5, 1, 1.5, 2]);
    const refusal = (values: object) => expect(() => checkSuite({ ...suiteSpec(), ...knob(values) }, 's'));
    refusal({ from: 2, to: 1, step: 0.5 }).toThrow('candidates.0.knob.values: from is above to');
    refusal({ from: 0, to: 2, step: -1 }).toThrow('candidates.0.knob.values.step: Too small');
    refusal({ from: 0, to: 2, steps: 1 }).toThrow(/knob\.values\.step: .*number.*Unrecognized key: "steps"/);
    refusal({ from: 0, to: 1e9, step: 1 }).toThrow(/knob\.values: more than \d+ values/);
  });

  it('starts every candidate from a file of weights, or none', () => {
    const [first, second] = suiteSpec().candidates;
    const suite = { ...suiteSpec(), candidates: [{ ...first, init: 'a.safetensors' }, second] };
    expect(() => checkSuite(suite, 's')).toThrow('that compares weights, not networks');
  });
});
