import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Box,
  type LabelledPoint,
  type Placement,
  placeLabels,
  spread,
} from '../../../reports/charts/place-labels.js';
import { textWidth } from '../../../reports/charts/text-width.js';

const PLOT = { left: 0, right: 340, top: 0, bottom: 250 };
const FREE = { obstacles: [], lines: [], within: PLOT };

const points = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 340 }),
    y: fc.integer({ min: 0, max: 250 }),
    texts: fc.stringMatching(/^[a-z]{1,20}$/).map((text) => [text, text.slice(0, 3)]),
  }),
  { maxLength: 40 },
);

const boxesOf = (
  given: readonly LabelledPoint[],
  placements: readonly (Placement | null)[] = placeLabels(given, FREE),
): Box[] =>
  placements.flatMap((placement, index) => {
    const point = given[index];
    if (placement === null || point === undefined) return [];
    const width = textWidth(placement.text);
    const left = point.x + placement.dx - { left: 0, center: width / 2, right: width }[placement.align];
    return [
      { left, right: left + width, top: point.y + placement.dy - 5, bottom: point.y + placement.dy + 5 },
    ];
  });

describe('labels of points', () => {
  it('stay in the plot and never overlap', () => {
    fc.assert(
      fc.property(points, (given) => {
        const boxes = boxesOf(given);
        for (const [index, a] of boxes.entries()) {
          expect(a.left >= 0 && a.right <= 340 && a.top >= 0 && a.bottom <= 250).toBe(true);
          for (const b of boxes.slice(index + 1)) {
            expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(
              true,
            );
          }
        }
      }),
    );
  });

  it('do not cover obstacles: with none free, there is no label', () => {
    const point = { x: 100, y: 100, texts: ['repso'] };
    expect(placeLabels([point], FREE)).toEqual([{ text: 'repso', dx: 8, dy: 0, align: 'left' }]);
    expect(placeLabels([point], { ...FREE, obstacles: [PLOT] })).toEqual([null]);
  });

  it('cross lines only where they must', () => {
    const point = { x: 100, y: 100, texts: ['repso'] };
    const right = { ...PLOT, left: 101 };
    expect(placeLabels([point], { ...FREE, lines: [right] })[0]?.align).toBe('right');
    expect(placeLabels([point], { ...FREE, lines: [PLOT] })[0]?.align).toBe('left');
  });

  it('cross as little of them as they can', () => {
    const point = { x: 30, y: 100, texts: ['a name that is long'] };
    const along = { left: 30, right: 200, top: 99, bottom: 101 };
    const across = { left: 140, right: 142, top: 0, bottom: 250 };
    expect(placeLabels([point], { ...FREE, lines: [along, across] })[0]).toMatchObject({ dx: 6, dy: -10 });
  });

  it('are shortened rather than left out', () => {
    const narrow = { ...PLOT, right: 60 };
    const texts = ['a name that does not fit', 'a na…'];
    expect(placeLabels([{ x: 10, y: 100, texts }], { ...FREE, within: narrow })[0]?.text).toBe('a na…');
  });
});

describe('labels at the end of a leader', () => {
  const crowded = { x: 300, y: 100, texts: ['ghost-bottleneck', 'gho…'] };
  const neighbours = [80, 100, 120].map((y) => ({ left: 250, right: 262, top: y - 12, bottom: y + 12 }));

  it('come before shorter ones, and do without one where there is room next to the point', () => {
    const [placement] = placeLabels([crowded], { ...FREE, obstacles: neighbours });
    expect(placement).toMatchObject({ text: 'ghost-bottleneck', align: 'right' });
    expect(placement?.leader).toBeDefined();
    expect(placeLabels([crowded], FREE)[0]?.leader).toBeUndefined();
  });

  it('leave room for it: it crosses no other label, and no point that does not cover its own', () => {
    fc.assert(
      fc.property(points, (given) => {
        const obstacles = given.map(({ x, y }) => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 }));
        const placements = placeLabels(given, { ...FREE, obstacles });
        const boxes = boxesOf(given, placements);
        for (const [index, placement] of placements.entries()) {
          const { x = 0, y = 0 } = given[index] ?? {};
          const { fromX, fromY, toX, toY } = placement?.leader ?? { fromX: 0, fromY: 0, toX: 0, toY: 0 };
          for (let share = 0; share <= 1 && placement?.leader !== undefined; share += 0.02) {
            const at = { x: x + fromX + share * (toX - fromX), y: y + fromY + share * (toY - fromY) };
            const others = obstacles.filter((_, other) => {
              const { x: otherX = 0, y: otherY = 0 } = given[other] ?? {};
              return Math.abs(otherX - x) > 6 || Math.abs(otherY - y) > 6;
            });
            const holding = [...boxes, ...others].filter(
              ({ left, right, top, bottom }) => left < at.x && right > at.x && top < at.y && bottom > at.y,
            );
            expect(holding).toEqual([]);
          }
        }
      }),
    );
  });

  it('cross a line rather than that the label does', () => {
    const fence = [70, 130].map((x) => ({ left: x - 1, right: x + 1, top: 0, bottom: 250 }));
    const [placement] = placeLabels([{ x: 100, y: 100, texts: ['ghost-bottleneck'] }], {
      ...FREE,
      lines: fence,
    });
    expect(placement).toMatchObject({ text: 'ghost-bottleneck', align: 'left' });
    expect(100 + (placement?.dx ?? 0)).toBeGreaterThan(131);
  });

  it('name every one of six points, where no two cover each other', () => {
    const column = fc.record({ x: fc.integer({ min: 20, max: 320 }), jitter: fc.nat({ max: 20 }) });
    fc.assert(
      fc.property(fc.array(column, { minLength: 6, maxLength: 6 }), (columns) => {
        const given = columns.map(({ x, jitter }, index) => ({ x, y: 20 + 36 * index + jitter }));
        const obstacles = given.map(({ x, y }) => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 }));
        const lines = given.map(({ x, y }) => ({ left: x - 1, right: x + 1, top: y - 50, bottom: y + 50 }));
        const named = given.map((point) => ({ ...point, texts: ['1= ghost-bottleneck', '1= ghost…neck'] }));
        expect(placeLabels(named, { ...FREE, obstacles, lines })).not.toContain(null);
      }),
      { numRuns: 300 },
    );
  });
});

describe('labels in a column', () => {
  it('keep their distance and their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 250, noNaN: true }), { maxLength: 15 }), (wanted) => {
        const placed = spread(wanted, 14, [0, 250]);
        const order = wanted.map((_, index) => index).toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
        const sorted = order.map((index) => placed[index] ?? Number.NaN);
        for (const [index, position] of sorted.entries()) {
          expect(position).toBeLessThanOrEqual(250);
          expect(position - (sorted[index - 1] ?? -14)).toBeGreaterThan(14 - 1e-6);
        }
      }),
    );
  });

  it('stay where they were wanted if there is room', () => {
    expect(spread([200, 20, 100], 14, [0, 250])).toEqual([200, 20, 100]);
  });
});
