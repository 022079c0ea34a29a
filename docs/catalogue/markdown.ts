/** The catalogue as a page: everything that is registered, from its record and its graph alone. */

import { KIND_NAMES, listDefinitions } from '../../blocks/lookup.js';
import { describeOptions } from '../../blocks/options.js';
import type { AnyDefinition, PartKind } from '../../blocks/part.js';
import { receptiveField } from '../../harness/cost/receptive-field.js';
import { receptiveRange } from '../../harness/cost/receptive-range.js';
import { costFormulas } from '../../harness/describe/formula.js';
import { outline } from '../../harness/describe/outline.js';
import { PLACES, type WorkedExample, workedExample } from '../../harness/describe/worked-example.js';
import { formatShape } from '../../harness/graph/shape.js';
import { admittedChannels, describeAdmitted, MOST_CHANNELS } from './admitted.js';
import { costShares } from './cost-shares.js';
import { mermaidDiagram } from './diagram.js';

/** Without the time, the machine or anything else that changes while the registry does not. */
export const catalogueMarkdown = (): string => {
  const kinds: readonly PartKind[] = ['spatial', 'channel', 'block', 'network'];
  return `${[INTRODUCTION, ...kinds.map(section)].join('\n\n')}\n`;
};

const INTRODUCTION = `# Catalogue

Everything that \`blocks/registry.ts\` lists, written by \`npm run docs:catalogue\`; a test keeps this page equal to the registry.

Costs are exact, of the default options at one place per kind. **params** are learnable scalars, batch norms included. **MACs** are
multiply-accumulates of convolutions and dense layers for one image. **train** is the form with all branches and norms, **deploy** the
form with branches merged and norms folded, which computes the same.`;

const section = (kind: PartKind): string => {
  const entries = listDefinitions(kind).map((definition) => ({
    definition,
    example: workedExample(definition),
  }));
  const name = KIND_NAMES[kind];
  return [
    `## ${name.charAt(0).toUpperCase()}${name.slice(1)}s`,
    `Costs at ${PLACES[kind]}.`,
    overview(kind, entries),
    ...(kind === 'network' ? [COST_SHARES, shares(entries), sameLogits()] : []),
    ...entries.map(entry),
  ].join('\n\n');
};

interface Entry {
  readonly definition: AnyDefinition;
  readonly example: WorkedExample;
}

const overview = (kind: PartKind, entries: readonly Entry[]): string => {
  const special = SPECIAL[kind];
  return table(
    ['id', 'params, train', 'deploy', 'MACs, train', 'deploy', ...Object.keys(special)],
    entries.map(({ definition: { id }, example }) => [
      `[\`${id}\`](#${id})`,
      ...[example.train.params, example.deploy.params, example.train.macs, example.deploy.macs].map(grouped),
      ...Object.values(special).map((cell) => cell(example)),
    ]),
  );
};

type Cell = (example: WorkedExample) => string;

const field: Cell = ({ graph }) => formatShape(receptiveField(graph).extent);

const range: Cell = ({ graph }) => {
  const { inputs, min, max, mean } = receptiveRange(graph);
  return min === max
    ? `${min} of ${inputs}`
    : `${min} to ${max} of ${inputs}, mean ${Number(mean.toFixed(2))}`;
};

/** Further columns of the overview. */
const SPECIAL: Readonly<Record<PartKind, Readonly<Record<string, Cell>>>> = {
  spatial: { 'receptive field': field },
  channel: { 'receptive range': range, 'receptive field': field },
  block: { 'receptive field': field, 'receptive range': range },
  network: {},
};

const COST_SHARES = `Where these costs are, as in Fig. 1 of the FalconNet paper: percent of the deploy form. Pointwise are 1x1 convolutions, those in groups and
those of squeeze and excitation included; other are dense convolutions, the classifier and what is left of batch norms.`;

/** Measured by docs/examples/same_logits.py with torch 2.14.1, timm 1.0.31, torchvision 0.29.1 and onnxruntime, on a CPU. */
const sameLogits =
  (): string => `Weights made elsewhere give the logits that they give there. With random weights of torchvision or timm, batch norms as after a
training, on 8 random images of 224 pixels, largest difference over the largest logit, in deploy form:

${table(
  ['network', 'theirs', 'logits differ by', 'same classes'],
  [
    ['`mobilenet-v2(width=0.5)`', '`timm:mobilenetv2_050`', '1.6e-6', '8 of 8'],
    ['`shufflenet-v2(width=0.5)`', '`torchvision:shufflenet_v2_x0_5`', '3.6e-7', '8 of 8'],
    ['`pp-lcnet(width=0.5)`', '`timm:lcnet_050`', '5.4e-7', '8 of 8'],
  ],
)}

Pretrained weights could not be downloaded where this was measured. Where they can be, one command compares them
([trained-networks.md](trained-networks.md#to-and-from-pytorch)).`;

const shares = (entries: readonly Entry[]): string =>
  table(
    ['id', 'params: pointwise', 'depthwise', 'other', 'MACs: pointwise', 'depthwise', 'other'],
    entries.map(({ definition: { id }, example: { deploy } }) => [
      `[\`${id}\`](#${id})`,
      ...(['params', 'macs'] as const).flatMap((metric) => {
        const { pointwise, depthwise, other } = costShares(deploy, metric);
        return [pointwise, depthwise, other].map((share) => (100 * share).toFixed(1));
      }),
    ]),
  );

const entry = ({ definition, example }: Entry): string =>
  [
    `### ${definition.id}`,
    definition.summary,
    `Paper: ${definition.paper}.`,
    ...(definition.kind === 'network' ? [] : [`Channels: ${channels(definition)}`]),
    `Deploy form: ${becomes(example)}`,
    ...publication(definition),
    ...settings(definition),
    ...(definition.kind === 'network' ? [] : [formulas(definition)]),
    definition.kind === 'network'
      ? fenced('text', outline(example.graph))
      : fenced('mermaid', mermaidDiagram(example.graph)),
  ].join('\n\n');

const channels = (definition: AnyDefinition): string => {
  const found = describeAdmitted(admittedChannels(definition));
  const tried = `Of 1 to ${MOST_CHANNELS}, the defaults take ${found}.`;
  return definition.admits === undefined ? tried : `${definition.admits} ${tried}`;
};

const formulas = (definition: AnyDefinition): string => {
  const { train, deploy } = costFormulas(definition);
  const change = definition.kind === 'channel' ? 'C to 4C channels' : 'C channels';
  const costs = table(
    [`${change}, P pixels`, 'params', 'MACs'],
    [
      ['train', train.params, train.macs],
      ['deploy', deploy.params, deploy.macs],
    ],
  );
  return definition.formula === undefined ? costs : `${costs}\n\n${definition.formula.letters}`;
};

const becomes = ({ convolutions, summands, scales }: WorkedExample): string => {
  const { train, deploy } = convolutions;
  if (summands.deploy === summands.train) return `no branches to merge${left(scales)}.`;
  return deploy < train
    ? `mergeable, ${train} convolutions become ${deploy}${left(scales)}.`
    : `mergeable, the branches vanish into the ${deploy} convolutions${left(scales)}.`;
};

const left = (scales: number): string => {
  if (scales === 0) return '';
  return scales === 1
    ? '; a batch norm that no convolution can take is left as a factor and an offset per channel'
    : `; ${scales} batch norms that no convolution can take are left as factors and offsets per channel`;
};

const publication = ({ published }: AnyDefinition): readonly string[] => {
  if (!published) return [];
  const { params, macs, top1, size, form, source, differs } = published;
  const figures = [
    ...(params === undefined ? [] : [`${params} parameters`]),
    ...(macs === undefined ? [] : [`${macs} multiply-adds`]),
    ...(top1 === undefined ? [] : [`${top1} % top-1 on ImageNet`]),
    ...(size === undefined ? [] : [`at ${size} px`]),
    ...(form === undefined ? [] : [`of the ${form} form`]),
  ];
  const about = `Published: ${figures.join(', ')} (${source}).`;
  return [differs === undefined ? about : `${about} ${differs}`];
};

const settings = ({ options, slots }: AnyDefinition): readonly string[] => {
  const rows = [
    ...describeOptions(options).map(({ name, allowed, summary, default: standard }) => [
      `\`${name}\``,
      allowed,
      standard === undefined ? '' : `\`${JSON.stringify(standard).replaceAll('"', '')}\``,
      summary,
    ]),
    ...Object.entries(slots).map(([name, slot]) => [
      `\`${name}\``,
      `a ${KIND_NAMES[slot.kind]}`,
      `\`${slot.default}\``,
      slot.summary,
    ]),
  ];
  return rows.length === 0 ? [] : [table(['option', 'values', 'default', 'meaning'], rows)];
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

const grouped = (count: number): string => count.toLocaleString('en-US');
