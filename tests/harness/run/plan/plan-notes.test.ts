import { describe, expect, it } from 'vitest';
import { planNotes } from '../../../../harness/run/plan/plan-notes.js';
import { inInt8 } from '../../../support/in-int8.js';
import { measuredRun } from '../../../support/measured-run.js';

const [one] = measuredRun({ candidates: [{ name: 'x' }] }).plan.candidates;

const planOf = (macs: number, top1: number, claims = ['accuracy(b) > accuracy(a)']) => {
  if (!one) throw new Error('no candidate');
  const { train, deploy } = one.costs;
  const costs = { train, deploy: { ...deploy, macs: macs * deploy.macs } };
  const { plan } = measuredRun({
    candidates: [{ name: 'a' }, { name: 'b', record: { group: 'network', costs } }, { name: 'c' }],
    claims,
  });
  return { ...plan, thresholds: { top1, latency: 0.01 } };
};

/** Of what cannot be answered. */
const states = (...of: Parameters<typeof planOf>) =>
  planNotes(planOf(...of)).flatMap(({ state }) => (state === 'own-group' ? [] : [state]));

type Change = NonNullable<Parameters<typeof measuredRun>[0]['candidates'][number]['record']>;

const notesOf = (...records: readonly Change[]) => {
  const candidates = records.map((record, index) => ({ name: `c${index}`, record }));
  return planNotes(measuredRun({ candidates }).plan);
};

const costing = (params: number): Change => {
  if (!one) throw new Error('no candidate');
  return { costs: { ...one.costs, deploy: { ...one.costs.deploy, params } } };
};

const MATCHED: Change = {
  budget: { metric: 'params', target: 1000, tolerance: 0.02, knob: 'width', value: 1, residual: 0 },
};

describe('notes of a plan', () => {
  it('name the claims that will not be answered, with the ratio that stands in the way', () => {
    expect(planNotes(planOf(4, 0.002)).slice(0, 1)).toMatchObject([
      {
        state: 'not-comparable',
        claim: 'accuracy(b) > accuracy(a)',
        reason: { costs: [{ metric: 'macs', ratio: 4 }] },
      },
    ]);
    expect(states(1, 0.002)).toEqual([]);
    expect(states(4, 0.002, ['macs(b) > macs(a)'])).toEqual([]);
  });

  it('tell thresholds that leave a verdict no room', () => {
    const { classes } = planOf(1, 0).conditions.dataset;
    expect(states(1, 0)).toEqual(['no-tie']);
    expect(states(1, 1 - 1 / classes)).toEqual(['no-difference-counts']);
    expect(states(1, 0.99 - 1 / classes)).toEqual([]);
  });

  it('name who ignores the budget, where others do not', () => {
    expect(notesOf(MATCHED, {}, {})).toEqual([{ state: 'ignores-budget', candidates: ['c1', 'c2'] }]);
    expect(notesOf(MATCHED, MATCHED)).toEqual([]);
  });

  it('name sizes that differ much, but only without a budget', () => {
    expect(notesOf(costing(1000), costing(2500), costing(1900))).toEqual([
      { state: 'unequal-sizes', metric: 'params', smallest: 'c0', largest: 'c1', ratio: 2.5 },
    ]);
    expect(notesOf(costing(1000), costing(1900))).toEqual([]);
    expect(notesOf({ ...costing(1000), ...MATCHED }, { ...costing(2500), ...MATCHED })).toEqual([]);
  });

  it('say that int8 is tested but not timed, where another engine or device is', () => {
    const plan = inInt8(measuredRun({ candidates: [{ name: 'x' }] }).plan);
    const on = (id: string, device: string) =>
      planNotes({ ...plan, conditions: { ...plan.conditions, engine: { id, version: '1', device } } });
    expect(on('onnxruntime', 'cpu')).toEqual([]);
    expect(on('pytorch', 'cuda')).toEqual([{ state: 'no-int8-latency', engine: 'pytorch', device: 'cuda' }]);
    expect(on('onnxruntime', 'cuda')).toHaveLength(1);
  });

  it('say why a candidate is ranked apart', () => {
    const reference = { skeleton: 'a', selection: 'lightnet(block=sandglass,width=1)' };
    const wider = { skeleton: 'b', selection: 'lightnet(block=repso,depths=[1,2],width=2)' };
    const network: Change = { group: 'network', skeleton: 'c' };
    expect(notesOf(reference, wider, reference)).toEqual([
      {
        state: 'own-group',
        candidates: ['c1'],
        reason: {
          kind: 'skeleton',
          differences: ['depths=[1,2] instead of its default', 'width=2 instead of 1'],
        },
      },
    ]);
    expect(notesOf(reference, network, reference)).toEqual([
      { state: 'own-group', candidates: ['c1'], reason: { kind: 'whole-networks' } },
    ]);
    expect(notesOf(reference, wider, network, reference)).toEqual([
      { state: 'own-group', candidates: ['c1', 'c2'], reason: { kind: 'whole-networks' } },
    ]);
    expect(notesOf(reference, wider, network)).toEqual([]);
  });
});
