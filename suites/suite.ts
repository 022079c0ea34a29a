/** What a suite says: names, numbers and types only. `defineSuite` returns its argument, checked by the compiler. */
import type { OptionValue } from '../blocks/define.js';
import type { RecipeInput } from '../harness/train/recipe.js';

export interface CandidateSpec {
  /** Shown in tables; unique in the suite. */
  readonly name: string;
  /** `lightnet` by default; a published network is a group of its own in the report. */
  readonly network?: OptionValue;
  /** The basic block under test; for networks that have a place for one. */
  readonly block?: OptionValue;
  /** Options of the block (of the network where there is no block), slots included. */
  readonly set?: Readonly<Record<string, OptionValue>>;
  /** The option that the budget search may change, and the values it may take; those that the part does not admit are passed over. */
  readonly knob?: { readonly option: string; readonly values: readonly number[] };
  /** In a factorial suite, the level of each factor. */
  readonly factors?: Readonly<Record<string, string>>;
}

export interface BudgetSpec {
  /** Of the deploy form. */
  readonly metric: 'params' | 'macs' | 'latency';
  /** Of latency, milliseconds for the batch and the threads of the suite, on the machine that plans the run. */
  readonly target: number;
  /** Largest accepted |cost - target| / target. */
  readonly tolerance: number;
}

export interface SuiteSpec {
  readonly id: string;
  readonly title: string;
  /** What the suite answers, one sentence. */
  readonly question: string;
  /** Options of the skeleton, the same for every candidate of the default network. */
  readonly skeleton: Readonly<Record<string, OptionValue>>;
  readonly data: { readonly dataset: string; readonly size: number; readonly trainImages?: number };
  readonly recipe: RecipeInput;
  /**
   * Every candidate is trained once with each of these rates, for so many epochs (by default the recipe's), and its trials take the rate
   * that does best on validation, in place of the recipe's.
   */
  readonly tuning?: { readonly learningRates: readonly number[]; readonly epochs?: number };
  readonly seeds: number;
  readonly budget?: BudgetSpec;
  readonly latency?: {
    readonly batch?: number;
    readonly threads?: number;
    readonly sessions?: number;
    readonly rounds?: number;
  };
  /** Statements that the report answers with this run's data, for example `accuracy(repso) > accuracy(depthwise)`. */
  readonly claims?: readonly string[];
  readonly candidates: readonly CandidateSpec[];
}

/** Values for a knob: from `min` to `max` in steps, both included. */
export const steps = (min: number, max: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((max - min) / step + 1e-9) + 1 }, (_, i) =>
    Number((min + i * step).toPrecision(12)),
  );

export const defineSuite = <const S extends SuiteSpec>(suite: S): S => suite;

export const SCALES = ['small', 'imagenet'] as const;

/** `small`: Fashion-MNIST at 32 pixels, minutes to an hour on two cores. `imagenet`: a folder of images at 224 pixels. */
export type Scale = (typeof SCALES)[number];

/** One question, asked at several scales: `id` is the small one, `id@imagenet` the other. */
export interface ScaledSuite {
  readonly id: string;
  readonly question: string;
  readonly at: (scale: Scale) => SuiteSpec;
}

export const defineScaledSuite = (
  id: string,
  question: string,
  at: (scale: Scale) => Omit<SuiteSpec, 'id' | 'question'>,
): ScaledSuite => ({ id, question, at: (scale) => ({ id, question, ...at(scale) }) });
