/** lightbench import with the user's Python: the folder that it writes, and what it refuses. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { lightbench } from '../../support/command-line.js';
import { it } from '../../support/folder.js';
import { pythonIsMissing } from '../../support/python.js';

const SKELETON = ['--set', 'preset=small', '--input', '1x32x32'];

const MODULES = `
import torch
from torch import nn

class Base(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.conv = nn.Conv2d(dim, dim, 1)

class Random(Base):
    def forward(self, x):
        return torch.nn.functional.dropout(self.conv(x), 0.1, self.training)

class Dependent(Base):
    def forward(self, x):
        return self.conv(x) if x.mean() > 0 else x

class Smaller(Base):
    def forward(self, x):
        return self.conv(x)[:, :, 1:]

class Running(Base):
    def forward(self, x):
        return torch.cumsum(self.conv(x), 1)

class Moody(Base):
    def forward(self, x):
        return torch.relu(self.conv(x)) if self.training else nn.functional.relu6(self.conv(x))

class Detached(Base):
    def forward(self, x):
        return torch.relu(self.conv(x) + x.detach())

class Gated(Base):
    def forward(self, x):
        y = self.conv(x)
        return y * torch.sigmoid(y).detach()

class Frozen(Base):
    def __init__(self, dim):
        super().__init__(dim)
        self.conv.weight.requires_grad_(False)

    def forward(self, x):
        return self.conv(x)

class Settled(Base):
    def __init__(self, dim):
        super().__init__(dim)
        self.norm = nn.BatchNorm2d(dim)

    def forward(self, x):
        return self.norm.eval()(self.conv(x))

class Zero(Base):
    def __init__(self, dim):
        super().__init__(dim)
        self.norm = nn.BatchNorm2d(dim)
        nn.init.zeros_(self.norm.weight)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)).double()).float()

class Buffered(Base):
    def __init__(self, dim):
        super().__init__(dim)
        self.register_buffer("factor", torch.full((1, dim, 1, 1), 2.0))

    def forward(self, x):
        return self.conv(x) * self.factor

class Weighted(Base):
    def __init__(self, dim):
        super().__init__(dim)
        self.shares = nn.Parameter(torch.ones(2))

    def forward(self, x):
        return self.shares[0] * self.conv(x) + self.shares[1] * x

class Reversed(Base):
    def forward(self, x):
        return self.conv(x[:, torch.arange(x.shape[1] - 1, -1, -1)])

class Picked(Base):
    def forward(self, x):
        return self.conv(x[x > 0].reshape(x.shape))

class Exit(Base):
    def forward(self, x):
        import os
        os._exit(3)

class Unused(Base):
    def forward(self, x):
        return torch.relu(x)

def wide(in_channels, out_channels, stride):
    return nn.Conv2d(64, out_channels, 1)

def nameless(a, b):
    return nn.Identity()
`;

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['Random', /draws random numbers/],
  ['Dependent', /its path depends on the values that it reads/],
  ['Smaller', /it returns 4x8x15x16; expected 4x8x16x16/],
  ['Running', /node '\/CumSum' \(CumSum\): lightbench has no counterpart/],
  [
    'Moody',
    /computes another function in training than in evaluation \(aten::relu where that computes aten::hardtanh\)/,
  ],
  ['Detached', /the gradient of its input is not the derivative of what it computes/],
  ['Gated', /the gradient of its input is not the derivative of what it computes/],
  ['Frozen', /its parameter conv.weight is frozen/],
  ['Settled', /a batch norm of it uses its running statistics in training/],
  ['Unused', /it has 72 parameters, and 0 of them were exported/],
  ['Buffered', /it has 72 parameters, and 80 were exported, since its buffer factor is used as a weight/],
  ['Weighted', /it has 74 parameters, and 72 of them were exported. Let it use each whole and once/],
  ['Reversed', /\(Gather\): it picks elements by a list of their places/],
  ['Picked', /its path depends on the values that it reads \(aten::index.Tensor\)/],
  ['Exit', /The export in .* failed: exit code 3\./],
  ['wide', /it fails on 4x8x16x16/],
  ['nameless', /it has no parameter for the channels; it has a, b/],
  ['Missing', /has no Missing/],
];

/** A candidate in the skeleton of these tests, whose knob has the values with which it was imported. */
const SUITE = `
id: knob
title: One block
question: Does it meet the budget?
skeleton: { preset: small }
data: { dataset: fashion-mnist-10k, size: 32 }
recipe: { epochs: 1, batch: 64, learningRate: 0.1 }
seeds: 1
budget: { metric: params, target: BUDGET, tolerance: 0.02 }
candidates:
  - { name: mine, block: ./block, knob: { option: expansion, values: [2, 4] } }
`;

const missing = pythonIsMissing('torch');

describe.skipIf(missing)(`lightbench import${missing ? ` (${missing})` : ''}`, () => {
  it('writes a block that stands in the skeleton', async ({ folder }) => {
    const out = join(folder, 'block');
    const imported = await lightbench(
      ...[
        'import',
        'docs/examples/my_block.py:MyBlock',
        '--with',
        'expansion=3',
        ...SKELETON,
        '--out',
        out,
        '--json',
      ],
    );
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    const report = JSON.parse(imported.stdout);
    expect(report).toMatchObject({ id: 'my-block-torch', places: expect.any(Array) });
    const counted = await lightbench('cost', 'lightnet', '--block', out, ...SKELETON, '--json');
    expect(JSON.parse(counted.stdout).perOp.map(({ path }: { path: string }) => path)).toContain(
      'stages.0.blocks.0.body.0',
    );
    const elsewhere = await lightbench('cost', 'lightnet', '--block', out, '--input', '1x28x28');
    expect(elsewhere).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/was not imported for 32x7x7/),
    });
  });

  it('makes an option of an argument that a budget can turn', async ({ folder }) => {
    const out = join(folder, 'block');
    const source = 'docs/examples/my_block.py:MyBlock';
    const command = ['import', source, '--knob', 'expansion=2,4', ...SKELETON, '--out', out, '--json'];
    const imported = await lightbench(...command);
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    const { knob, places } = JSON.parse(imported.stdout);
    expect(knob).toEqual({ option: 'expansion', values: [2, 4] });
    const [place] = places;
    expect(place.input).toEqual([8, 16, 16]);
    const alone = await lightbench('cost', out, '--input', '8x16x16', '--json');
    expect(JSON.parse(alone.stdout).params).toBe(place.params);
    const other = await lightbench('cost', out, '--input', '8x16x16', '--set', 'expansion=3');
    expect(other).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/expansion must be one of 2, 4/),
    });

    const wider = [
      ...SKELETON.slice(0, 2),
      'expansion=4',
      ...SKELETON.slice(2),
      '--classes',
      '10',
      '--form',
      'deploy',
    ];
    const counted = await lightbench('cost', 'lightnet', '--block', out, ...wider, '--json');
    const { params } = JSON.parse(counted.stdout);
    const suite = join(folder, 'suite.yaml');
    writeFileSync(suite, SUITE.replace('BUDGET', String(params)));
    const planned = await lightbench('run', suite, '--dry-run');
    expect(planned).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('expansion = 4') });
  });

  it.for(REFUSED)('refuses %s', async ([name, reason], { folder }) => {
    const file = join(folder, 'modules.py');
    writeFileSync(file, MODULES);
    const out = join(folder, 'block');
    const { exitCode, stderr } = await lightbench('import', `${file}:${name}`, ...SKELETON, '--out', out);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(reason);
    expect(existsSync(out)).toBe(false);
  });

  it('takes a norm that starts from zero before a ReLU in another precision', async ({ folder }) => {
    const file = join(folder, 'modules.py');
    writeFileSync(file, MODULES);
    const imported = await lightbench('import', `${file}:Zero`, ...SKELETON, '--out', join(folder, 'block'));
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('leaves a folder alone that it did not write', async ({ folder }) => {
    writeFileSync(join(folder, 'notes.txt'), '');
    const { exitCode, stderr } = await lightbench(
      'import',
      'docs/examples/my_block.py:MyBlock',
      '--out',
      folder,
    );
    expect([exitCode, existsSync(join(folder, 'notes.txt'))]).toEqual([2, true]);
    expect(stderr).toMatch(/holds other files/);
  });
});
