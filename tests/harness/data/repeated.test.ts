import { expect, it } from 'vitest';
import { datasetFrom } from '../../../harness/data/labelled-images.js';
import { repeatedTestImages } from '../../../harness/data/repeated.js';

/** Images of two pixels, the first of which is the image's number. */
const numbered = (...numbers: readonly number[]) => ({
  images: Uint8Array.from(numbers.flatMap((number) => [number, 7])),
  labels: Uint8Array.from(numbers, (number) => number % 2),
});

const withTest = (...test: readonly number[]) =>
  datasetFrom({
    id: 'mine',
    classes: ['even', 'odd'],
    shape: [1, 1, 2],
    training: numbered(0, 1, 2, 3, 4, 5),
    test: numbered(...test),
    validationImages: 2,
  });

it('test images that somebody has copied into the training images are counted, held-out ones included', () => {
  expect(repeatedTestImages(withTest(0, 1, 2, 3, 4, 5, 6, 7))).toBe(6);
  expect(repeatedTestImages(withTest(6, 7))).toBe(0);
});
