/** An ONNX file as a network like any other. */
import { z } from 'zod';
import { defineNetwork } from '../../blocks/define.js';
import type { Definition, NetworkSite } from '../../blocks/part.js';
import type { MapShape } from '../graph/shape.js';
import { UserError } from '../user/user-error.js';
import { givenWeights } from '../weights/given-weights.js';
import { idOfFile, inFile } from './file.js';
import { importOnnx, type OnnxNetwork } from './onnx/import-onnx.js';

const options = z.strictObject({
  init: z
    .enum(['seed', 'file'])
    .default('seed')
    .describe('Weights to start from: random ones of the seed, or those of the file.'),
  classifier: z
    .enum(['file', 'fitted'])
    .default('file')
    .describe('The last dense layer: as in the file, or with one output for each class and random weights.'),
});

/**
 * A network that is built anew for every size of image. Throws UserError, which names the file, where it is no ONNX model or something in
 * it has no counterpart here.
 */
export const networkFromOnnx = (file: string, bytes: Uint8Array): Definition<'network'> => {
  const network = inFile(file, () => importOnnx(bytes));
  const exportedFor = inFile(file, () => siteOf(network));
  const definition = defineNetwork({
    id: idOfFile(file),
    summary: `The network of ${file}.`,
    paper: 'none',
    options,
    build: ({ input, classes }, { init, classifier }) => {
      const fitted = classifier === 'fitted' ? classes : undefined;
      const { graph, weights } = inFile(file, () => network.build(input, 'vector', fitted));
      const [outputs] = graph.output.shape;
      if (outputs !== classes) {
        throw new UserError(
          `${file} gives ${outputs} outputs, and there are ${classes} classes.`,
          `Export it with ${classes} classes (timm: num_classes=${classes}), or set classifier=fitted.`,
        );
      }
      return init === 'file' ? { ...graph, initial: givenWeights(bytes, weights) } : graph;
    },
  });
  return Object.freeze({ ...definition, exportedFor });
};

/** What the file was exported for; 224 pixels where it leaves the size open. */
const siteOf = (network: OnnxNetwork): NetworkSite => {
  const [channels, height, width] = network.input;
  const input: MapShape = [channels ?? 3, height ?? 224, width ?? 224];
  return { input, classes: network.build(input, 'vector').graph.output.shape[0] };
};
