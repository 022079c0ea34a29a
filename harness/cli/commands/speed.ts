import { Option } from 'commander';
import { MOST } from '../../user/limits.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import { ENGINE_HELP } from '../options/engine-option.js';
import { addSubjectOptions, buildSubjectFrom, type SubjectOptions } from '../options/subject-options.js';
import { countUpTo } from '../options/values.js';
import { duration, grouped } from '../views/format.js';

interface Options extends SubjectOptions {
  readonly mode: 'inference' | 'training';
  readonly form?: 'deploy' | 'int8';
  readonly engine: string;
  readonly batch?: number;
  readonly threads: number;
  readonly seconds: number;
  readonly json?: true;
}

export const speedCommand: Register = (program) => {
  const command = program
    .command('speed')
    .summary('inference or training time on this machine')
    .description(
      'Times one part on its own. Inference runs the deploy form; training runs whole optimiser steps, with a batch norm in front of an ' +
        'operator or a block and a 10-class classifier after it. Do not compare timings taken at different times: ' +
        'to compare parts, run a suite.',
    )
    .argument('<id>', 'operator, block or network, or the file of your own')
    .addOption(
      new Option('--mode <mode>', 'what to time').choices(['inference', 'training']).default('inference'),
    )
    .addOption(
      new Option(
        '--form <form>',
        'of inference: the deploy form, or that quantised to int8 (default: deploy)',
      ).choices(['deploy', 'int8']),
    )
    .option(
      '--batch <n>',
      'images per batch (default: 1 for inference, 32 for training)',
      countUpTo(MOST.batch),
    )
    .option('--threads <n>', 'engine threads', countUpTo(MOST.threads), 1)
    .option('--engine <name>', ENGINE_HELP, 'auto')
    .option('--seconds <n>', 'seconds to measure', countUpTo(MOST.seconds), 5)
    .option('--json', 'print JSON; see lightbench schema speed');
  addSubjectOptions(command)
    .addHelpText(
      'after',
      examples(
        'speed mobilenet-v2',
        'speed falconnet --mode training --batch 64 --input 3x32x32 --set stemStrides=1,2',
        'speed mobilenet-v2 --form int8',
        'speed repso --input 64x28x28 --threads 2 --json',
        'speed sandglass --mode training --engine tensorflow',
        'speed mobilenet-v2 --engine onnxruntime:webgpu',
      ),
    )
    .action(async (id: string, options: Options) => {
      if (options.form !== undefined && options.mode === 'training') {
        throw new UserError(
          `Training is not done in the ${options.form} form.`,
          'Leave out --form, or time inference.',
        );
      }
      const subject = await buildSubjectFrom(id, options);
      const { resolveEngine } = await import('../../engines/registry.js');
      const { measureSpeed } = await import('../../measure/speed.js');
      const { isOutOfMemory } = await import('../../run/worker/out-of-memory.js');
      const { engine, version, device } = await resolveEngine(options.engine);
      const batch = options.batch ?? (options.mode === 'inference' ? 1 : 32);
      const speed = await measureSpeed(engine, subject.train, {
        mode: options.mode,
        form: options.form ?? 'deploy',
        batch,
        threads: options.threads,
        seconds: options.seconds,
      }).catch((error: unknown) => {
        throw isOutOfMemory(error) ? tooLarge(options.mode, batch, error) : error;
      });
      const report = {
        id: subject.id,
        selection: subject.selection,
        mode: options.mode,
        engine: engine.id,
        engineVersion: version,
        device,
        form: options.mode === 'inference' ? (options.form ?? 'deploy') : ('train' as const),
        input: [...subject.input],
        batch,
        threads: options.threads,
        ...speed,
      };
      if (options.json) return printJson(report);
      const [low, high] = report.interval95Ms;
      printLine(`${report.selection}, ${report.form} form, input ${report.input.join('x')}`);
      printLine(`${engine.id} ${version} on ${device}, batch ${batch}, threads ${options.threads}`);
      printLine();
      printLine(`median       ${ms(report.medianMs)} ms per batch, 95 % interval ${ms(low)} to ${ms(high)}`);
      printLine(`throughput   ${grouped(Math.round(report.imagesPerSecond))} images/s`);
      printLine(`samples      ${report.samples} in ${duration(options.seconds)}`);
      printLine(`peak memory  ${grouped(Math.round(report.peakMemoryBytes / 2 ** 20))} MiB, whole process`);
    });
};

const tooLarge = (mode: Options['mode'], batch: number, error: Error): UserError =>
  new UserError(
    `Not enough memory for ${mode} with a batch of ${batch}: ${error.message.trim().replace(/\.$/, '')}.`,
    'Use a smaller --batch.',
  );

const ms = (value: number): string => value.toPrecision(4);
