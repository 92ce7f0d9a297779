import type { ClusterInfo, EventQuery } from '../events/query.ts';
import type { RecordReader } from '../objects/object-query.ts';
import type { EventIndex } from './event-index.ts';
import { type EntryFilter, everything, filterEntries } from './filter-entries.ts';
import { addToSums, hasEvents, type Sums, startSums, totalsOf } from './sums.ts';
import { createWindowTally } from './tally-window.ts';

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
  const isWhole = matches === everything && query.since === undefined && query.until === undefined;
  const { voice, space, kind } = isWhole ? readEverything(index) : countEntries(index, matches, query);
  const [spaces, voices] = [index.spaces.items, index.voices.items];
  const names: Readonly<Record<Facet, readonly [Sums, readonly string[]]>> = {
    clusters: [space, spaces.map(({ cluster }) => cluster)],
    namespaces: [space, spaces.map(({ namespace }) => namespace)],
    kinds: [kind, index.kinds.items],
    reasons: [voice, voices.map(({ reason }) => reason)],
    types: [voice, voices.map(({ type }) => type)],
    components: [voice, voices.map(({ component, controller }) => component || controller)],
  };
  return new Map(facets.map((facet) => [facet, sumByName(...names[facet])]));
}

/** Per voice, space and kind. */
type CountedParts = Readonly<Record<'voice' | 'space' | 'kind', Sums>>;

function readEverything({ sums }: EventIndex): CountedParts {
  return { voice: sums.of('voice'), space: sums.of('space'), kind: sums.of('kind') };
}

function countEntries(index: EventIndex, matches: EntryFilter, query: EventQuery): CountedParts {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
  const tally = createWindowTally(index, { since, until, buckets: 1 });
  const { found } = tally;
  const [firsts, lasts] = [index.first.values(), index.last.values()];
  const [voiceOf, spaceOf, objectOf] = [index.voice.values(), index.space.values(), index.object.values()];
  const warns = Uint8Array.from(index.voices.items, (voice) => Number(voice.warns));
  const kindOf = new Uint32Array(index.objects.length);
  for (const [object, { kind }] of index.objects.entries()) kindOf[object] = kind;
  const voice = startSums(index.voices.items.length);
  const space = startSums(index.spaces.items.length);
  const kind = startSums(index.kinds.items.length);
  const size = index.size();
  for (let entry = 0; entry < size; entry++) {
    const first = firsts[entry] ?? 0;
    const last = lasts[entry] ?? 0;
    if (first > last || last < since || first >= until || !matches(entry) || !tally.measure(entry)) continue;
    const { count, from, to } = found;
    if (count === 0) continue;
    const said = voiceOf[entry] ?? 0;
    const warnings = warns[said] === 1 ? count : 0;
    addToSums(voice, said, 1, count, warnings, from, to);
    addToSums(space, spaceOf[entry] ?? 0, 1, count, warnings, from, to);
    addToSums(kind, kindOf[objectOf[entry] ?? 0] ?? 0, 1, count, warnings, from, to);
  }
  return { voice, space, kind };
}

/** What has the same name counts together; what there was nothing of is left out. */
function sumByName(sums: Sums, names: readonly string[]): Map<string, Counted> {
  const values = new Map<string, Counted>();
  for (const [number, value] of names.entries()) {
    if (!hasEvents(sums, number)) continue;
    const { events, count, warnings } = totalsOf(sums, number);
    const known = values.get(value) ?? { value, events: 0, count: 0, warnings: 0 };
    values.set(value, known);
    known.events += events;
    known.count += count;
    known.warnings += warnings;
  }
  return values;
}
