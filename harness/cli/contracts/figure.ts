/** The JSON of the commands that write figures and tables, explain and prepare. */
import { z } from 'zod';

const inches = z.number().nullable().describe('null for a Vega-Lite spec, which has no size on paper');

export const figureContract = z.union([
  z
    .strictObject({
      chart: z.string(),
      file: z.string(),
      format: z.enum(['svg', 'png', 'pdf', 'vl.json']),
      theme: z.enum(['light', 'dark', 'print']),
      widthInches: inches,
      heightInches: inches,
      smallestTextPoints: z.number().nullable(),
    })
    .describe('a chart was written'),
  z
    .array(z.strictObject({ id: z.string(), title: z.string(), caption: z.string() }))
    .describe('no chart was named: those of the run'),
]);

export const tableContract = z.strictObject({
  format: z.enum(['latex', 'md', 'csv', 'html']),
  columns: z.array(z.string()),
  file: z.string().nullable(),
  table: z.string(),
});

export const explainContract = z.array(
  z.strictObject({
    kind: z.enum(['column', 'term', 'caution', 'chart']),
    name: z.string(),
    unit: z.string(),
    text: z.string(),
  }),
);

export const initContract = z.strictObject({ suite: z.string(), files: z.array(z.string()) });

export const setupContract = z.strictObject({
  name: z.string(),
  folder: z.string(),
  libtensorflow: z.string(),
  device: z.string(),
});
