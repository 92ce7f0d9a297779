import type { Command } from 'commander';
import type { RecordedEvent } from '../events/event.ts';
import { lastHappenedAt } from '../events/event-time.ts';
import { matchQuery } from '../events/matches-query.ts';
import type { NamedObject } from '../events/parse-objects.ts';
import { filtersOf } from '../events/parse-objects.ts';
import type { EventQuery } from '../events/query.ts';
import type { Micros } from '../lib/time.ts';
import { limitPages } from '../sources/limit-pages.ts';
import type { FollowedPage, Source } from '../sources/source.ts';
import { type Family, mayOwn, readFamily } from '../stories/read-family.ts';

/** What `declareOwned` declares, as commander tells it. */
export interface OwnedOptions {
  readonly children?: boolean;
}

export function declareOwned(parser: Command): void {
  parser.option(
    '--no-children',
    'with --for: of these alone, without what they own (ReplicaSets, Pods, Jobs…)',
  );
}

/** Whether what is asked about takes in what it owns. */
export function takesInOwned(objects: readonly NamedObject[], { children }: OwnedOptions): boolean {
  return children !== false && objects.some(({ kinds }) => kinds.some(mayOwn));
}

/**
 * A source that answers `for` with what the objects own too: a Deployment's ReplicaSets, their Pods; those that are gone, and while following
 * those to come.
 *
 * @param source opened with objects
 * @param query what will be asked of it
 */
export async function openOwnedSource(
  source: Source,
  objects: readonly NamedObject[],
  query: EventQuery,
  signal: AbortSignal,
): Promise<Source> {
  const { reader } = source;
  const of = objects.flatMap(filtersOf);
  const family = await readFamily({ reader, objects: source.objects, query, of, signal });
  const readEvents = ({ limit, ...asked }: EventQuery, until?: AbortSignal) =>
    limitPages(keep(reader.readEvents({ ...asked, for: family.filters }, until), family.includes), limit);
  return {
    ...source,
    // What the list of Events brings up is told by the source that was opened.
    get notes() {
      return source.notes;
    },
    reader: {
      readEvents,
      readGaps: (asked) => reader.readGaps(asked),
      readClusters: () => reader.readClusters(),
      close: () => reader.close(),
    },
    async *follow(asked, until) {
      const oldest = asked.limit === undefined ? undefined : await findOldest(readEvents(asked, until));
      yield* followFamily(source, family, asked, oldest, until);
    },
  };
}

async function* followFamily(
  source: Source,
  family: Family,
  query: EventQuery,
  oldest: Micros | undefined,
  signal: AbortSignal,
): AsyncGenerator<FollowedPage> {
  const { for: _for, limit: _limit, ...asked } = query;
  const { clusters, namespaces, since, until } = asked;
  const matches = matchQuery(asked);
  // All Events of the scope: those that the question leaves out tell who owns whom.
  const scope: EventQuery = {
    ...(clusters && { clusters }),
    ...(namespaces && { namespaces }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
  for await (const page of source.follow(scope, signal)) {
    if (page.type === 'notice') {
      yield page;
      continue;
    }
    const isWanted = (record: RecordedEvent) =>
      family.includes(record) &&
      matches(record) &&
      (page.live || oldest === undefined || lastHappenedAt(record.event) >= oldest);
    const records = page.records.filter(isWanted);
    if (records.length > 0) yield { ...page, records };
  }
}

async function findOldest(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<Micros> {
  let oldest = Number.POSITIVE_INFINITY;
  for await (const page of pages)
    for (const { event } of page) oldest = Math.min(oldest, lastHappenedAt(event));
  return oldest;
}

async function* keep(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  isKept: (record: RecordedEvent) => boolean,
): AsyncGenerator<readonly RecordedEvent[]> {
  for await (const page of pages) yield page.filter(isKept);
}
