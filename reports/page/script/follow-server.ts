/** On a page that lightbench serves: whenever the run has got further, the content is fetched and put in place of the old one. */
import { element } from './dom.js';

export const followServer = (restart: () => void): void => {
  const main = document.querySelector<HTMLElement>('main[data-live]');
  if (main === null) return;
  const status = element('p', { class: 'live', role: 'status' }, 'Live: the page follows the run.');
  document.body.append(status);
  const events = new EventSource('events');
  let hasEnded = false;
  events.addEventListener('changed', async () => {
    const response = await fetch('./');
    if (!response.ok) return;
    const next = new DOMParser().parseFromString(await response.text(), 'text/html');
    main.replaceChildren(...(next.querySelector('main')?.childNodes ?? []));
    if (!hasEnded) status.textContent = `Live: as of ${new Date().toLocaleTimeString()}.`;
    restart();
  });
  events.addEventListener('ended', () => {
    hasEnded = true;
    status.textContent = 'The run has come to its end, and this is its last state.';
    events.close();
  });
  events.addEventListener('error', () => {
    status.textContent = 'lightbench does not answer: this is the last state that it told.';
  });
};
