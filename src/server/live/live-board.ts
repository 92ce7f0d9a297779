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
  /** Tells a reader why, and ends it; false when that is none. */
  end(response: ServerResponse, code: string, message: string): boolean;
  endAll(code: string, message: string): void;
}

export function createLiveBoard(): LiveBoard {
  const readers = new Map<ServerResponse, LiveConnection>();
  const letGo = new Map<string, number>();
  return {
    open(response, headers, clock) {
      const connection = openLiveConnection(response, headers, clock, (code) =>
        letGo.set(code, (letGo.get(code) ?? 0) + 1),
      );
      readers.set(response, connection);
      connection.signal.addEventListener('abort', () => readers.delete(response), { once: true });
      return connection;
    },
    readers: () => readers.size,
    letGo: () => letGo,
    end(response, code, message) {
      const reader = readers.get(response);
      reader?.end(code, message);
      return reader !== undefined;
    },
    endAll(code, message) {
      for (const reader of [...readers.values()]) reader.end(code, message);
    },
  };
}
