/** Parts that a suite or a command names by a file. */
import { resolve } from 'node:path';
import type { AnyDefinition, OptionValue } from '../../../blocks/part.js';
import type { Suite, SuiteCandidate } from './suite-schema.js';

const FILE = /\.(onnx|[cm]?[jt]s)$/;

const PLACE = /^(\.{1,2})?[/\\]|^[A-Za-z]:[/\\]/;

/** Whether a text names a file or folder, not a part of the registry: it says where it lies, or ends like one. */
export const isPartFile = (text: string): boolean => FILE.test(text) || PLACE.test(text);

/**
 * The suite with what the files define in place of their names, which are relative to `folder`. Throws UserError where there is no such
 * file, or it defines no part.
 */
export const withPartFiles = async (suite: Suite, folder: string): Promise<Suite> => {
  const loaded = new Map<string, AnyDefinition>();
  const part = async (file: string): Promise<AnyDefinition> => {
    const path = resolve(folder, file);
    const known = loaded.get(path);
    if (known) return known;
    const { loadPart } = await import('./load-part.js');
    const found = await loadPart(path);
    loaded.set(path, found);
    return found;
  };
  const chosen = async (value: OptionValue): Promise<OptionValue> => {
    if (typeof value === 'string') return isPartFile(value) ? part(value) : value;
    if (typeof value !== 'object' || !('id' in value) || typeof value.id !== 'string') return value;
    return isPartFile(value.id) ? { ...value, id: await part(value.id) } : value;
  };
  const candidates: SuiteCandidate[] = [];
  for (const { network, block, ...candidate } of suite.candidates) {
    candidates.push({
      ...candidate,
      ...(network === undefined ? {} : { network: await chosen(network) }),
      ...(block === undefined ? {} : { block: await chosen(block) }),
    });
  }
  return { ...suite, candidates };
};
