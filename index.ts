/**
 * The library. Data flows one way, and each arrow is a function: parts -> graph -> costs and deploy form; suite -> plan -> run -> analysis
 * -> page and table; baseline -> comparison.
 *
 * Shapes are of one image, channels x height x width. Costs count one image, latencies are milliseconds a batch, accuracies and other shares
 * lie in 0..1. A mistake of the user is a {@link UserError}; a RangeError is a mistake of the program that calls.
 * @module lightbench
 */

/** Options of a part are a zod object; this is the zod that checks them. */
export { z } from 'zod';
export type { Author, Slots } from './blocks/author.js';
export { buildAlone, buildNetwork } from './blocks/build.js';
export { convBn, convBnAct, type NonEmpty, sumBranches } from './blocks/conv-bn.js';
export {
  type BuildInGraph,
  defineBlock,
  defineChannelOperator,
  defineNetwork,
  defineSpatialOperator,
  type Filled,
  type NoSlots,
} from './blocks/define.js';
export { listDefinitions } from './blocks/lookup.js';
export type {
  AnyDefinition,
  BlockPart,
  BlockSite,
  ChannelPart,
  ChannelSite,
  Choice,
  CostFormula,
  Definition,
  LetteredFormula,
  NetworkPart,
  NetworkSite,
  OptionValue,
  PartKind,
  Parts,
  Published,
  Resolve,
  Slot,
  SpatialPart,
  SpatialSite,
} from './blocks/part.js';
// What a run says.
export { analyse } from './harness/analysis/analyse.js';
export type {
  Analysis,
  CandidateSummary,
  ClaimAnswer,
  ComparableGroup,
  Comparison as CandidateComparison,
  DeviceAnalysis,
  Estimate,
  FactorEffect,
  FactorLevel,
  Int8Analysis,
  Int8Summary,
  Interval,
  Needed,
  NotComparable,
  OrderChange,
  Otherwise,
  ParetoFront,
  Place,
  UnequalCost,
  Verdict,
} from './harness/analysis/analysis.js';
export type { Caution, SomeTrials, TrialName } from './harness/analysis/caution.js';
export {
  INT8_METRICS,
  type Int8Metric,
  METRICS,
  type MeasuredMetric,
  type Metric,
} from './harness/analysis/metrics.js';
export { type Cost, cost, type OpCostRow, type Totals } from './harness/cost/cost.js';
export { COST_KINDS, type CostKind } from './harness/cost/kinds.js';
export { type ReceptiveField, receptiveField } from './harness/cost/receptive-field.js';
export { type ReceptiveRange, receptiveRange } from './harness/cost/receptive-range.js';
export type { Batch, UnpaintedBatch } from './harness/data/batches/batch.js';
export type { PlaceInFile, UnpaintedImages, UnpaintedPixels } from './harness/data/batches/unpainted.js';
export {
  type Dataset,
  type Image,
  type Located,
  type LocatedImages,
  type ScaledSplit,
  type Shown,
  SPLITS,
  type Split,
  type SplitName,
  type StoredSplit,
  type View,
} from './harness/data/dataset.js';
export type {
  DataProgress,
  DatasetEntry,
  LoadOptions,
  OnDataProgress,
} from './harness/data/dataset-entry.js';
export type { ImageSource, LabelledFiles } from './harness/data/image-source.js';
export { FITS, type Fit } from './harness/data/images/fit.js';
export type { ImageFiles } from './harness/data/images/image-files.js';
export { DATASETS, findDataset, loadDataset } from './harness/data/registry.js';
export type { Box, Normalisation, Pixels } from './harness/data/scaling/kernel.js';
export type { Taps } from './harness/data/scaling/taps.js';
export {
  type Checkpoint,
  ENGINE_IDS,
  type Engine,
  type EngineId,
  type EngineState,
  type Int8Engine,
  type Observer,
  type Predictor,
  type PredictorOptions,
  type Trainer,
  type TrainerOptions,
} from './harness/engines/engine.js';
export { type ExportOptions, exportOnnx } from './harness/engines/onnx/export.js';
export { type ResolvedEngine, resolveEngine } from './harness/engines/registry.js';
export {
  type AttentionInputs,
  type Conv2dOptions,
  GraphBuilder,
  type GraphOptions,
  type MatMulOptions,
  type PoolOptions,
  type Value,
} from './harness/graph/build/builder.js';
export type { GivenWeights } from './harness/graph/given-weights.js';
export type { Graph, GraphNode } from './harness/graph/graph.js';
export {
  ACTIVATIONS,
  type ActivationFunction,
  FILLS,
  type Fill,
  MATRIX_PRODUCTS,
  type MatrixProduct,
  NORM_AXES,
  type NormAxis,
  type Op,
  type OpAttributes,
  type OpKind,
  type Pair,
  type Sides,
} from './harness/graph/operations/ops.js';
export type { Weights } from './harness/graph/parameters.js';
export { fingerprint, printGraph, skeletonFingerprint } from './harness/graph/print.js';
export type { MapShape, Shape, VectorShape } from './harness/graph/shape.js';
export { measureSpeed, type Speed, type SpeedOptions } from './harness/measure/speed.js';
export type { Owner } from './harness/process/owner.js';
export type { Affine, Range } from './harness/quantise/affine.js';
export type { Placement } from './harness/quantise/placement.js';
export type { Int8Form } from './harness/quantise/quantise.js';
export type { QuantisedKernel } from './harness/quantise/weights.js';
export { type RandomStream, randomStream } from './harness/random.js';
export type { Recipe, RecipeInput, StepRecipe } from './harness/recipe/recipe.js';
export { type BisectOptions, bisect } from './harness/regression/bisect/bisect.js';
export type { Bisection } from './harness/regression/bisect/bisection.js';
export { type CompareOptions, compareWithBaseline } from './harness/regression/compare/compare.js';
export type { Comparison } from './harness/regression/compare/comparison.js';
export { saveBaseline } from './harness/regression/snapshot/save.js';
export { checkDeploy, DEPLOY_TOLERANCE, type DeployCheck } from './harness/rewrite/check.js';
export { type DeployForm, deployForm } from './harness/rewrite/deploy.js';
export type { Step as BudgetStep } from './harness/run/plan/budget/knob-turning.js';
export type { BudgetProgress } from './harness/run/plan/budget/latency-budget.js';
export type { SuiteOverrides } from './harness/run/plan/plan.js';
export { type PlanOptions, planRun, resumeRun, startRun } from './harness/run/run.js';
export type { RunOptions } from './harness/run/run-options.js';
export type { Failure, FleetEvent, RunEvent, TryName } from './harness/run/status/events.js';
export {
  type Counts,
  type FailedTraining,
  type RunStatus,
  runStatus,
} from './harness/run/status/run-status.js';
export type { WorkerLimits } from './harness/run/worker/limits.js';
export { initialWeights } from './harness/train/initialise.js';
export { UserError } from './harness/user/user-error.js';
export type { DocumentOptions } from './reports/page/html/document.js';
export { reportPage } from './reports/page/page.js';
export { type SummaryOptions, summaryTable } from './reports/summary-table.js';
export type { ReportInput } from './reports/view/view.js';
export type { Baseline } from './results/baseline.js';
export { resultsCsv } from './results/csv/csv.js';
export type { DamagedLine } from './results/journal/journal-lines.js';
export { DEVICE_KINDS, type DeviceKind, type DeviceRecord } from './results/measurement/device.js';
export type { LatencyMeasurementRecord, LatencyResult } from './results/measurement/latency-record.js';
export type { Warning } from './results/measurement/warning.js';
export type { ModelRecord } from './results/model/model-record.js';
export type { WeightsRecord } from './results/model/weights.js';
export { BUDGET_METRICS, type BudgetMetric } from './results/plan/budget-metrics.js';
export type { CandidateRecord } from './results/plan/candidate.js';
export type { Conditions, Plan } from './results/plan/plan.js';
export type { Environment } from './results/run/environment.js';
export { loadRun } from './results/run/load-run.js';
export type { Progress, RunningTraining } from './results/run/progress.js';
export type { DeviceLatency, LatencyState, Run, TrialState, TryState } from './results/run/run.js';
export type { FailureCause } from './results/training/failure.js';
export {
  CALIBRATIONS,
  type Calibration,
  type FloatOperation,
  type Int8Result,
  type Int8Setting,
  WEIGHT_SCALES,
  type WeightScale,
} from './results/training/int8.js';
export type { Origin } from './results/training/origin.js';
export type { EpochRecord, TrialResult, TryResult } from './results/training/trial.js';
export {
  type BudgetSpec,
  type CandidateSpec,
  defineScaledSuite,
  defineSuite,
  type KnobSpec,
  SCALES,
  type Scale,
  type ScaledSuite,
  type SuiteSpec,
  steps,
} from './suites/suite.js';
