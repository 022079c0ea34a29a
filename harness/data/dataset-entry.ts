import type { Dataset } from './dataset.js';
import type { ImageSource } from './image-source.js';

/** How far the loading of a data set is, where it takes its time. */
export type DataProgress =
  | { readonly kind: 'download'; readonly name: string; readonly received: number; readonly bytes: number }
  /** Images that were read and decoded. */
  | { readonly kind: 'images'; readonly done: number; readonly total: number }
  /** Images that were written decoded. */
  | { readonly kind: 'prepared'; readonly done: number; readonly total: number };

/** Is told how far the loading is. */
export type OnDataProgress = (progress: DataProgress) => void;

/** Where the files of a data set are, or come from. */
export interface LoadOptions {
  /** Where the data set's files are, as a suite says; before any other place. */
  readonly path?: string;
  /** A folder with the data set's files; LIGHTBENCH_DATA on the command line. */
  readonly dataFolder?: string;
  readonly onProgress?: OnDataProgress;
  /** Whether every file is read and decoded, whatever is known of it. */
  readonly thorough?: boolean;
  /** Another server with the same files. */
  readonly origin?: string;
}

/** One data set as the registry lists it. */
export interface DatasetEntry {
  readonly id: string;
  readonly summary: string;
  /** Where the data set is, or null where it is not on this machine. */
  readonly location: (options: LoadOptions) => string | null;
  /** How it gets here, where it may be missing. */
  readonly remedy?: string;
  /** Throws UserError where a file is missing or damaged, or a download fails. */
  readonly load: (options: LoadOptions) => Promise<Dataset>;
  /** Fetches the files where they may be fetched, into the folder that it names. Throws UserError where that fails. */
  readonly download?: (options: LoadOptions) => Promise<string>;
  /** The encoded images, where it holds such. Throws as load does. */
  readonly images?: (options: LoadOptions) => Promise<ImageSource>;
}
