/**
 * The text form of a choice, as written in suites and on the command line:
 *
 *   choice  = name [ "(" [ setting { "," setting } ] ")" ]
 *   setting = word "=" value
 *   value   = number | "true" | "false" | list | choice
 *   name    = word | path
 *   list    = "[" [ number { "," number } ] "]"
 *
 * for example `lightnet(block=meta-light(spatial=depthwise(kernel=5)), widths=[16,32,64,128])`. A choice without settings is
 * a name, and a word may also be the value of an option: which of the two, the part that receives it decides. A path has a slash and
 * names the file or folder of a part; whoever reads files puts the part in its place.
 */
import { shown } from '../harness/graph/domain.js';
import { UserError } from '../harness/user/user-error.js';
import type { AnyDefinition, Choice, OptionValue } from './part.js';

/** Parses a choice. Throws UserError with the position of what does not fit the grammar. */
export const parseChoice = (text: string): Choice => new Parser(text).whole((parser) => parser.choice());

/** Parses `key=value`; a list may stand without its brackets: `widths=16,32,64`. */
export const parseSetting = (text: string): readonly [key: string, value: OptionValue] =>
  new Parser(text).whole((parser) => [parser.key(), parser.openValue()]);

/** The canonical text of a choice: settings in alphabetical order, no spaces. A user's own part is printed by its id. */
export const printChoice = ({ id, set = {} }: Choice): string => {
  const settings = Object.entries(set)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${printValue(value)}`);
  const name = typeof id === 'string' ? id : id.id;
  return settings.length === 0 ? name : `${name}(${settings.join(',')})`;
};

/** An option's value as text. What no option could hold is described, for the message that refuses it. */
export const printValue = (value: OptionValue): string => {
  if (typeof value === 'string') return value.includes('(') ? printChoice(parseChoice(value)) : value;
  if (isList(value)) return `[${value.join(',')}]`;
  if (isDefinition(value)) return value.id;
  return isChoice(value) ? printChoice(value) : shown(value);
};

/** The choice that a value stands for where a part is expected. Throws UserError where it cannot be one. */
export const asChoice = (value: OptionValue): Choice => {
  if (typeof value === 'string') return parseChoice(value);
  if (isDefinition(value)) return { id: value };
  if (isChoice(value)) return value;
  throw new UserError(
    `${printValue(value)} is not a part.`,
    'Use an id, with options in brackets if needed: depthwise(kernel=5); an object { id, set }; or the result of a define function.',
  );
};

/** Values come from suite files and users' programs, whose types nobody may have checked. */
const isList = (value: unknown): value is readonly number[] => Array.isArray(value);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]';

const isDefinition = (value: unknown): value is AnyDefinition => isRecord(value) && 'instantiate' in value;

const isChoice = (value: unknown): value is Choice =>
  isRecord(value) &&
  (typeof value.id === 'string' || isDefinition(value.id)) &&
  (value.set === undefined || isRecord(value.set)) &&
  Object.keys(value).every((key) => key === 'id' || key === 'set');

const WORD = /[A-Za-z][\w.-]*/y;
const PATH = /(?:[A-Za-z]:|[\w.-]+)?[/\\][^\s(),=[\]]*/y;
const NUMBER = /[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Parser {
  private position = 0;

  constructor(private readonly text: string) {}

  whole<T>(rule: (parser: Parser) => T): T {
    const result = rule(this);
    this.skipSpaces();
    if (this.position < this.text.length) this.fail('the end');
    return result;
  }

  choice(): Choice {
    return this.settings(this.name('the id of a part'));
  }

  key(): string {
    const key = this.word('the name of an option');
    if (!this.take('=')) this.fail('=');
    return key;
  }

  openValue(): OptionValue {
    const value = this.value();
    return typeof value === 'number' && this.take(',') ? [value, ...this.numbers()] : value;
  }

  private value(): OptionValue {
    if (this.take('[')) return this.list();
    const number = this.match(NUMBER);
    if (number !== undefined) return Number(number);
    const name = this.name('a value');
    if (name === 'true' || name === 'false') return name === 'true';
    const choice = this.settings(name);
    return choice.set ? choice : name;
  }

  private settings(id: string): Choice {
    if (!this.take('(') || this.take(')')) return { id };
    const settings = new Map<string, OptionValue>();
    do {
      const key = this.key();
      if (settings.has(key)) this.fail(`each option once (${key} is there twice)`);
      settings.set(key, this.value());
    } while (this.take(','));
    if (!this.take(')')) this.fail(', or )');
    return { id, set: Object.fromEntries(settings) };
  }

  private list(): readonly number[] {
    if (this.take(']')) return [];
    const numbers = this.numbers();
    if (!this.take(']')) this.fail(', or ]');
    return numbers;
  }

  private numbers(): readonly number[] {
    const numbers: number[] = [];
    do numbers.push(Number(this.match(NUMBER) ?? this.fail('a number')));
    while (this.take(','));
    return numbers;
  }

  private name(expected: string): string {
    return this.match(PATH) ?? this.word(expected);
  }

  private word(expected: string): string {
    return this.match(WORD) ?? this.fail(expected);
  }

  private take(symbol: string): boolean {
    this.skipSpaces();
    if (!this.text.startsWith(symbol, this.position)) return false;
    this.position += symbol.length;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    this.skipSpaces();
    pattern.lastIndex = this.position;
    const [found] = pattern.exec(this.text) ?? [];
    this.position += found?.length ?? 0;
    return found;
  }

  private skipSpaces(): void {
    while (this.text[this.position] === ' ') this.position += 1;
  }

  private fail(expected: string): never {
    this.skipSpaces();
    const found = this.position < this.text.length ? `"${this.text.slice(this.position)}"` : 'the end';
    throw new UserError(
      `Cannot read "${this.text}": at position ${this.position + 1}, expected ${expected}, found ${found}.`,
      'Write a choice as id(option=value, list=[16,32], slot=other-id(option=value)).',
    );
  }
}
