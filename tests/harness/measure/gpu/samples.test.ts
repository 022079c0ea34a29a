import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpuConditions, QUERIES } from '../../../../harness/measure/gpu/samples.js';

const ONE = 'GPU-5fd4f087-86f3-5a3e-9d5c-1b0c4e6b8a10';
const OTHER = 'GPU-0b2c1e9a-44d1-7c55-8a7e-3f90b1d2c6e7';

/** In the format that nvidia-smi documents for csv,noheader,nounits. */
const line = (uuid: string, clock: string, temperature: string, reasons: string): string =>
  `${uuid}, NVIDIA H100 80GB HBM3, ${clock}, 1980, ${temperature}, ${reasons}`;

const STEADY = line(ONE, '1980', '41', '0x0000000000000000');

describe('what nvidia-smi tells of a GPU', () => {
  it('is its clock and temperature over all samples', () => {
    const lines = [
      STEADY,
      line(ONE, '1605', '67', '0x0000000000000000'),
      line(ONE, '1755', '70', '0x0000000000000001'),
    ];
    expect(gpuConditions(lines, ONE)).toEqual({
      name: 'NVIDIA H100 80GB HBM3',
      samples: 3,
      clockMhz: { lowest: 1605, median: 1755, highest: 1980 },
      fullClockMhz: 1980,
      temperatureC: { lowest: 41, highest: 70 },
      slowed: [],
    });
  });

  it.each([
    ['0x0000000000000004', ['power-cap']],
    ['0x0000000000000020', ['software-thermal']],
    ['0x0000000000000048', ['hardware-slowdown', 'hardware-thermal']],
    ['0x0000000000000080', ['power-brake']],
    ['0x0000000000000001', []],
    ['0x0000000000000012', []],
    ['0x0000000000000100', []],
  ] as const)('%s is a lower clock because of %s', (reasons, expected) => {
    const slowed = gpuConditions([STEADY, line(ONE, '1200', '88', reasons)], ONE)?.slowed;
    expect(slowed).toEqual(expected.map((slowdown) => ({ slowdown, share: 0.5 })));
  });

  it('is that of the GPU that was measured, among several', () => {
    const lines = [STEADY, line(OTHER, '210', '90', '0x0000000000000040'), STEADY];
    expect(gpuConditions(lines, ONE)).toMatchObject({
      samples: 2,
      temperatureC: { highest: 41 },
      slowed: [],
    });
    expect(gpuConditions(lines, OTHER)).toMatchObject({ samples: 1, temperatureC: { highest: 90 } });
  });

  it('is nothing where it is not known which of several was measured, or none of them was', () => {
    expect(gpuConditions([STEADY, line(OTHER, '210', '30', '0x0000000000000001')], null)).toBeNull();
    expect(gpuConditions([STEADY], null)).not.toBeNull();
    expect(gpuConditions([STEADY], OTHER)).toBeNull();
    expect(gpuConditions([], null)).toBeNull();
  });

  it('has gaps where the GPU does not tell', () => {
    const lines = [`${ONE}, Tesla K40c, [N/A], [Not Supported], [Unknown Error], [N/A]`];
    expect(gpuConditions(lines, ONE)).toEqual({
      name: 'Tesla K40c',
      samples: 1,
      clockMhz: null,
      fullClockMhz: null,
      temperatureC: null,
      slowed: [],
    });
  });

  it('does not come from a line that was cut off, nor from a message', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: STEADY.length - 1 }), (length) => {
        expect(gpuConditions([STEADY.slice(0, length)], null)).toBeNull();
      }),
    );
    expect(
      gpuConditions(['Field "clocks_event_reasons.active" is not a valid field to query.'], null),
    ).toBeNull();
  });

  it('is asked for by fields in the order of the lines', () => {
    for (const query of QUERIES) expect(query.split(',')).toHaveLength(STEADY.split(', ').length);
  });
});
