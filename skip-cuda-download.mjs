/**
 * Runs before npm installs what lightbench needs. onnxruntime-node's install script downloads hundreds of megabytes of CUDA libraries,
 * and fails where it cannot; it leaves alone what is there already. So a note lies where each of those files would. With
 * `node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install` the files take their places.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const NOTE = `Not downloaded: lightbench computes on the CPU unless told otherwise. For CUDA, run
node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install
`;

const require = createRequire(import.meta.url);

/** The folder of the script and what it downloads; null where the package is not there yet, as in a checkout of lightbench itself. */
const installer = () => {
  try {
    const file = require.resolve('onnxruntime-node/script/install-metadata.js');
    return { folder: dirname(file), ...require(file) };
  } catch {
    return null;
  }
};

const askedFor = Object.keys(process.env).some((name) =>
  /^(npm_config_)?onnxruntime_node_install/i.test(name),
);
const found = askedFor ? null : installer();
const platform = `${process.platform}/${process.arch}`;
const libraries = (found?.requirements[platform] ?? []).flatMap((name) =>
  Object.keys(found.manifests[`${platform}:${name}`]),
);
for (const library of libraries) {
  const file = join(found.folder, '../bin/napi-v6', platform, library);
  if (!existsSync(file)) writeFileSync(file, NOTE);
}
