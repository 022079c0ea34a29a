/** What no suite holds, found before its fields are read. */

/** A part of the user's own; how it is made up is seen to where it is defined. */
export const isDefinition = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'instantiate' in value && 'id' in value;

export const fieldName = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'the suite' : path.map(String).join('.');

/** A suite nests no deeper; one that holds itself does. */
const DEEPEST = 40;

/** Objects and lists, each as often as it is named: one that names another twice, and so on, stands for more than can ever be read. */
const MOST_OBJECTS = 100_000;

/**
 * The first object that is neither plain nor a list nor a part, such as a Date: it has no fields, and would pass for one where all are
 * optional. Or the first that is beyond what any suite has, or has a field whose name would be passed over.
 */
export const oddObject = (spec: unknown): string | null => {
  let objects = 0;
  const oddIn = (value: unknown, path: readonly string[]): string | null => {
    if (typeof value !== 'object' || value === null || isDefinition(value)) return null;
    const place = fieldName(path.slice(0, 4));
    objects += 1;
    if (objects > MOST_OBJECTS) return `${place}: it stands for more than ${MOST_OBJECTS} objects`;
    if (path.length > DEEPEST) return `${place}: it is nested too deeply`;
    if (!Array.isArray(value) && !isPlain(value)) {
      return `${fieldName(path)}: expected a plain object, got ${kindOf(value)}`;
    }
    for (const [key, inner] of Object.entries(value)) {
      if (key === '__proto__') return `${place}: no field may be named __proto__`;
      const odd = oddIn(inner, [...path, key]);
      if (odd !== null) return odd;
    }
    return null;
  };
  return oddIn(spec, []);
};

/** For example `a Date`. */
const kindOf = (value: object): string => {
  const maker: unknown = value.constructor;
  return typeof maker === 'function' && maker.name !== '' ? `a ${maker.name}` : 'another';
};

/** Of whichever realm. */
const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};
