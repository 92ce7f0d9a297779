import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Ending } from './answer.ts';
import { finish } from './send-answer.ts';

/** The watches that are being answered. */
export interface OpenWatches {
  readonly count: number;
  add(response: ServerResponse, connection: Socket): void;
  /** Ends all of them, or breaks them off. */
  end(how: Ending): void;
}

/** @param changed called when one is added or gone */
export function createOpenWatches(changed: () => void): OpenWatches {
  const open = new Map<ServerResponse, Socket>();

  function remove(response: ServerResponse): void {
    if (open.delete(response)) changed();
  }

  return {
    get count() {
      return open.size;
    },
    add(response, connection) {
      open.set(response, connection);
      response.once('close', () => remove(response));
      changed();
    },
    end(how) {
      for (const [response, connection] of [...open]) {
        remove(response);
        finish(response, connection, how);
      }
    },
  };
}
