/** A small data set made on the spot, for tests: each class is a bright square at its own place, in noise. */
import { randomStream } from '../random.js';
import type { DatasetEntry } from './dataset-entry.js';
import { datasetFrom, type LabelledImages } from './labelled-images.js';

const CLASSES = 4;
const SIZE = 12;
const TRAINING = 640;
const TEST = 200;
const VALIDATION = 80;

export const synthetic: DatasetEntry = {
  id: 'synthetic',
  summary: 'Bright squares in noise, 12x12, four classes, made on the spot; for tests.',
  location: () => 'made on the spot',
  load: async () =>
    datasetFrom({
      id: 'synthetic',
      classes: ['top left', 'top right', 'bottom left', 'bottom right'],
      shape: [1, SIZE, SIZE],
      training: squares('training', TRAINING),
      test: squares('test', TEST),
      validationImages: VALIDATION,
    }),
};

const squares = (name: string, count: number): LabelledImages => {
  const stream = randomStream(0, 'synthetic', name);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
  const images = new Uint8Array(count * SIZE * SIZE);
  labels.forEach((label, image) => {
    const [top, left] = [label < 2 ? 0 : SIZE / 2, (label % 2) * (SIZE / 2)].map(
      (at) => at + stream.integer(0, 2),
    );
    for (let row = 0; row < SIZE; row += 1) {
      for (let column = 0; column < SIZE; column += 1) {
        const inside = (row - (top ?? 0)) >>> 0 < 4 && (column - (left ?? 0)) >>> 0 < 4;
        images[(image * SIZE + row) * SIZE + column] = stream.integer(0, 100) + (inside ? 90 : 0);
      }
    }
  });
  return { images, labels };
};
