/** Elements, made short. Texts are set as text: nothing here reads markup. */
export const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

export const button = (text: string, onClick: () => void): HTMLButtonElement => {
  const made = element('button', { type: 'button' }, text);
  made.addEventListener('click', onClick);
  return made;
};

export const select = (
  title: string,
  options: readonly { readonly value: string; readonly text: string }[],
  chosen: string,
  onChange: (value: string) => void,
): HTMLLabelElement => {
  const list = element('select', {}, ...options.map(({ value, text }) => element('option', { value }, text)));
  list.value = chosen;
  list.addEventListener('change', () => onChange(list.value));
  return element('label', { class: 'select' }, `${title} `, list);
};

/** Once nothing else is to be done, but soon; Safari cannot tell. */
export const whenIdle = (work: () => void): void => {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 1000 });
  else setTimeout(work, 100);
};

/** Saves a file on the reader's machine. */
export const download = (name: string, content: Blob): void => {
  const address = URL.createObjectURL(content);
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};
