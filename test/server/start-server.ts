import { join } from 'node:path';
import { after } from 'node:test';
import { createClock } from '../../src/lib/clock.ts';
import { wallClock } from '../../src/lib/time.ts';
import { createListeningBoard, type ListeningBoard } from '../../src/server/listening-board.ts';
import { openServer, type Server, type ServerOptions } from '../../src/server/open-server.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { makeFolder } from '../cli/start-hark.ts';

export interface StartedServer {
  readonly url: string;
  /** The store that it serves, open to write. */
  readonly writer: SqliteStore;
  readonly board: ListeningBoard;
  readonly file: string;
  readonly readTotals: Server['readTotals'];
  /** Gets a path and gives back what was answered, parsed. */
  json<T = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a server on a free port over a store of its own, which `fill` puts something into first. It ends with the test file. */
export async function startServer(
  fill: (store: SqliteStore) => Promise<unknown>,
  options: Partial<ServerOptions> = {},
): Promise<StartedServer> {
  const file = join(makeFolder(), 'events.db');
  const writer = openSqliteStore({ file, mode: 'write' });
  await fill(writer);
  return await serveStore(writer, file, options);
}

/**
 * The same over a store that is there.
 *
 * @param onUrl told where it is as soon as it answers; the promise resolves when it has read the whole record
 */
export async function serveStore(
  writer: SqliteStore,
  file: string,
  options: Partial<ServerOptions> = {},
  onUrl: (url: string) => void = () => {},
): Promise<StartedServer> {
  const reader = openSqliteStore({ file, mode: 'read' });
  const board = options.board ?? createListeningBoard([]);
  const ended = new AbortController();
  const server = await openServer({
    store: reader,
    clock: createClock(wallClock),
    version: 'test',
    address: { host: '127.0.0.1', port: 0 },
    board,
    standsStill: true,
    tls: undefined,
    token: undefined,
    hosts: [],
    pages: undefined,
    report: (error) => {
      throw error;
    },
    ...options,
  });
  const running = server.run(ended.signal);
  onUrl(server.url);
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    ended.abort();
    await running;
    await reader.close();
  };
  after(async () => {
    await stop();
    await writer.close();
  });
  await server.loaded;
  return {
    url: server.url,
    writer,
    board,
    file,
    readTotals: server.readTotals,
    async json<T>(path: string, headers: Record<string, string> = {}) {
      const response = await fetch(`${server.url}${path}`, { headers });
      return (await response.json()) as T;
    },
    stop,
  };
}
