/** What a pickle works on: its bytes, one after another, a stack of values, and a memo of those to be recalled. */
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

/** Throws UserError, as all its methods do, where the file is cut off or asks for what a batch does not. */
export class PickleMachine {
  private at = 0;
  private values = 0;
  private readonly stack: Value[] = [];
  private readonly memo = new Map<number, Value>();

  constructor(
    private readonly bytes: Buffer,
    private readonly where: string,
  ) {}

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

  /** The one value that is left. */
  result(): Unpickled {
    if (this.stack.length !== 1) throw this.broken(`it leaves ${this.stack.length} values`);
    return this.plain(this.pop(), 0);
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
