/** What the sources print against what the networks cost. */
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { REGISTRY } from '../../../blocks/registry.js';
import { cost } from '../../../harness/cost/cost.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';

const UNITS: Readonly<Record<string, number>> = { '': 1, M: 1e6, G: 1e9, B: 1e9 };

/** Whether a number rounds to the printed one, at the printed precision. */
const roundsTo = (exact: number, printed: string): boolean => {
  const [, digits = '', decimals = '', unit = ''] = /^(\d+(?:\.(\d+))?)([MGB]?)$/.exec(printed) ?? [];
  const scale = UNITS[unit];
  if (digits === '' || scale === undefined) throw new Error(`${printed} is not a printed cost`);
  return (exact / scale).toFixed(decimals.length) === digits;
};

const networks = REGISTRY.network.flatMap(({ id, published }) => (published ? [{ id, published }] : []));

describe('the published costs', () => {
  it.each(networks)('of $id are those of the network, or it says why they are not', ({ id, published }) => {
    const side = published.size ?? 224;
    const graph = buildNetwork(id, { input: [3, side, side], classes: 1000 });
    const { params, macs } = cost(published.form === 'deploy' ? deployForm(graph).graph : graph);
    const agrees =
      (published.params === undefined || roundsTo(params, published.params)) &&
      (published.macs === undefined || roundsTo(macs, published.macs));
    expect(agrees).toBe(published.differs === undefined);
  });

  it.each(networks)('of $id have a source, and an accuracy that is one', ({ published }) => {
    expect(published.source).not.toBe('');
    expect(published.params ?? published.macs).toBeDefined();
    if (published.top1 === undefined) return;
    expect(published.top1).toBeGreaterThan(50);
    expect(published.top1).toBeLessThan(100);
  });
});
