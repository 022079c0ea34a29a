/** What a reader of encoded images finds: where they lie, their classes, their splits. */
import type { ImageFiles } from './images/image-files.js';

/** Names of images, and the class of each. */
export interface LabelledFiles {
  readonly files: readonly string[];
  readonly labels: Uint16Array;
}

/** What a reader found. */
export interface ImageSource {
  readonly files: ImageFiles;
  readonly classes: readonly string[];
  readonly train: LabelledFiles;
  /** Null where images are to be held out. */
  readonly validation: LabelledFiles | null;
  readonly test: LabelledFiles;
}
