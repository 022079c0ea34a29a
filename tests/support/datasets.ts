/** Small data sets in every format that is read, as their own programs write them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { packTar } from 'modern-tar';
import sharp from 'sharp';
import { idxFile } from './idx.js';
import { seededRandom } from './random.js';

/** A format: what is written, which of its files is damaged in tests, and what must be read. */
export interface WrittenFormat {
  readonly id: string;
  readonly name: string;
  /** Below the folder; null for what `write` writes itself. */
  readonly files: () => Promise<Readonly<Record<string, Uint8Array>>>;
  /** The file that is damaged. */
  readonly victim: string;
  readonly channels: number;
  readonly classes: number;
  /** Labels of the test images. */
  readonly test: readonly number[];
  /** Training images, with those that are held out for validation. */
  readonly training: number;
  /** Set aside for validation by whoever made it. */
  readonly validation?: number;
}

export const writeFormat = async (folder: string, { files }: WrittenFormat): Promise<void> => {
  for (const [path, bytes] of Object.entries(await files())) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
};

const random = seededRandom(1);

const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(256 * random()));

const cycle = (length: number, classes: number): number[] =>
  Array.from({ length }, (_, index) => index % classes);

const picture = async (format: 'jpeg' | 'png'): Promise<Buffer> =>
  sharp(noise(3 * 9 * 8), { raw: { width: 9, height: 8, channels: 3 } })
    .toFormat(format)
    .toBuffer();

const text = (content: string): Uint8Array => Buffer.from(content);

const mnistFiles = async (): Promise<Record<string, Uint8Array>> =>
  Object.fromEntries(
    [
      ['train', 60],
      ['t10k', 20],
    ].flatMap(([part, count]) => [
      [
        `${part}-images-idx3-ubyte.gz`,
        gzipSync(idxFile([Number(count), 28, 28], noise(Number(count) * 784))),
      ],
      [
        `${part}-labels-idx1-ubyte.gz`,
        gzipSync(idxFile([Number(count)], Uint8Array.from(cycle(Number(count), 10)))),
      ],
    ]),
  );

const cifarRecords = (count: number, labelBytes: number, classes: number): Buffer =>
  Buffer.concat(
    cycle(count, classes).map((label) =>
      Buffer.concat([Buffer.alloc(labelBytes - 1), Buffer.of(label), noise(3072)]),
    ),
  );

const BATCHES = [1, 2, 3, 4, 5];

const names = (count: number): string =>
  `${cycle(count, count)
    .map((label) => `class ${label}`)
    .join('\n')}\n\n`;

const short = (value: string): Buffer => Buffer.concat([Buffer.of(0x55, value.length), Buffer.from(value)]);

const marked = (open: string, items: readonly Buffer[], close: string): Buffer =>
  Buffer.concat([Buffer.from(open), Buffer.from('('), ...items, Buffer.from(close)]);

/** What Python 2 wrote: a dictionary with a list of labels and an array of numpy. */
export const pickledBatch = (labels: readonly number[], pixels: Uint8Array, labelKey = 'labels'): Buffer => {
  const count = Buffer.alloc(2);
  count.writeUInt16LE(labels.length);
  const size = Buffer.alloc(4);
  size.writeInt32LE(pixels.length);
  const array = Buffer.concat([
    Buffer.from('cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85q\x09', 'latin1'),
    Buffer.from('U\x01b\x87q\x0aRq\x0b(K\x01M', 'latin1'),
    count,
    Buffer.from('M\x00\x0c\x86cnumpy\ndtype\nq\x0cU\x02u1K\x00K\x01\x87q\x0dRq\x0e', 'latin1'),
    Buffer.from('(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tbq\x0f\x89T', 'latin1'),
    size,
    pixels,
    Buffer.from('tb'),
  ]);
  const entries = [
    ...[short('batch_label'), short('training batch 1 of 5')],
    ...[
      short(labelKey),
      marked(
        ']',
        labels.map((label) => Buffer.of(0x4b, label)),
        'e',
      ),
    ],
    ...[short('data'), array],
    ...[
      short('filenames'),
      marked(
        ']',
        labels.map((_, index) => short(`${index}.png`)),
        'e',
      ),
    ],
  ];
  return Buffer.concat([Buffer.from('\x80\x02}', 'latin1'), Buffer.from('('), ...entries, Buffer.from('u.')]);
};

const pickledNames = (key: string, count: number): Buffer =>
  Buffer.concat([
    Buffer.from('\x80\x02}(', 'latin1'),
    short(key),
    marked(
      ']',
      cycle(count, count).map((label) => short(`class ${label}`)),
      'e',
    ),
    Buffer.from('u.'),
  ]);

const cifarPython = async (): Promise<Record<string, Uint8Array>> => {
  const batch = (count: number): Buffer => pickledBatch(cycle(count, 10), noise(count * 3072));
  return {
    ...Object.fromEntries(BATCHES.map((n) => [`cifar-10-batches-py/data_batch_${n}`, batch(20)])),
    'cifar-10-batches-py/test_batch': batch(10),
    'cifar-10-batches-py/batches.meta': pickledNames('label_names', 10),
  };
};

const folderFiles = async (
  paths: readonly string[],
  format: 'jpeg' | 'png' = 'jpeg',
): Promise<Record<string, Uint8Array>> =>
  Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await picture(format)])));

const WNIDS = ['n01', 'n02', 'n03'];

const tinyImageNet = async (): Promise<Record<string, Uint8Array>> => ({
  ...(await folderFiles([
    ...WNIDS.flatMap((wnid) => [0, 1, 2, 3].map((i) => `train/${wnid}/images/${wnid}_${i}.JPEG`)),
    ...[0, 1, 2, 3, 4, 5].map((i) => `val/images/val_${i}.JPEG`),
    'test/images/test_0.JPEG',
  ])),
  'val/val_annotations.txt': text(
    [0, 1, 2, 3, 4, 5].map((i) => `val_${i}.JPEG\t${WNIDS[i % 3]}\t0\t0\t8\t8\n`).join(''),
  ),
});

const imageNet = async (list: Record<string, Uint8Array>): Promise<Record<string, Uint8Array>> => ({
  ...(await folderFiles([
    ...WNIDS.flatMap((wnid) => [0, 1, 2, 3].map((i) => `train/${wnid}/${wnid}_${i}.JPEG`)),
    ...[0, 1, 2, 3, 4, 5].map((i) => `val/ILSVRC2012_val_0000000${i}.JPEG`),
  ])),
  ...list,
});

const tarOf = async (count: number): Promise<Uint8Array> =>
  packTar(
    (
      await Promise.all(
        cycle(count, 3).map(async (label, index) => {
          const image = await picture(index % 2 === 0 ? 'jpeg' : 'png');
          const key = `${index}`.padStart(4, '0');
          return [
            {
              header: {
                name: `${key}.${index % 2 === 0 ? 'jpg' : 'png'}`,
                size: image.length,
                type: 'file' as const,
              },
              body: image,
            },
            index % 3 === 0
              ? {
                  header: { name: `${key}.json`, size: 11, type: 'file' as const },
                  body: `{"label":${label}}`,
                }
              : { header: { name: `${key}.cls`, size: 1, type: 'file' as const }, body: `${label}` },
          ];
        }),
      )
    ).flat(),
  );

/** As the library of Hugging Face writes it: a struct of bytes and path, and the names of the classes in the metadata. */
const parquetOf = async (folder: string, count: number): Promise<Uint8Array> => {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const file = join(folder, `${count}.parquet`);
  const info = {
    info: { features: { image: { _type: 'Image' }, label: { _type: 'ClassLabel', names: ['a', 'b', 'c'] } } },
  };
  await connection.run('CREATE TABLE t (image STRUCT(bytes BLOB, path VARCHAR), label BIGINT)');
  for (const [index, label] of cycle(count, 3).entries()) {
    const hex = (await picture('png')).toString('hex').replace(/../g, '\\x$&');
    await connection.run(`INSERT INTO t VALUES ({bytes: '${hex}'::BLOB, path: '${index}.png'}, ${label})`);
  }
  await connection.run(
    `COPY t TO '${file}' (FORMAT parquet, KV_METADATA {huggingface: '${JSON.stringify(info)}'})`,
  );
  connection.closeSync();
  database.closeSync();
  return readFileSync(file);
};

const VALIDATION = [0, 1, 2, 3, 4, 5].map((i) => i % 3);

/** `scratch` is a folder for what is made on the way. */
export const formatsIn = (scratch: string): readonly WrittenFormat[] => [
  {
    id: 'mnist',
    name: 'IDX files',
    files: mnistFiles,
    victim: 'train-images-idx3-ubyte.gz',
    channels: 1,
    classes: 10,
    test: cycle(20, 10),
    training: 60,
  },
  {
    id: 'cifar-10',
    name: 'the binary version of CIFAR-10',
    files: async () => ({
      ...Object.fromEntries(
        BATCHES.map((n) => [`cifar-10-batches-bin/data_batch_${n}.bin`, cifarRecords(20, 1, 10)]),
      ),
      'cifar-10-batches-bin/test_batch.bin': cifarRecords(10, 1, 10),
      'cifar-10-batches-bin/batches.meta.txt': text(names(10)),
    }),
    victim: 'cifar-10-batches-bin/data_batch_3.bin',
    channels: 3,
    classes: 10,
    test: cycle(10, 10),
    training: 100,
  },
  {
    id: 'cifar-10',
    name: 'the Python batches of CIFAR-10',
    files: cifarPython,
    victim: 'cifar-10-batches-py/data_batch_2',
    channels: 3,
    classes: 10,
    test: cycle(10, 10),
    training: 100,
  },
  {
    id: 'cifar-100',
    name: 'the binary version of CIFAR-100',
    files: async () => ({
      'train.bin': cifarRecords(200, 2, 100),
      'test.bin': cifarRecords(100, 2, 100),
      'fine_label_names.txt': text(names(100)),
    }),
    victim: 'fine_label_names.txt',
    channels: 3,
    classes: 100,
    test: cycle(100, 100),
    training: 200,
  },
  {
    id: 'arrays',
    name: 'an .npz file',
    files: async () => ({ 'my.npz': readFileSync('tests/support/data/arrays.npz') }),
    victim: 'my.npz',
    channels: 3,
    classes: 4,
    test: cycle(12, 4),
    training: 24,
    validation: 8,
  },
  {
    id: 'image-folder',
    name: 'Tiny-ImageNet',
    files: tinyImageNet,
    victim: 'val/val_annotations.txt',
    channels: 3,
    classes: 3,
    test: VALIDATION,
    training: 12,
  },
  {
    id: 'image-folder',
    name: 'ImageNet with a class a line',
    files: () =>
      imageNet({
        'imagenet_2012_validation_synset_labels.txt': text(
          VALIDATION.map((label) => `${WNIDS[label]}\n`).join(''),
        ),
      }),
    victim: 'imagenet_2012_validation_synset_labels.txt',
    channels: 3,
    classes: 3,
    test: VALIDATION,
    training: 12,
  },
  {
    id: 'webdataset',
    name: 'WebDataset',
    files: async () => ({ 'train-000.tar': await tarOf(12), 'val-000.tar': await tarOf(6) }),
    victim: 'train-000.tar',
    channels: 3,
    classes: 3,
    test: VALIDATION,
    training: 12,
  },
  {
    id: 'parquet',
    name: 'Parquet shards',
    files: async () => ({
      'data/train-00000-of-00001.parquet': await parquetOf(scratch, 12),
      'data/validation-00000-of-00001.parquet': await parquetOf(scratch, 3),
      'data/test-00000-of-00001.parquet': await parquetOf(scratch, 6),
    }),
    victim: 'data/train-00000-of-00001.parquet',
    channels: 3,
    classes: 3,
    test: VALIDATION,
    training: 12,
    validation: 3,
  },
];

/** Other lists of ImageNet's validation images. */
export const IMAGENET_LISTS: readonly (readonly [
  name: string,
  files: Readonly<Record<string, Uint8Array>>,
])[] = [
  [
    'val.txt',
    { 'val.txt': text(VALIDATION.map((label, i) => `ILSVRC2012_val_0000000${i}.JPEG ${label}\n`).join('')) },
  ],
  [
    'LOC_val_solution.csv',
    {
      'LOC_val_solution.csv': text(
        `ImageId,PredictionString\n${VALIDATION.map((label, i) => `ILSVRC2012_val_0000000${i},${WNIDS[label]} 1 2 3 4\n`).join('')}`,
      ),
    },
  ],
  [
    'ILSVRC2012_validation_ground_truth.txt',
    {
      // The devkit counts otherwise.
      'ILSVRC2012_validation_ground_truth.txt': text(
        VALIDATION.map((label) => `${[3, 1, 2][label]}\n`).join(''),
      ),
      'map_clsloc.txt': text('n02 1 kit_fox\nn03 2 wolf\nn01 3 lion\n'),
    },
  ],
];

export const imageNetWith = (
  list: Readonly<Record<string, Uint8Array>>,
): Promise<Record<string, Uint8Array>> => imageNet(list);
