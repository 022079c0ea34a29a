import type { Constant } from './operand.js';

export type Attribute = number | string | readonly number[] | Constant;

/** A node of an ONNX file. */
export interface FileNode {
  readonly operator: string;
  /** As the exporter calls it; empty where it has none. */
  readonly name: string;
  /** Names of tensors; empty where an optional input is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}
