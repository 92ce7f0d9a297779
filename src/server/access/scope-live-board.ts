import type { ServerResponse } from 'node:http';
import type { LiveBoard } from '../live/live-board.ts';
import type { LiveConnection } from '../live/live-connection.ts';

/** The readers of one part of the record, who count among all. */
export function scopeLiveBoard(board: LiveBoard): LiveBoard {
  const own = new Set<LiveConnection>();
  return {
    open(response: ServerResponse, headers, clock) {
      const connection = board.open(response, headers, clock);
      own.add(connection);
      connection.signal.addEventListener('abort', () => own.delete(connection), { once: true });
      return connection;
    },
    readers: board.readers,
    letGo: board.letGo,
    end: board.end,
    endAll(code, message) {
      for (const connection of [...own]) connection.end(code, message);
    },
  };
}
