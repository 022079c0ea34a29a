import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';

/** Blocks of one kind in a row. The first has the stride, the others have stride 1. */
export interface Stage {
  readonly outChannels: number;
  readonly repeats: number;
  readonly stride: number;
}

/** Adds one block; `place` is the stage with the stride of this very block. */
type BuildBlock<S extends Stage> = (g: GraphBuilder, x: Value, place: S, index: number) => Value;

/** One stage after the other, at `stages.<stage>.blocks.<block>`. */
export const buildStages = <S extends Stage>(
  g: GraphBuilder,
  x: Value,
  stages: readonly S[],
  block: BuildBlock<S>,
): Value => {
  let y = x;
  for (const [s, stage] of stages.entries()) {
    const blocks = g.scope('stages').scope(s).scope('blocks');
    for (let b = 0; b < stage.repeats; b += 1) {
      y = block(blocks.scope(b), y, { ...stage, stride: b === 0 ? stage.stride : 1 }, b);
    }
  }
  return y;
};
