import type { Explanation } from '../../../reports/explanations.js';
import { didYouMean } from '../../user/did-you-mean.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printLine, printPainted, printProse, type Register } from '../command.js';
import { textTable } from '../views/table.js';

const HEADINGS = {
  term: 'words and verdicts',
  caution: 'cautions',
  column: 'columns of results.csv',
  chart: 'charts',
} as const;

export const explainCommand: Register = (program) => {
  program
    .command('explain')
    .summary('what a column, a verdict, a caution or a chart means')
    .description('Explains a word that reports use: what it means and, of a caution, what to do.')
    .argument('[word...]', 'a column, verdict, caution or chart (default: list them all)')
    .option('--json', 'print JSON; see lightbench schema explain')
    .addHelpText(
      'after',
      examples(
        'explain undecided',
        'explain noise floor',
        'explain few-seeds',
        'explain budget_residual',
        'explain',
      ),
    )
    .action(async (words: readonly string[], { json }: { readonly json?: true }) => {
      const word = words.length === 0 ? undefined : words.join(' ');
      const { EXPLANATIONS } = await import('../../../reports/explanations.js');
      const found = word === undefined ? EXPLANATIONS : meantBy(word, EXPLANATIONS);
      if (word !== undefined && found.length === 0) {
        throw new UserError(
          `Unknown word "${word}".`,
          didYouMean(
            word,
            EXPLANATIONS.map(({ name }) => name),
            'lightbench explain lists all words.',
          ),
        );
      }
      if (json) return printJson(found);
      if (word !== undefined) {
        for (const { name, kind, unit, text } of found) {
          printProse(`${name} (${kind}${unit === '' ? '' : `, in ${unit}`}): ${text}`);
        }
        return;
      }
      for (const [kind, heading] of Object.entries(HEADINGS)) {
        const rows = found
          .filter((one) => one.kind === kind)
          .map(({ name, text }) => [name, firstSentence(text)]);
        printPainted(textTable([{ heading }, { heading: '' }], rows));
        printLine();
      }
    });
};

/** What has this name; where nothing has, the terms that it is a word of: `deploy` of deploy form. */
const meantBy = (word: string, all: readonly Explanation[]): readonly Explanation[] => {
  const named = all.filter(({ name }) => alike(name, word));
  if (named.length > 0) return named;
  return all.filter(({ kind, name }) => kind === 'term' && name.split(' ').some((one) => alike(one, word)));
};

/** `Noise floor`, `noise-floor` and `noise_floor` are one. */
const alike = (one: string, other: string): boolean => plain(one) === plain(other);

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const firstSentence = (text: string): string => /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
