import { UserError } from '../user/user-error.js';
import { type Dataset, SPLITS } from './dataset.js';

/** Throws UserError where nothing can be learned from the images, chosen on them or tested on them. */
export const requireUsable = (dataset: Dataset): Dataset => {
  const { id, classes, splits } = dataset;
  if (classes.length < 2) {
    throw new UserError(
      `${id} has images of one class only: there is nothing to tell apart.`,
      'Give images of two classes or more.',
    );
  }
  const empty = SPLITS.filter((name) => splits[name].count === 0);
  if (empty.length > 0) {
    throw new UserError(
      `${id} has no ${NAMES[empty[0] ?? 'train']} images.`,
      'Give more images of every class; some of those for training are held out for validation.',
    );
  }
  return dataset;
};

const NAMES = { train: 'training', validation: 'validation', test: 'test' } as const;
