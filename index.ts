/** The library: define parts and suites, build graphs, count, train, measure, export, report. */

/** Options of a part are a zod object; this is the zod that checks them. */
export { z } from 'zod';
export { buildAlone, buildNetwork } from './blocks/build.js';
export { convBn, convBnAct, sumBranches } from './blocks/conv-bn.js';
export type {
  AnyDefinition,
  BlockPart,
  BlockSite,
  ChannelPart,
  ChannelSite,
  Choice,
  Definition,
  NetworkPart,
  NetworkSite,
  OptionValue,
  SpatialPart,
  SpatialSite,
} from './blocks/define.js';
export {
  defineBlock,
  defineChannelOperator,
  defineNetwork,
  defineSpatialOperator,
} from './blocks/definition.js';
export { listDefinitions } from './blocks/lookup.js';
export { type Cost, cost } from './harness/cost/cost.js';
export { type ExportOptions, exportOnnx } from './harness/engines/onnx/export.js';
export { resolveEngine } from './harness/engines/registry.js';
export { type Conv2dOptions, GraphBuilder, type Value } from './harness/graph/builder.js';
export type { Graph, GraphNode } from './harness/graph/graph.js';
export type { Weights } from './harness/graph/parameters.js';
export { fingerprint, printGraph, skeletonFingerprint } from './harness/graph/print.js';
export { type BisectOptions, bisect } from './harness/regression/bisect.js';
export type { Bisection } from './harness/regression/bisection.js';
export { type CompareOptions, compareWithBaseline } from './harness/regression/compare.js';
export type { Comparison } from './harness/regression/comparison.js';
export { saveBaseline } from './harness/regression/save.js';
export { checkDeploy } from './harness/rewrite/check.js';
export { type DeployForm, deployForm } from './harness/rewrite/deploy.js';
export type { RunEvent } from './harness/run/progress.js';
export { type PlanOptions, planRun, resumeRun, startRun } from './harness/run/run.js';
export type { RunOptions } from './harness/run/run-options.js';
export { initialWeights } from './harness/train/initialise.js';
export { UserError } from './harness/user-error.js';
export type { Baseline } from './results/baseline.js';
export type { Plan, Run } from './results/record.js';
export { loadRun } from './results/run.js';
export { defineScaledSuite, defineSuite, type SuiteSpec, steps } from './suites/suite.js';
