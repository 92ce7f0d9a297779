import type { ClusterInfo } from '../events/query.ts';
import type { Clock } from '../lib/clock.ts';
import { MILLISECOND } from '../lib/time.ts';
import type { CoverageStep } from '../store/store.ts';
import { batchItems } from './batch-items.ts';
import type { Feed, Report } from './feed.ts';
import { gatherHeard, type HeardBatch } from './gather-heard.ts';
import { gatherSightings, type ListenStore } from './listen-store.ts';
import { recordObjects } from './record-objects.ts';
import { measureLag, reportSignals } from './report-batch.ts';
import { tallyUnstored, type Unstored } from './tally-unstored.ts';
import { readCursors, trackCoverage } from './track-coverage.ts';
import type { PatientWriter } from './write-patiently.ts';

export interface RecordingOptions {
  readonly store: ListenStore;
  readonly writer: PatientWriter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: Report;
  /** Whether to go on where the last run stood, if the cluster still knows. */
  readonly resume: boolean;
  /** Called when the cluster has answered and what it said is stored. */
  readonly onStored: () => void;
}

/** An Event waits at most this long for others to share its transaction; the more do, the less often SQLite writes the pages they share. */
const BATCH_LIMITS = { count: 4000, delay: 200 * MILLISECOND };

/**
 * Stores what one cluster tells: its Events, and its objects where the feed has them. However it ends, what was heard is stored and coverage closed.
 *
 * @returns `stopped` when the signal has aborted, `rebuilt` when another cluster, or an older state of this one, answers now
 * @throws HarkError when the watch cannot go on
 * @throws Error when the store takes nothing more
 */
export async function recordCluster(
  feed: Feed,
  cluster: ClusterInfo,
  options: RecordingOptions,
): Promise<'stopped' | 'rebuilt'> {
  const { name, watchObjects } = feed;
  if (watchObjects === undefined) return await recordEvents(feed, cluster, options);
  const leaving = new AbortController();
  const signal = AbortSignal.any([options.signal, leaving.signal]);
  const ends = await Promise.allSettled(
    [
      recordEvents(feed, cluster, { ...options, signal }),
      recordObjects({ name, watchObjects }, cluster, { ...options, signal }),
    ].map((recording) => recording.finally(() => leaving.abort())),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return ends.some((end) => end.status === 'fulfilled' && end.value === 'rebuilt') ? 'rebuilt' : 'stopped';
}

/**
 * Stores what one cluster's watch of Events yields, and the coverage that it proves. However it ends, what was heard is stored and its coverage closed.
 *
 * @returns `stopped` when the signal has aborted, `rebuilt` when another cluster, or an older state of this one, answers now
 * @throws HarkError when the watch cannot go on
 * @throws Error when the store takes nothing more
 */
async function recordEvents(
  feed: Feed,
  cluster: ClusterInfo,
  options: RecordingOptions,
): Promise<'stopped' | 'rebuilt'> {
  const { store, writer, clock, signal } = options;
  const coverage = trackCoverage();
  const cursors = options.resume ? readCursors(await store.readCoverage(cluster.uid)) : new Map();

  async function write(batch: HeardBatch, coverage: readonly CoverageStep[]): Promise<void> {
    const { sightings, heard, signals } = batch;
    const result = await writer.write(() => sightings.write({ cluster, coverage }));
    options.onStored();
    if (heard > 0) {
      const lag = measureLag(batch.created, clock.now());
      options.report({ type: 'written', feed: feed.name, heard, result, lag });
    }
    reportSignals(feed.name, signals, options.report);
  }

  const leaving = new AbortController();
  let unstored: Unstored | undefined;

  /** Once a batch could not be stored, none after it is: coverage is claimed in order. They are only counted. */
  async function tryToWrite(batch: HeardBatch, steps: readonly CoverageStep[]): Promise<void> {
    if (unstored === undefined) {
      try {
        return await write(batch, steps);
      } catch (error) {
        if (writer.failure() === undefined) throw error;
        leaving.abort();
      }
    }
    unstored = tallyUnstored(unstored, batch);
  }

  /** Or tells that it could not be closed, and what else could not be stored. */
  async function closeCoverage(): Promise<void> {
    coverage.close();
    const steps = coverage.drain();
    const last = steps.at(-1);
    try {
      if (unstored === undefined && last !== undefined && writer.failure() === undefined)
        await writer.write(() => store.write({ cluster, sightings: [], coverage: steps }));
    } catch (error) {
      unstored = { heard: 0, since: last?.to ?? clock.now() };
      throw error;
    } finally {
      if (unstored !== undefined) options.report({ type: 'unstored', feed: feed.name, ...unstored });
    }
  }

  const open = () => gatherHeard(gatherSightings(store));
  const items = feed.watch(cursors, AbortSignal.any([signal, leaving.signal]));
  /** One batch at a time; the next are gathered meanwhile. */
  let writing = Promise.resolve();
  try {
    for await (const batch of batchItems(items, open, BATCH_LIMITS, clock)) {
      for (const signal of batch.signals) coverage.take(signal);
      const steps = coverage.drain();
      await writing;
      writing = tryToWrite(batch, steps);
      writing.catch(() => {}); // It is thrown where it is awaited.
      if (!batch.rebuilt) continue;
      await writing;
      if (unstored === undefined) return 'rebuilt';
    }
    await writing;
    const failure = writer.failure();
    if (unstored !== undefined && failure !== undefined) throw failure;
    return 'stopped';
  } finally {
    leaving.abort();
    await writing.catch(() => {});
    await closeCoverage();
  }
}
