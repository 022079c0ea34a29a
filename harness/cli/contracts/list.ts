/** JSON about all parts. */
import { z } from 'zod';

const listEntry = z.strictObject({
  list: z.string(),
  id: z.string(),
  summary: z.string(),
  source: z.string(),
});

const partEntry = listEntry.extend({
  admits: z.string().nullable().describe('which numbers of channels it accepts; null: any'),
  mergeable: z
    .boolean()
    .describe('whether the parallel branches of its train form merge into one convolution'),
  options: z.array(
    z.strictObject({
      name: z.string(),
      allowed: z.string(),
      default: z.unknown().describe('null if it depends on other options'),
      summary: z.string(),
    }),
  ),
  slots: z.array(
    z.strictObject({ name: z.string(), kind: z.string(), default: z.string(), summary: z.string() }),
  ),
});

export const listContract = z.array(
  z.union([
    partEntry.describe('operators, blocks and networks'),
    listEntry.describe('suites, data sets and engines'),
  ]),
);

export type ListEntry = z.infer<typeof listContract>[number];
