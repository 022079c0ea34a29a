import type { Page } from 'playwright-core';

/** Pairs of texts of one chart that cover each other, and texts that stand out of the page. */
export const labelsInTheWay = (page: Page): Promise<unknown> =>
  page.evaluate(`[...document.querySelectorAll('figure:not([hidden]) svg[role=img], figure:not([hidden]) [role=application] svg')].flatMap((svg) => {
    const shown = [...svg.querySelectorAll('text')].filter((text) => text.getAttribute('opacity') !== '0');
    const boxes = shown.map((text) => ({ text: text.textContent, ...text.getBoundingClientRect().toJSON() }));
    const slack = 1.5;
    const cut = boxes.filter((a) => a.left < 0 || a.right > document.documentElement.clientWidth);
    return [
      ...cut.map(({ text }) => [text, 'cut off']),
      ...boxes.flatMap((a, index) => boxes.slice(index + 1).flatMap((b) =>
        a.left + slack < b.right && b.left + slack < a.right && a.top + slack < b.bottom && b.top + slack < a.bottom
          ? [[a.text, b.text]]
          : [])),
    ];
  })`);
