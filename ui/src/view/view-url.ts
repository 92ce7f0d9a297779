import { readDuration } from '../../../src/lib/parse-duration.ts';
import { formatMicroTime, parseTime } from '../../../src/lib/rfc3339.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/lib/time.ts';
import { LONGEST, limitWindow } from '../time/time-window.ts';
import { type Choice, FILTERS, FIRST_VIEW, FOLDS, GROUPINGS, PAGES, type Span, type View } from './view.ts';

/**
 * The view as the query of a URL, with its `?`: empty for the first view. Names and times are those of the command line:
 * `?namespace=shop&since=2026-11-23T16:24:00Z&until=…`; `since=1h` alone follows the clock.
 */
export function formatView(view: View): string {
  const query = new URLSearchParams();
  if (view.page !== FIRST_VIEW.page) query.set('view', view.page);
  for (const name of FILTERS) for (const value of view.filters[name]) query.append(name, value);
  if (view.text !== '') query.set('text', view.text);
  for (const [name, value] of formatSpan(view.span)) query.set(name, value);
  if (view.by !== FIRST_VIEW.by) query.set('by', view.by);
  if (view.fold !== FIRST_VIEW.fold) query.set('fold', view.fold);
  for (const id of view.toggled) query.append('row', id);
  if (view.choice !== undefined) query.set(view.choice.kind, view.choice.id);
  if (view.choice?.kind === 'story' && view.choice.step !== '') query.set('step', view.choice.step);
  for (const id of view.compare) query.append('compare', id);
  if (view.zone !== FIRST_VIEW.zone) query.set('zone', view.zone);
  if (view.times !== FIRST_VIEW.times) query.set('times', view.times);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The view that a URL's query asks for; what it says wrongly is as if it were not there: a shared link never ends in an error page. */
export function parseView(search: string): View {
  const query = new URLSearchParams(search);
  return {
    page: oneOf(PAGES, query.get('view')) ?? FIRST_VIEW.page,
    span: parseSpan(query.get('since'), query.get('until')),
    by: oneOf(GROUPINGS, query.get('by')) ?? FIRST_VIEW.by,
    filters: {
      cluster: all(query, 'cluster'),
      namespace: all(query, 'namespace'),
      kind: all(query, 'kind'),
      type: all(query, 'type'),
      reason: all(query, 'reason'),
    },
    text: query.get('text') ?? '',
    fold: oneOf(FOLDS, query.get('fold')) ?? FIRST_VIEW.fold,
    toggled: all(query, 'row'),
    choice: parseChoice(query),
    zone: oneOf(['utc', 'local'], query.get('zone')) ?? FIRST_VIEW.zone,
    times: oneOf(['clock', 'ago'], query.get('times')) ?? FIRST_VIEW.times,
    compare: all(query, 'compare').slice(0, 2),
  };
}

function formatSpan(span: Span): [string, string][] {
  if (span.kind === 'all') return [];
  if (span.kind === 'last') return [['since', formatDuration(span.length)]];
  return [
    ['since', formatMicroTime(span.from)],
    ['until', formatMicroTime(span.to)],
  ];
}

/** As the command line takes it, in the longest unit that says it exactly: `36h`. */
export function formatDuration(length: number): string {
  const units = [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
  ] as const;
  const [name, unit] = units.find(([, size]) => length % size === 0) ?? ['s', SECOND];
  return `${Math.max(1, Math.round(length / unit))}${name}`;
}

function parseSpan(since: string | null, until: string | null): Span {
  if (since === null) return FIRST_VIEW.span;
  const [from, to] = [parseTime(since), until === null ? undefined : parseTime(until)];
  if (from !== undefined && to !== undefined) return { kind: 'fixed', ...limitWindow({ from, to }) };
  const length = readDuration(since) ?? 0;
  return length > 0 ? { kind: 'last', length: Math.min(length, LONGEST) } : FIRST_VIEW.span;
}

function parseChoice(query: URLSearchParams): Choice | undefined {
  const [story, step] = [query.get('story') ?? '', query.get('step') ?? ''];
  if (story !== '') return { kind: 'story', id: story, step };
  for (const kind of ['event', 'finding', 'moment'] as const) {
    const id = query.get(kind) ?? '';
    if (id !== '') return { kind, id };
  }
  return undefined;
}

function all(query: URLSearchParams, name: string): string[] {
  return [...new Set(query.getAll(name).filter((value) => value !== ''))];
}

function oneOf<T extends string>(values: readonly T[], value: string | null): T | undefined {
  return values.find((each) => each === value);
}
