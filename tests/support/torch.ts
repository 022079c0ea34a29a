/** Programs of `tests/torch` that import one another. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runPython } from './python.js';

const FOLDER = new URL('../torch/', import.meta.url);

/** What a program prints, given a value as JSON. */
export const runTorch = (name: string, input: unknown): unknown => {
  const program = readFileSync(new URL(name, FOLDER), 'utf8');
  const found = `import sys\nsys.path.insert(0, sys.argv[1])\n${program}`;
  return JSON.parse(runPython(found, Buffer.from(JSON.stringify(input)), fileURLToPath(FOLDER)));
};
