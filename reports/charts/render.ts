/** Drawings as SVG text, rendered here: the page needs no script. */
import type { Drawing } from './chart.js';
import { CHART_WIDTH } from './frame.js';

/** An `svg` element for an HTML page: scales to the width it is given, has a name for screen readers, and a tooltip per mark. */
export const renderSvg = async ({ spec, margins }: Drawing): Promise<string> => {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: vegaSpec } = compile(
    { ...spec, autosize: 'none', padding: margins, background: 'transparent' },
    { config: { legend: { disable: true } } },
  );
  const view = new View(parse(vegaSpec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return asImage(withoutUnseen(withTooltips(shortNumbers(svg))), spec.description ?? '');
};

/** Positions to a hundredth of a pixel: of many marks, more digits are most of the file. */
const shortNumbers = (svg: string): string =>
  svg.replace(/ (?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"/g, (attribute) =>
    attribute.replace(/\d+\.\d{3,}/g, (number) => String(Math.round(100 * Number(number)) / 100)),
  );

/** In HTML the namespaces are implied; the size is that of the place it stands in. */
const asImage = (svg: string, description: string): string =>
  svg.replace(/^<svg [^>]*viewBox="([^"]*)"[^>]*>/, (_, viewBox: string) => {
    const [, , width = CHART_WIDTH, height = 0] = viewBox.split(' ');
    return `<svg viewBox="${viewBox}" width="${width}" height="${height}" role="img" aria-label="${attribute(description)}">`;
  });

/**
 * Vega writes the description of a mark as an attribute; browsers show the text of a `title` element. The other roles and labels
 * go: nothing within an image has one.
 */
const withTooltips = (svg: string): string =>
  svg
    .replace(
      /<(path|line|rect) aria-label="([^"]*)" role="graphics-symbol"([^>]*)\/>/g,
      (_, tag: string, label: string, attributes: string) =>
        `<${tag}${attributes}><title>${label}</title></${tag}>`,
    )
    .replace(/<[a-z]+ [^>]*>/g, (tag) => tag.replace(/ (?:aria-[a-z]+|role|class)="[^"]*"/g, ''));

/** Vega draws the background and the foreground of every group, of every curve, too, though they have no colour. */
const withoutUnseen = (svg: string): string => svg.replace(/<path d="[^"]*"( display="none")?\/>/g, '');

const attribute = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
