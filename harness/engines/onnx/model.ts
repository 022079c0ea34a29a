/** Writes ONNX models: nodes, constants, inputs and outputs with names made up as they are needed. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/** Name of a tensor in the model. */
export type Tensor = string;

export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] };

export type ElementType = 'float32' | 'int32' | 'int64' | 'int8' | 'uint8';

/** What a tensor of a type is made of. */
type Values = Float32Array | Int32Array | BigInt64Array | Int8Array | Uint8Array;

export const OPSET = 18;
const IR_VERSION = 9;
const CONTRIB = 'com.microsoft';

const DATA_TYPES: Record<ElementType, DataType> = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
  int8: DataType.INT8,
  uint8: DataType.UINT8,
};

interface NodeOptions {
  /** Whole numbers become INT attributes, `{ float }` FLOAT, `{ floats }` FLOATS, lists INTS, text STRING. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** `com.microsoft` and its kin; ONNX's own operators by default. */
  readonly domain?: string;
  /** Name of the output, and of the node; made up by default. */
  readonly name?: string;
}

export class OnnxModel {
  private readonly nodes: NodeProto[] = [];
  private readonly initializers = new Map<string, TensorProto>();
  private readonly inputs: ValueInfoProto[] = [];
  private readonly outputs: ValueInfoProto[] = [];
  private readonly constants = new Map<string, Tensor>();
  private readonly domains = new Set<string>();
  private counter = 0;

  constructor(private readonly graphName: string) {}

  /** Declares an input; null is a dimension that is left open. */
  input(name: string, type: ElementType, shape: readonly (number | null)[]): Tensor {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(tensor: Tensor, type: ElementType, shape: readonly (number | null)[]): void {
    this.outputs.push(valueInfo(tensor, type, shape));
  }

  /** A named float32 constant, such as a trained parameter. */
  initializer(name: string, values: Float32Array, shape: readonly number[]): Tensor {
    this.initializers.set(name, tensorProto(name, 'float32', values, shape));
    return name;
  }

  /** A named constant of integers, such as a quantised parameter. */
  integerInitializer(
    name: string,
    values: Int8Array | Uint8Array | Int32Array,
    shape: readonly number[],
  ): Tensor {
    this.initializers.set(name, tensorProto(name, typeOf(values), values, shape));
    return name;
  }

  /** A float32 constant; equal constants are stored once. */
  constant(values: number | readonly number[] | Float32Array, shape?: readonly number[]): Tensor {
    const data = typeof values === 'number' ? Float32Array.of(values) : Float32Array.from(values);
    const dims = shape ?? (typeof values === 'number' ? [] : [data.length]);
    return this.shared('float32', data, dims);
  }

  /** An int64 vector constant: shapes, axes, slice bounds. */
  integers(...values: readonly number[]): Tensor {
    return this.shared('int64', BigInt64Array.from(values.map(BigInt)), [values.length]);
  }

  /** Adds a node with one output and returns it. */
  node(operator: string, inputs: readonly Tensor[], options: NodeOptions = {}): Tensor {
    const [output] = this.multiNode(operator, inputs, 1, options);
    if (output === undefined) throw new TypeError('A node has at least one output.');
    return output;
  }

  /** Adds a node with several outputs. */
  multiNode(
    operator: string,
    inputs: readonly Tensor[],
    count: number,
    options: NodeOptions = {},
  ): readonly Tensor[] {
    const { attributes = {}, domain = '' } = options;
    this.domains.add(domain);
    this.counter += 1;
    const base = options.name ?? `${operator}_${this.counter}`;
    const outputs = Array.from({ length: count }, (_, i) => (i === 0 ? base : `${base}_${i}`));
    this.nodes.push(
      create(NodeProtoSchema, {
        opType: operator,
        name: base,
        domain,
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
      }),
    );
    return outputs;
  }

  /** A node of onnxruntime's own operator set. */
  contrib(
    operator: string,
    inputs: readonly Tensor[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Tensor {
    return this.node(operator, inputs, { domain: CONTRIB, attributes });
  }

  /** `metadata` says what the model is, for whoever opens it. */
  serialize(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const domains = [...this.domains].filter((domain) => domain !== '');
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: BigInt(IR_VERSION),
        producerName: 'lightbench',
        metadataProps: Object.entries(metadata).map(([key, value]) =>
          create(StringStringEntryProtoSchema, { key, value }),
        ),
        opsetImport: [
          create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(OPSET) }),
          ...domains.map((domain) => create(OperatorSetIdProtoSchema, { domain, version: 1n })),
        ],
        graph: create(GraphProtoSchema, {
          name: this.graphName,
          node: this.nodes,
          initializer: [...this.initializers.values()],
          input: this.inputs,
          output: this.outputs,
        }),
      }),
    );
  }

  private shared(type: ElementType, values: Values, shape: readonly number[]): Tensor {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const key = `${type}[${shape.join()}]${bytes.toString('latin1')}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = `constant_${this.constants.size + 1}`;
    this.constants.set(key, name);
    this.initializers.set(name, tensorProto(name, type, values, shape));
    return name;
  }
}

const typeOf = (values: Int8Array | Uint8Array | Int32Array): ElementType => {
  if (values instanceof Int8Array) return 'int8';
  return values instanceof Uint8Array ? 'uint8' : 'int32';
};

const tensorProto = (
  name: string,
  type: ElementType,
  values: Values,
  shape: readonly number[],
): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dataType: DATA_TYPES[type],
    dims: shape.map(BigInt),
    rawData: new Uint8Array(
      values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength) as ArrayBuffer,
    ),
  });

const valueInfo = (name: string, type: ElementType, shape: readonly (number | null)[]): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: DATA_TYPES[type],
          shape: create(TensorShapeProtoSchema, {
            dim: shape.map((size) =>
              create(TensorShapeProto_DimensionSchema, {
                value:
                  size === null
                    ? { case: 'dimParam', value: 'batch' }
                    : { case: 'dimValue', value: BigInt(size) },
              }),
            ),
          }),
        }),
      },
    }),
  });

const attributeProto = (name: string, value: Attribute): AttributeProto => {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRING,
      s: new Uint8Array(Buffer.from(value)),
    });
  }
  if ('floats' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats: [...value.floats] });
  }
  if ('float' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
};
