import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

/** A picture of one colour, red, green and blue in 0..255. */
export const plain = (width: number, height: number, [r = 0, g = 0, b = 0]: readonly number[]): Sharp =>
  sharp({ create: { width, height, channels: 3, background: { r, g, b } } });

/** A picture in which every pixel tells its column (red) and row (green). */
export const gradient = (width: number, height: number): Sharp => {
  const bytes = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    bytes[3 * pixel] = Math.round((255 * (pixel % width)) / width);
    bytes[3 * pixel + 1] = Math.round((255 * Math.floor(pixel / width)) / height);
  }
  return sharp(bytes, { raw: { width, height, channels: 3 } });
};

/** Writes each picture under its path below the folder, in the format that the path's ending names. */
export const writeImages = async (folder: string, images: Readonly<Record<string, Sharp>>): Promise<void> => {
  for (const [path, image] of Object.entries(images)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    await image.toFile(join(folder, path));
  }
};

/** A folder of small pictures, `train/<class>/0.png` and so on, each of a colour of its own; `counts` are per class. */
export const writeImageFolder = (
  folder: string,
  classes: readonly string[],
  counts: Readonly<Record<string, number>>,
): Promise<void> => {
  const paths = Object.entries(counts).flatMap(([part, count]) =>
    classes.flatMap((name) => Array.from({ length: count }, (_, i) => `${part}/${name}/${i}.png`)),
  );
  const colour = (index: number): readonly number[] => [index % 256, Math.floor(index / 256), 7];
  return writeImages(
    folder,
    Object.fromEntries(paths.map((path, index) => [path, plain(9, 8, colour(index))])),
  );
};
