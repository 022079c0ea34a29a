/**
 * The Python process, one for all trainers and predictors of this one. It is started at the first use. While it has nothing to answer it
 * keeps this process from nothing, not from its end either, at which its input ends and it with it, killed or not.
 */
import { Socket } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../package/package-root.js';
import { lastWords } from '../../process/last-words.js';
import { userPython } from '../../process/user-python.js';
import { EngineProcessEnded } from '../engine.js';
import { frameHead, frameReader } from './frames.js';

/** What it is asked; see `python/main.py`. */
export interface Request {
  readonly ask: 'trainer' | 'step' | 'vectors' | 'predictor' | 'run' | 'forget';
  readonly handle: number;
  readonly threads: number;
}

/** Of a multiple of four bytes. */
export type PayloadArray = Float32Array | Int32Array | Uint8Array;

export interface PythonProcess {
  /**
   * The payload of the answer. The arrays are read until then. Rejects with Error where it fails, where the process ends before it has
   * answered, or has ended.
   */
  readonly ask: <R extends Request>(request: R, payload?: readonly PayloadArray[]) => Promise<Float32Array>;
  /** A number for a trainer or predictor. */
  readonly newHandle: () => number;
}

/** The folder of the programs. */
export const PROGRAMS = 'harness/engines/pytorch/python';

/** Programs import their neighbours, and leave nothing in the package. */
export const PYTHON_ENVIRONMENT = { PYTHONSAFEPATH: '', PYTHONDONTWRITEBYTECODE: '1' } as const;

let started: Promise<PythonProcess> | null = null;

/** The process, started anew where it has ended. */
export const pythonProcess = (): Promise<PythonProcess> => {
  started ??= start(() => {
    started = null;
  });
  return started;
};

interface Waiting {
  readonly resolve: (payload: Float32Array) => void;
  readonly reject: (error: Error) => void;
}

const answerSchema = z.strictObject({ error: z.string().exactOptional() });

const start = async (onEnd: () => void): Promise<PythonProcess> => {
  const { execa } = await import('execa');
  const child = execa(userPython(), [join(packageRoot(), PROGRAMS, 'main.py')], {
    env: PYTHON_ENVIRONMENT,
    buffer: false,
    reject: false,
  });
  const words = lastWords(child.stderr);
  const waiting: Waiting[] = [];
  let end: Error | null = null;
  const pipes = [child.stdin, child.stdout, child.stderr].filter((pipe) => pipe instanceof Socket);
  const hold = (): void => {
    for (const part of [child, ...pipes]) {
      if (waiting.length > 0) part.ref();
      else part.unref();
    }
  };
  const read = frameReader(({ header, payload }) => {
    const { error } = answerSchema.parse(header);
    const next = waiting.shift();
    hold();
    if (error === undefined) next?.resolve(new Float32Array(payload));
    else next?.reject(new Error(`PyTorch failed: ${error}`));
  });
  child.stdout.on('data', read);
  // That it has ended is told by how it did, not by a pipe that breaks.
  child.stdin.on('error', () => {});
  void child.then(({ exitCode, signal, cause }) => {
    const how = cause instanceof Error && exitCode === undefined && !signal ? `: ${cause.message}` : '';
    end = new EngineProcessEnded(endOf(exitCode, signal, words.lines()) + how);
    onEnd();
    for (const { reject } of waiting.splice(0)) reject(end);
  });
  hold();
  let handles = 0;
  return {
    ask: (request, payload = []) =>
      new Promise((resolve, reject) => {
        if (end !== null) return reject(end);
        waiting.push({ resolve, reject });
        hold();
        child.stdin.cork();
        child.stdin.write(
          frameHead(
            request,
            payload.reduce((sum, { byteLength }) => sum + byteLength, 0),
          ),
        );
        for (const { buffer, byteOffset, byteLength } of payload) {
          child.stdin.write(new Uint8Array(buffer, byteOffset, byteLength));
        }
        child.stdin.uncork();
      }),
    newHandle: () => {
      handles += 1;
      return handles;
    },
  };
};

const endOf = (
  exitCode: number | undefined,
  signal: string | undefined,
  lines: readonly string[],
): string => {
  const last = lines.at(-1);
  const words = last === undefined ? '' : ` Its last words: ${last}`;
  if (signal === 'SIGKILL') {
    return `The Python process of the engine pytorch was killed by SIGKILL, as happens to one that is out of memory.${words}`;
  }
  return `The Python process of the engine pytorch ended by ${signal ?? `exit code ${exitCode}`}.${words}`;
};
