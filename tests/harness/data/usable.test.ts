import { expect, it } from 'vitest';
import { datasetFrom } from '../../../harness/data/labelled-images.js';
import { requireUsable } from '../../../harness/data/usable.js';
import { refusalOf } from '../../support/refusal.js';

/** Images of one pixel. */
const ofLabels = (training: readonly number[], classes: number, validationImages: number) => {
  const images = (labels: readonly number[]) => ({
    images: new Uint8Array(labels.length),
    labels: Uint8Array.from(labels),
  });
  return datasetFrom({
    id: 'mine',
    classes: Array.from({ length: classes }, (_, label) => String(label)),
    shape: [1, 1, 1],
    training: images(training),
    test: images([0]),
    validationImages,
  });
};

it.each([
  [
    'of one class',
    ofLabels([0, 0, 0], 1, 1),
    'mine has images of one class only: there is nothing to tell apart.',
  ],
  ['all held out', ofLabels([0, 1], 2, 2), 'mine has no training images.'],
  ['too few to hold any out', ofLabels([0, 1], 2, 1), 'mine has no validation images.'],
])('images %s are refused', async (_what, dataset, reason) => {
  expect(await refusalOf(async () => requireUsable(dataset))).toContain(reason);
});

it('others are taken as they are', () => {
  const dataset = ofLabels([0, 1, 0, 1], 2, 2);
  expect(requireUsable(dataset)).toBe(dataset);
});
