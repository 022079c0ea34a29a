/** Files that are made to do harm: programs in pickles, bombs, names that leave the folder, sizes that are not there. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packTar } from 'modern-tar';
import { describe, expect, vi } from 'vitest';
import { arrays } from '../../../../harness/data/readers/arrays.js';
import { parquet } from '../../../../harness/data/readers/parquet.js';
import { unpickle } from '../../../../harness/data/readers/pickle.js';
import { webDataset } from '../../../../harness/data/readers/webdataset.js';
import { pickledBatch } from '../../../support/datasets.js';
import { it } from '../../../support/folder.js';
import { makeNamedPipe } from '../../../support/named-pipe.js';
import { pythonIsMissing, runPython } from '../../../support/python.js';
import { refusalOf } from '../../../support/refusal.js';

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Lists of lists, each of which is recalled many times. */
const bomb = (): Buffer => latin(`\x80\x02](]q\x00(${'K\x01'.repeat(3000)}e${'h\x00'.repeat(3000)}e.`);

const PICKLES: readonly (readonly [what: string, pickle: Buffer, message: string])[] = [
  ['calls a program', latin('\x80\x02cposix\nsystem\nU\x02ls\x85R.'), 'it calls "posix.system"'],
  ['imports by a stack', latin('\x80\x04\x8c\x02os\x8c\x06system\x93.'), 'its protocol is 4, not 2'],
  ['evaluates text', latin('\x80\x02c__builtin__\neval\nU\x011\x85R.'), 'it calls "__builtin__.eval"'],
  ['makes an object', latin('\x80\x02(i__main__\nX\n.'), 'it asks for the operation 0x69'],
  ['holds itself', latin('\x80\x02]q\x00h\x00a.'), 'it is nested too deeply'],
  ['stands for more than fits', bomb(), 'it stands for more than'],
  ['is cut off', latin('\x80\x02}(U\x20data'), 'it is cut off'],
  [
    'has an array with too few bytes',
    latin(
      '\x80\x02cnumpy.core.multiarray\n_reconstruct\n)R(K\x01M\xff\xff\x85cnumpy\ndtype\nU\x02u1\x85R\x89U\x01atb.',
    ),
    'operation 0x29',
  ],
];

describe('a pickle', () => {
  it.for(PICKLES)('that %s is refused, and nothing is executed', async ([, pickle, message]) => {
    expect(await refusalOf(() => unpickle(pickle, 'data_batch_1'))).toContain(message);
  });

  const missing = pythonIsMissing('numpy');

  it.skipIf(missing)('of a batch is what Python reads', () => {
    const pixels = Uint8Array.from({ length: 2 * 3072 }, (_, index) => index % 251);
    const batch = pickledBatch([3, 7], pixels);
    const ours = unpickle(batch, 'batch');
    const theirs = JSON.parse(runPython(PYTHON, batch));
    expect(ours instanceof Map && ours.get('labels')).toEqual(theirs.labels);
    const data = ours instanceof Map ? ours.get('data') : null;
    expect(data).toMatchObject({ shape: theirs.shape });
    expect(theirs.sum).toBe(pixels.reduce((sum, value) => sum + value, 0));
  });
});

const PYTHON = `
import json, pickle, sys
batch = pickle.load(sys.stdin.buffer, encoding="latin1")
print(json.dumps({"labels": batch["labels"], "shape": batch["data"].shape, "sum": int(batch["data"].sum())}))
`;

describe('a tar', () => {
  it('writes nothing under the names in it', async ({ folder }) => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    const inside = join(folder, 'a', 'shards');
    mkdirSync(inside, { recursive: true });
    const entries = ['../../out.jpg', '/tmp/lightbench-out.jpg', '../../../etc/passwd.jpg'].flatMap(
      (name, index) => [
        { header: { name, size: 4, type: 'file' as const }, body: 'fake' },
        {
          header: { name: name.replace('.jpg', '.cls'), size: 1, type: 'file' as const },
          body: `${index % 2}`,
        },
      ],
    );
    const link = { header: { name: 'link.jpg', size: 0, type: 'symlink' as const, linkname: '/etc/passwd' } };
    const tar = await packTar([...entries, link]);
    for (const name of ['train-0.tar', 'test-0.tar']) writeFileSync(join(inside, name), tar);
    expect(await refusalOf(() => webDataset.load({ path: inside }))).toContain('cannot be read as an image');
    expect(readdirSync(folder).toSorted()).toEqual(['a', 'cache']);
    expect(existsSync('/tmp/lightbench-out.jpg')).toBe(false);
  });

  it.for(['{"toString":1,"valueOf":1}', '[1]'])('with the label %s is refused', async (label, { folder }) => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    const json = `{"label":${label}}`;
    const tar = await packTar([
      { header: { name: 'a.jpg', size: 4, type: 'file' }, body: 'fake' },
      { header: { name: 'a.json', size: json.length, type: 'file' }, body: json },
    ]);
    for (const name of ['train-0.tar', 'test-0.tar']) writeFileSync(join(folder, name), tar);
    expect(await refusalOf(() => webDataset.load({ path: folder }))).toContain('a.json is no whole number');
  });

  it('that says that a file is larger than any image is refused, and not read', async ({ folder }) => {
    const tar = Buffer.from(
      await packTar([{ header: { name: 'a.jpg', size: 4, type: 'file' }, body: 'fake' }]),
    );
    tar.write('77777777777', 124, 'latin1');
    tar.fill(' ', 148, 156);
    const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    for (const name of ['train-0.tar', 'test-0.tar']) writeFileSync(join(folder, name), tar);
    expect(await refusalOf(() => webDataset.load({ path: folder }))).toContain('would have 8589934591 bytes');
  });
});

describe('shards', () => {
  it.for([
    [webDataset, 'tar'],
    [parquet, 'parquet'],
  ] as const)(
    'that are named pipes are refused, and not waited for',
    async ([{ load }, extension], { folder }) => {
      vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
      for (const name of ['train-0', 'test-0']) await makeNamedPipe(join(folder, `${name}.${extension}`));
      expect(await refusalOf(() => load({ path: folder }))).toMatch(
        /(train|test)-0\.\w+ is a named pipe, not a file\. Fetch the shard anew/,
      );
    },
  );
});

it('an archive that is empty is refused in one sentence', async ({ folder }) => {
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  for (const name of ['train-0.tar', 'test-0.tar', 'my.npz']) writeFileSync(join(folder, name), '');
  for (const load of [
    () => webDataset.load({ path: folder }),
    () => arrays.load({ path: join(folder, 'my.npz') }),
  ])
    expect(await refusalOf(load)).toMatch(/is no whole .*[^.]\. (Fetch|Write)/);
});

describe('an .npz file', () => {
  const whole = readFileSync('tests/support/data/arrays.npz');

  it('that would unpack to more than fits is refused before it is', async ({ folder }) => {
    const bomb = Buffer.from(whole);
    // The sizes in the directory at the end, which is what is believed.
    for (
      let at = bomb.indexOf('PK\x01\x02', 0, 'latin1');
      at !== -1;
      at = bomb.indexOf('PK\x01\x02', at + 4, 'latin1')
    ) {
      bomb.writeUInt32LE(0xf0_00_00_00, at + 24);
    }
    const path = join(folder, 'bomb.npz');
    writeFileSync(path, bomb);
    expect(await refusalOf(() => arrays.load({ path }))).toMatch(/would unpack to more than|is no whole zip/);
  });

  it('of objects, which are pickles, is refused', async ({ folder }) => {
    const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }";
    const npy = Buffer.concat([
      latin('\x93NUMPY\x01\x00'),
      Buffer.of(header.length, 0),
      Buffer.from(header),
      Buffer.from('cposix\nsystem\n'),
    ]);
    for (const name of ['x_train', 'y_train', 'x_test', 'y_test'])
      writeFileSync(join(folder, `${name}.npy`), npy);
    expect(await refusalOf(() => arrays.load({ path: folder }))).toContain(
      'its header describes no plain array',
    );
  });
});
