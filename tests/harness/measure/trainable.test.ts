import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { listDefinitions } from '../../../blocks/lookup.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { graphParameters } from '../../../harness/graph/parameters.js';
import { measureSpeed } from '../../../harness/measure/speed.js';
import { trainable } from '../../../harness/measure/trainable.js';
import { tinyNetwork } from '../../support/tiny-network.js';

const parts = listDefinitions().filter(({ kind }) => kind !== 'network');

describe('what trains by itself', () => {
  it('is a network as it is', () => {
    const network = tinyNetwork();
    expect(trainable(network)).toBe(network);
  });

  it.each(parts.map(({ id }) => id))(
    'is %s with all of its parameters, and class scores at the end',
    (id) => {
      const part = buildAlone(id, [16, 8, 8]);
      const network = trainable(part);
      const paths = graphParameters(network).map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(graphParameters(part).map(({ path }) => `part.${path}`)));
      expect(network.output.shape).toEqual([10]);
    },
  );

  it('is timed in either mode', async () => {
    for (const mode of ['inference', 'training'] as const) {
      const speed = await measureSpeed(onnxruntime, buildAlone('repso', [8, 6, 6]), {
        mode,
        batch: 2,
        threads: 1,
        seconds: 0.05,
      });
      expect(speed.samples).toBeGreaterThanOrEqual(5);
      expect(speed.interval95Ms[0]).toBeLessThanOrEqual(speed.medianMs);
      expect(speed.peakMemoryBytes).toBeGreaterThan(0);
    }
  });
});
