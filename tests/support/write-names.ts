/** Asks torchvision and timm how they name the modules of their networks, and writes `data/names`: `npm run names`. */
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { buildNetwork } from '../../blocks/build.js';
import { parametersOf } from '../../harness/graph/parameters.js';
import { type ModuleName, NAMINGS, type NamesTable } from '../../harness/weights/names.js';
import { COUNTERPARTS, SIZES } from '../blocks/networks/counterparts.js';
import { runTorch } from './torch.js';

const namesSchema = z.array(
  z.object({
    id: z.string(),
    modules: z.array(z.object({ name: z.string(), tensors: z.record(z.string(), z.array(z.int())) })),
  }),
);

type Described = z.infer<typeof namesSchema>[number];

/** By library, network and depth: the modules that have parameters, in execution order. */
export const askForNames = (): Record<(typeof NAMINGS)[number], NamesTable> => {
  const networks = Object.entries({ ...COUNTERPARTS, ...SIZES });
  const entries = networks.map(([id, counterpart]) => ({ id, options: {}, size: 64, ...counterpart }));
  const described = namesSchema.parse(runTorch('names.py', entries));
  const tables: Record<(typeof NAMINGS)[number], Record<string, ModuleName[][]>> = {
    torchvision: {},
    timm: {},
  };
  for (const { id, loader } of entries) {
    const found = described.find((one) => one.id === id);
    if (found === undefined) throw new Error(`Nothing was said of ${id}.`);
    const [network = id] = id.split('(');
    const known = tables[loader][network] ?? [];
    tables[loader][network] = known;
    const names = namesOf(found);
    if (!known.some((other) => JSON.stringify(other) === JSON.stringify(names))) known.push(names);
  }
  return tables;
};

const namesOf = ({ id, modules }: Described): ModuleName[] => {
  const graph = buildNetwork(id, { input: [3, 64, 64], classes: 1000 });
  const ours = graph.nodes.map((node) => parametersOf(graph, node)).filter(({ length }) => length > 0);
  if (ours.length !== modules.length) throw new Error(`${id}: ${modules.length} modules for ${ours.length}.`);
  return modules.map(({ name, tensors }, index) => {
    const parameters = ours[index] ?? [];
    const isLinear = parameters[0]?.shape.length === 4 && tensors.weight?.length === 2;
    const expected = parameters.map(({ name: key, shape }) => [key, isLinear ? shape.slice(0, 2) : shape]);
    if (JSON.stringify(Object.entries(tensors)) !== JSON.stringify(expected)) {
      throw new Error(`${id}: ${name} has other parameters than ${parameters[0]?.path}.`);
    }
    return isLinear ? { linear: name } : name;
  });
};

if (process.argv[1]?.endsWith('write-names.ts')) {
  const tables = askForNames();
  for (const naming of NAMINGS) {
    const folder = new URL('../../data/names/', import.meta.url);
    writeFileSync(new URL(`${naming}.json`, folder), `${JSON.stringify(tables[naming], null, 1)}\n`);
  }
}
