import { describe, expect, it } from 'vitest';
import { listDefinitions } from '../../../blocks/lookup.js';
import { didYouMean } from '../../../harness/user/did-you-mean.js';

const IDS = listDefinitions().map(({ id }) => id);
const asked = (name: string): string => didYouMean(name, IDS, 'none');

describe('what a user meant', () => {
  it.each([
    ['MobileNet-V2', 'Did you mean mobilenet-v2?'],
    ['repsoo', 'Did you mean repso?'],
    ['repos', 'Did you mean repso?'],
    ['inverted_residual', 'Did you mean inverted-residual?'],
    ['mobilenetv3', 'Did you mean mobilenet-v3-large or mobilenet-v3-small?'],
    ['shuffled-net', 'Did you mean shuffled, shufflenet-v1 or shufflenet-v2?'],
  ])('by %s', (name, remedy) => {
    expect(asked(name)).toBe(remedy);
  });

  it.each(['resnet50', 'xyz', '', '...', '1'])('by %j is not guessed', (name) => {
    expect(asked(name)).toBe('none');
  });

  it('is, for every id in capitals and without its hyphens, that id', () => {
    for (const id of IDS) {
      expect(asked(id.toUpperCase().replaceAll('-', '_'))).toContain(id);
      expect(asked(id.replaceAll('-', ''))).toContain(id);
    }
  });
});
