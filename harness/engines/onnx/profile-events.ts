/** onnxruntime's profile: a list of timed events, of which those of kernels are read. */
import { z } from 'zod';

/** A kernel as onnxruntime ran it: often several operations of a model in one. */
export interface KernelTimes {
  /** Of the node of the optimised model. */
  readonly name: string;
  /** What it does, by ONNX's or onnxruntime's name: `Conv`, `ReorderInput`. */
  readonly operator: string;
  /** Of its inputs and outputs, without weights: of those that were laid out anew at the start, the profiler does not tell. */
  readonly activationBytes: number;
  /** By run; the profiler counts whole ones, its own cost included. */
  readonly microseconds: readonly number[];
}

const bytes = z.string().regex(/^\d+$/).transform(Number);

const SUFFIX = '_kernel_time';

const kernelEvent = z.object({
  cat: z.literal('Node'),
  name: z.string().endsWith(SUFFIX),
  dur: z.number(),
  args: z.object({
    op_name: z.string(),
    activation_size: bytes,
    output_size: bytes,
  }),
});

/** In the order of execution. Throws RangeError where kernels ran unequally often: the events are then not those of whole runs. */
export const kernelTimes = (events: unknown): readonly KernelTimes[] => {
  const kernels = new Map<string, { operator: string; activationBytes: number; microseconds: number[] }>();
  for (const event of z.array(z.unknown()).parse(events)) {
    const { success, data } = kernelEvent.safeParse(event);
    if (!success) continue;
    const name = data.name.slice(0, -SUFFIX.length);
    const { op_name: operator, activation_size, output_size } = data.args;
    const known = kernels.get(name);
    if (known) known.microseconds.push(data.dur);
    else {
      const activationBytes = activation_size + output_size;
      kernels.set(name, { operator, activationBytes, microseconds: [data.dur] });
    }
  }
  const found = [...kernels].map(([name, kernel]) => ({ name, ...kernel }));
  const runs = found[0]?.microseconds.length;
  const odd = found.find(({ microseconds }) => microseconds.length !== runs);
  if (odd) throw new RangeError(`${odd.name} ran ${odd.microseconds.length} times, not ${runs}.`);
  return found;
};
