import { statSync } from 'node:fs';
import type { RecordedEvent } from '../../events/event.ts';
import type { ClusterInfo } from '../../events/query.ts';
import type { MicrosLength } from '../../lib/time.ts';
import { EVENT_TTL, findAllGaps } from '../coverage.ts';
import type { MarkReader, MarkWriter } from '../marks.ts';
import type { Store, StoreSize, WriteResult } from '../store.ts';
import { readLatestChange } from './changes.ts';
import { readCoverageRows } from './coverage-rows.ts';
import { createEventNumbers } from './event-numbers.ts';
import { followChanges } from './follow-changes.ts';
import { readMarks, writeMarks } from './marks.ts';
import { openForReading, openForWriting } from './open-database.ts';
import { readChanged } from './read-changed.ts';
import { readEventPages, readNumberedPages } from './read-events.ts';
import { readLastStatePages } from './read-last-states.ts';
import { arrays, createNameReader } from './read-names.ts';
import { readChangePages, readObjectPages } from './read-objects.ts';
import { explainFailure, withFailuresExplained } from './sqlite-failure.ts';
import { createStoreWriter, type StoreWriter } from './store-writer.ts';
import { readTotals, type WordedBatch } from './write-batch.ts';

export interface SqliteStoreOptions {
  /** Path of the store; the folder is made when it is missing and the mode is `write`. */
  readonly file: string;
  /** One process writes, any number read. */
  readonly mode: 'read' | 'write';
  /** How long the API server keeps an Event: what a list after a gap can catch up on. Default 1 h. */
  readonly eventTtl?: MicrosLength;
  /** How often `follow` asks for new commits, in milliseconds. Default 100. */
  readonly followEveryMs?: number;
  /** How many changes are kept for those who follow; who falls further behind is told everything anew. Default 500,000. */
  readonly changesKept?: number;
  /** The wall clock in milliseconds: told to whoever is refused as a second writer. Default 0, not told. */
  readonly since?: number;
  /** The number of this process: told to whoever is refused as a second writer. Default 0, not told. */
  readonly pid?: number;
}

export interface SqliteStore extends Store, MarkReader, MarkWriter {
  readonly file: string;
  /** `write`, for a worker that has nothing else to do: committed when it returns. */
  writeBatchSync(batch: WordedBatch): WriteResult;
  /**
   * Takes the next Events into the full-text index, about a thousand; whether there are more. The writer does so by itself when it has nothing
   * else to do; until then they are found too, but by reading them.
   */
  indexSomeTexts(): boolean;
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
  const database = mode === 'write' ? openForWriting(file, options) : openForReading(file);
  const { db } = database;
  const { names, writer } = openHalves();
  const closing = new AbortController();
  const numbers = createEventNumbers(db);

  function openHalves() {
    try {
      const names = createNameReader(db);
      return {
        names,
        writer: mode === 'write' ? createStoreWriter(database, names, options.changesKept) : undefined,
      };
    } catch (error) {
      database.close();
      throw explainFailure(file, error);
    }
  }
  function explained<T>(work: () => T): T {
    return withFailuresExplained(file, work);
  }
  function requireWriter(): StoreWriter {
    if (writer === undefined) throw new Error(`store "${file}" is open to read only`);
    return writer;
  }

  return {
    file,
    writeBatchSync: (batch) => explained(() => requireWriter().write(batch)),
    indexSomeTexts: () => explained(() => requireWriter().indexSome()),
    write: async (batch) => explained(() => requireWriter().write(batch)),
    readEvents: (query, signal) => readPages(() => readEventPages(db, names, query), signal),
    readObjects: (query, signal) => readPages(() => readObjectPages(db, names, query), signal),
    readChanges: (query, signal) => readPages(() => readChangePages(db, names, query), signal),
    readLastStates: (query, signal) => readPages(() => readLastStatePages(db, names, query), signal),
    readGaps: async (query) => explained(() => findAllGaps(readCoverageRows(db), query, eventTtl)),
    readClusters: async () => explained(readClusters),
    readCoverage: async (cluster) => explained(() => readCoverageRows(db, cluster)),
    follow(query, signal) {
      const until = AbortSignal.any([signal, closing.signal]);
      return explainPages(explained(() => followChanges(db, names, query, until, followEveryMs)));
    },
    readNumbered: (query, signal) => readPages(() => readNumberedPages(db, names, numbers, query), signal),
    readPlace: async () => explained(() => readLatestChange(db)),
    readChanged: async (place, before) => explained(() => readChanged(db, names, numbers, place, before)),
    retain: (limits, signal) => explainRejection(requireWriter().retain(limits, signal)),
    readSize: async () => explained(readSize),
    readMarks: async (keeper) => explained(() => readMarks(db, keeper)),
    async writeMarks(keeper, marks) {
      requireWriter();
      explained(() => writeMarks(db, keeper, marks));
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await writer?.close();
      explained(() => database.close());
    },
  };

  async function* readPages<T>(open: () => Generator<readonly T[]>, signal: AbortSignal | undefined) {
    const pages = explained(open);
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

  async function explainRejection<T>(result: Promise<T>): Promise<T> {
    try {
      return await result;
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

  function readSize(): StoreSize {
    const { events, points, objects, changes } = readTotals(db);
    const bytes = [file, `${file}-wal`].reduce((sum, path) => sum + sizeOf(path), 0);
    return { events, occurrences: points, objects, changes, bytes };
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
