import { type Clock, sleep } from '../lib/clock.ts';
import { MILLISECOND } from '../lib/time.ts';
import type { EventLog } from './kube-api.ts';

/** How often it is looked whether the record has grown, while anybody waits for that: it costs microseconds. */
const EVERY = 100 * MILLISECOND;

/**
 * A log of what can be read but does not tell when there is more: a store.
 *
 * @returns one for all who wait, so that it is asked once for them
 */
export function pollLog(source: Omit<EventLog, 'whenChanged'>, clock: Clock): EventLog {
  let tick: Promise<number> | undefined;

  function nextPlace(): Promise<number> {
    tick ??= sleep(clock, EVERY).then(() => {
      tick = undefined;
      return source.readPlace();
    });
    return tick;
  }

  return {
    readPlace: () => source.readPlace(),
    readNumbered: (query, signal) => source.readNumbered(query, signal),
    readChanged: (place) => source.readChanged(place),
    async whenChanged(place, signal) {
      let now = await source.readPlace();
      while (now === place && !signal.aborted) now = await untilAborted(nextPlace(), signal, place);
    },
  };
}

/** @returns `otherwise` as soon as the signal aborts */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal, otherwise: T): Promise<T> {
  if (signal.aborted) return Promise.resolve(otherwise);
  return new Promise((resolve, reject) => {
    const stop = () => resolve(otherwise);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
