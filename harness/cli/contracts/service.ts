/** The JSON of commands that go on until they are stopped, or print what other programs read. */
import { z } from 'zod';

export const serveContract = z
  .strictObject({ directory: z.string(), address: z.url().describe('of the page, on this machine alone') })
  .describe('printed once, when the page is served');

export const workerContract = z
  .strictObject({ at: z.iso.datetime(), text: z.string().describe('what the worker does') })
  .describe('one line of many, an object each');

export const completionContract = z.strictObject({
  shell: z.enum(['bash', 'zsh', 'fish', 'powershell']),
  script: z.string(),
});

export const schemaContract = z.looseObject({ $schema: z.string() }).describe('a JSON Schema');
