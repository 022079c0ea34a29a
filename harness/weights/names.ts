/** What other libraries call the parameters of the networks that they have, too: `data/names`, written by `npm run names`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Graph } from '../graph/graph.js';
import { type Parameter, parametersOf } from '../graph/parameters.js';
import { packageRoot } from '../package/package-root.js';
import { UserError } from '../user/user-error.js';

/** Libraries whose names can be written and read. */
export const NAMINGS = ['torchvision', 'timm'] as const;

/** One of `NAMINGS`. */
export type Naming = (typeof NAMINGS)[number];

/** A module with parameters; `linear` where theirs is a linear layer and ours a convolution of one pixel. */
export type ModuleName = string | { readonly linear: string };

/** By network: for every depth that the library has, its modules in execution order. */
export type NamesTable = Readonly<Record<string, readonly (readonly ModuleName[])[]>>;

/** A parameter of ours as another library has it. */
export interface ForeignName {
  readonly parameter: Parameter;
  readonly key: string;
  readonly shape: readonly number[];
  /** Counts the batches that the statistics saw; of batch norms alone, beside their last parameter. */
  readonly counter?: string;
}

const tableOf = (naming: Naming): NamesTable =>
  JSON.parse(readFileSync(join(packageRoot(), 'data', 'names', `${naming}.json`), 'utf8'));

/** The parameters of a network by their names in a library, in execution order; null where the library has no such network. */
export const foreignNames = (
  naming: Naming,
  network: string,
  graph: Graph,
): readonly ForeignName[] | null => {
  const nodes = graph.nodes.map((node) => parametersOf(graph, node)).filter(({ length }) => length > 0);
  const modules = tableOf(naming)[network]?.find(({ length }) => length === nodes.length);
  if (modules === undefined) return null;
  return nodes.flatMap((parameters, index) => namesIn(modules[index] ?? '', parameters));
};

const namesIn = (module: ModuleName, parameters: readonly Parameter[]): readonly ForeignName[] => {
  const name = typeof module === 'string' ? module : module.linear;
  return parameters.map((parameter) => ({
    parameter,
    key: `${name}.${parameter.name}`,
    shape:
      typeof module === 'string'
        ? parameter.shape
        : parameter.shape.filter((side, axis) => axis < 2 || side > 1),
    ...(parameter.role === 'running-variance' ? { counter: `${name}.num_batches_tracked` } : {}),
  }));
};

/** The same. Throws UserError where the library has no such network. */
export const requireForeignNames = (
  naming: Naming,
  network: string,
  graph: Graph,
): readonly ForeignName[] => {
  const names = foreignNames(naming, network, graph);
  if (names !== null) return names;
  const known = Object.keys(tableOf(naming)).join(', ');
  throw new UserError(
    `${naming} has no network with the layers of this ${network}.`,
    `Leave out --names, which keeps our names; ${naming} has ${known}.`,
  );
};
