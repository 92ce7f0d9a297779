import type { RecordedEvent } from '../events/event.ts';
import { lastHappenedAt } from '../events/event-time.ts';
import { identify } from '../events/identity.ts';
import { createChangeReader } from '../follow/change-reader.ts';
import { createObjectFollower } from '../follow/follow-objects.ts';
import { createToldStories } from '../follow/told-stories.ts';
import type { Clock } from '../lib/clock.ts';
import { MINUTE, type Micros } from '../lib/time.ts';
import { type Change, identifyChange } from '../objects/change.ts';
import { nameKey } from '../objects/object.ts';
import type { Store } from '../store/store.ts';
import type { Step, Story } from '../stories/story.ts';
import type { Span, Trace } from '../traces/span.ts';
import { traceStories } from '../traces/trace-stories.ts';

/** The store, as far as it is read here. */
export type ReadStore = Pick<
  Store,
  | 'readEvents'
  | 'readChanged'
  | 'readPlace'
  | 'readObjects'
  | 'readChanges'
  | 'readSize'
  | 'readClusters'
  | 'readCoverage'
>;

/** The record as it grows, told as stories and traced. */
export interface ToldRecord {
  /** Reads what is new, as much as there is room for; the stories that are new or different, and those that are gone. */
  read(signal: AbortSignal): Promise<{ readonly told: readonly Story[]; readonly gone: readonly Story[] }>;
  get(id: string): Story | undefined;
  /** Traces of stories, in their order; one that is gone has none. */
  trace(ids: readonly string[]): readonly (readonly [Story, Trace])[];
  findEvent(source: string): RecordedEvent | undefined;
  /** Stories that tell a source. */
  telling(sources: ReadonlySet<string>): readonly Story[];
  /** Events held. */
  size(): number;
  /** Whether all that was there at the start has been read. */
  isWhole(): boolean;
  /** Forgets the oldest of what is over, object by object, until half the room is left. */
  forget(isDone: (story: Story) => boolean): void;
}

export interface ToldRecordOptions {
  readonly store: ReadStore;
  readonly clock: Clock;
  /** So many Events are held, where what they tell is sent. */
  readonly most: number;
  /** Everything that happened from then on is read at the start; undefined: the newest `most` Events. */
  readonly since: Micros | undefined;
}

export async function openToldRecord({ store, clock, most, since }: ToldRecordOptions): Promise<ToldRecord> {
  const events = new Map<string, RecordedEvent>();
  const changes = new Map<string, Change>();
  const byId = new Map<string, Story>();
  const coverageEnds = new Map<string, Micros>();
  let clusterNames: ReadonlyMap<string, string> = new Map();
  const stories = createToldStories(nowOf);
  const objects = createObjectFollower(store, clock, {
    object: stories.addObject,
    change(change) {
      changes.set(identifyChange(change), change);
      stories.addChange(change);
    },
  });
  let reader = createChangeReader(store, await store.readPlace());
  let scan: AsyncIterator<readonly RecordedEvent[]> | undefined = openScan(since);

  function openScan(from: Micros | undefined): AsyncIterator<readonly RecordedEvent[]> {
    const pages = store.readEvents(from === undefined ? { limit: most } : { since: from });
    return pages[Symbol.asyncIterator]();
  }

  /** Until when a cluster's record goes: now, where it is listened to. */
  function nowOf(cluster: string, latest: Micros): Micros {
    const now = clock.now();
    const end = coverageEnds.get(cluster);
    if (scan !== undefined || end === undefined) return latest;
    return Math.max(latest, now - end <= MINUTE ? now : end);
  }

  function add(record: RecordedEvent): void {
    events.set(`${record.cluster}/${identify(record.event)}`, record);
    stories.addEvent(record);
  }

  async function readEvents(): Promise<void> {
    while (events.size < 2 * most) {
      if (scan !== undefined) {
        const page = await scan.next();
        if (page.done === true) scan = undefined;
        else page.value.forEach(add);
        // Others have their turn meanwhile.
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      const batch = await reader.next();
      if (batch === undefined) return;
      if (batch === 'gone') {
        const last = [...events.values()].reduce((at, { event }) => Math.max(at, lastHappenedAt(event)), 0);
        reader = createChangeReader(store, await store.readPlace());
        scan = openScan(last - MINUTE);
      } else for (const record of batch.records) if (record !== undefined) add(record);
    }
  }

  async function readClusters(): Promise<void> {
    const clusters = await store.readClusters();
    clusterNames = new Map(clusters.map(({ uid, name }) => [uid, name]));
    for (const { uid } of clusters)
      for (const { to } of await store.readCoverage(uid))
        coverageEnds.set(uid, Math.max(to, coverageEnds.get(uid) ?? to));
  }

  function refresh() {
    const news = stories.refresh();
    const gone = news.gone.map((id) => byId.get(id)).filter((story) => story !== undefined);
    for (const id of news.gone) byId.delete(id);
    for (const story of news.told) byId.set(story.id, story);
    return { told: news.told, gone };
  }

  return {
    async read(signal) {
      await readEvents();
      await objects.read(signal);
      await readClusters();
      return refresh();
    },
    get: (id) => byId.get(id),
    trace(ids) {
      const wanted = ids.map((id) => byId.get(id)).filter((story) => story !== undefined);
      const all = stories.all();
      const heard = {
        findEvent: (id: string) => events.get(id),
        findChange: (id: string) => changes.get(id),
      };
      return [...Map.groupBy(wanted, ({ object }) => object.cluster)].flatMap(([cluster, some]) => {
        const asOf = stories.ofCluster(cluster)?.asOf ?? 0;
        const traces = traceStories(some, { asOf, heard, clusterNames, all });
        return some.map((story, index) => [story, traces[index]] as const).filter(isTraced);
      });
    },
    findEvent: (source) => events.get(source),
    telling: (sources) =>
      [...byId.values()].filter((story) => [...sourcesOf(story)].some((id) => sources.has(id))),
    size: () => events.size,
    isWhole: () => scan === undefined,
    forget(isDone) {
      const groups = Map.groupBy(byId.values(), ({ object }) => nameKey(object));
      const done = [...groups.values()]
        .filter((group) => group.every((story) => story.endsAt !== undefined && isDone(story)))
        .map((group) => ({ group, lastAt: Math.max(...group.map(({ lastAt }) => lastAt)) }))
        .sort((a, b) => a.lastAt - b.lastAt);
      for (const { group } of done) {
        if (events.size <= most) break;
        for (const story of group) for (const source of sourcesOf(story)) events.delete(source);
      }
      stories.clear();
      byId.clear();
      changes.clear();
      objects.forget();
      events.forEach(stories.addEvent);
    },
  };
}

function isTraced(pair: readonly [Story, Trace | undefined]): pair is readonly [Story, Trace] {
  return pair[1] !== undefined;
}

/** What a story is made from. */
export function sourcesOf(
  { steps }: { readonly steps: readonly Step[] },
  into = new Set<string>(),
): Set<string> {
  for (const step of steps) {
    for (const source of step.sources) into.add(source);
    sourcesOf(step, into);
  }
  return into;
}

/** The root of a trace whose story is told otherwise now, where that was sent. */
export function movedSpan(
  root: Pick<Span, 'traceId' | 'spanId'>,
  from: Micros,
  to: Micros,
  now: readonly string[],
): Span {
  return {
    ...root,
    parentSpanId: '',
    name: 'Story.Moved',
    from,
    to,
    open: false,
    error: undefined,
    attributes: { 'hark.moved': true, ...(now.length > 0 && { 'hark.moved_to': now }) },
    events: [],
    droppedEvents: 0,
    links: [],
    droppedLinks: 0,
    resource: { attributes: { 'service.name': 'hark' } },
    stepId: '',
  };
}

/** When the first of some stories began; undefined when none of them is told. */
export function firstBegin(record: Pick<ToldRecord, 'get'>, ids: Iterable<string>): Micros | undefined {
  let first: Micros | undefined;
  for (const id of ids) {
    const from = record.get(id)?.from;
    if (from !== undefined) first = Math.min(first ?? from, from);
  }
  return first;
}
