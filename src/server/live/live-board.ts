import type { ServerResponse } from 'node:http';
import type { Clock } from '../../lib/clock.ts';
import { type LiveConnection, openLiveConnection } from './live-connection.ts';

/** All readers of the live stream. */
export interface LiveBoard {
  open(
    response: ServerResponse,
    headers: Readonly<Record<string, string | number | string[] | undefined>>,
    clock: Clock,
  ): LiveConnection;
  readers(): number;
  /** How many were let go so far, by why. */
  letGo(): ReadonlyMap<string, number>;
  endAll(code: string, message: string): void;
}

export function createLiveBoard(): LiveBoard {
  const readers = new Set<LiveConnection>();
  const letGo = new Map<string, number>();
  return {
    open(response, headers, clock) {
      const connection = openLiveConnection(response, headers, clock, (code) =>
        letGo.set(code, (letGo.get(code) ?? 0) + 1),
      );
      readers.add(connection);
      connection.signal.addEventListener('abort', () => readers.delete(connection), { once: true });
      return connection;
    },
    readers: () => readers.size,
    letGo: () => letGo,
    endAll(code, message) {
      for (const reader of [...readers]) reader.end(code, message);
    },
  };
}
