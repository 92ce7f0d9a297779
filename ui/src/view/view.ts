import { HOUR, type Micros, type MicrosLength } from '../../../src/lib/time.ts';

/** What the rows of the timeline are gathered by. */
export const GROUPINGS = ['owner', 'namespace', 'node', 'story'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const FOLDS = ['auto', 'open', 'closed'] as const;
export type Fold = (typeof FOLDS)[number];

export const PAGES = ['timeline', 'stories', 'events'] as const;
export type Page = (typeof PAGES)[number];

/** Filters that take one or several values; named as on the command line. */
export const FILTERS = ['cluster', 'namespace', 'kind', 'type', 'reason'] as const;
export type FilterName = (typeof FILTERS)[number];

/**
 * Which time is looked at:
 * - `all` there is, growing
 * - the `last` so long, following the clock
 * - a `fixed` stretch
 */
export type Span =
  | { readonly kind: 'all' }
  | { readonly kind: 'last'; readonly length: MicrosLength }
  | { readonly kind: 'fixed'; readonly from: Micros; readonly to: Micros };

/** What the panel tells of. */
export type Choice =
  | { readonly kind: 'event'; readonly id: string }
  /** @property step the step of it that is meant; empty: all of it */
  | { readonly kind: 'story'; readonly id: string; readonly step: string }
  | { readonly kind: 'finding'; readonly id: string }
  /** What an object's Events tell of a stretch of time, as `formatMoment` writes it. */
  | { readonly kind: 'moment'; readonly id: string };

/** All that decides what the page shows: it is in the URL, so that the page can be shared. */
export interface View {
  readonly page: Page;
  readonly span: Span;
  readonly by: Grouping;
  readonly filters: Readonly<Record<FilterName, readonly string[]>>;
  /** Words that must all be in one message. */
  readonly text: string;
  /** How rows stand that nobody touched; `auto`: open while there are few. */
  readonly fold: Fold;
  /** Rows that stand the other way round. */
  readonly toggled: readonly string[];
  readonly choice: Choice | undefined;
  readonly zone: 'utc' | 'local';
  /** Whether times are told by the clock or by how long ago they were. */
  readonly times: 'clock' | 'ago';
  /** Stories that are compared: none or two. */
  readonly compare: readonly string[];
}

export const NO_FILTERS: View['filters'] = { cluster: [], namespace: [], kind: [], type: [], reason: [] };

export const FIRST_VIEW: View = {
  page: 'timeline',
  span: { kind: 'all' },
  by: 'owner',
  filters: NO_FILTERS,
  text: '',
  fold: 'auto',
  toggled: [],
  choice: undefined,
  zone: 'utc',
  times: 'clock',
  compare: [],
};

/** Whether anything is left out. */
export function isFiltered({ filters, text }: Pick<View, 'filters' | 'text'>): boolean {
  return text !== '' || FILTERS.some((name) => filters[name].length > 0);
}

/** The view with a value of a filter added, or taken away when it is there. */
export function toggleFilter(view: View, name: FilterName, value: string): View {
  const before = view.filters[name];
  const after = before.includes(value) ? before.filter((each) => each !== value) : [...before, value];
  return { ...view, filters: { ...view.filters, [name]: after } };
}

/**
 * The view with a row folded that was open, or the other way round.
 * @param fold how the others stand now: said from here on, since a link must show the same rows to everyone
 */
export function toggleRow(view: View, id: string, fold: 'open' | 'closed'): View {
  const { toggled } = view;
  const isToggled = toggled.includes(id);
  return { ...view, fold, toggled: isToggled ? toggled.filter((each) => each !== id) : [...toggled, id] };
}

/** The view with times told the other way. */
export function toggleTimes(view: View): View {
  return { ...view, times: view.times === 'clock' ? 'ago' : 'clock' };
}

/** A span as a word to compare and choose by: `all`, `last 1h`, `fixed`. */
export function spanKey(span: Span): string {
  if (span.kind !== 'last') return span.kind;
  const hours = span.length / HOUR;
  if (hours < 1) return `last ${Math.round(hours * 60)}m`;
  return hours % 24 === 0 ? `last ${hours / 24}d` : `last ${hours}h`;
}
