/**
 * What a part is; `define.ts` has the functions that define one. A definition is one frozen record: what it is, where it
 * comes from, its options (a zod object, which gives names, types, ranges, defaults and descriptions) and its slots (parts that
 * it is made of, chosen by the user). `instantiate` checks the options and fills the slots; what it returns only adds nodes to
 * a graph.
 */
import type { z } from 'zod';
import type { GraphBuilder, Value } from '../harness/graph/build/builder.js';
import type { Graph } from '../harness/graph/graph.js';
import type { ActivationFunction } from '../harness/graph/operations/ops.js';
import type { MapShape } from '../harness/graph/shape.js';

/** Where a spatial operator stands. It keeps the channels. */
export interface SpatialSite {
  readonly stride: number;
}

/** Where a channel operator stands. It keeps the size of the map. */
export interface ChannelSite {
  readonly outChannels: number;
}

/** Where a basic block stands. */
export interface BlockSite {
  readonly outChannels: number;
  readonly stride: number;
  readonly activation: ActivationFunction;
}

/** What a network is built for: the shape of one image, and the number of classes. */
export interface NetworkSite {
  readonly input: MapShape;
  readonly classes: number;
}

/** Adds a spatial operator, its own batch norm included and no activation; returns `x` itself where it is the identity. */
export type SpatialPart = (g: GraphBuilder, x: Value, site: SpatialSite) => Value;

/** Adds a channel operator, its own batch norm included and no activation. */
export type ChannelPart = (g: GraphBuilder, x: Value, site: ChannelSite) => Value;

/** Adds a basic block, its residual connection included where shapes allow. */
export type BlockPart = (g: GraphBuilder, x: Value, site: BlockSite) => Value;

/** Builds a whole network in its training form. */
export type NetworkPart = (site: NetworkSite) => Graph;

/** What a definition of each kind makes. */
export interface Parts {
  readonly spatial: SpatialPart;
  readonly channel: ChannelPart;
  readonly block: BlockPart;
  readonly network: NetworkPart;
}

/** The four kinds of part: `spatial` and `channel` operators, basic `block`s, and `network`s. */
export type PartKind = keyof Parts;

/**
 * What an option or a slot may be set to. A part is named by a selector such as `repso(branches=2)`, chosen, or given by its definition.
 */
export type OptionValue = string | number | boolean | readonly number[] | Choice | AnyDefinition;

/** A part by id (or by definition, for a user's own) with the options that differ from the defaults. */
export interface Choice {
  readonly id: string | AnyDefinition;
  readonly set?: Readonly<Record<string, OptionValue>>;
}

/** A place for another part, and what stands there by default. */
export interface Slot<K extends PartKind = PartKind> {
  readonly kind: K;
  /** A selector such as `repso` or `depthwise(kernel=5)`. */
  readonly default: string;
  readonly summary: string;
}

/** Turns what the user chose for a slot into a part; the registry's task. */
export type Resolve = <K extends PartKind>(slot: Slot<K>, chosen: OptionValue | undefined) => Parts[K];

/** What a source prints about a network with the options at their defaults. Quoted, never measured by us. */
export interface Published {
  /** As printed: `3.5M`. */
  readonly params?: string;
  /** Multiply-adds of one image, as printed: `300M`, `0.39G`. */
  readonly macs?: string;
  /** Accuracy on ImageNet in percent. */
  readonly top1?: number;
  /** Side of the image in pixels, where it is not 224. */
  readonly size?: number;
  /** The form that the costs are of, where it is not the training form. */
  readonly form?: 'deploy';
  readonly source: string;
  /** Why the exact costs do not round to the printed ones, as far as it is known; absent where they do. */
  readonly differs?: string;
}

/** Costs as polynomials, to be read. */
export interface CostFormula {
  /** For example `C² + 2 C`, C the input channels. */
  readonly params: string;
  /** For example `(C² + 9 C) P`, P the pixels of the map. */
  readonly macs: string;
}

/**
 * The costs of a channel operator with its default options from C to 4C channels, in letters of its own: for those whose best
 * options go in steps with C, so that no polynomial in C gives them.
 */
export interface LetteredFormula {
  /** What the letters mean, a sentence. */
  readonly letters: string;
  /** The values of the letters for this many input channels. */
  readonly valuesAt: (channels: number) => Readonly<Record<string, number>>;
  readonly train: CostFormula;
  readonly deploy: CostFormula;
}

/** What a part is: made by `defineBlock` and its like, listed by `listDefinitions`. */
export interface Definition<K extends PartKind = PartKind> {
  readonly kind: K;
  readonly id: string;
  readonly summary: string;
  /** Authors, year, arXiv number. */
  readonly paper: string;
  readonly published?: Published;
  /** Which numbers of channels it takes, in a sentence; absent where it takes any. */
  readonly admits?: string;
  /** Whether, with its default options, it trains parallel branches that one convolution replaces at inference. */
  readonly mergeable: boolean;
  /** Absent where the costs are a polynomial in C, which is then found from the graph. */
  readonly formula?: LetteredFormula;
  readonly options: z.ZodObject;
  /** The site that a network from a file was exported for; absent where any will do. */
  readonly exportedFor?: NetworkSite;
  readonly slots: Readonly<Record<string, Slot>>;
  /** Throws UserError naming this id where an option or a slot is wrong. */
  readonly instantiate: (set: Readonly<Record<string, OptionValue>>, resolve: Resolve) => Parts[K];
}

/** A definition of whatever kind. */
export type AnyDefinition = { [K in PartKind]: Definition<K> }[PartKind];
