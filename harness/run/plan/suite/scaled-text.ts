/** One question at two scales, in YAML or JSON: what `scales.imagenet` says takes the place of what the suite says. */
import { SCALES, type Scale } from '../../../../suites/suite.js';
import { UserError } from '../../../user/user-error.js';
import type { SuiteText } from './suite-text.js';

/** The fields that tell which question it is, and so are the same at every scale. */
const SAME_AT_ALL_SCALES = ['id', 'question'] as const;

/** The suite at each scale; null where it has one alone. Throws UserError where its scales are not written as they must be. */
export const scaledText = (
  { spec, placeOf }: SuiteText,
  where: string,
): ((scale: Scale) => SuiteText) | null => {
  if (!isRecord(spec) || !('scales' in spec)) return null;
  const { scales, ...small } = spec;
  const refuse = (field: string, expected: string): UserError =>
    new UserError(
      `${where} is not a suite: ${field}: ${expected}${placeOf(field.split('.'))}.`,
      'Write `scales: { imagenet: { ... } }` with the fields that are others at that scale; see docs/suites.md.',
    );
  if (!isRecord(scales) || !isRecord(scales.imagenet)) {
    throw refuse('scales.imagenet', 'the fields of the suite at the larger scale are expected');
  }
  for (const name of Object.keys(scales)) {
    if (name !== 'imagenet') throw refuse(`scales.${name}`, `the suite itself is the scale ${SCALES[0]}`);
  }
  const { imagenet } = scales;
  for (const name of [...SAME_AT_ALL_SCALES, 'scales']) {
    if (name in imagenet) throw refuse(`scales.imagenet.${name}`, 'it is the same at all scales');
  }
  return (scale) =>
    scale === 'small'
      ? { spec: small, placeOf }
      : {
          spec: { ...small, ...imagenet },
          placeOf: (path) => placeOf(String(path[0]) in imagenet ? ['scales', 'imagenet', ...path] : path),
        };
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
