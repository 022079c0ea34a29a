/** Suites in YAML and JSON, which is YAML, too. They are data: nothing in them is executed. */
import { isNode, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { readRegularFile } from '../../../files/regular-file.js';
import { MOST } from '../../../user/limits.js';
import { UserError } from '../../../user/user-error.js';
import type { PlaceOf } from './suite-schema.js';

export interface SuiteText {
  readonly spec: unknown;
  readonly placeOf: PlaceOf;
}

/** Bytes of a file; a suite of a thousand candidates has fewer. */
const MOST_BYTES = 2 ** 22;

const REMEDY =
  'Mend the file; docs/suites.md has an example, and `lightbench schema suite` prints the schema.';

/** Throws UserError naming line and column where the file cannot be read, or is no YAML. */
export const readSuiteText = async (file: string): Promise<SuiteText> => {
  const text = (await readRegularFile(file, { most: MOST_BYTES, remedy: REMEDY })).toString('utf8');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return ` (line ${line}, column ${col})`;
  };
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    throw new UserError(`${file} is not YAML: ${problem.message}${placeAt(problem.pos[0])}.`, REMEDY);
  }
  const placeOf: PlaceOf = (path) => {
    // Of a field that is missing, where it should be.
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      const [start] = (isNode(node) ? (node as ParsedNode).range : null) ?? [];
      if (start !== undefined) return placeAt(start);
    }
    return document.contents === null ? '' : placeAt(document.contents.range[0]);
  };
  return { spec: withoutSchema(contentOf(document, file)), placeOf };
};

/** The name of the schema is for editors. */
const withoutSchema = (spec: unknown): unknown => {
  if (typeof spec !== 'object' || spec === null || !('$schema' in spec)) return spec;
  const { $schema: _, ...rest } = spec;
  return rest;
};

/** Aliases may stand for much: a file of a few lines could grow beyond any memory. */
const contentOf = (document: ReturnType<typeof parseDocument>, file: string): unknown => {
  try {
    return document.toJS({ maxAliasCount: MOST.candidates });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file} cannot be read: ${reason}.`, REMEDY);
  }
};
