/**
 * The Python batches of CIFAR are pickles, and a pickle is a program. This reads those that hold what these batches hold: a dictionary of
 * text, lists of whole numbers and text, and one numpy array of bytes. Nothing is executed: the two names of numpy that such a file calls
 * are known by their text and stand for an array; anything else that a pickle may do is refused.
 */
import { PickleMachine, type Unpickled } from './pickle-machine.js';

/** Throws UserError where the file is cut off, or does anything that a batch does not. */
export const unpickle = (bytes: Buffer, where: string): Unpickled => {
  const machine = new PickleMachine(bytes, where);
  for (;;) {
    const code = machine.take(1)[0] ?? 0;
    if (code === STOP) return machine.result();
    const operation = OPERATIONS[code];
    if (operation === undefined) {
      throw machine.broken(`it asks for the operation 0x${code.toString(16)}, which these batches have not`);
    }
    operation(machine);
  }
};

const STOP = 0x2e;

const number = (machine: PickleMachine, value: number): void => machine.push({ kind: 'number', value });
const text = (machine: PickleMachine, length: number): void =>
  machine.push({ kind: 'text', bytes: machine.take(length) });
const constant = (value: null | boolean) => (machine: PickleMachine) =>
  machine.push({ kind: 'constant', value });
const tuple = (count: number) => (machine: PickleMachine) => {
  const items = Array.from({ length: count }, () => machine.pop()).reverse();
  machine.push({ kind: 'tuple', items });
};

/** By opcode; of the protocols 0 to 2, those that occur in such files. */
const OPERATIONS: Readonly<Record<number, (machine: PickleMachine) => void>> = {
  128: (machine) => {
    const [protocol = 0] = machine.take(1);
    if (protocol !== 2) throw machine.broken(`its protocol is ${protocol}, not 2`);
  },
  [code('}')]: (machine) => machine.push({ kind: 'dictionary', entries: new Map() }),
  [code(']')]: (machine) => machine.push({ kind: 'list', items: [] }),
  [code('(')]: (machine) => machine.push({ kind: 'mark' }),
  [code('q')]: (machine) => machine.remember(machine.take(1)[0] ?? 0),
  [code('r')]: (machine) => machine.remember(machine.take(4).readUInt32LE()),
  [code('h')]: (machine) => machine.recall(machine.take(1)[0] ?? 0),
  [code('j')]: (machine) => machine.recall(machine.take(4).readUInt32LE()),
  [code('U')]: (machine) => text(machine, machine.take(1)[0] ?? 0),
  [code('T')]: (machine) => text(machine, machine.take(4).readInt32LE()),
  [code('X')]: (machine) => text(machine, machine.take(4).readUInt32LE()),
  [code('K')]: (machine) => number(machine, machine.take(1)[0] ?? 0),
  [code('M')]: (machine) => number(machine, machine.take(2).readUInt16LE()),
  [code('J')]: (machine) => number(machine, machine.take(4).readInt32LE()),
  [code('N')]: constant(null),
  136: constant(true),
  137: constant(false),
  133: tuple(1),
  134: tuple(2),
  135: tuple(3),
  [code('t')]: (machine) => machine.push({ kind: 'tuple', items: machine.untilMark() }),
  [code('c')]: (machine) => machine.name(),
  [code('R')]: (machine) => machine.reduce(),
  [code('b')]: (machine) => machine.build(),
  [code('a')]: (machine) => {
    const item = machine.pop();
    machine.append([item]);
  },
  [code('e')]: (machine) => machine.append(machine.untilMark()),
  [code('s')]: (machine) => {
    const value = machine.pop();
    const key = machine.pop();
    machine.setItems([key, value]);
  },
  [code('u')]: (machine) => machine.setItems(machine.untilMark()),
};

function code(character: string): number {
  return character.charCodeAt(0);
}
