/** The user's own Python: the program that LIGHTBENCH_PYTHON names, else `python3`. */
export const userPython = (): string => process.env.LIGHTBENCH_PYTHON ?? 'python3';
