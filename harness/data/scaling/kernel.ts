/** The compiled kernel with its memory: part of an image in, a canvas out. */
import { KERNEL } from './kernel-bytes.js';
import { axisOf, neighbours, type Taps } from './taps.js';

/** Whole rows of interleaved red, green and blue. */
export interface Pixels {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Part of an image, in pixels; edges may lie within pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How the bytes of each channel become the values that a network sees: value = (byte / 255 - mean) / deviation. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

export interface Target {
  /** Height and width. */
  readonly size: number;
  readonly mirrored: boolean;
  readonly normalisation: Normalisation;
}

/**
 * Paints the box onto the canvas, 3 x size x size: a triangle filter as wide as the scale asks for, which sees nothing outside the box's
 * pixels, and no rounding.
 */
export const paintBox = (
  { bytes, width, height }: Pixels,
  box: Box,
  { size, mirrored, normalisation }: Target,
  canvas: Float32Array,
): void => {
  const rows = axisOf(box.top, box.height, height);
  const columns = axisOf(box.left, box.width, width);
  const [rowTaps, columnTaps] = [neighbours(rows, size), neighbours(columns, size)];
  const stride = 3 * width;
  const rowBytes = 3 * columns.count;
  const first = rows.first * stride + 3 * columns.first;
  const sourceBytes = (rows.count - 1) * stride + rowBytes;
  const [source = 0, rowTable = 0, columnTable = 0, channels = 0, sums = 0, target = 0, end = 0] = placesOf([
    sourceBytes,
    tableBytes(rowTaps),
    tableBytes(columnTaps),
    2 * VECTOR_BYTES,
    4 * rowBytes,
    4 * canvas.length,
  ]);
  const { memory, scale } = kernelFor(end);
  new Uint8Array(memory.buffer, source).set(bytes.subarray(first, first + sourceBytes));
  writeTable(memory, rowTable, rowTaps, stride);
  writeTable(memory, columnTable, columnTaps, SUM_BYTES);
  writeChannels(memory, channels, normalisation);
  scale(
    ...[source, stride, rowBytes, rowTable, rowTaps.width, columnTable, columnTaps.width],
    ...[size, mirrored ? 1 : 0, channels, sums, target],
  );
  canvas.set(new Float32Array(memory.buffer, target, canvas.length));
};

/** Red, green and blue. */
const SUM_BYTES = 12;

const VECTOR_BYTES = 16;

/** The kernel reads and writes less than this beyond the end. */
const ROOM = 64;

/** Where parts of these sizes begin, one after another with room between, and where the last one ends. */
const placesOf = (sizes: readonly number[]): readonly number[] => {
  let end = 0;
  const begins = sizes.map((size) => {
    const begin = end;
    end = Math.ceil((begin + size + ROOM) / 16) * 16;
    return begin;
  });
  return [...begins, end];
};

const tableBytes = ({ first, width }: Taps): number => 4 * first.length * (width + 1);

const writeTable = (memory: Memory, place: number, { first, weights, width }: Taps, step: number) => {
  const count = first.length * (width + 1);
  const [offsets, values] = [
    new Int32Array(memory.buffer, place, count),
    new Float32Array(memory.buffer, place, count),
  ];
  for (let target = 0; target < first.length; target += 1) {
    const entry = target * (width + 1);
    offsets[entry] = (first[target] ?? 0) * step;
    for (let tap = 0; tap < width; tap += 1) values[entry + 1 + tap] = weights[target * width + tap] ?? 0;
  }
};

/** What is used of the standard, whose types TypeScript has among those of browsers alone. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Memory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

const writeChannels = (memory: Memory, place: number, { mean, deviation }: Normalisation): void => {
  const values = new Float32Array(memory.buffer, place, (2 * VECTOR_BYTES) / 4);
  for (const [channel, average] of mean.entries()) {
    const spread = deviation[channel] ?? 1;
    values[channel] = 1 / (255 * spread);
    values[channel + 4] = -average / spread;
  }
};

interface Kernel {
  readonly memory: Memory;
  readonly scale: (...given: readonly number[]) => void;
}

let loaded: Kernel | null = null;

const PAGE = 2 ** 16;

/** With so much memory at least. */
const kernelFor = (bytes: number): Kernel => {
  loaded ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(KERNEL, 'base64')))
    .exports as Kernel;
  const lacking = bytes - loaded.memory.buffer.byteLength;
  if (lacking > 0) loaded.memory.grow(Math.ceil(lacking / PAGE));
  return loaded;
};
