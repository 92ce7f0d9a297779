import type { Socket } from 'node:net';
import type { Clock } from '../lib/clock.ts';
import { MILLISECOND, type Micros } from '../lib/time.ts';

/** What connections tell of the way to a server. */
export interface Link {
  /** Watches a connection that is about to be opened. */
  watch(socket: Socket): void;
  /** Whether bytes cost less on it than packing them: false until a connection was opened. */
  isQuick(): boolean;
}

/** A handshake asks there and back once; this much more than it costs both ends, and less than a way through any network but one's own. */
const QUICK = 10 * MILLISECOND;

/**
 * Measures the way to a server by how long it takes to shake hands over TLS. An address of this machine alone tells nothing: a tunnel to another one may
 * begin there.
 */
export function measureLink({ hostname }: URL, clock: Clock): Link {
  const isLocal = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  let quick = false;

  return {
    watch(socket) {
      if (!isLocal || !socket.connecting) return;
      let connected: Micros = clock.now();
      socket.once('connect', () => {
        connected = clock.now();
      });
      socket.once('secureConnect', () => {
        quick = clock.now() - connected < QUICK;
      });
    },
    isQuick: () => quick,
  };
}
