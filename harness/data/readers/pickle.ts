/**
 * The Python batches of CIFAR are pickles, and a pickle is a program. This reads those that hold what these batches hold: a dictionary of
 * text, lists of whole numbers and text, and one numpy array of bytes. Nothing is executed: the two names of numpy that such a file calls
 * are known by their text and stand for an array; anything else that a pickle may do is refused.
 */
import { UserError } from '../../user/user-error.js';

/** An array of bytes. */
export interface ByteArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

export type Unpickled = string | number | null | boolean | readonly Unpickled[] | ByteArray | Entries;

/** A dictionary; keys are text. */
export type Entries = ReadonlyMap<string, Unpickled>;

type Value =
  | { kind: 'text'; bytes: Buffer }
  | { kind: 'number'; value: number }
  | { kind: 'constant'; value: null | boolean }
  | { kind: 'list' | 'tuple'; items: Value[] }
  | { kind: 'dictionary'; entries: Map<string, Value> }
  | { kind: 'name'; name: string }
  | { kind: 'array'; array: ByteArray | null }
  | { kind: 'dtype' }
  | { kind: 'mark' };

const RECONSTRUCT = ['numpy.core.multiarray _reconstruct', 'numpy._core.multiarray _reconstruct'];
const NAMES: ReadonlySet<string> = new Set([...RECONSTRUCT, 'numpy ndarray', 'numpy dtype']);

/** Values on the stack, in lists and in the memo: a batch has a few ten thousand. */
const MOST_VALUES = 2_000_000;

/** Throws UserError where the file is cut off, or does anything that a batch does not. */
export const unpickle = (bytes: Buffer, where: string): Unpickled => new Reader(bytes, where).read();

class Reader {
  private at = 0;
  private values = 0;
  private readonly stack: Value[] = [];
  private readonly memo = new Map<number, Value>();

  constructor(
    private readonly bytes: Buffer,
    private readonly where: string,
  ) {}

  read(): Unpickled {
    for (;;) {
      const code = this.take(1)[0] ?? 0;
      if (code === STOP) break;
      const operation = OPERATIONS[code];
      if (operation === undefined) {
        throw this.broken(`it asks for the operation 0x${code.toString(16)}, which these batches have not`);
      }
      operation(this);
    }
    if (this.stack.length !== 1) throw this.broken(`it leaves ${this.stack.length} values`);
    return this.plain(this.pop(), 0);
  }

  broken(what: string): UserError {
    return new UserError(
      `${this.where} is no batch of CIFAR in Python's format: ${what} (at byte ${this.at}).`,
      'Unpack the distributed archive anew, or use the binary version.',
    );
  }

  take(count: number): Buffer {
    if (count < 0 || this.at + count > this.bytes.length) throw this.broken('it is cut off');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end === -1 || end - this.at > 100) throw this.broken('a name does not end');
    const text = this.take(end - this.at).toString('latin1');
    this.take(1);
    return text;
  }

  push(value: Value): void {
    this.values += 1;
    if (this.values > MOST_VALUES) throw this.broken(`it holds more than ${MOST_VALUES} values`);
    this.stack.push(value);
  }

  pop(): Value {
    const value = this.stack.pop();
    if (value === undefined || value.kind === 'mark') throw this.broken('a value is missing');
    return value;
  }

  top(): Value {
    const value = this.stack.at(-1);
    if (value === undefined || value.kind === 'mark') throw this.broken('a value is missing');
    return value;
  }

  /** What lies above the last mark, which goes. */
  untilMark(): Value[] {
    const mark = this.stack.findLastIndex(({ kind }) => kind === 'mark');
    if (mark === -1) throw this.broken('a mark is missing');
    const above = this.stack.splice(mark);
    return above.slice(1);
  }

  remember(key: number): void {
    this.memo.set(key, this.top());
  }

  recall(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) throw this.broken(`it recalls ${key}, which it never kept`);
    this.push(value);
  }

  name(): void {
    const name = `${this.line()} ${this.line()}`;
    if (!NAMES.has(name)) throw this.broken(`it calls ${JSON.stringify(name.replace(' ', '.'))}`);
    this.push({ kind: 'name', name });
  }

  /** A call, of the two that make an array. */
  reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    if (callee.kind !== 'name' || args.kind !== 'tuple') throw this.broken('it calls what is no function');
    if (callee.name === 'numpy dtype') {
      const [type] = args.items;
      if (type?.kind !== 'text' || !/^[|<>=]?u1$/.test(type.bytes.toString('latin1')))
        throw this.broken('its array is not of bytes');
      this.push({ kind: 'dtype' });
    } else if (RECONSTRUCT.includes(callee.name)) {
      this.push({ kind: 'array', array: null });
    } else throw this.broken(`it calls ${callee.name}`);
  }

  /** The state of an array: version, shape, type, order, bytes. */
  build(): void {
    const state = this.pop();
    const target = this.top();
    if (state.kind !== 'tuple') throw this.broken('a state is no tuple');
    if (target.kind === 'dtype') return;
    const [, shape, type, order, data] = state.items;
    const isArray =
      target.kind === 'array' &&
      target.array === null &&
      shape?.kind === 'tuple' &&
      type?.kind === 'dtype' &&
      data?.kind === 'text';
    if (!isArray) throw this.broken('it gives a state to what has none');
    const sides = shape.items.map((side) =>
      side.kind === 'number' && side.value >= 0 ? side.value : Number.NaN,
    );
    if (order?.kind === 'constant' && order.value === true) throw this.broken('its array is in column order');
    if (sides.reduce((product, side) => product * side, 1) !== data.bytes.length) {
      throw this.broken(`its array of ${sides.join('x')} has ${data.bytes.length} bytes`);
    }
    target.array = { shape: sides, values: new Uint8Array(data.bytes) };
  }

  setItems(items: readonly Value[]): void {
    const target = this.top();
    if (target.kind !== 'dictionary' || items.length % 2 !== 0)
      throw this.broken('it adds entries to what is no dictionary');
    for (let index = 0; index < items.length; index += 2) {
      const [key, value] = [items[index], items[index + 1]];
      if (key?.kind !== 'text' || value === undefined) throw this.broken('a key is no text');
      target.entries.set(key.bytes.toString('latin1'), value);
    }
  }

  append(items: readonly Value[]): void {
    const target = this.top();
    if (target.kind !== 'list') throw this.broken('it appends to what is no list');
    for (const item of items) target.items.push(item);
  }

  private plain(value: Value, depth: number): Unpickled {
    if (depth > 4) throw this.broken('it is nested too deeply');
    // What is recalled from the memo many times stands for as much.
    this.values += 1;
    if (this.values > 2 * MOST_VALUES) throw this.broken(`it stands for more than ${MOST_VALUES} values`);
    switch (value.kind) {
      case 'text':
        return value.bytes.toString('latin1');
      case 'number':
      case 'constant':
        return value.value;
      case 'list':
      case 'tuple':
        return value.items.map((item) => this.plain(item, depth + 1));
      case 'dictionary':
        return new Map([...value.entries].map(([key, item]) => [key, this.plain(item, depth + 1)]));
      case 'array':
        if (value.array !== null) return value.array;
        throw this.broken('its array has no values');
      default:
        throw this.broken(`it holds a ${value.kind}`);
    }
  }
}

const STOP = 0x2e;

const number = (reader: Reader, value: number): void => reader.push({ kind: 'number', value });
const text = (reader: Reader, length: number): void =>
  reader.push({ kind: 'text', bytes: reader.take(length) });
const constant = (value: null | boolean) => (reader: Reader) => reader.push({ kind: 'constant', value });
const tuple = (count: number) => (reader: Reader) => {
  const items = Array.from({ length: count }, () => reader.pop()).reverse();
  reader.push({ kind: 'tuple', items });
};

/** By opcode; of the protocols 0 to 2, those that occur in such files. */
const OPERATIONS: Readonly<Record<number, (reader: Reader) => void>> = {
  128: (reader) => {
    const [protocol = 0] = reader.take(1);
    if (protocol !== 2) throw reader.broken(`its protocol is ${protocol}, not 2`);
  },
  [code('}')]: (reader) => reader.push({ kind: 'dictionary', entries: new Map() }),
  [code(']')]: (reader) => reader.push({ kind: 'list', items: [] }),
  [code('(')]: (reader) => reader.push({ kind: 'mark' }),
  [code('q')]: (reader) => reader.remember(reader.take(1)[0] ?? 0),
  [code('r')]: (reader) => reader.remember(reader.take(4).readUInt32LE()),
  [code('h')]: (reader) => reader.recall(reader.take(1)[0] ?? 0),
  [code('j')]: (reader) => reader.recall(reader.take(4).readUInt32LE()),
  [code('U')]: (reader) => text(reader, reader.take(1)[0] ?? 0),
  [code('T')]: (reader) => text(reader, reader.take(4).readInt32LE()),
  [code('X')]: (reader) => text(reader, reader.take(4).readUInt32LE()),
  [code('K')]: (reader) => number(reader, reader.take(1)[0] ?? 0),
  [code('M')]: (reader) => number(reader, reader.take(2).readUInt16LE()),
  [code('J')]: (reader) => number(reader, reader.take(4).readInt32LE()),
  [code('N')]: constant(null),
  136: constant(true),
  137: constant(false),
  133: tuple(1),
  134: tuple(2),
  135: tuple(3),
  [code('t')]: (reader) => reader.push({ kind: 'tuple', items: reader.untilMark() }),
  [code('c')]: (reader) => reader.name(),
  [code('R')]: (reader) => reader.reduce(),
  [code('b')]: (reader) => reader.build(),
  [code('a')]: (reader) => {
    const item = reader.pop();
    reader.append([item]);
  },
  [code('e')]: (reader) => reader.append(reader.untilMark()),
  [code('s')]: (reader) => {
    const value = reader.pop();
    const key = reader.pop();
    reader.setItems([key, value]);
  },
  [code('u')]: (reader) => reader.setItems(reader.untilMark()),
};

function code(character: string): number {
  return character.charCodeAt(0);
}
