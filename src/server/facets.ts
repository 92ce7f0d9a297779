import type { ClusterInfo, EventQuery } from '../events/query.ts';
import type { RecordReader } from '../objects/object-query.ts';
import type { EventIndex } from './event-index.ts';
import { filterEntries } from './filter-entries.ts';
import { type Window, walkHappenings } from './tally-window.ts';

/** What Events can be told apart by: which condition of a query chooses among its values. */
const FACETS = {
  clusters: 'clusters',
  namespaces: 'namespaces',
  kinds: 'kinds',
  reasons: 'reasons',
  types: 'types',
  components: 'components',
} as const satisfies Record<string, keyof EventQuery>;
type Facet = keyof typeof FACETS;

interface Counted {
  readonly value: string;
  events: number;
  count: number;
  warnings: number;
}

/**
 * The values there are of each facet, with how much happened; each under all conditions but its own, so that those beside a chosen one are
 * seen too.
 *
 * @param most at most so many values of each, the loudest
 */
export async function countFacets(
  index: EventIndex,
  query: EventQuery,
  store: Pick<RecordReader, 'readEvents'>,
  most: number,
  clusters: readonly ClusterInfo[],
  signal: AbortSignal,
): Promise<object> {
  const answer: Record<string, unknown> = {};
  const more: Record<string, number> = {};
  const byFilter = new Map<string, Facet[]>();
  for (const facet of Object.keys(FACETS) as Facet[]) {
    // Where nothing is chosen, the conditions are those of the others.
    const key = query[FACETS[facet]] === undefined ? '' : facet;
    byFilter.set(key, [...(byFilter.get(key) ?? []), facet]);
  }
  for (const facets of byFilter.values()) {
    const [facet] = facets;
    if (facet === undefined) continue;
    const { [FACETS[facet]]: _, ...others } = query;
    const counted = await count(index, others, store, facets, signal);
    for (const [name, values] of counted) {
      const sorted = [...values.values()].sort(
        (a, b) => b.warnings - a.warnings || b.count - a.count || (a.value < b.value ? -1 : 1),
      );
      answer[name] = sorted.slice(0, most).map((one) => ({
        ...one,
        count: Math.round(one.count),
        warnings: Math.round(one.warnings),
        ...(name === 'clusters' && { name: clusters.find(({ uid }) => uid === one.value)?.name ?? '' }),
      }));
      more[name] = Math.max(0, sorted.length - most);
    }
  }
  return { ...answer, more };
}

async function count(
  index: EventIndex,
  query: EventQuery,
  store: Pick<RecordReader, 'readEvents'>,
  facets: readonly Facet[],
  signal: AbortSignal,
): Promise<Map<Facet, Map<string, Counted>>> {
  const matches = await filterEntries(index, query, store, signal);
  const window: Window = {
    since: query.since ?? Number.NEGATIVE_INFINITY,
    until: query.until ?? Number.POSITIVE_INFINITY,
    buckets: 1,
  };
  const all = new Map(facets.map((facet) => [facet, new Map<string, Counted>()]));
  const size = index.size();
  for (let entry = 0; entry < size; entry++) {
    const [first, last] = [index.first.get(entry), index.last.get(entry)];
    if (first > last || last < window.since || first >= window.until || !matches(entry)) continue;
    const voice = index.voices.get(index.voice.get(entry));
    let sum = 0;
    walkHappenings(index, entry, window, (_from, _to, happened) => {
      sum += happened;
    });
    if (sum === 0) continue;
    const space = index.spaces.get(index.space.get(entry));
    for (const facet of facets) {
      const value = wordOf(facet);
      const values = all.get(facet);
      const known = values?.get(value) ?? { value, events: 0, count: 0, warnings: 0 };
      values?.set(value, known);
      known.events += 1;
      known.count += sum;
      if (voice.warns) known.warnings += sum;
    }

    function wordOf(facet: Facet): string {
      switch (facet) {
        case 'clusters':
          return space.cluster;
        case 'namespaces':
          return space.namespace;
        case 'kinds':
          return index.objects.get(index.object.get(entry)).kind;
        case 'reasons':
          return voice.reason;
        case 'types':
          return voice.type;
        case 'components':
          return voice.component || voice.controller;
      }
    }
  }
  return all;
}
