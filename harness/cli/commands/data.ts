import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Dataset } from '../../data/dataset.js';
import type { LoadOptions } from '../../data/dataset-entry.js';
import type { ImageSource } from '../../data/image-source.js';
import { MOST } from '../../user/limits.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';
import type { DataReport } from '../contracts/setup.js';
import { countUpTo } from '../options/values.js';
import { dataProgress } from '../views/data-progress.js';
import { grouped } from '../views/format.js';
import { textTable } from '../views/table.js';

interface PrepareOptions {
  readonly size: number | 'full';
  readonly out?: string;
  readonly data?: string;
  readonly json?: true;
}

const DEFAULT_SIZE = 256;

/** What stands for the folder that LIGHTBENCH_DATA names. */
const ID = 'image-folder';

export const dataCommand: Register = (program) => {
  const data = program
    .command('data')
    .summary('list, fetch, check and prepare images')
    .description(
      'Lists the data sets that can be read, fetches those that may be fetched, checks one, or decodes images once for many runs.',
    )
    .addHelpText(
      'after',
      examples(
        'data list',
        'data download cifar-10',
        'data check arrays --data my.npz',
        'data prepare photos',
      ),
    );
  addList(data);
  addDownload(data);
  addPrepare(data);
  addCheck(data);
};

const addPrepare = (data: Command): void => {
  data
    .command('prepare')
    .summary('decode a folder of images once, for many runs')
    .description(
      'Decodes every image, brings its shorter side down to a size, and writes all to a new folder as plain bytes. A run reads that ' +
        'folder, named by LIGHTBENCH_DATA, in a fraction of the time; its pixels are not those of the images, so that its trials have keys ' +
        'of their own.',
    )
    .argument(
      '<folder>',
      'a folder of images, or a data set of images by its id: image-folder, webdataset, parquet',
    )
    .option('--data <path>', 'of a data set: where its files are (default: LIGHTBENCH_DATA)')
    .option('--size <pixels|full>', 'of the shorter side; full: as it is', parseSize, DEFAULT_SIZE)
    .option('--out <folder>', 'the new folder; by default beside the other, with the size in its name')
    .option('--json', 'print JSON; see lightbench schema data')
    .addHelpText(
      'after',
      examples('data prepare photos', 'data prepare image-folder --size 160 --out /data/photos-160'),
    )
    .action(async (source: string, { size, out, json, data: path }: PrepareOptions) => {
      const { writePrepared } = await import('../../data/prepared/write.js');
      const { images, folder } = await imagesOf(source, path);
      const target = out ?? `${resolve(folder)}-${size}`;
      const { contentHash, classes, splits, shortSide } = await writePrepared(images, target, {
        shortSide: size === 'full' ? null : size,
        onProgress: dataProgress(process.stderr),
      });
      const bytes = splits.train.bytes + splits.validation.bytes + splits.test.bytes;
      const report: DataReport = {
        folder: target,
        contentHash,
        classes: classes.length,
        images: {
          train: splits.train.images,
          validation: splits.validation.images,
          test: splits.test.images,
        },
        shortSide,
        bytes,
      };
      if (json) return printJson(report);
      printLine(`${summaryOf(report)}, ${grouped(Math.ceil(bytes / 1e6))} MB, in ${target}`);
      printLine(`Set LIGHTBENCH_DATA=${target} for runs on the data set ${ID}.`);
    });
};

const addCheck = (data: Command): void => {
  data
    .command('check')
    .summary('read and check every image of a data set')
    .description(
      'Reads every image of a folder, prepared or not, or of a data set, and names those that are damaged.',
    )
    .argument('<folder>', 'a folder of images, or a data set by its id; see lightbench data list')
    .option('--data <path>', 'of a data set: where its files are (default: LIGHTBENCH_DATA)')
    .option('--json', 'print JSON; see lightbench schema data')
    .addHelpText('after', examples('data check photos', 'data check cifar-10 --data cifar-10-batches-bin'))
    .action(
      async (source: string, { json, data: path }: { readonly json?: true; readonly data?: string }) => {
        const dataset = await checked(source, path);
        const { repeatedTestImages } = await import('../../data/repeated.js');
        const { contentHash, classes, splits, mean, deviation } = dataset;
        const repeated = repeatedTestImages(dataset);
        const report: DataReport = {
          folder: path ?? source,
          contentHash,
          classes: classes.length,
          images: { train: splits.train.count, validation: splits.validation.count, test: splits.test.count },
          mean: [...mean],
          deviation: [...deviation],
          ...(repeated === null ? {} : { repeatedTestImages: repeated }),
        };
        if (json) return printJson(report);
        printLine(`${summaryOf(report)}, all whole; content hash ${contentHash}`);
        printLine(
          `normalised by mean ${mean.map(rounded).join(', ')} and deviation ${deviation.map(rounded).join(', ')}`,
        );
        if (repeated !== null && repeated > 0) {
          printLine(
            `${grouped(repeated)} of ${grouped(splits.test.count)} test images are also among those for training or validation: ` +
              'they say nothing of images that a network has not seen',
          );
        }
      },
    );
};

const rounded = (value: number): string => value.toFixed(4);

const checked = async (source: string, path: string | undefined): Promise<Dataset> => {
  const options = { onProgress: dataProgress(process.stderr), thorough: true };
  const { DATASETS, loadDataset } = await import('../../data/registry.js');
  if (DATASETS.some(({ id }) => id === source)) {
    return loadDataset(source, { ...options, ...(await placeOf(path)) });
  }
  const { loadImageFolder } = await import('../../data/folder/image-folder.js');
  return loadImageFolder(source, options);
};

const placeOf = async (path: string | undefined): Promise<LoadOptions> => {
  const { optionsFromEnvironment } = await import('../../data/registry.js');
  return { ...optionsFromEnvironment(), ...(path === undefined ? {} : { path }) };
};

const addList = (data: Command): void => {
  data
    .command('list')
    .summary('list the data sets, and where they are')
    .description(
      'Lists every data set that a suite may name, where it is on this machine, and how it gets here.',
    )
    .option('--json', 'print JSON; see lightbench schema list')
    .addHelpText('after', examples('data list'))
    .action(async ({ json }: { readonly json?: true }) => {
      const { DATASETS, optionsFromEnvironment } = await import('../../data/registry.js');
      const options = optionsFromEnvironment();
      const rows = DATASETS.map(({ id, summary, location, download }) => ({
        list: 'datasets',
        id,
        summary,
        source: location(options) ?? (download === undefined ? 'not here' : `lightbench data download ${id}`),
      }));
      if (json) return printJson(rows);
      printPainted(
        textTable(
          [{ heading: 'data set' }, { heading: 'where' }, { heading: 'what' }],
          rows.map(({ id, source, summary }) => [id, source, summary]),
        ),
      );
    });
};

const addDownload = (data: Command): void => {
  data
    .command('download')
    .summary('fetch a data set')
    .description(
      'Fetches a data set into the cache, checks its checksums, and goes on where an earlier download stopped. Nothing else of lightbench but the ' +
        'first use of fashion-mnist fetches anything.',
    )
    .argument('<id>', 'the data set; see lightbench data list')
    .option('--origin <url>', 'another server with the same files')
    .option('--json', "print JSON; see lightbench schema 'data download'")
    .addHelpText(
      'after',
      examples('data download cifar-10', 'data download mnist --origin https://mirror.example/mnist'),
    )
    .action(async (id: string, { origin, json }: { readonly origin?: string; readonly json?: true }) => {
      const { DATASETS, findDataset } = await import('../../data/registry.js');
      const { download, summary } = findDataset(id);
      if (download === undefined) {
        const known = DATASETS.filter((one) => one.download !== undefined).map((one) => one.id);
        throw new UserError(`${id} is not fetched: ${summary}`, `Data sets that are: ${known.join(', ')}.`);
      }
      const onProgress = dataProgress(process.stderr);
      const folder = await download({ onProgress, ...(origin === undefined ? {} : { origin }) });
      if (json) return printJson({ id, folder });
      printLine(folder);
    });
};

const summaryOf = ({ classes, images }: DataReport): string =>
  `${grouped(images.train)} training, ${grouped(images.validation)} validation and ${grouped(images.test)} test images of ${classes} classes`;

/** Encoded images, or the folder that holds them. */
const imagesOf = async (
  source: string,
  path: string | undefined,
): Promise<{ readonly images: string | ImageSource; readonly folder: string }> => {
  const { DATASETS, findDataset } = await import('../../data/registry.js');
  if (!DATASETS.some(({ id }) => id === source)) return { images: source, folder: source };
  const { images, location } = findDataset(source);
  if (images === undefined && source !== ID) {
    throw new UserError(
      `The images of ${source} lie in memory, decoded once for all trials.`,
      `Name a folder of images, ${ID}, webdataset or parquet.`,
    );
  }
  const options = await placeOf(path);
  const folder = location(options);
  if (folder === null)
    throw new UserError('LIGHTBENCH_DATA names no folder of images.', 'Set it, or name the folder itself.');
  return { images: images === undefined ? folder : await images(options), folder };
};

const parseSize = (text: string): number | 'full' => (text === 'full' ? text : countUpTo(MOST.pixels)(text));
