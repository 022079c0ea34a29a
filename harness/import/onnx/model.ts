/** An ONNX file as the import sees it: nodes, constants, one input, one output. */
import { fromBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataLocation,
  type ValueInfoProto,
} from 'onnx-buf';
import { shown } from '../../graph/domain.js';
import { elementCount } from '../../graph/shape.js';
import { UserError } from '../../user/user-error.js';
import type { Attribute, FileNode } from './file-node.js';
import type { Constant } from './operand.js';
import { withoutSequences } from './sequences.js';

export interface OnnxFile {
  readonly nodes: readonly FileNode[];
  readonly constants: ReadonlyMap<string, Constant>;
  /** Null is a size that the file leaves open. */
  readonly input: { readonly name: string; readonly shape: readonly (number | null)[] };
  readonly output: string;
}

const EXPORT = 'Export it again with torch.onnx.export; docs/import.md shows how.';

/** Throws UserError where the bytes are no ONNX model with one input and one output, or its weights lie in another file. */
export const readOnnxFile = (bytes: Uint8Array): OnnxFile => {
  const { graph } = decoded(bytes);
  if (!graph || graph.node.length === 0) throw new UserError('it is not an ONNX model', EXPORT);
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, constantOf(tensor)]));
  return {
    nodes: withoutSequences(graph.node.map(nodeOf), constants),
    constants,
    input: inputOf(graph, constants),
    output: only(graph.output, 'output').name,
  };
};

const decoded = (bytes: Uint8Array): ModelProto => {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch {
    throw new UserError('it is not an ONNX model, or it is damaged', EXPORT);
  }
};

/** Before IR version 4, initializers are listed among the inputs too. */
const inputOf = (graph: GraphProto, constants: ReadonlyMap<string, Constant>): OnnxFile['input'] => {
  const input = only(
    graph.input.filter(({ name }) => !constants.has(name)),
    'input',
  );
  if (input.type?.value.case !== 'tensorType')
    throw new UserError(`its input ${input.name} is no tensor`, EXPORT);
  const dims = input.type.value.value.shape?.dim ?? [];
  return {
    name: input.name,
    shape: dims.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : null)),
  };
};

const only = (values: readonly ValueInfoProto[], what: string): ValueInfoProto => {
  const [first, ...others] = values;
  if (first && others.length === 0) return first;
  const names = values.map(({ name }) => name).join(', ');
  throw new UserError(
    `it has ${values.length} ${what}s${names === '' ? '' : ` (${names})`}, and exactly one is expected`,
    `Export a model with one image ${what === 'input' ? 'in' : 'in and one tensor out'}.`,
  );
};

const nodeOf = (node: NodeProto): FileNode => ({
  operator: node.domain === '' || node.domain === 'ai.onnx' ? node.opType : `${node.domain}.${node.opType}`,
  name: node.name,
  inputs: node.input,
  outputs: node.output,
  attributes: new Map(
    node.attribute.flatMap((attribute) => {
      const value = attributeOf(attribute);
      return value === undefined ? [] : [[attribute.name, value] as const];
    }),
  ),
});

const attributeOf = (attribute: AttributeProto): Attribute | undefined => {
  switch (attribute.type) {
    case AttributeType.INT:
      return Number(attribute.i);
    case AttributeType.FLOAT:
      return attribute.f;
    case AttributeType.INTS:
      return attribute.ints.map(Number);
    case AttributeType.FLOATS:
      return attribute.floats;
    case AttributeType.STRING:
      return Buffer.from(attribute.s).toString();
    case AttributeType.TENSOR:
      return attribute.t && constantOf(attribute.t);
    default:
      return undefined;
  }
};

const constantOf = (tensor: TensorProto): Constant => {
  const shape = tensor.dims.map(Number);
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    throw new UserError(
      `the values of ${shown(tensor.name)} lie in another file`,
      'Export it in one file: torch.onnx.export(..., external_data=False).',
    );
  }
  const values = valuesOf(tensor);
  if (values.length !== elementCount(shape)) {
    throw new UserError(
      `the constant ${shown(tensor.name)} has ${values.length} values and the shape ${shape.join('x')}`,
      EXPORT,
    );
  }
  return {
    kind: 'constant',
    shape,
    values,
    isWhole: WHOLE.includes(tensor.dataType),
    ...(tensor.name === '' ? {} : { parameter: tensor.name }),
  };
};

const WHOLE: readonly DataType[] = [DataType.INT64, DataType.INT32, DataType.BOOL, DataType.UINT8];

const valuesOf = (tensor: TensorProto): ArrayLike<number> => {
  const { rawData } = tensor;
  switch (tensor.dataType) {
    case DataType.FLOAT:
      return rawData.length > 0 ? new Float32Array(aligned(rawData)) : Float32Array.from(tensor.floatData);
    case DataType.DOUBLE:
      return rawData.length > 0 ? new Float64Array(aligned(rawData)) : tensor.doubleData;
    case DataType.INT64:
      return rawData.length > 0
        ? Array.from(new BigInt64Array(aligned(rawData)), Number)
        : tensor.int64Data.map(Number);
    case DataType.INT32:
      return rawData.length > 0 ? new Int32Array(aligned(rawData)) : tensor.int32Data;
    case DataType.BOOL:
    case DataType.UINT8:
      return rawData.length > 0 ? rawData : tensor.int32Data;
    default:
      throw new UserError(
        `the constant ${shown(tensor.name)} has the data type ${DataType[tensor.dataType] ?? tensor.dataType}`,
        'Export the model in float32.',
      );
  }
};

/** A copy: views of several bytes must begin at a multiple of them. */
const aligned = (bytes: Uint8Array): ArrayBuffer => {
  const whole = bytes.length - (bytes.length % 8 === 0 ? 0 : bytes.length % 4);
  return new Uint8Array(bytes.subarray(0, whole)).buffer;
};
