import type { MessagePort } from 'node:worker_threads';
import { HarkError } from '../lib/errors.ts';
import { unpackSightings } from '../store/pack-sightings.ts';
import { openSqliteStore, type SqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import type { RecordBatch, RetentionLimits } from '../store/store.ts';
import type {
  MarksToWrite,
  StoreAbort,
  StoreAnswer,
  StoreCall,
  StoreFailure,
  StoreWorkerData,
} from './listen-store.ts';

/**
 * Opens a store in this thread and does what is asked through the port, until `close`. Its first answer, of id 0, says whether it could be opened.
 */
export function serveStore(port: MessagePort, { file, since, pid }: StoreWorkerData): void {
  const answer = (message: StoreAnswer) => port.postMessage(message);
  let store: SqliteStore;
  try {
    store = openSqliteStore({ file, mode: 'write', since, pid });
  } catch (error) {
    answer({ id: 0, failure: describeFailure(error) });
    port.close();
    return;
  }
  const serve = createServer(store);
  port.on('message', async (message: StoreCall | StoreAbort) => {
    if ('abort' in message) return serve.abort(message.abort);
    try {
      answer({ id: message.id, value: await serve.call(message) });
    } catch (error) {
      answer({ id: message.id, failure: describeFailure(error) });
    }
    if (message.name === 'close') port.close();
  });
  answer({ id: 0, value: undefined });
}

function createServer(store: SqliteStore) {
  const retentions = new Map<number, AbortController>();

  async function retain(id: number, limits: RetentionLimits): Promise<unknown> {
    const stop = new AbortController();
    retentions.set(id, stop);
    return await store.retain(limits, stop.signal).finally(() => retentions.delete(id));
  }

  return {
    abort: (id: number) => retentions.get(id)?.abort(),
    async call({ id, name, args: [argument, packed] }: StoreCall): Promise<unknown> {
      switch (name) {
        case 'write':
          return store.writeBatchSync({
            ...(argument as Omit<RecordBatch, 'sightings'>),
            sightings: unpackSightings(packed as Uint8Array),
          });
        case 'readCoverage':
          return await store.readCoverage(argument as string);
        case 'retain':
          return await retain(id, argument as RetentionLimits);
        case 'writeMarks':
          return await store.writeMarks(...(argument as MarksToWrite));
        case 'close':
          return await store.close();
      }
    },
  };
}

function describeFailure(error: unknown): StoreFailure {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof HarkError)) return { message, stack, code: '', hint: '', exitCode: undefined };
  return { message, stack, code: error.code, hint: error.hint, exitCode: error.exitCode };
}
