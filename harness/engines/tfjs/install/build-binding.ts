/** Builds TF.js's binding against the libtensorflow of a Python wheel, for machines that reach npm and PyPI but not Google's storage. */
import { readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolders } from '../../../files/make-folders.js';
import { UserError } from '../../../user/user-error.js';
import { packageIn, tfjsVersion } from './installation.js';
import { runTool } from './tool.js';

/** The newest that the binding was built and tested with. */
const WHEEL_VERSION = '2.21.0';

/** The library does not depend on Python: any pip may fetch it. */
const WHEEL_TAGS = [
  '--platform',
  'manylinux_2_27_x86_64',
  '--python-version',
  '3.11',
  '--only-binary',
  ':all:',
];

export interface BuildSite {
  readonly gpu: boolean;
  /** A folder with a package.json, to install into. */
  readonly folder: string;
  readonly onProgress: (step: string) => void;
}

/** Throws UserError where this is not Linux on x64, and where npm, pip or g++ is missing or fails. */
export const buildBinding = async (name: string, { gpu, folder, onProgress }: BuildSite): Promise<void> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new UserError(
      `Building from the wheel is only supported on Linux x64; this is ${process.platform} ${process.arch}.`,
      'Run lightbench setup tensorflow without --from-pip.',
    );
  }
  const wheel = gpu ? 'tensorflow' : 'tensorflow-cpu';
  onProgress(`Installing ${name} without its library`);
  await runTool(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `${name}@${tfjsVersion()}`,
      'node-api-headers@1',
    ],
    { folder, what: `Installing ${name}`, remedy: 'Check that npm reaches its registry.' },
  );
  onProgress(`Fetching libtensorflow ${WHEEL_VERSION} (about 260 MB)`);
  await runTool(
    'python3',
    [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-deps',
      '--no-compile',
      '--target',
      'wheel',
      ...WHEEL_TAGS,
      `${wheel}==${WHEEL_VERSION}`,
    ],
    {
      folder,
      what: `Fetching ${wheel}`,
      remedy: 'Check that pip is installed (python3 -m pip) and reaches PyPI.',
    },
  );
  const binding = packageIn(folder, name).folder;
  await takeLibrary(join(folder, 'wheel', 'tensorflow'), join(binding, 'deps'));
  await rm(join(folder, 'wheel'), { recursive: true });
  onProgress('Compiling the binding');
  await compile(binding, join(folder, 'node_modules', 'node-api-headers', 'include'));
};

const LIBRARIES = {
  'libtensorflow_cc.so.2': 'libtensorflow.so',
  'libtensorflow_framework.so.2': 'libtensorflow_framework.so',
};

/** Headers and libraries, the latter under their own names and those that the linker looks for. */
const takeLibrary = async (wheel: string, deps: string): Promise<void> => {
  await makeFolders(join(deps, 'lib'));
  await rename(join(wheel, 'include'), join(deps, 'include'));
  for (const [file, alias] of Object.entries(LIBRARIES)) {
    await rename(join(wheel, file), join(deps, 'lib', file));
    await symlink(file, join(deps, 'lib', alias));
  }
};

const compile = async (binding: string, nodeHeaders: string): Promise<void> => {
  const nodeApi = await nodeApiVersion(binding);
  const output = join('lib', `napi-v${nodeApi}`);
  await makeFolders(join(binding, output));
  await runTool(
    'g++',
    [
      ...[
        '-O2',
        '-std=c++17',
        '-fPIC',
        '-shared',
        `-DNAPI_VERSION=${nodeApi}`,
        '-DNODE_GYP_MODULE_NAME=tfjs_binding',
      ],
      ...[`-I${nodeHeaders}`, '-Ideps/include', 'binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'],
      ...['-Ldeps/lib', '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/../../deps/lib'],
      ...['-o', join(output, 'tfjs_binding.node')],
    ],
    { folder: binding, what: 'Compiling the binding', remedy: 'A g++ with C++17 is needed: 11 or later.' },
  );
};

const manifestSchema = z.object({ binary: z.object({ napi_versions: z.array(z.int()) }) });

/** The newest that both the binding and this Node know: it names the folder that the binding is looked for in. */
const nodeApiVersion = async (binding: string): Promise<number> => {
  const { binary } = manifestSchema.parse(JSON.parse(await readFile(join(binding, 'package.json'), 'utf8')));
  return Math.max(...binary.napi_versions.filter((version) => version <= Number(process.versions.napi)));
};
