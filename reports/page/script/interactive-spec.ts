/** A chart's spec made to answer: one candidate stands out by a signal, and axes can be moved. */
import type { TopLevelSpec } from 'vega-lite';
import type { Layer } from '../../charts/chart.js';

/** The signal that names the candidate. */
export const FOCUS = 'focus';

type Layered = Extract<TopLevelSpec, { layer: readonly unknown[] }>;

/** `zoom` is how often the middle of the axes is enlarged; `canZoom` is false where a finger would move the axes instead of the page. */
export const interactiveSpec = (
  spec: TopLevelSpec,
  { zoom, canZoom }: { readonly zoom: number; readonly canZoom: boolean },
): TopLevelSpec => {
  const layered = spec as Layered;
  const axes = (['x', 'y'] as const).filter((axis) => isContinuous(layered, axis));
  const target = layered.layer.findIndex(isOnAxes);
  return {
    ...layered,
    params: [{ name: FOCUS, value: null }],
    encoding: zoomed(layered.encoding, axes, zoom),
    layer: layered.layer.map((layer, index) => ({
      ...(axes.length === 0 ? layer : clipped(layer)),
      ...(hasCandidates(layer, layered) ? { encoding: standingOut(layer) } : {}),
      ...(index === target && axes.length > 0 && canZoom
        ? {
            params: [
              {
                name: 'zoom',
                select: { type: 'interval', encodings: axes, zoom: WHEEL },
                bind: 'scales',
              },
            ],
          }
        : {}),
    })),
  } as TopLevelSpec;
};

/** A wheel alone scrolls the page. */
const WHEEL = 'wheel![event.ctrlKey || event.metaKey || event.shiftKey]';

interface Channel {
  readonly type?: string;
  readonly value?: number;
  readonly scale?: { readonly domain?: readonly number[]; readonly type?: string } | null;
}

const channelOf = (encoding: unknown, axis: 'x' | 'y'): Channel | undefined =>
  (encoding as Partial<Record<'x' | 'y', Channel>> | undefined)?.[axis];

const isContinuous = ({ encoding }: Layered, axis: 'x' | 'y'): boolean => {
  const channel = channelOf(encoding, axis);
  return channel?.type === 'quantitative' && channel.scale !== null && channel.scale?.domain !== undefined;
};

/** Whether its marks stand where the axes of the chart say: a place for the selection that moves them. */
const isOnAxes = (layer: Layer): boolean =>
  !('data' in layer && layer.data) &&
  channelOf(layer.encoding, 'x') === undefined &&
  channelOf(layer.encoding, 'y') === undefined &&
  markOf(layer).type !== 'text';

const markOf = (layer: Layer): { readonly type: string; readonly opacity?: number } => {
  const mark = 'mark' in layer ? layer.mark : 'point';
  return typeof mark === 'string' ? { type: mark } : (mark as { type: string; opacity?: number });
};

/** Data of what stands beside the plot: symbols of rows, names at the ends of curves. */
const BESIDE: ReadonlySet<unknown> = new Set(['rows', 'columns', 'labels']);

/** What stands beside the plot stays; Vega-Lite would clip it where axes can be moved. */
const clipped = (layer: Layer): Layer => {
  const { data } = layer as { readonly data?: { readonly name?: string } };
  return { ...layer, mark: { ...markOf(layer), clip: !BESIDE.has(data?.name) } } as Layer;
};

const hasCandidates = (layer: Layer, { data }: Layered): boolean => {
  const own = 'data' in layer && layer.data ? layer.data : data;
  const [first] = own && 'values' in own && Array.isArray(own.values) ? own.values : [];
  return typeof first === 'object' && first !== null && 'candidate' in first;
};

const PALE = 0.12;

const standingOut = (layer: Layer) => {
  const { opacity = 1 } = markOf(layer);
  return {
    ...layer.encoding,
    opacity: {
      condition: { test: `${FOCUS} === null || datum.candidate === ${FOCUS}`, value: opacity },
      value: PALE * opacity,
    },
  };
};

const zoomed = (encoding: Layered['encoding'], axes: readonly ('x' | 'y')[], zoom: number) =>
  zoom === 1
    ? encoding
    : {
        ...encoding,
        ...Object.fromEntries(
          axes.map((axis) => {
            const channel = channelOf(encoding, axis);
            const { domain = [0, 1], type } = channel?.scale ?? {};
            return [axis, { ...channel, scale: { ...channel?.scale, domain: middleOf(domain, type, zoom) } }];
          }),
        ),
      };

const middleOf = ([low = 0, high = 1]: readonly number[], type: string | undefined, zoom: number) => {
  const [to, from] = type === 'log' ? [Math.log, Math.exp] : [Number, Number];
  const [a, b] = [to(low), to(high)];
  const [middle, half] = [(a + b) / 2, (b - a) / 2 / zoom];
  return [from(middle - half), from(middle + half)];
};
