/** What a suite says: names, numbers and types only. `defineSuite` returns its argument, checked by the compiler. */
import type { OptionValue } from '../blocks/part.js';
import type { Fit } from '../harness/data/images/fit.js';
import type { RecipeInput } from '../harness/recipe/recipe.js';

/** An option of the candidate, and the values it may take; those that the part does not admit are passed over. */
export interface KnobSpec {
  readonly option: string;
  readonly values: readonly number[] | { readonly from: number; readonly to: number; readonly step: number };
}

/** What is compared with the others. */
export interface CandidateSpec {
  /** Shown in tables; unique in the suite. */
  readonly name: string;
  /** `lightnet` by default; a published network is a group of its own in the report. */
  readonly network?: OptionValue;
  /** The basic block under test; for networks that have a place for one. */
  readonly block?: OptionValue;
  /** Options of the block (of the network where there is no block), slots included. */
  readonly set?: Readonly<Record<string, OptionValue>>;
  /** What the budget search may change; for budgets on two metrics, two of them. */
  readonly knob?: KnobSpec | readonly [KnobSpec] | readonly [KnobSpec, KnobSpec];
  /** A safetensors file of weights to start training from, relative to the suite's; every candidate has one, or none. */
  readonly init?: string;
  /** In a factorial suite, the level of each factor. */
  readonly factors?: Readonly<Record<string, string>>;
}

/** What every candidate's cost is brought to, by turning its knob. */
export interface BudgetSpec {
  /** Of the deploy form. */
  readonly metric: 'params' | 'macs' | 'peak-memory' | 'latency';
  /**
   * Of latency, milliseconds for the batch and the threads of the suite, on the machine that plans the run; of peak memory, the bytes of
   * activations in int8.
   */
  readonly target: number;
  /** Largest accepted |cost - target| / target; by default 0.02, of latency 0.05. */
  readonly tolerance?: number;
}

/** A question: candidates in one skeleton, a recipe, a budget, seeds. */
export interface SuiteSpec {
  readonly id: string;
  readonly title: string;
  /** What the suite answers, one sentence. */
  readonly question: string;
  /** Options of the skeleton, the same for every candidate of the default network. */
  readonly skeleton: Readonly<Record<string, OptionValue>>;
  readonly data: {
    readonly dataset: string;
    /** Where its files are, relative to the suite's; by default where LIGHTBENCH_DATA says, or where it was downloaded to. */
    readonly path?: string;
    /** Height and width that the networks see. */
    readonly size: number;
    /** How images of one size come to that size; by default they are padded, up to twice their size. */
    readonly fit?: Fit;
    readonly trainImages?: number;
  };
  readonly recipe: RecipeInput;
  /**
   * Every candidate is trained once with each of these rates, for so many epochs (by default the recipe's), and its trials take the rate
   * that does best on validation, in place of the recipe's.
   */
  readonly tuning?: { readonly learningRates: readonly number[]; readonly epochs?: number };
  readonly seeds: number;
  /**
   * Every trained network is quantised to int8 as well, calibrated on so many images of the training split (by default 256, by min-max, with
   * a scale for each output channel), tested on the same images, and timed in the same rounds.
   */
  readonly int8?: {
    readonly calibration?: 'min-max' | 'percentile' | 'entropy' | 'mse';
    readonly images?: number;
    readonly weights?: 'per-channel' | 'per-tensor';
    /** Cross-layer equalisation (Nagel et al. 2019): channels of neighbouring layers are scaled alike, the network computes the same. */
    readonly equalise?: true;
    /** What quantisation adds to the mean of a channel, on the calibration images, is taken off its bias (Nagel et al. 2019). */
    readonly correctBias?: true;
    /**
     * Quantisation-aware fine-tuning (Krishnamoorthi 2018): the deploy form is trained on for so many epochs under the rounding of its int8
     * form, from this learning rate (by default a hundredth of the recipe's) on half a cosine to zero.
     */
    readonly fineTune?: { readonly epochs: number; readonly learningRate?: number };
  };
  /** What every candidate is to cost: one metric, or two counted ones at once, such as parameters and multiply-adds. */
  readonly budget?: BudgetSpec | readonly [BudgetSpec] | readonly [BudgetSpec, BudgetSpec];
  readonly latency?: {
    readonly batch?: number;
    readonly threads?: number;
    readonly sessions?: number;
    readonly rounds?: number;
  };
  /** Differences that count: of top-1 as a share, by default 0.002; of latency relative, by default 0.01. */
  readonly thresholds?: { readonly top1?: number; readonly latency?: number };
  /** Statements that the report answers with this run's data, for example `accuracy(repso) > accuracy(depthwise)`. */
  readonly claims?: readonly string[];
  readonly candidates: readonly CandidateSpec[];
}

/** Values for a knob: from `min` to `max` in steps, both included. */
export const steps = (min: number, max: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((max - min) / step + 1e-9) + 1 }, (_, i) =>
    Number((min + i * step).toPrecision(12)),
  );

/** A suite as it is, checked by the compiler; what the compiler cannot see is checked when the suite is planned. */
export const defineSuite = <const Id extends string>(
  suite: SuiteSpec & { readonly id: Id },
): SuiteSpec & { readonly id: Id } => suite;

/** How large the networks, the images and the data set of a suite are. */
export const SCALES = ['small', 'imagenet'] as const;

/** `small`: Fashion-MNIST at 32 pixels, minutes to an hour on two cores. `imagenet`: a folder of images at 224 pixels. */
export type Scale = (typeof SCALES)[number];

/** One question, asked at several scales: `id` is the small one, `id@imagenet` the other. */
export interface ScaledSuite {
  readonly id: string;
  readonly question: string;
  /** The suite at this scale. */
  readonly at: (scale: Scale) => SuiteSpec;
}

/** A suite that can be run at several scales. */
export const defineScaledSuite = (
  id: string,
  question: string,
  at: (scale: Scale) => Omit<SuiteSpec, 'id' | 'question'>,
): ScaledSuite => ({ id, question, at: (scale) => ({ id, question, ...at(scale) }) });
