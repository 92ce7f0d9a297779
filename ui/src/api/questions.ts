import { formatMicroTime } from '../../../src/lib/rfc3339.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { Moment } from '../view/moment.ts';
import { FILTERS, type Fold, type View } from '../view/view.ts';

type Filtered = Pick<View, 'filters' | 'text'>;

/** Of how many rows the order is asked for. */
const ORDERED_ROWS = 500;

/**
 * @param buckets in how many equal parts happenings are counted
 * @param fold how rows stand that nobody touched
 * @param rows at most so many
 */
export function askTimeline(
  view: View,
  window: TimeWindow | undefined,
  buckets: number,
  fold: Fold,
  rows: number,
): string {
  const query = filterQuery(view);
  if (window !== undefined) {
    query.set('since', String(Math.round(window.from)));
    query.set('until', String(Math.round(window.to)));
  }
  query.set('width', String(Math.max(1, Math.min(4_000, Math.round(buckets)))));
  query.set('group', view.by);
  query.set('order', 'warnings');
  query.set('rows', String(rows));
  if (fold !== 'closed') query.set('expand', fold === 'open' ? 'all' : 'few');
  const isKnownRow = (id: string) => /^[0-9a-z]+$/i.test(id);
  for (const id of view.toggled.filter(isKnownRow)) {
    if (fold !== 'closed') query.append('collapse', id);
    if (fold !== 'open') query.append('expand', id);
  }
  return `v1/timeline?${query}`;
}

/** So many reasons a column of the histogram tells. */
const TOLD_REASONS = 3;

/** The whole time's happenings, without rows. */
export function askOverview(view: Filtered, buckets: number): string {
  const query = filterQuery(view);
  query.set('width', String(Math.max(1, Math.min(4_000, Math.round(buckets)))));
  query.set('rows', '0');
  query.set('bars', '0');
  query.set('reasons', String(TOLD_REASONS));
  return `v1/timeline?${query}`;
}

/** The topmost rows in the order in which they are shown, over the whole time: those that warn most first. */
export function askOrder(view: Pick<View, 'filters' | 'text' | 'by'>): string {
  const query = filterQuery(view);
  query.set('width', '1');
  query.set('bars', '0');
  query.set('group', view.by);
  query.set('rows', String(ORDERED_ROWS));
  query.set('order', 'warnings');
  return `v1/timeline?${query}`;
}

export function askFacets(view: Filtered): string {
  const query = filterQuery(view);
  query.set('limit', '200');
  return `v1/facets?${query}`;
}

/** So much of what is wrong, and as much of what was: the gravest first. */
const FINDINGS = 100;

export function askWhy({ filters }: Filtered): string {
  const query = scopeQuery(filters);
  query.set('limit', String(FINDINGS));
  return `v1/why?${query}`;
}

export function askStories({ filters }: Filtered, window: TimeWindow | undefined, limit: number): string {
  const query = scopeQuery(filters);
  addTimes(query, window);
  query.set('limit', String(limit));
  return `v1/stories?${query}`;
}

export function askStory(id: string): string {
  return `v1/stories/${encodeURIComponent(id)}`;
}

/** Stories that touch an object. */
export function askStoriesOf(object: {
  kind: string;
  name: string;
  namespace: string;
  cluster: string;
}): string {
  const query = new URLSearchParams({ for: `${object.kind}/${object.name}`, limit: '200' });
  if (object.namespace !== '') query.set('namespace', object.namespace);
  if (object.cluster !== '') query.set('cluster', object.cluster);
  return `v1/stories?${query}`;
}

export function askEvents(view: Filtered, window: TimeWindow | undefined, limit: number): string {
  const query = filterQuery(view);
  addTimes(query, window);
  query.set('limit', String(limit));
  return `v1/events?${query}`;
}

/** What is looked for while someone types: the last word may be the beginning of one. */
export function soughtText(text: string): string {
  return /[\p{L}\p{N}]$/u.test(text) ? `${text}*` : text;
}

/** What is repeated on a URL for the record as a whole to follow. */
export function filterQuery({ filters, text }: Filtered): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of FILTERS) for (const value of filters[name]) query.append(name, value);
  if (text.trim() !== '') query.set('text', soughtText(text));
  return query;
}

function scopeQuery(filters: View['filters']): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ['cluster', 'namespace'] as const)
    for (const value of filters[name]) query.append(name, value);
  return query;
}

function addTimes(query: URLSearchParams, window: TimeWindow | undefined): void {
  if (window === undefined) return;
  query.set('since', formatMicroTime(window.from));
  query.set('until', formatMicroTime(window.to));
}

export function askEvent(id: string): string {
  return `v1/events/${encodeURIComponent(id)}`;
}

/** What an object's Events tell of a stretch of time. */
export function askMoment({ cluster, kind, namespace, name, from, to }: Moment): string {
  const query = new URLSearchParams({ for: `${kind}/${name}`, limit: '100' });
  if (namespace !== '') query.set('namespace', namespace);
  if (cluster !== '') query.set('cluster', cluster);
  addTimes(query, { from, to });
  return `v1/events?${query}`;
}
