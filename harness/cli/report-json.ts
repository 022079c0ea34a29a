/** A run's estimates, comparisons and answers as other programs read them. */
import type { z } from 'zod';
import { deviceNames } from '../../reports/wording/devices.js';
import { unequalCostsText } from '../../reports/wording/otherwise.js';
import type { Run } from '../../results/run/run.js';
import type { Analysis, ClaimAnswer, ComparableGroup, Comparison, Estimate } from '../analysis/analysis.js';
import type { reportContract } from './contracts/run.js';

type ReportJson = z.infer<typeof reportContract>;

export const reportJson = ({ plan }: Run, analysis: Analysis): ReportJson => {
  const { candidates, groups, claims } = analysis;
  const named = groups.map((group) => ({ group, name: groupName(group, groups, candidates) }));
  const groupOf = new Map(named.flatMap(({ group, name }) => group.candidates.map((one) => [one, name])));
  const otherwise = otherwiseOf(candidates);
  return {
    suite: plan.suite,
    candidates: candidates.map(({ candidate, top1, latencyMs }) => ({
      name: candidate.name,
      group: groupOf.get(candidate.name) ?? candidate.group,
      params: candidate.costs.deploy.params,
      macs: candidate.costs.deploy.macs,
      top1: top1 && { mean: 100 * top1.value, interval95: inHundreds(top1.interval) },
      latencyMs: latencyMs && { median: latencyMs.value, interval95: pairOf(latencyMs.interval) },
    })),
    comparisons: named.flatMap(({ group, name }) =>
      group.comparisons.map((one) => ({
        group: name,
        metric: one.metric,
        a: one.candidate,
        b: one.reference,
        difference: 100 * one.effect,
        interval: inHundreds(one.interval),
        verdict: one.verdict.state,
        otherwise: one.otherwise ?? otherwise(one),
      })),
    ),
    claims: claims.map(claimJson),
    int8: int8Json(analysis),
    ...devicesJson(analysis),
  };
};

const int8Json = ({ int8 }: Analysis): ReportJson['int8'] => {
  if (int8 === null) return null;
  const points = (estimate: Estimate | null) =>
    estimate && { mean: 100 * estimate.value, interval95: inHundreds(estimate.interval) };
  return {
    ...int8.setting,
    candidates: int8.candidates.map(
      ({ candidate, top1, drop, latencyMs, speedUp, weightBytes, floatOperations }) => ({
        ...{ name: candidate, weightBytes },
        top1: points(top1),
        drop: points(drop),
        latencyMs: latencyMs && { median: latencyMs.value, interval95: pairOf(latencyMs.interval) },
        speedUp: speedUp && { ratio: speedUp.value, interval95: pairOf(speedUp.interval) },
        floatOperations: [...floatOperations],
      }),
    ),
    comparisons: int8.groups.flatMap(({ comparisons }) =>
      comparisons.map((one) => ({
        metric: one.metric,
        a: one.candidate,
        b: one.reference,
        difference: 100 * one.effect,
        interval: inHundreds(one.interval),
        verdict: one.verdict.state,
      })),
    ),
    orderChanges: int8.orderChanges.map(({ candidate, reference }) => ({ a: candidate, b: reference })),
  };
};

const devicesJson = ({ devices, orderChanges }: Analysis): Pick<ReportJson, 'devices' | 'orderChanges'> => {
  const names = deviceNames(devices);
  const named = (indices: readonly number[]): string[] => indices.flatMap((index) => names[index] ?? []);
  return {
    devices: devices.map(({ device, latencyMs, groups }, index) => ({
      name: names[index] ?? '',
      kind: device?.kind ?? null,
      runtime: device?.runtime ?? null,
      latencyMs: latencyMs.map(({ candidate, value, interval }) => ({
        candidate,
        median: value,
        interval95: pairOf(interval),
      })),
      comparisons: groups.flatMap(({ comparisons }) =>
        comparisons.map((one) => ({
          a: one.candidate,
          b: one.reference,
          difference: 100 * one.effect,
          interval: inHundreds(one.interval),
          verdict: one.verdict.state,
        })),
      ),
    })),
    orderChanges: orderChanges.map(({ candidate, reference, fasterOn, slowerOn }) => ({
      a: candidate,
      b: reference,
      fasterOn: named(fasterOn),
      slowerOn: named(slowerOn),
    })),
  };
};

/** The kind of group, and where there are several of it the skeleton. */
const groupName = (
  { group, candidates: [first] }: ComparableGroup,
  groups: readonly ComparableGroup[],
  candidates: Analysis['candidates'],
): string => {
  if (groups.filter((other) => other.group === group).length === 1) return group;
  const record = candidates.find(({ candidate }) => candidate.name === first)?.candidate;
  return `${group} ${record?.skeleton ?? ''}`;
};

const otherwiseOf = (candidates: Analysis['candidates']) => {
  const byName = new Map(candidates.map((one) => [one.candidate.name, one]));
  return ({ candidate, reference }: Comparison) => {
    const [one, other] = [byName.get(candidate), byName.get(reference)];
    const [mine, theirs] = [one?.latencyMs?.value, other?.latencyMs?.value];
    return {
      macsRatio: (one?.candidate.costs.deploy.macs ?? 0) / (other?.candidate.costs.deploy.macs ?? 0),
      latencyRatio: mine === undefined || theirs === undefined ? null : mine / theirs,
    };
  };
};

/** What cannot be read, or was not measured, cannot be compared either. */
const claimJson = (claim: ClaimAnswer): ReportJson['claims'][number] => {
  const none = { difference: null, interval: null } as const;
  switch (claim.state) {
    case 'not-answerable':
      return { claim: claim.claim, answer: 'not comparable', reason: claim.reason, ...none };
    case 'not-comparable':
      return {
        claim: claim.claim,
        answer: 'not comparable',
        reason: unequalCostsText(claim.reason.costs),
        ...none,
      };
    default:
      return {
        claim: claim.claim,
        answer: claim.state,
        reason: null,
        difference: 100 * claim.comparison.effect,
        interval: inHundreds(claim.comparison.interval),
      };
  }
};

const pairOf = (interval: Estimate['interval']): [number, number] | null =>
  interval && [interval[0], interval[1]];

const inHundreds = (interval: Estimate['interval']): [number, number] | null =>
  interval && [100 * interval[0], 100 * interval[1]];
