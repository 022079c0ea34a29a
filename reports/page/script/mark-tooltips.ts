/**
 * What a mark says, for readers who have no mouse: a tap shows it, and so do the arrow keys where the chart has the focus. Screen readers
 * say it, and leave the keys to the chart as they do to an application.
 */
import { element } from './dom.js';

/** An element that Vega drew knows what it shows. */
interface Drawn extends Element {
  readonly __data__?: { readonly tooltip?: unknown };
}

export const tellMarks = (chart: HTMLElement): void => {
  chart.setAttribute('role', 'application');
  chart.setAttribute('aria-roledescription', 'chart');
  const said = element('div', { class: 'said', role: 'status' });
  chart.append(said);
  let told: Element | null = null;
  const forget = (): void => {
    told?.dispatchEvent(new MouseEvent('mouseout', { bubbles: true }));
    told = null;
    said.textContent = '';
  };
  const tell = (mark: Drawn, at: Pick<MouseEvent, 'clientX' | 'clientY'>): void => {
    forget();
    told = mark;
    said.textContent = String(mark.__data__?.tooltip ?? '');
    const event = { bubbles: true, clientX: at.clientX, clientY: at.clientY };
    mark.dispatchEvent(new MouseEvent('mouseover', event));
    mark.dispatchEvent(new PointerEvent('pointermove', event));
    keepInWindow();
    document.addEventListener('pointerdown', forget, { once: true });
  };
  chart.addEventListener('click', (event) => {
    if (event.target instanceof Element && hasTooltip(event.target)) tell(event.target, event);
  });
  chart.tabIndex = 0;
  chart.addEventListener('blur', forget);
  chart.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') forget();
    const marks = [...chart.querySelectorAll('svg *')].filter(hasTooltip);
    const mark = marks[stepped(event.key, told === null ? -1 : marks.indexOf(told), marks.length)];
    if (mark === undefined) return;
    event.preventDefault();
    mark.scrollIntoView({ block: 'nearest' });
    const { left, top, width, height } = mark.getBoundingClientRect();
    tell(mark, { clientX: left + width / 2, clientY: top + height / 2 });
  });
};

/** Where a tooltip fits on no side of its mark, it would stand out of a narrow window. */
const keepInWindow = (): void => {
  const tooltip = document.getElementById('vg-tooltip-element');
  if (tooltip === null) return;
  const { left, top, width } = tooltip.getBoundingClientRect();
  tooltip.style.left = `${Math.max(0, Math.min(left, document.documentElement.clientWidth - width))}px`;
  tooltip.style.top = `${Math.max(0, top)}px`;
};

const hasTooltip = (element: Drawn): boolean => (element.__data__?.tooltip ?? null) !== null;

/** Where a key leads among so many, from -1, before the first, on; -1 where it leads nowhere. */
const stepped = (key: string, from: number, count: number): number => {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return Math.min(from + 1, count - 1);
    case 'ArrowLeft':
    case 'ArrowUp':
      return Math.max(from - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return -1;
  }
};
