import type { ClusterInfo, EventQuery } from '../events/query.ts';
import type { RecordReader } from '../objects/object-query.ts';
import type { EventIndex } from './event-index.ts';
import { filterEntries } from './filter-entries.ts';
import { openHappenings } from './tally-window.ts';

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

/** What was counted of numbered things: voices, namespaces, kinds. */
interface Sums {
  readonly events: Float64Array;
  readonly count: Float64Array;
  readonly warnings: Float64Array;
}

async function count(
  index: EventIndex,
  query: EventQuery,
  store: Pick<RecordReader, 'readEvents'>,
  facets: readonly Facet[],
  signal: AbortSignal,
): Promise<Map<Facet, Map<string, Counted>>> {
  const matches = await filterEntries(index, query, store, signal);
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
  const walk = openHappenings(index, { since, until });
  const [firsts, lasts] = [index.first.values(), index.last.values()];
  const [voiceOf, spaceOf, objectOf] = [index.voice.values(), index.space.values(), index.object.values()];
  const voices = index.voices.items;
  const kinds = numberKinds(index);
  const byVoice = startSums(voices.length);
  const bySpace = startSums(index.spaces.items.length);
  const byKind = startSums(kinds.names.length);
  const size = index.size();
  let sum = 0;
  const take = (_from: number, _to: number, happened: number) => {
    sum += happened;
  };
  for (let entry = 0; entry < size; entry++) {
    const first = firsts[entry] ?? 0;
    const last = lasts[entry] ?? 0;
    if (first > last || last < since || first >= until || !matches(entry)) continue;
    sum = 0;
    walk(entry, take);
    if (sum === 0) continue;
    const voice = voiceOf[entry] ?? 0;
    const warns = voices[voice]?.warns === true;
    addTo(byVoice, voice, sum, warns);
    addTo(bySpace, spaceOf[entry] ?? 0, sum, warns);
    addTo(byKind, kinds.numbers[objectOf[entry] ?? 0] ?? 0, sum, warns);
  }
  const spaces = index.spaces.items;
  const names: Readonly<Record<Facet, readonly [Sums, readonly string[]]>> = {
    clusters: [bySpace, spaces.map(({ cluster }) => cluster)],
    namespaces: [bySpace, spaces.map(({ namespace }) => namespace)],
    kinds: [byKind, kinds.names],
    reasons: [byVoice, voices.map(({ reason }) => reason)],
    types: [byVoice, voices.map(({ type }) => type)],
    components: [byVoice, voices.map(({ component, controller }) => component || controller)],
  };
  return new Map(facets.map((facet) => [facet, sumByName(...names[facet])]));
}

/** The kind of each object, by number. */
function numberKinds({ objects }: EventIndex) {
  const names: string[] = [];
  const known = new Map<string, number>();
  const numbers = Uint32Array.from(objects, ({ home: { id } }) => {
    const number = known.get(id.kind) ?? names.length;
    if (number === names.length) names.push(id.kind);
    known.set(id.kind, number);
    return number;
  });
  return { names, numbers };
}

function startSums(length: number): Sums {
  return {
    events: new Float64Array(length),
    count: new Float64Array(length),
    warnings: new Float64Array(length),
  };
}

function addTo({ events, count, warnings }: Sums, number: number, happened: number, warns: boolean): void {
  events[number] = (events[number] ?? 0) + 1;
  count[number] = (count[number] ?? 0) + happened;
  if (warns) warnings[number] = (warnings[number] ?? 0) + happened;
}

/** What has the same name counts together; what there was nothing of is left out. */
function sumByName(sums: Sums, names: readonly string[]): Map<string, Counted> {
  const values = new Map<string, Counted>();
  for (const [number, value] of names.entries()) {
    const [events = 0, count = 0, warnings = 0] = [
      sums.events[number],
      sums.count[number],
      sums.warnings[number],
    ];
    if (events === 0) continue;
    const known = values.get(value) ?? { value, events: 0, count: 0, warnings: 0 };
    values.set(value, known);
    known.events += events;
    known.count += count;
    known.warnings += warnings;
  }
  return values;
}
