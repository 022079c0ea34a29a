/** The value of a cost formula of the catalogue, such as `(0.5 C K + 4 C² / K) P`, where its letters have these values. */
export const evaluateFormula = (formula: string, letters: Readonly<Record<string, number>>): number => {
  const tokens = formula.match(/[A-Z][₁₂]?|²|\d+(?:\.\d+)?|[()+\-/]/g) ?? [];
  let position = 0;
  const take = (token: string): boolean => {
    if (tokens[position] !== token) return false;
    position += 1;
    return true;
  };

  const sum = (): number => {
    let value = term();
    for (;;) {
      if (take('+')) value += term();
      else if (take('-')) value -= term();
      else return value;
    }
  };
  const term = (): number => {
    let value = power();
    while (position < tokens.length && !/[)+-]/.test(tokens[position] ?? '')) {
      value = take('/') ? value / power() : value * power();
    }
    return value;
  };
  const power = (): number => {
    const value = atom();
    return take('²') ? value ** 2 : value;
  };
  const atom = (): number => {
    if (take('-')) return -atom();
    if (take('(')) {
      const value = sum();
      if (!take(')')) throw new Error(`${formula}: ) is missing`);
      return value;
    }
    const token = tokens[position] ?? '';
    position += 1;
    const value = letters[token] ?? Number(token);
    if (token === '' || Number.isNaN(value)) throw new Error(`${formula}: "${token}" has no value`);
    return value;
  };

  const value = sum();
  if (position < tokens.length) throw new Error(`${formula}: ${tokens.slice(position).join(' ')} is left`);
  return value;
};
