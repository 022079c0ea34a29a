import { join } from 'node:path';
import type { z } from 'zod';
import type { FigureFormat } from '../../../reports/figure/formats.js';
import type { ProfileFields } from '../../../results/profile/profile.js';
import { PROFILE_FILE } from '../../../results/profile/profile-file.js';
import type { Graph } from '../../graph/graph.js';
import { MOST } from '../../user/limits.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import type { profileContract } from '../contracts/profile.js';
import { ENDINGS, figureFormatOf } from '../options/figure-format.js';
import {
  addSubjectOptions,
  type BuiltSubject,
  buildSubjectFrom,
  type SubjectOptions,
} from '../options/subject-options.js';
import { isRunFolder } from '../options/trial-options.js';
import { countUpTo } from '../options/values.js';
import { writeOutput } from '../write-output.js';

interface Options extends SubjectOptions {
  readonly batch?: number;
  readonly threads?: number;
  readonly seconds: number;
  readonly perOp?: true;
  readonly out?: string;
  readonly json?: true;
}

export const profileCommand: Register = (program) => {
  const command = program
    .command('profile')
    .summary('where the time goes, under the roofline of this machine')
    .description(
      'Times every operation of the deploy form on onnxruntime, and in the same rounds what this machine gives at most: arithmetic in ' +
        'products of matrices and convolutions, bandwidth in a large sum of arrays. Of a run, all candidates together; its page and `figure RUN roofline` then show them.',
    )
    .argument('<part-or-run...>', 'operators, blocks and networks, or the folder of one run')
    .option('--batch <n>', 'images per batch (default: 1, or that of the run)', countUpTo(MOST.batch))
    .option('--threads <n>', 'engine threads (default: 1, or those of the run)', countUpTo(MOST.threads))
    .option('--seconds <n>', 'how long to measure, at least', countUpTo(MOST.seconds), 10)
    .option('--per-op', 'also print one line per operation')
    .option('--out <file>', `of parts: draw the roofline; ends with ${ENDINGS}`)
    .option('--json', 'print JSON; see lightbench schema profile');
  addSubjectOptions(command)
    .addHelpText(
      'after',
      examples(
        'profile mobilenet-v2',
        'profile falconnet mobilenet-v2 shufflenet-v2 --out roofline.svg',
        'profile repso --input 64x28x28 --per-op',
        'profile runs/three',
      ),
    )
    .action(async (names: readonly string[], options: Options) => {
      const report = await reportOn(names, options);
      if (options.json) return printJson(report);
      const { printProfile } = await import('../views/profile-view.js');
      printProfile(report, options.perOp === true);
      if (report.file !== null) printLine(`\n${report.run === null ? 'figure' : 'profile'}   ${report.file}`);
    });
};

type ProfileReport = z.infer<typeof profileContract>;

const reportOn = async (names: readonly string[], options: Options): Promise<ProfileReport> => {
  const run = names.find(isRunFolder);
  if (run === undefined) return ofParts(names, options);
  if (names.length === 1) return ofRun(run, options);
  throw new UserError(
    `${run} is a run, and ${names.length} names are given.`,
    'Name one run alone, or parts: what is measured at another time is not comparable.',
  );
};

const ofParts = async (names: readonly string[], options: Options): Promise<ProfileReport> => {
  const { out, batch = 1, threads = 1 } = options;
  const format = out === undefined ? null : figureFormatOf(out);
  const { distinct } = await import('../../../reports/text/words.js');
  const subjects: BuiltSubject[] = [];
  for (const name of names) subjects.push(await buildSubjectFrom(name, options));
  const labels = distinct(subjects.map(({ selection }) => selection));
  const networks = subjects.map(({ train }, i) => ({ name: labels[i] ?? '', graph: train }));
  const fields = await profiled(networks, { ...options, batch, threads });
  if (out !== undefined && format !== null) await draw(fields, out, format);
  return { run: null, file: out ?? null, ...fields };
};

const ofRun = async (directory: string, options: Options): Promise<ProfileReport> => {
  const foreign = (['block', 'set', 'input', 'classes', 'out'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (foreign !== undefined) {
    throw new UserError(
      `--${foreign} is an option of parts, and ${directory} is a run.`,
      foreign === 'out'
        ? `Leave it out; lightbench figure ${directory} roofline draws what was measured.`
        : 'Leave it out: the run has decided it.',
    );
  }
  const { loadPlan } = await import('../../../results/run/load-run.js');
  const { plannedGraph } = await import('../../run/plan/planned.js');
  const { printProfileRecord } = await import('../../../results/profile/profile-file.js');
  const plan = await loadPlan(directory);
  const networks: Network[] = [];
  for (const { name } of plan.candidates) networks.push({ name, graph: await plannedGraph(plan, name) });
  const fields = await profiled(networks, { ...plan.latency, ...options });
  const { planKey, schema } = plan;
  const file = join(directory, PROFILE_FILE);
  await writeOutput(file, printProfileRecord({ schema, planKey, at: new Date().toISOString(), ...fields }));
  return { run: directory, file, ...fields };
};

interface Network {
  readonly name: string;
  readonly graph: Graph;
}

const profiled = async (
  networks: readonly Network[],
  { batch, threads, seconds }: Required<Pick<Options, 'batch' | 'threads' | 'seconds'>>,
): Promise<ProfileFields> => {
  const { resolveEngine } = await import('../../engines/registry.js');
  const { contenderOf } = await import('../../measure/deploy-contender.js');
  const { processorName } = await import('../../measure/machine/names.js');
  const { measureProfile } = await import('../../measure/profile/measure-profile.js');
  const { engine, version, device } = await resolveEngine('onnxruntime');
  const measured = await measureProfile({
    contenders: networks.map(({ name, graph }) => contenderOf(name, graph)),
    ...{ batch, threads, seconds },
  });
  const cpu = processorName();
  return { engine: { id: engine.id, version, device }, cpu, batch, threads, ...measured };
};

const draw = async (fields: ProfileFields, out: string, format: FigureFormat): Promise<void> => {
  const { rooflineDrawing } = await import('../../../reports/charts/roofline.js');
  const { rooflineOf } = await import('../../../reports/view/roofline.js');
  const { lookOf } = await import('../../../reports/palette.js');
  const { figureSpec } = await import('../../../reports/figure/spec.js');
  const { FIGURE_FORMATS } = await import('../../../reports/figure/formats.js');
  const candidates = fields.networks.map(({ name }, i) => ({ id: name, name, label: name, look: lookOf(i) }));
  const drawing = rooflineDrawing(rooflineOf(fields), candidates);
  if (drawing === null) throw new UserError('No part multiplies anything.', 'Leave out --out.');
  const spec = figureSpec(drawing, { theme: 'light', font: null });
  await writeOutput(out, (await FIGURE_FORMATS[format](spec, null)).content);
};
