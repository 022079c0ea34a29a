/** A GPU of NVIDIA while something is measured on it, as `nvidia-smi` tells once a second. */
import type { GpuConditions } from '../../../results/measurement/gpu.js';
import { gpuConditions, QUERIES } from './samples.js';

/** UUID of the GPU as nvidia-smi writes it; null where it is not known, which tells enough where there is only one. */
export interface WatchedGpu {
  readonly uuid: string | null;
}

const EVERY_MS = 1_000;

/** Begins to watch; what is returned ends it and tells. Null where there is no nvidia-smi, or it does not tell of this GPU. */
export const watchGpu = async ({ uuid }: WatchedGpu): Promise<() => Promise<GpuConditions | null>> => {
  const query = await understood();
  if (query === null) return async () => null;
  const { execa } = await import('execa');
  const watching = execa('nvidia-smi', [...argumentsOf(query), `--loop-ms=${EVERY_MS}`], {
    stdin: 'ignore',
    reject: false,
  });
  return async () => {
    watching.kill();
    const { stdout } = await watching;
    return gpuConditions(stdout.split('\n'), uuid);
  };
};

/** The first query whose fields this driver has. */
const understood = async (): Promise<string | null> => {
  const { execa } = await import('execa');
  for (const query of QUERIES) {
    const { failed } = await execa('nvidia-smi', argumentsOf(query), { stdin: 'ignore', reject: false });
    if (!failed) return query;
  }
  return null;
};

const argumentsOf = (query: string): readonly string[] => [
  `--query-gpu=${query}`,
  '--format=csv,noheader,nounits',
];
