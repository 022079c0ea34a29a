/** From the names of an exporter to paths of ours. */
import type { FileNode } from './file-node.js';

/** `layer1.0.conv1.weight`: the name of a module's parameter as PyTorch gives it. */
const PARAMETER = /^([\w-]+(?:\.[\w-]+)*)\.\w+$/;

/**
 * The module whose parameter it is, or else the scope in which the exporter found the node: `/blocks/blocks.0/act/Clip` is
 * `blocks.0.act.clip`.
 */
export const pathOf = ({ name, operator, outputs }: FileNode, parameter?: string): string => {
  const [, module] = PARAMETER.exec(parameter ?? '') ?? [];
  if (module !== undefined) return module;
  const parts = scopesOf(name === '' ? (outputs[0] ?? '') : name);
  return parts.length === 0 ? operator.toLowerCase() : parts.join('.');
};

const scopesOf = (name: string): readonly string[] => {
  const scopes: string[] = [];
  for (const part of name.split('/')) {
    const last = scopes.at(-1);
    if (last !== undefined && part.startsWith(`${last}.`)) scopes.pop();
    scopes.push(part);
  }
  const operation = scopes.pop()?.toLowerCase() ?? '';
  return [...scopes, operation]
    .flatMap((part) => part.split('.'))
    .map((part) => part.replace(/[^\w-]/g, '_'))
    .filter((part) => part !== '');
};
