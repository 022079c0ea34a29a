/** The commands that README and docs print for a shell, as they stand there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DocumentedCommand {
  readonly file: string;
  /** Without its comment. */
  readonly line: string;
}

const FILES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Lines of blocks for a shell: those without a language, or of bash. Of others only those of git, which prepare what follows. */
export const documentedCommands = (): readonly DocumentedCommand[] =>
  FILES.flatMap((file) =>
    sections(file)
      .filter(({ language }) => language === '' || language === 'bash')
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => /\bnpx lightbench\b|^git /.test(line))
      .map((line) => ({ file, line: line.replace(/\s+#.*$/, '').trim() })),
  );

/** Commands within sentences, but for those with a placeholder. */
export const mentionedCommands = (): readonly DocumentedCommand[] =>
  FILES.flatMap((file) =>
    sections(file)
      .filter(({ language }) => language === null)
      .flatMap(({ text }) => [...text.matchAll(/`((?:npx )?lightbench [a-z]+ [^`]*)`/g)])
      .map(([, line = '']) => ({ file, line: line.replaceAll('\n', ' ') }))
      .filter(({ line }) => !/<|\b[A-Z]{3,}\b|\.\.\./.test(line)),
  );

/** A file taken apart into its blocks of code and the text between, whose language is null. */
const sections = (file: string): { readonly language: string | null; readonly text: string }[] =>
  readFileSync(file, 'utf8')
    .split(/^```/m)
    .map((text, index) => {
      if (index % 2 === 0) return { language: null, text };
      const [language = '', ...lines] = text.split('\n');
      return { language: language.trim(), text: lines.join('\n') };
    });

/** The arguments after `npx lightbench`, as a shell reads them; several where a line has several commands. */
export const argumentsOf = (line: string): readonly (readonly string[])[] =>
  [...line.matchAll(/\b(?:npx )?lightbench ([^&]*)/g)].map(([, rest = '']) =>
    [...rest.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
      ([, double, single, bare]) => double ?? single ?? bare ?? '',
    ),
  );
