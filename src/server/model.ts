import type { RecordedEvent } from '../events/event.ts';
import { lastHappenedAt } from '../events/event-time.ts';
import type { CoverageStretch } from '../events/query.ts';
import { idOf } from '../follow/change-reader.ts';
import { createObjectFollower } from '../follow/follow-objects.ts';
import { createToldStories, type ToldStories } from '../follow/told-stories.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../lib/time.ts';
import type { Sample } from '../metrics/metric.ts';
import { openMeasures } from '../metrics/open-measures.ts';
import type { ObjectId } from '../objects/object.ts';
import type { Store } from '../store/store.ts';
import type { Story } from '../stories/story.ts';
import { createEventIndex, type EventIndex } from './event-index.ts';
import type { Hub } from './hub.ts';
import { readBackwards } from './read-backwards.ts';

export interface ModelOptions {
  readonly store: Store;
  readonly hub: Hub;
  readonly clock: Clock;
  /** Whether the record goes no further than its latest happening: a file's. */
  readonly standsStill: boolean;
  /** Stories are told of the newest Events, at least so many. Default 100,000. */
  readonly most?: number;
  /** Whether a cluster is listened to now. */
  readonly isListening: (cluster: string) => boolean;
  /** Told of each object of which something new is known. */
  readonly onObject?: (object: ObjectId) => void;
}

/** How far the record has been read into memory, the newest Events first. */
export interface Reading {
  readonly events: number;
  /** Events there are. */
  readonly of: number;
  /** Events last seen before are not read yet. */
  readonly since: Micros;
}

/** What is known of the whole record in memory, kept up with it: what timelines and stories are answered from. */
export interface Model {
  readonly index: EventIndex;
  readonly stories: ToldStories;
  /** Resolves when the newest Events have been read: timelines and stories tell of them from then on, `reading()` says how far. */
  readonly answering: Promise<void>;
  /** Resolves when everything that was in the store at the start has been read. */
  readonly loaded: Promise<void>;
  /** Undefined when the whole record has been read. */
  reading(): Reading | undefined;
  /** Calls back when there is more of it, and at its end. Returns how to leave. */
  onReading(listener: () => void): () => void;
  /** Events last seen before are in no story; undefined: all are. */
  toldSince(): Micros | undefined;
  /** Another number whenever timelines or stories may be others. */
  version(): number;
  /** Brings the stories up to date; tells those who subscribed what changed. */
  refresh(): void;
  onStories(listener: (told: readonly Story[], gone: readonly string[]) => void): () => void;
  /** Counts what there is to count by now; tells those who subscribed. */
  measure(): void;
  /** Calls back with what is to be added to what was counted before. What a live server finds in its store at the start is not. */
  onSamples(listener: (samples: readonly Sample[]) => void): () => void;
  run(signal: AbortSignal): Promise<void>;
}

/** A story takes about 1.7 kB for each of its Events. */
const MOST_STORIED = 100_000;
/** Events read at a time at the start. */
const SLICE = 4_000;
/** Stories are told and who waits hears of the progress after so many. */
const SLICES_TOLD = 16_000;
/** How often it is looked whether retention has removed something. */
const HIDE_EVERY = 10 * SECOND;
/** What settled is counted so often, besides when it is asked for. */
const MEASURE_EVERY = 10 * SECOND;
/** Stories are told anew at most so often while the record grows. */
const REFRESH_EVERY = 250 * MILLISECOND;

export function openModel(options: ModelOptions): Model {
  const { store, hub, clock, isListening, most = MOST_STORIED } = options;
  const index = createEventIndex();
  const coverageEnds = new Map<string, Micros>();
  const stories = createToldStories(nowOf);
  const objects = createObjectFollower(store, clock, {
    object(object) {
      isStale = true;
      version += 1;
      options.onObject?.(object);
      index.homes.learnObject(object);
      stories.addObject(object);
    },
    change(change) {
      isStale = true;
      options.onObject?.(change.object);
      stories.addChange(change);
    },
  });
  const listeners = new Set<(told: readonly Story[], gone: readonly string[]) => void>();
  const samplers = new Set<(samples: readonly Sample[]) => void>();
  const measures = openMeasures();
  const [answering, loading] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  for (const { promise } of [answering, loading]) promise.catch(() => {});
  const readingListeners = new Set<() => void>();
  let reading: Reading | undefined = { events: 0, of: 0, since: Number.POSITIVE_INFINITY };
  let isStale = true;
  let version = 0;
  /** Events last seen before are in no story; undefined: all are. */
  let toldSince: Micros | undefined;
  /** The stories are all told anew: what ended long ago was counted when it did. */
  let isRetold = false;
  /** What the record held at the start has been counted, or passed over. */
  let isCounted = false;
  /** Events and later states of them that were added to the stories. */
  let storied = 0;

  function nowOf(cluster: string, latest: Micros): Micros {
    const now = clock.now();
    if (options.standsStill) return latest;
    if (isListening(cluster)) return Math.max(latest, now);
    const end = coverageEnds.get(cluster);
    return end === undefined || now - end <= MINUTE ? Math.max(latest, now) : Math.max(latest, end);
  }

  /** Reads all for the first time, the newest first: what people look for is there at once, however long the record is. */
  async function load(signal: AbortSignal): Promise<void> {
    const { events: of } = await store.readSize();
    let [events, told, tellAt, isBegun] = [0, 0, SLICES_TOLD, false];
    isRetold = true;
    for await (const slice of readBackwards(store, Math.min(SLICE, most), signal)) {
      const since = slice.reduce((first, { event }) => Math.min(first, lastHappenedAt(event)), Infinity);
      events += slice.length;
      slice.forEach(keep);
      reading = { events, of: Math.max(of, events), since };
      if (told < most) {
        toldSince = since;
        told += slice.length;
        slice.forEach(tell);
      }
      if (isBegun && events < tellAt) continue;
      tellAt = events + SLICES_TOLD;
      // What changed belongs to what went wrong: it is read before the Events of long ago.
      if (!isBegun && events < of) {
        refresh();
        answering.resolve();
        await objects.read(signal);
      }
      isBegun = true;
      refresh();
      tellReading();
    }
    await objects.read(signal);
    if (told === events) toldSince = undefined;
  }

  function tellReading(): void {
    for (const listener of [...readingListeners]) listener();
  }

  async function readAll(signal: AbortSignal): Promise<void> {
    for await (const page of store.readEvents({}, signal)) {
      page.forEach(keep);
      // Others are answered meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await tellAnew(signal);
  }

  /** Tells the stories of the newest Events, so many as are held. */
  async function tellAnew(signal: AbortSignal): Promise<void> {
    toldSince = index.lastOfNewest(most);
    stories.clear();
    version += 1;
    isRetold = true;
    storied = 0;
    const since = toldSince === undefined ? {} : { since: toldSince };
    for await (const page of store.readEvents(since, signal)) {
      page.forEach(tell);
      await new Promise((resolve) => setImmediate(resolve));
    }
    objects.forget();
    await objects.read(signal);
  }

  /** A server that starts anew finds in the store what the one before it has counted. */
  function keep(record: RecordedEvent): void {
    if (reading === undefined || options.standsStill) measures.addEvent(record, index.happened(idOf(record)));
    else measures.learnEvent(record);
    index.add(record);
    version += 1;
  }

  function tell(record: RecordedEvent): void {
    if (toldSince !== undefined && lastHappenedAt(record.event) < toldSince) return;
    storied += 1;
    stories.addEvent(record);
  }

  /** What retention has removed is in no timeline any more; stories forget it when they are told anew. */
  async function hideRemoved(): Promise<void> {
    const { events } = await store.readSize();
    if (events >= index.size() - index.hidden()) return;
    for await (const [oldest] of store.readEvents({}))
      if (oldest !== undefined) {
        index.hideBefore(lastHappenedAt(oldest.event));
        version += 1;
        return;
      }
    index.hideBefore(Number.POSITIVE_INFINITY);
    version += 1;
  }

  async function readCoverage(): Promise<void> {
    for (const { uid } of await store.readClusters()) {
      const stretches: readonly CoverageStretch[] = await store.readCoverage(uid);
      const end = stretches.reduce((latest, { to }) => Math.max(latest, to), Number.NEGATIVE_INFINITY);
      if (stretches.length > 0) coverageEnds.set(uid, end);
    }
  }

  function refresh(): void {
    const { told, gone } = stories.refresh();
    if (told.length + gone.length === 0) return;
    version += 1;
    // What is told of a part of the record may be told otherwise of all of it.
    if (reading === undefined) measures.addStories(told, gone, clock.now());
    for (const listener of [...listeners]) listener(told, gone);
  }

  /** What was told before is counted already; a file, that nobody has counted, is counted whole when it is there. */
  function passOver(): void {
    if (!options.standsStill) measures.skip(clock.now());
    else if (isRetold && !isCounted) measure(Number.POSITIVE_INFINITY);
    isRetold = false;
    isCounted = true;
  }

  function measure(now: Micros): void {
    const samples = measures.take(now);
    for (const sampler of [...samplers]) sampler(samples);
  }

  return {
    index,
    stories,
    answering: answering.promise,
    loaded: loading.promise,
    reading: () => reading,
    onReading(listener) {
      readingListeners.add(listener);
      return () => readingListeners.delete(listener);
    },
    toldSince: () => toldSince,
    version: () => version,
    refresh,
    onStories(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    measure: () => measure(clock.now()),
    onSamples(listener) {
      samplers.add(listener);
      return () => samplers.delete(listener);
    },
    async run(signal) {
      let isReset = false;
      const leave = hub.subscribe((news) => {
        isStale = true;
        if (news.type === 'reset') isReset = true;
        else
          for (const record of news.records) {
            if (record === undefined) continue;
            keep(record);
            tell(record);
          }
      });
      try {
        await readCoverage();
        await load(signal);
        refresh();
        reading = undefined;
        measures.addStories(stories.all(), [], clock.now());
        passOver();
        answering.resolve();
        loading.resolve();
        tellReading();
        let [looked, measured] = [clock.now(), clock.now()];
        const following = objects.run(signal);
        following.catch(() => {});
        while (!signal.aborted) {
          await Promise.race([sleep(clock, REFRESH_EVERY, signal), following]);
          if (isReset) {
            isReset = false;
            await readAll(signal);
          }
          if (clock.now() - looked >= HIDE_EVERY) {
            looked = clock.now();
            await hideRemoved();
          }
          if (clock.now() - measured >= MEASURE_EVERY) {
            measured = clock.now();
            measure(measured);
          }
          if (storied > 2 * most && index.size() > most) await tellAnew(signal);
          if (!isStale) continue;
          isStale = false;
          await readCoverage();
          refresh();
          if (isRetold) passOver();
        }
      } catch (error) {
        answering.reject(error);
        loading.reject(error);
        if (!signal.aborted) throw error;
      } finally {
        leave();
      }
    },
  };
}
