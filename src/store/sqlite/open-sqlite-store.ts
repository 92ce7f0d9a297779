import { statSync } from 'node:fs';
import type { RecordedEvent } from '../../events/event.ts';
import type { ClusterInfo, EventQuery } from '../../events/query.ts';
import type { MicrosLength } from '../../lib/time.ts';
import { EVENT_TTL, findAllGaps } from '../coverage.ts';
import type { RecordBatch, Store, WriteResult } from '../store.ts';
import { closeCrashedCoverage, readCoverageRows } from './coverage-rows.ts';
import { followChanges } from './follow-changes.ts';
import { openForReading, openForWriting } from './open-database.ts';
import { readEventPages } from './read-events.ts';
import { arrays, createNameReader } from './read-names.ts';
import { retainEvents } from './retain-events.ts';
import { explainFailure, withFailuresExplained } from './sqlite-failure.ts';
import { createBatchWriter, readTotals } from './write-batch.ts';

export interface SqliteStoreOptions {
  /** Path of the store; the folder is made when it is missing and the mode is `write`. */
  readonly file: string;
  /** One process writes, any number read. */
  readonly mode: 'read' | 'write';
  /** How long the API server keeps an Event: what a list after a gap can catch up on. Default 1 h. */
  readonly eventTtl?: MicrosLength;
  /** How often `follow` asks for new commits, in milliseconds. Default 100. */
  readonly followEveryMs?: number;
  /** The wall clock in milliseconds: told to whoever is refused as a second writer. Default 0. */
  readonly since?: number;
}

export interface SqliteStore extends Store {
  readonly file: string;
  /** `write`, for a worker that has nothing else to do: committed when it returns. */
  writeBatchSync(batch: RecordBatch): WriteResult;
}

const FOLLOW_EVERY_MS = 100;

/**
 * Opens a store in one SQLite file.
 *
 * @throws HarkError `store-missing` (to read), `store-in-use` (to write), `store-newer`, `store-older`, `store-foreign`, `store-corrupt`,
 *   `store-read-only`, `store-unreadable`, `store-full`
 */
export function openSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { file, mode, eventTtl = EVENT_TTL, followEveryMs = FOLLOW_EVERY_MS } = options;
  const isWriter = mode === 'write';
  const database = isWriter ? openForWriting(file, options.since ?? 0) : openForReading(file);
  const { db } = database;
  const names = createNameReader(db);
  const explained = <T>(work: () => T) => withFailuresExplained(file, work);
  if (isWriter) explained(() => closeCrashedCoverage(db));
  const writer = isWriter ? explained(() => createBatchWriter(db, names)) : undefined;

  function writeBatchSync(batch: RecordBatch): WriteResult {
    if (writer === undefined) throw new Error(`store "${file}" is open to read`);
    return explained(() => writer.write(batch));
  }

  return {
    file,
    writeBatchSync,
    write: async (batch) => writeBatchSync(batch),
    readEvents: (query, signal) => readPages(query, signal),
    readGaps: async (query) => explained(() => findAllGaps(readCoverageRows(db), query, eventTtl)),
    readClusters: async () => explained(readClusters),
    readCoverage: async (cluster) => explained(() => readCoverageRows(db, cluster)),
    follow: (query, signal) =>
      explainPages(explained(() => followChanges(db, names, query, signal, followEveryMs))),
    async retain(limits, signal) {
      if (writer === undefined) throw new Error(`store "${file}" is open to read`);
      try {
        return await retainEvents(db, names, limits, signal);
      } catch (error) {
        throw explainFailure(file, error);
      } finally {
        writer.forget();
      }
    },
    readSize: async () => explained(readSize),
    close: async () => database.close(),
  };

  async function* readPages(query: EventQuery, signal: AbortSignal | undefined) {
    const pages = explained(() => readEventPages(db, names, query));
    for (;;) {
      signal?.throwIfAborted();
      const page = explained(() => pages.next());
      if (page.done === true) return;
      yield page.value;
    }
  }

  async function* explainPages(pages: AsyncIterable<readonly RecordedEvent[]>) {
    try {
      yield* pages;
    } catch (error) {
      throw explainFailure(file, error);
    }
  }

  function readClusters(): ClusterInfo[] {
    const rows = arrays(db, 'SELECT uid, name, version FROM clusters ORDER BY id').all();
    return (rows as unknown as [string, string, string][]).map(([uid, name, version]) => ({
      uid,
      name,
      version,
    }));
  }

  function readSize() {
    const { events, points } = readTotals(db);
    const bytes = [file, `${file}-wal`].reduce((sum, path) => sum + sizeOf(path), 0);
    return { events, occurrences: points, bytes };
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
