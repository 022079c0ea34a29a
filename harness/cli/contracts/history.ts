/** JSON about many runs. */
import { z } from 'zod';

const runName = z.strictObject({
  folder: z.string(),
  startedAt: z.string(),
  commit: z.string().nullable().describe('null if the run was not made in a git checkout'),
});

export const historyContract = z.strictObject({
  skipped: z.array(z.strictObject({ folder: z.string(), problem: z.string() })),
  tracks: z.array(
    z.strictObject({
      suite: z.string(),
      candidate: z.string(),
      metric: z
        .enum(['top1', 'latency', 'params', 'macs', 'flops'])
        .describe('top1: share, 0 to 1, mean over seeds; latency: ms per batch; costs: of the deploy form'),
      series: z
        .array(
          z.strictObject({
            break: z
              .strictObject({ before: runName, after: runName, reasons: z.array(z.string()) })
              .nullable()
              .describe('why it is not compared with earlier values'),
            conditions: z.record(z.string(), z.string()),
            points: z.array(
              z.strictObject({
                run: runName,
                value: z.number(),
                interval: z
                  .tuple([z.number(), z.number()])
                  .nullable()
                  .describe('95 %; of top1 over seeds, for these test images'),
                seeds: z.int().nullable(),
              }),
            ),
            levels: z
              .array(z.strictObject({ start: z.int(), end: z.int(), level: z.number() }))
              .describe('of the points from start up to, but not including, end'),
            changes: z.array(
              z.strictObject({
                before: runName.describe('the last run of the level before'),
                after: runName.describe('the first run of the level after'),
                from: z.number(),
                to: z.number(),
                effect: z.number().describe('top1: to - from; everything else: to / from - 1'),
                kind: z.enum(['regression', 'improvement']),
              }),
            ),
          }),
        )
        .describe('values made under equal conditions'),
    }),
  ),
});
