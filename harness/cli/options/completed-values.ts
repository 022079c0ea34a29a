/** Values that the tab key offers after options that have no fixed choices. */
import { DEVICE_KINDS } from '../../../results/measurement/device.js';

/** Of an option, by its flag or, where commands mean different things by it, by command and flag. */
const VALUES: Readonly<Record<string, (words: readonly string[]) => Promise<readonly string[]>>> = {
  '--block': async () => {
    const { listDefinitions } = await import('../../../blocks/lookup.js');
    return listDefinitions('block').map(({ id }) => id);
  },
  '--dataset': async () => {
    const { DATASETS } = await import('../../data/registry.js');
    return DATASETS.map(({ id }) => id);
  },
  '--device': async () => DEVICE_KINDS,
  '--engine': async () => {
    const { engineNames } = await import('../../engines/registry.js');
    return ['auto', ...engineNames()];
  },
  '--set': async (words) => (await settingsOf(words)).map((name) => `${name}=`),
  'run --only': async ([, suite]) => {
    const { SUITES } = await import('../../../suites/registry.js');
    if (!SUITES.some(({ id }) => id === suite)) return [];
    const { loadSuite } = await import('../../run/plan/suite/load-suite.js');
    return (await loadSuite(`${suite}`)).suite.candidates.map(({ name }) => unquoted(name));
  },
};

/** As a pattern that a shell takes as one word. */
const unquoted = (name: string): string => name.replaceAll(/[^\w/-]/g, '.');

export interface Offered {
  readonly flag: string;
  readonly values: readonly string[];
}

/** What may follow the option before the last word, or be after its `=`; null where that is not known. */
export const offeredAfter = async (words: readonly string[]): Promise<Offered | null> => {
  const last = words.at(-1) ?? '';
  const flag = last.startsWith('--') ? last.split('=', 1)[0] : words.at(-2);
  const values = flag === undefined ? undefined : (VALUES[flag] ?? VALUES[`${words[0]} ${flag}`]);
  return flag === undefined || values === undefined ? null : { flag, values: await values(words) };
};

/** Options and slots of a registered part, and of the block that a network takes. */
const settingsOf = async (words: readonly string[]): Promise<readonly string[]> => {
  const { listDefinitions } = await import('../../../blocks/lookup.js');
  const find = (name: string | undefined) => listDefinitions().find(({ id }) => id === name);
  const part = find(words[1]);
  if (part === undefined) return [];
  const { block } = part.slots;
  const named = words[words.indexOf('--block') + 1];
  const parts = [part, ...(block === undefined ? [] : [find(named) ?? find(block.default)])];
  const names = parts.flatMap((one) =>
    one === undefined ? [] : [...Object.keys(one.options.shape), ...Object.keys(one.slots)],
  );
  return [...new Set(names)];
};
