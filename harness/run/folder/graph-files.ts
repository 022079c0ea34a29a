/** Graphs that came from another machine: one file each, named by its fingerprint. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRecord } from '../../../results/parse.js';
import { fileError } from '../../files/system-error.js';
import type { Graph } from '../../graph/graph.js';
import { graphOf, graphRecordSchema } from '../../graph/graph-record.js';
import { fingerprint } from '../../graph/print.js';
import { UserError } from '../../user/user-error.js';
import { writeWhole } from './run-directory.js';

/** In the folder of a run: the candidates' networks, of which it keeps trained weights. */
export const GRAPHS = 'graphs';

const fileOf = (id: string): string => `${id}.json`;

/** `text` is a graph record as JSON. */
export const writeGraph = (folder: string, id: string, text: string): Promise<void> =>
  writeWhole(folder, fileOf(id), text);

/** Throws UserError where there is none, or it is not the graph of this fingerprint. */
export const readGraph = async (folder: string, id: string): Promise<Graph> => {
  const file = join(folder, fileOf(id));
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, { path: file, use: 'read' });
  });
  return sentGraph(text, id);
};

/** A graph record, checked to be the graph of this fingerprint. Throws UserError where it is none, or another. */
export const sentGraph = (text: string, id: string): Graph => {
  const where = `The graph ${id}`;
  const graph = graphOf(parseRecord(graphRecordSchema, text, where, REMEDY));
  const found = fingerprint(graph);
  if (found === id) return graph;
  throw new UserError(`${where} arrived as another, ${found}.`, REMEDY);
};

const REMEDY = 'Run both machines with the same lightbench.';
