import { describe, expect, it } from 'vitest';
import { dataProgress } from '../../../../harness/cli/views/data-progress.js';
import type { DataProgress } from '../../../../harness/data/dataset-entry.js';

/** What is written while `total` images take so many milliseconds each. */
const written = (isTTY: boolean, msEach: number, total = 20): readonly string[] => {
  let [time, lines] = [0, [] as readonly string[]];
  const stream = {
    isTTY,
    write: (text: string | Uint8Array): boolean => {
      lines = [...lines, String(text)];
      return true;
    },
  };
  const tell = dataProgress(stream, () => time);
  for (let done = 1; done <= total; done += 1) {
    time += msEach;
    tell({ kind: 'images', done, total } satisfies DataProgress);
  }
  return lines;
};

const CLEAR = '\r\u001b[K';

describe('the progress of loading a data set', () => {
  it('is not told where it takes no second', () => {
    expect(written(true, 40)).toEqual([]);
    expect(written(false, 40)).toEqual([]);
  });

  it('is one line elsewhere than on a terminal', () => {
    expect(written(false, 600)).toEqual(['Checking images: 2 of 20\n']);
  });

  it('is a line that is rewritten on a terminal, and gone at the end', () => {
    const lines = written(true, 100);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.length).toBeLessThan(12);
    const started = lines.filter((line) => line.startsWith(`${CLEAR}Checking images: `));
    expect(started).toEqual(lines);
    const ended = lines.filter((line) => line.endsWith(CLEAR));
    expect(ended).toEqual([`${CLEAR}Checking images: 20 of 20${CLEAR}`]);
    expect(lines.at(-1)).toBe(ended[0]);
  });
});
