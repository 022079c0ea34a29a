/** Graphs of a part at any place that it admits: what properties over the registry are checked on. */
import fc from 'fast-check';
import { z } from 'zod';
import { buildAlone } from '../../blocks/build.js';
import type { AnyDefinition, OptionValue } from '../../blocks/part.js';
import type { Graph } from '../../harness/graph/graph.js';
import { UserError } from '../../harness/user/user-error.js';

/** Any options in their ranges, channels, sizes of the map, strides and changes of width; places that the part refuses are left out. */
export const anyGraph = (definition: AnyDefinition): fc.Arbitrary<Graph> =>
  fc
    .record({
      set: anyOptions(definition.options),
      channels: CHANNELS,
      outChannels: CHANNELS,
      height: fc.integer({ min: 2, max: 6 }),
      width: fc.integer({ min: 2, max: 6 }),
      stride: fc.constantFrom(1, 1, 2, 3),
    })
    .map(({ set, channels, outChannels, height, width, stride }) => {
      const changes = {
        spatial: { stride },
        channel: { outChannels },
        block: { stride, outChannels },
        network: {},
      };
      const site = { activation: 'silu', ...changes[definition.kind] } as const;
      return admitted(() => buildAlone({ id: definition, set }, [channels, height, width], site));
    })
    .filter((graph) => graph !== undefined);

const CHANNELS = fc.constantFrom(4, 6, 8, 12, 16);

const admitted = (build: () => Graph): Graph | undefined => {
  try {
    return build();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};

type Rules = z.core.JSONSchema.BaseSchema;

/** Every option at its default or at a value of its type, near the lower end of its range. */
const anyOptions = (options: z.ZodObject): fc.Arbitrary<Record<string, OptionValue>> => {
  const properties = Object.entries(z.toJSONSchema(options, { io: 'input' }).properties ?? {});
  const values = properties.map(([name, rules]) => [name, anyValue(rules)] as const);
  return fc.record(Object.fromEntries(values), { requiredKeys: [] }).map(withoutAbsent);
};

const withoutAbsent = <V>(set: Readonly<Record<string, V | undefined>>): Record<string, V> =>
  Object.fromEntries(
    Object.entries(set).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

const anyValue = (rules: Rules | boolean): fc.Arbitrary<OptionValue> => {
  if (typeof rules === 'boolean') throw new TypeError('an option without a type');
  if (typeof rules.const === 'string') return fc.constant(rules.const);
  if (rules.anyOf) return fc.oneof(...rules.anyOf.map(anyValue));
  if (Array.isArray(rules.prefixItems)) return fc.tuple(...rules.prefixItems.map(anyCount));
  if (rules.type === 'boolean') return fc.boolean();
  return rules.type === 'integer' ? anyCount(rules) : fc.constantFrom(...FACTORS.filter(isWithin(rules)));
};

const anyCount = (rules: Rules | boolean): fc.Arbitrary<number> => {
  const min = typeof rules === 'boolean' ? 1 : (rules.minimum ?? 1);
  return fc.integer({ min, max: min + 4 });
};

const FACTORS = [0, 0.25, 0.5, 1, 1.5, 2, 3];

const isWithin =
  ({ minimum, exclusiveMinimum, maximum }: Rules) =>
  (value: number): boolean =>
    (minimum === undefined || value >= minimum) &&
    (typeof exclusiveMinimum !== 'number' || value > exclusiveMinimum) &&
    (maximum === undefined || value <= maximum);
