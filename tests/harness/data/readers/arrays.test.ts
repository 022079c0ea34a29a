import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { arrays } from '../../../../harness/data/readers/arrays.js';
import { it } from '../../../support/folder.js';
import { refusalOf } from '../../../support/refusal.js';

/** As numpy writes an array of bytes. */
const bytesOf = (values: readonly number[], shape: readonly number[]): Buffer => {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.of(header.length, 0),
    Buffer.from(header),
    Buffer.from(values),
  ]);
};

describe('arrays with a validation split', () => {
  const labels = { y_train: [0, 1, 0, 1], y_test: [0, 1], y_val: [1, 2] };

  const write = (folder: string, names: readonly string[]): void => {
    for (const [name, values] of Object.entries(labels)) {
      const images = name.replace('y', 'x');
      const pixels = Array.from({ length: 4 * values.length }, (_, index) => index);
      if (names.includes(name)) writeFileSync(join(folder, `${name}.npy`), bytesOf(values, [values.length]));
      if (names.includes(images))
        writeFileSync(join(folder, `${images}.npy`), bytesOf(pixels, [values.length, 2, 2]));
    }
  };

  const REST = ['x_train', 'y_train', 'x_test', 'y_test'];

  it('are refused where it has a class that no other split has', async ({ folder }) => {
    write(folder, [...REST, 'x_val', 'y_val']);
    expect(await refusalOf(() => arrays.load({ path: folder }))).toContain(
      'gives image 1 the label 2; the images to train and to test have 2 classes',
    );
  });

  it.for([
    ['x_val', 'y_val'],
    ['y_val', 'x_val'],
  ] as const)('are refused where there is %s without %s', async ([present, missing], { folder }) => {
    write(folder, [...REST, present]);
    expect(await refusalOf(() => arrays.load({ path: folder }))).toContain(
      `${folder} has ${present}, and no ${missing}.`,
    );
  });
});
