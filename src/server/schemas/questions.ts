import { type Static, Type } from 'typebox';
import { NOISE_KEYS } from '../../events/count-noise.ts';
import { GROUPINGS } from '../owner-rows.ts';
import { ROW_ORDERS } from '../timeline.ts';
import { eventFilters, list, text, whole } from './parts.ts';

/** What is not declared is refused. */
const closed = { additionalProperties: false };

export const OUTCOMES = ['succeeded', 'failed', 'in progress', 'superseded', 'unknown'] as const;
export const ALL_GROUPINGS = [...GROUPINGS, 'story'] as const;

function oneOf<const Word extends string>(words: readonly Word[], description: string) {
  return Type.Optional(Type.Unsafe<Word>({ type: 'string', enum: words, description }));
}

export const eventsQuestion = Type.Object(
  {
    ...eventFilters,
    limit: whole('so many on a page (default 500)', 5_000),
    cursor: text('the `next` of the page before'),
    order: oneOf(
      ['newest', 'oldest'],
      'which page is first: that of the newest (default), or of the oldest; on each page the oldest come first',
    ),
  },
  closed,
);

export const storyFilters = {
  cluster: eventFilters.cluster,
  namespace: eventFilters.namespace,
  for: eventFilters.for,
};

export const storiesQuestion = Type.Object(
  {
    ...storyFilters,
    since: text('only what had not ended by then: 15m, 2h, 7d ago, or an RFC 3339 time'),
    until: text('only what began before: the same'),
    outcome: list(OUTCOMES.join(', ')),
    limit: whole('so many on a page: the latest first page (default 20)', 1_000),
    cursor: text('the `next` of the page before'),
  },
  closed,
);

export const whyQuestion = Type.Object(
  {
    ...storyFilters,
    limit: whole('at most so many that are wrong, and so many that were (default: all)', 10_000),
  },
  closed,
);

export const topQuestion = Type.Object(
  {
    ...eventFilters,
    by: oneOf(NOISE_KEYS, 'what is counted (default: reasons)'),
    rows: whole('so many of the loudest (default 20)', 10_000),
    parts: whole('in how many parts the time is cut (default 20)', 2_000),
  },
  closed,
);

export const objectsQuestion = Type.Object(
  {
    cluster: eventFilters.cluster,
    namespace: eventFilters.namespace,
    for: eventFilters.for,
    kind: eventFilters.kind,
    since: text('objects that were not gone before'),
    until: text('objects that were made before'),
    limit: whole('so many on a page (default 500)', 5_000),
    cursor: text('the `next` of the page before'),
  },
  closed,
);

export const coverageQuestion = Type.Object(
  {
    cluster: eventFilters.cluster,
    namespace: eventFilters.namespace,
    since: eventFilters.since,
    until: eventFilters.until,
  },
  closed,
);

export const facetsQuestion = Type.Object(
  { ...eventFilters, limit: whole('so many values of each (default 100)', 10_000) },
  closed,
);

export const timelineQuestion = Type.Object(
  {
    ...eventFilters,
    since: text(
      'begin of the viewport: a duration ago, an RFC 3339 time, or microseconds since 1970 (default: the first happening)',
    ),
    until: text('end of the viewport: the same (default: the last happening)'),
    width: whole('buckets across the viewport: as many as pixels, at most (default 600)', 4_000),
    group: oneOf(ALL_GROUPINGS, 'what the rows are (default: owner)'),
    expand: list(
      'ids of rows that show those below them; `all`; `few`: all, when that makes no more than 60 rows',
    ),
    collapse: list('ids of rows that do not, with expand=all or expand=few'),
    order: oneOf(ROW_ORDERS, 'of rows beside each other (default: warnings, the most first)'),
    rows: whole('at most so many rows (default 100)', 1_000, 0),
    offset: whole('rows left out before (default 0)', 10_000_000, 0),
    bars: whole('at most so many bars in a row (default 100)', 1_000, 0),
    reasons: whole('so many reasons of each bucket of the histogram (default 0)', 10, 0),
  },
  closed,
);

export const liveQuestion = Type.Object(
  {
    ...eventFilters,
    lastEventId: text('where to go on, for those who cannot send the header Last-Event-ID'),
    limit: whole('of the backfill, only the newest so many', 100_000),
    only: list('kinds of messages wanted: events, stories, coverage (default: all)'),
  },
  closed,
);

export type EventFilters = Omit<Static<typeof eventsQuestion>, 'limit' | 'cursor' | 'order'>;
export type ObjectsQuestion = Static<typeof objectsQuestion>;
export type TimelineParameters = Static<typeof timelineQuestion>;
