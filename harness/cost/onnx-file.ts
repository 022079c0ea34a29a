/** An ONNX file as costs see it: its nodes, its constants, the shape of its input. */
import { fromBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  ModelProtoSchema,
  type TensorProto,
} from 'onnx-buf';

export interface OnnxNode {
  readonly operator: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Whole numbers and lists of them; the others decide no cost. */
  readonly attributes: ReadonlyMap<string, readonly number[]>;
}

export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  /** Values of whole-number constants, such as the target of a reshape; null for float32. */
  readonly integers: readonly number[] | null;
  /** Values of a float32 constant. */
  readonly floats: () => readonly number[];
}

export interface OnnxFile {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly input: { readonly name: string; readonly shape: readonly number[] };
}

/** Reads a model with one input of which the batch is set to one image. Throws TypeError where it is none. */
export const readOnnx = (bytes: Uint8Array): OnnxFile => {
  const { graph } = fromBinary(ModelProtoSchema, bytes);
  const [input] = graph?.input ?? [];
  if (!graph || input?.type?.value.case !== 'tensorType')
    throw new TypeError('The model has no tensor input.');
  const dims = input.type.value.value.shape?.dim ?? [];
  return {
    nodes: graph.node.map((node) => ({
      operator: node.opType,
      name: node.name,
      inputs: node.input,
      output: node.output[0] ?? '',
      attributes: new Map(node.attribute.map((attribute) => [attribute.name, integersOf(attribute)])),
    })),
    constants: graph.initializer.map((tensor) => ({
      name: tensor.name,
      shape: tensor.dims.map(Number),
      integers: tensor.dataType === DataType.INT64 ? int64Values(tensor) : null,
      floats: () => float32Values(tensor),
    })),
    input: {
      name: input.name,
      shape: dims.map(({ value }, axis) => (axis > 0 && value.case === 'dimValue' ? Number(value.value) : 1)),
    },
  };
};

const integersOf = ({ type, i, ints }: AttributeProto): readonly number[] =>
  type === AttributeType.INT ? [Number(i)] : ints.map(Number);

const int64Values = ({ rawData, dims }: TensorProto): readonly number[] => {
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const count = dims.reduce((product, size) => product * Number(size), 1);
  return Array.from({ length: count }, (_, i) => Number(view.getBigInt64(8 * i, true)));
};

const float32Values = ({ rawData }: TensorProto): readonly number[] =>
  Array.from(new Float32Array(rawData.slice().buffer));
