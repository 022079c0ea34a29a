/** Writes the schema of suites for editors, `suite.schema.json`: `npm run docs:schema`. */
import { writeFileSync } from 'node:fs';
import { suiteJsonSchema } from '../harness/run/plan/suite/suite-json-schema.js';

const text = `${JSON.stringify(suiteJsonSchema(), null, 2)}\n`;
writeFileSync(new URL('suite.schema.json', import.meta.url), text);
