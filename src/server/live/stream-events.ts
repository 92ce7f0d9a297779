import type { RecordedEvent } from '../../events/event.ts';
import { matchQuery } from '../../events/matches-query.ts';
import type { EventQuery } from '../../events/query.ts';
import { type ChangeBatch, createChangeReader, idOf } from '../../follow/change-reader.ts';
import { formatCursor, parseCursor } from '../cursor.ts';
import { formatEdge, parseEdge } from '../event-edge.ts';
import { readAfter } from '../event-pages.ts';
import type { HubNews } from '../hub.ts';
import type { Served } from '../served.ts';
import { formatEventsFrame, formatFrame, frameBatch } from './frames.ts';
import type { LiveConnection } from './live-connection.ts';
import type { LiveId } from './live-id.ts';

/** Changes that are remembered while a reader takes its backfill; who takes longer is let go. */
const MOST_CHANGED = 500_000;
const PAGE = 100;

export interface LiveQuestion {
  readonly query: EventQuery;
  /** Those who ask the same share what is made for them. */
  readonly key: string;
  /** Where to go on; undefined: begin now. */
  readonly from: LiveId | undefined;
  /** Whether all that matches is told first. */
  readonly backfill: boolean;
}

/**
 * Tells what matches, first what there is (if asked for), then, without a hole and without telling a state twice, what changes. Ends with the
 * connection.
 */
export async function streamEvents(
  served: Served,
  question: LiveQuestion,
  connection: LiveConnection,
): Promise<void> {
  const { hub } = served;
  const { limit: _, ...query } = question.query;
  const matches = matchQuery(query);
  const { from } = question;
  await hub.catchUp();
  let start: LiveId = from ?? { type: 'place', place: hub.place() };
  if (start.type === 'backfill' || (from === undefined && question.backfill)) {
    const place = start.type === 'within' ? start.after : start.place;
    const cursor = start.type === 'backfill' ? start.cursor : undefined;
    if (!(await backfill(served, question.query, place, cursor, connection))) return;
    start = { type: 'place', place };
  }
  const id: LiveId = start;
  connection.send([formatFrame('live', '{}', id)]);
  const place = await catchUp(served, start, matches, connection);
  if (connection.signal.aborted) return;
  const leave = hub.subscribe((news) => {
    if (news.type === 'reset') connection.send([formatReset(news.upto)]);
    else if (news.upto > place) connection.send(framesOf(news, question.key, matches));
  });
  connection.signal.addEventListener('abort', leave, { once: true });
}

/** Tells what changed since a place until the hub stands where this reader does. */
async function catchUp(
  { store, hub }: Served,
  start: Exclude<LiveId, { type: 'backfill' }>,
  matches: (record: RecordedEvent) => boolean,
  connection: LiveConnection,
): Promise<number> {
  const isWithin = start.type === 'within';
  const reader = createChangeReader(
    store,
    isWithin ? start.after : start.place,
    isWithin ? start.upto : undefined,
  );
  let skip = isWithin ? start.told : 0;
  while (!connection.signal.aborted) {
    const batch = await reader.next();
    if (batch === 'gone') {
      await hub.catchUp();
      connection.send([formatReset(hub.place())]);
      return hub.place();
    }
    if (batch !== undefined)
      for (const frame of frameBatch(batch, matches, skip)) await connection.sendPatiently(frame);
    skip = 0;
    if (reader.place() > hub.place()) await hub.catchUp();
    if (reader.place() === hub.place()) break;
  }
  return reader.place();
}

/**
 * Tells what there is, oldest first, but for what changed since the place: that comes after it.
 *
 * @returns false when the reader has gone
 */
async function backfill(
  { store, hub }: Served,
  query: EventQuery,
  place: number,
  cursor: string | undefined,
  connection: LiveConnection,
): Promise<boolean> {
  const changed = new Set<string>();
  const note = ({ records }: Pick<ChangeBatch, 'records'>) => {
    for (const record of records) if (record !== undefined) changed.add(idOf(record));
    if (changed.size > MOST_CHANGED)
      connection.end('too-slow', 'the backfill takes too long: too much has changed meanwhile');
  };
  // From here on, what changes is heard of; what changed before is read.
  const leave = hub.subscribe((news) => {
    if (news.type === 'changes') note(news);
  });
  try {
    const reader = createChangeReader(store, place);
    while (reader.place() < hub.place()) {
      const batch = await reader.next();
      if (batch === undefined || batch === 'gone') break;
      note(batch);
    }
    for await (const page of readPages(store, query, cursor, connection.signal)) {
      // What this page shows may be newer than what was heard of.
      await hub.catchUp();
      const fresh = page.filter((record) => !changed.has(idOf(record)));
      const last = page.at(-1);
      if (fresh.length === 0 || last === undefined) continue;
      const id = { type: 'backfill', place, cursor: formatCursor('live', formatEdge(last)) } as const;
      await connection.sendPatiently(formatEventsFrame(fresh, true, id));
      if (connection.signal.aborted) return false;
    }
    return !connection.signal.aborted;
  } finally {
    leave();
  }
}

/** In time order, from the cursor on; without one, the newest where the query has a limit. */
async function* readPages(
  store: Served['store'],
  query: EventQuery,
  cursor: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly RecordedEvent[]> {
  const { limit, ...unlimited } = query;
  if (cursor === undefined) {
    for await (const page of store.readEvents(query, signal))
      for (let at = 0; at < page.length; at += PAGE) yield page.slice(at, at + PAGE);
    return;
  }
  for (let edge: RecordedEvent | undefined = parseEdge(parseCursor('live', cursor), cursor); ; ) {
    const page: RecordedEvent[] = await readAfter(store, unlimited, PAGE, edge, () => true, signal);
    yield page;
    edge = page.at(-1);
    if (edge === undefined || page.length < PAGE) return;
  }
}

/** What many ask alike is made once. */
const made = new WeakMap<object, Map<string, readonly Buffer[]>>();

function framesOf(
  batch: HubNews & { readonly type: 'changes' },
  key: string,
  matches: (record: RecordedEvent) => boolean,
): readonly Buffer[] {
  const known = made.get(batch) ?? new Map<string, readonly Buffer[]>();
  made.set(batch, known);
  const frames = known.get(key) ?? frameBatch(batch, matches);
  known.set(key, frames);
  return frames;
}

function formatReset(place: number): Buffer {
  return formatFrame(
    'reset',
    JSON.stringify({ message: 'the history does not go back that far: ask anew for what you show' }),
    { type: 'place', place },
  );
}
