import type { RecordedEvent } from '../events/event.ts';
import { lastHappenedAt } from '../events/event-time.ts';
import type { EventQuery } from '../events/query.ts';
import { type ChangeReader, createChangeReader, idOf } from '../follow/change-reader.ts';
import { createObjectFollower } from '../follow/follow-objects.ts';
import { createToldStories } from '../follow/told-stories.ts';
import type { Clock } from '../lib/clock.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../lib/time.ts';
import { type Change, identifyChange } from '../objects/change.ts';
import type { Store } from '../store/store.ts';
import type { Story } from '../stories/story.ts';
import { linkStories } from '../traces/link-stories.ts';
import type { Trace } from '../traces/span.ts';
import { openTracer } from '../traces/trace-stories.ts';
import { chooseDone } from './choose-done.ts';
import { countSources, sourcesOf } from './sources-of.ts';

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

/** Stories that are new or told otherwise, and those that are told no more. */
export interface StoryNews {
  readonly told: readonly Story[];
  readonly gone: readonly Story[];
}

/** The record as it grows, told as stories and traced. */
export interface ToldRecord {
  /** Reads what is new, as much as there is room for, every few seconds. */
  read(signal: AbortSignal): Promise<StoryNews>;
  get(id: string): Story | undefined;
  all(): readonly Story[];
  /** Traces of stories one by one, in their order; one that is gone has none. */
  trace(ids: readonly string[]): Iterable<readonly [Story, Trace]>;
  findEvent(source: string): RecordedEvent | undefined;
  /** Which story tells each of these sources, of those that are told. */
  telling(sources: ReadonlySet<string>): ReadonlyMap<string, Story>;
  /** Whether all that was there at the start has been read. */
  isWhole(): boolean;
  /**
   * Forgets the oldest of what is over when there is no room left, object by object, until most of the room is. What is left is told anew: only what
   * comes out otherwise is news.
   *
   * @returns undefined when there is room, and while too much waits to be sent
   */
  makeRoom(isDone: (story: Story) => boolean, signal: AbortSignal): Promise<StoryNews | undefined>;
}

export interface ToldRecordOptions {
  readonly store: ReadStore;
  readonly clock: Clock;
  /** So many Events are held where what they tell is sent, twice as many where it is not. */
  readonly most: number;
  /** Everything that happened from then on is read at the start; undefined: the newest `most` Events. */
  readonly since: Micros | undefined;
}

/** Objects that were gone, and changes that were made, so long before the first Event that is held have no part in what is told. */
const REACH = HOUR;
/** Events told anew at a time: others have their turn in between. */
const SLICE = 2_000;
/** Links between stories are found anew so often: sooner than what they lead from has settled. */
const LINKS_LAST = 5 * SECOND;
/** A story that grows is told anew with all that came in between: half as often as what has ended takes to settle. */
const READ_EVERY = 5 * SECOND;
const NO_NEWS: StoryNews = { told: [], gone: [] };
/** Of what is held at most, so much is left when some of it is forgotten: all that is left is told anew. */
const LEFT = 0.2;
/** Objects are read again at most for a part of the time: a twentieth. */
const SHARE = 20;

export async function openToldRecord({ store, clock, most, since }: ToldRecordOptions): Promise<ToldRecord> {
  const events = new Map<string, RecordedEvent>();
  const changes = new Map<string, Change>();
  const byId = new Map<string, Story>();
  const coverageEnds = new Map<string, Micros>();
  const stories = createToldStories(nowOf);
  const objects = createObjectFollower(store, clock, {
    object(object) {
      if (object.deletedAt === undefined || object.deletedAt >= heldSince() - REACH)
        stories.addObject(object);
    },
    change(change) {
      if (change.at < heldSince() - REACH) return;
      changes.set(identifyChange(change), change);
      stories.addChange(change);
    },
  });
  let clusterNames: ReadonlyMap<string, string> = new Map();
  let reader: ChangeReader = createChangeReader(store, await store.readPlace());
  let scan: AsyncIterator<readonly RecordedEvent[]> | undefined = openScans([
    since === undefined ? { limit: most } : { since },
  ]);
  /** When the first Event that is held began; undefined while that is not known. */
  let oldest: Micros | undefined;
  /** So many Events are held: more than usual where more belong to what goes on. */
  let room = 2 * most;
  let readDue = Number.NEGATIVE_INFINITY;
  let objectsDue = Number.NEGATIVE_INFINITY;
  /** Made anew with each reading. */
  let tracers = new Map<string, (story: Story) => Trace>();
  let links = { made: Number.NEGATIVE_INFINITY as Micros, byStory: linkStories([]) };

  async function* openScans(queries: readonly EventQuery[]): AsyncGenerator<readonly RecordedEvent[]> {
    for (const query of queries) yield* store.readEvents(query);
  }

  function heldSince(): Micros {
    if (oldest === undefined) {
      oldest = Number.POSITIVE_INFINITY;
      for (const { occurrences } of events.values())
        oldest = Math.min(oldest, occurrences[0]?.at ?? Number.POSITIVE_INFINITY);
      if (events.size === 0) oldest = Number.NEGATIVE_INFINITY;
    }
    return oldest;
  }

  /** Until when a cluster's record goes: now, where it is listened to. */
  function nowOf(cluster: string, latest: Micros): Micros {
    const now = clock.now();
    const end = coverageEnds.get(cluster);
    if (scan !== undefined || end === undefined) return latest;
    return Math.max(latest, now - end <= MINUTE ? now : end);
  }

  function add(record: RecordedEvent): void {
    events.set(idOf(record), record);
    stories.addEvent(record);
    const at = record.occurrences[0]?.at;
    if (oldest !== undefined && at !== undefined) oldest = Math.min(oldest, at);
  }

  async function readEvents(): Promise<void> {
    while (events.size < room) {
      if (scan !== undefined) {
        const page = await scan.next();
        if (page.done === true) scan = undefined;
        else page.value.forEach(add);
        await letOthersHaveTheirTurn();
        continue;
      }
      const batch = await reader.next();
      if (batch === undefined) return;
      if (batch === 'gone') await readAnew();
      else for (const record of batch.records) if (record !== undefined) add(record);
    }
  }

  /** What changed is not known any more: the newest Events are read again, and all since the first that is held. */
  async function readAnew(): Promise<void> {
    let from = Number.POSITIVE_INFINITY;
    for (const { event } of events.values()) from = Math.min(from, lastHappenedAt(event));
    reader = createChangeReader(store, await store.readPlace());
    scan = openScans([{ limit: most }, ...(events.size === 0 ? [] : [{ since: from - MINUTE }])]);
  }

  async function readObjects(signal: AbortSignal): Promise<void> {
    const begun = clock.now();
    if (begun < objectsDue) return;
    await objects.read(signal);
    objectsDue = clock.now() + (clock.now() - begun) * SHARE;
  }

  async function readClusters(): Promise<void> {
    const clusters = await store.readClusters();
    clusterNames = new Map(clusters.map(({ uid, name }) => [uid, name]));
    for (const { uid } of clusters)
      for (const { to } of await store.readCoverage(uid))
        coverageEnds.set(uid, Math.max(to, coverageEnds.get(uid) ?? to));
  }

  function refresh(): StoryNews {
    const news = stories.refresh();
    const gone = news.gone.map((id) => byId.get(id)).filter((story) => story !== undefined);
    for (const id of news.gone) byId.delete(id);
    for (const story of news.told) byId.set(story.id, story);
    return { told: news.told, gone };
  }

  function tracerOf(cluster: string): (story: Story) => Trace {
    const known = tracers.get(cluster);
    if (known !== undefined) return known;
    const heard = {
      findEvent: (id: string) => events.get(id),
      findChange: (id: string) => changes.get(id),
    };
    const asOf = stories.ofCluster(cluster)?.asOf ?? 0;
    if (clock.now() >= links.made + LINKS_LAST)
      links = { made: clock.now(), byStory: linkStories(stories.all()) };
    const tracer = openTracer({ asOf, heard, clusterNames }, links.byStory);
    tracers.set(cluster, tracer);
    return tracer;
  }

  return {
    async read(signal) {
      if (clock.now() < readDue) return NO_NEWS;
      await readEvents();
      await readObjects(signal);
      await readClusters();
      tracers = new Map();
      // What there was no room for is read as soon as there is.
      if (events.size < room) readDue = clock.now() + READ_EVERY;
      return refresh();
    },
    get: (id) => byId.get(id),
    all: () => stories.all(),
    *trace(ids) {
      for (const id of ids) {
        const story = byId.get(id);
        if (story !== undefined) yield [story, tracerOf(story.object.cluster)(story)];
      }
    },
    findEvent: (source) => events.get(source),
    telling(sources) {
      const found = new Map<string, Story>();
      for (const story of byId.values())
        for (const source of sourcesOf(story)) if (sources.has(source)) found.set(source, story);
      return found;
    },
    isWhole: () => scan === undefined,
    async makeRoom(isDone, signal) {
      if (events.size < room) return undefined;
      const { done, freed, waiting } = chooseDone(byId.values(), isDone, events.size - LEFT * room);
      // The receiver has to take some of it first.
      if (waiting >= most) return undefined;
      room = Math.max(2 * most, events.size - freed + most);
      for (const story of done) {
        byId.delete(story.id);
        for (const source of sourcesOf(story)) events.delete(source);
      }
      const before = new Map([...byId].map(([id, story]) => [id, { story, print: fingerprint(story) }]));
      stories.clear();
      byId.clear();
      changes.clear();
      objects.forget();
      oldest = undefined;
      tracers = new Map();
      links = { made: Number.NEGATIVE_INFINITY, byStory: linkStories([]) };
      let count = 0;
      for (const record of events.values()) {
        stories.addEvent(record);
        count += 1;
        if (count % SLICE !== 0) continue;
        refresh();
        await letOthersHaveTheirTurn();
      }
      await objects.read(signal);
      refresh();
      return differing(before);
    },
  };

  function differing(before: Map<string, { readonly story: Story; readonly print: string }>): StoryNews {
    const told: Story[] = [];
    for (const story of byId.values()) {
      if (before.get(story.id)?.print !== fingerprint(story)) told.push(story);
      before.delete(story.id);
    }
    return { told, gone: [...before.values()].map(({ story }) => story) };
  }
}

/** The same for a story that is told the same. */
function fingerprint(story: Story): string {
  const { from, lastAt, endsAt, outcome, summary } = story;
  return `${from} ${lastAt} ${endsAt} ${outcome} ${countSources(story)} ${summary}`;
}

function letOthersHaveTheirTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
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
