/** Names that try to be more than text, for every format that shows names. */
import type { Plan } from '../../results/plan/plan.js';

export const HOSTILE: readonly string[] = [
  '<img src=x onerror="alert(1)">',
  '\\input{/etc/passwd} 100 % & $x_1^2$ #1 ~ {',
  '[x] *] \\\\ -- --- "q" | a | `b` **c** @team',
  '=cmd|"/C calc"!A0',
  'שלום \u202eabc 👩‍🔬 表',
  'a'.repeat(200),
];

/** The plan with these names for its first candidates. */
export const withHostileNames = (plan: Plan): Plan => {
  const renamed = new Map(plan.candidates.map(({ name }, index) => [name, HOSTILE[index] ?? name]));
  const rename = <T extends { readonly candidate: string }>(one: T): T => ({
    ...one,
    candidate: renamed.get(one.candidate) ?? one.candidate,
  });
  return {
    ...plan,
    candidates: plan.candidates.map((one) => ({ ...one, name: renamed.get(one.name) ?? one.name })),
    trials: plan.trials.map(rename),
    claims: [],
  };
};
