/** The program of the documentation that compares logits of two libraries, with a state dict that lies on the disk. */
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { it } from '../support/folder.js';
import { pythonIsMissing, runPython } from '../support/python.js';

const missing = pythonIsMissing('torch', 'timm', 'safetensors', 'onnxruntime');

/** A network of timm with batch norms as after a training. */
const SAVE = `
import sys, timm, torch
from safetensors.torch import save_file
torch.manual_seed(3)
state = timm.create_model("lcnet_050").state_dict()
for name, value in state.items():
    if name.endswith("running_var"):
        value.uniform_(0.5, 2)
save_file(state, sys.argv[1])
`;

describe.skipIf(missing)(`logits${missing ? ` (${missing})` : ''}`, () => {
  it('are the same for weights in a file, and weights of another size are refused', async ({ folder }) => {
    const file = join(folder, 'lcnet.safetensors');
    runPython(SAVE, new Uint8Array(), file);
    const compare = (ours: string) =>
      execa(
        'python3',
        [
          'docs/examples/same_logits.py',
          ...['timm:lcnet_050', ours, '--state-dict', file, '--size', '64'],
          ...['--lightbench', `${process.execPath} dist/harness/cli/main.js`],
        ],
        { reject: false },
      );
    const same = await compare('pp-lcnet(width=0.5)');
    expect(same.stdout).toContain('8 of 8 classes are the same');
    expect(same.exitCode).toBe(0);
    const other = await compare('pp-lcnet(width=0.35)');
    expect(other.stderr).toContain('does not fit pp-lcnet');
    expect(other.exitCode).toBe(2);
  });
});
