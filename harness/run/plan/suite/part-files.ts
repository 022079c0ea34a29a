/** Parts that a suite or a command names by a file. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseChoice } from '../../../../blocks/choice.js';
import type { AnyDefinition, Choice, OptionValue } from '../../../../blocks/part.js';
import type { Suite, SuiteCandidate } from './suite-schema.js';

const FILE = /\.(onnx|[cm]?[jt]s)$/;

const PLACE = /^(\.{1,2})?[/\\]|^[A-Za-z]:[/\\]/;

/** Whether a text names a file or folder, not a part of the registry: it says where it lies, or ends like one. */
export const isPartFile = (text: string): boolean => FILE.test(text) || PLACE.test(text);

/** A choice in brackets that has a file in it, as its part or in a slot. */
const BRACKETED_FILE = /([/\\]|\.(onnx|[cm]?[jt]s)\s*[(),]).*\)\s*$/;

type Settings = Readonly<Record<string, OptionValue>>;

interface Parts {
  /** The value with what files define in place of their names, in slots too. Throws UserError where a file does not exist, or defines no part. */
  readonly chosen: (value: OptionValue) => Promise<OptionValue>;
  readonly settings: (set: Settings) => Promise<Settings>;
}

/** Names of files are relative to `folder`; each is loaded once. */
export const partsFrom = (folder: string): Parts => {
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
    if (typeof value === 'string') {
      const isChoice = BRACKETED_FILE.test(value) && !existsSync(resolve(folder, value));
      if (isChoice) return choice(parseChoice(value));
      return isPartFile(value) ? part(value) : value;
    }
    return typeof value === 'object' && 'id' in value && !('instantiate' in value) ? choice(value) : value;
  };
  const choice = async (written: Choice): Promise<Choice> => ({
    ...written,
    ...(typeof written.id === 'string' && isPartFile(written.id) ? { id: await part(written.id) } : {}),
    ...(written.set === undefined ? {} : { set: await settings(written.set) }),
  });
  const settings = async (set: Settings): Promise<Settings> => {
    const entries: [string, OptionValue][] = [];
    for (const [name, value] of Object.entries(set)) entries.push([name, await chosen(value)]);
    return Object.fromEntries(entries);
  };
  return { chosen, settings };
};

/**
 * The suite with what the files define in place of their names, which are relative to `folder`. Throws UserError where there is no such
 * file, or it defines no part.
 */
export const withPartFiles = async (suite: Suite, folder: string): Promise<Suite> => {
  const { chosen, settings } = partsFrom(folder);
  const candidates: SuiteCandidate[] = [];
  for (const { network, block, set, ...candidate } of suite.candidates) {
    candidates.push({
      ...candidate,
      ...(network === undefined ? {} : { network: await chosen(network) }),
      ...(block === undefined ? {} : { block: await chosen(block) }),
      ...(set === undefined ? {} : { set: await settings(set) }),
    });
  }
  return { ...suite, candidates };
};
