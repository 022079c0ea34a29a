import pc from 'picocolors';
import { plural } from '../../../reports/text/words.js';
import type { DescribedEngine } from '../../engines/registry.js';
import { examples, printJson, printMarked, printProse, type Register } from '../command.js';
import { EXIT } from '../exit-codes.js';

interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'missing';
  readonly detail: string;
  readonly remedy: string | null;
}

export const doctorCommand: Register = (program, setExitCode) => {
  program
    .command('doctor')
    .summary('what works on this machine, and how to fix what does not')
    .description(
      'Checks Node.js, engines and data sets, and looks for anything that disturbs measurements on this machine.',
    )
    .option(
      '--verify',
      'train a small FalconNet on every engine and compare outputs, loss, gradients and 20 training steps',
    )
    .option('--json', 'print JSON; see lightbench schema doctor')
    .addHelpText('after', examples('doctor', 'doctor --verify', 'doctor --json'))
    .action(async ({ verify, json }: { readonly verify?: true; readonly json?: true }) => {
      const { describeEngines } = await import('../../engines/registry.js');
      const engines = await describeEngines();
      const parity = verify ? await parityChecks(engines) : [];
      const checks = [
        nodeCheck(),
        ...engines.map(engineCheck),
        ...(await dataChecks()),
        ...(await machineChecks()),
        ...parity,
      ];
      const works = engines.some(({ state }) => state.state === 'available');
      const ok = works && parity.every(({ state }) => state === 'ok');
      if (!ok) setExitCode(EXIT.finding);
      if (json) return printJson({ ok, checks });
      for (const check of checks) {
        printMarked(MARKS[check.state], MARK_WIDTH, `${check.name}: ${check.detail}`);
        if (check.remedy !== null) printProse(check.remedy, '    ');
      }
    });
};

const MARKS: Readonly<Record<Check['state'], string>> = {
  ok: pc.green('ok     '),
  warning: pc.yellow('warning'),
  missing: pc.dim('missing'),
};

const MARK_WIDTH = 7;

const OLDEST_NODE = 20;

const nodeCheck = (): Check => {
  const old = Number(process.versions.node.split('.')[0]) < OLDEST_NODE;
  return {
    name: 'node',
    state: old ? 'warning' : 'ok',
    detail: `${process.version} on ${process.platform} ${process.arch}`,
    remedy: old ? `lightbench needs Node.js ${OLDEST_NODE} or later.` : null,
  };
};

const engineCheck = ({ name, state }: DescribedEngine): Check =>
  state.state === 'available'
    ? { name: `engine ${name}`, state: 'ok', detail: `${state.version}, ${state.device}`, remedy: null }
    : { name: `engine ${name}`, state: 'missing', detail: state.reason, remedy: state.remedy };

/** Deeper, or with fewer channels, rounding grows from layer to layer. */
const VERIFIED = 'falconnet(preset=small,depths=[1,1],widths=[16,32])';

/** Every other engine that is here against the first. One that takes a device by itself is not run again under that device's name. */
const parityChecks = async (engines: readonly DescribedEngine[]): Promise<readonly Check[]> => {
  const { buildNetwork } = await import('../../../blocks/build.js');
  const { verifyEngines } = await import('../../verify/verify.js');
  const graph = buildNetwork(VERIFIED, { input: [1, 32, 32], classes: 10 });
  const present = [
    ...new Map(
      engines.toReversed().flatMap((described) => {
        const { engine, state } = described;
        return state.state === 'available' ? [[`${engine.id}:${state.device}`, described] as const] : [];
      }),
    ).values(),
  ].toReversed();
  const [reference, ...others] = present;
  if (!reference) return [];
  const results = await verifyEngines(
    reference.engine,
    others.map(({ engine }) => engine),
    graph,
    { seed: 0, steps: 20 },
  );
  return others.flatMap(({ name }, i) =>
    (results[i] ?? []).map(
      ({ what, difference, tolerance, agrees }): Check => ({
        name: `${name} against ${reference.name}`,
        state: agrees ? 'ok' : 'warning',
        detail: `${what} differs by ${difference.toExponential(1)}; at most ${tolerance} is allowed`,
        remedy: agrees ? null : 'Do not compare results of these two engines; please report this.',
      }),
    ),
  );
};

const dataChecks = async (): Promise<readonly Check[]> => {
  const { DATASETS, optionsFromEnvironment } = await import('../../data/registry.js');
  return DATASETS.map(({ id, location, remedy = null }): Check => {
    const place = location(optionsFromEnvironment());
    return place === null
      ? { name: `data ${id}`, state: 'missing', detail: 'not on this machine', remedy }
      : { name: `data ${id}`, state: 'ok', detail: place, remedy: null };
  });
};

const machineChecks = async (): Promise<readonly Check[]> => {
  const { describeEnvironment } = await import('../../measure/machine/environment.js');
  const { warningText } = await import('../../../reports/wording/cautions.js');
  const { cpu, cores, memoryBytes, warnings } = await describeEnvironment({});
  const memory = `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`;
  return [
    { name: 'machine', state: 'ok', detail: `${cpu}, ${plural(cores, 'core')}, ${memory}`, remedy: null },
    ...warnings.map(
      (warning): Check => ({ name: 'machine', state: 'warning', detail: warningText(warning), remedy: null }),
    ),
  ];
};
