import type { Clock } from '../lib/clock.ts';
import { splitLines } from '../lib/split-lines.ts';
import { type Micros, type MicrosLength, SECOND } from '../lib/time.ts';
import type { ApiResponse, Cluster } from './cluster.ts';
import { parseWatchLine, type ReadObject, type WatchFrame } from './parse-watch-line.ts';
import { requestOk } from './read-answer.ts';
import type { WatchedPlace } from './watched-resource.ts';

export interface WatchWishes {
  readonly place: WatchedPlace;
  /** Where to go on from; undefined to be given all there is first. */
  readonly from: string | undefined;
  /** After this long without a line an empty batch is yielded, again and again. */
  readonly idle: MicrosLength;
  /** Between 0 and 1: so that many watches do not end together. */
  readonly random: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** A watch that the server has accepted, or will refuse in its first line. */
export interface OpenedWatch {
  readonly at: Micros;
  /** When the server is to end it. */
  readonly due: Micros;
  readonly response: ApiResponse;
}

/** Larger than any object etcd takes. */
const LONGEST_LINE = 8 * 1024 * 1024;

/** How long after its end is due a watch counts as dead. */
const GRACE = 15 * SECOND;

/**
 * Asks to watch. The server is asked to end the watch after a while, as client-go does; it would by itself after 30 to 60 minutes.
 *
 * @throws ApiFailure when it is refused
 */
export async function openWatch(cluster: Cluster, wishes: WatchWishes): Promise<OpenedWatch> {
  const { place, signal, clock, from, random } = wishes;
  const seconds = Math.round((place.watchFor / SECOND) * (1 + random));
  const query = {
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(seconds),
    ...formatStart(from),
  };
  const request = { path: place.path, query, accept: place.watchAs ?? 'application/json', signal };
  const response = await requestOk(cluster, request, `watch ${place.what}`, clock);
  const at = clock.now();
  return { at, due: at + seconds * SECOND, response };
}

/**
 * Yields the lines of a watch that arrived together, and an empty batch each time that nothing came for a while, until the server ends it or it is
 * overdue. Nothing is read ahead while the caller is busy with a batch. Broken and oversized lines are yielded as `broken`.
 *
 * @throws ApiFailure when the connection breaks
 */
export async function* readWatch<T>(
  { response, due }: OpenedWatch,
  wishes: WatchWishes,
  resource: ReadObject<T>,
): AsyncGenerator<WatchFrame<T>[], 'ended' | 'overdue'> {
  const chunks = response.body[Symbol.asyncIterator]();
  const lines = createLineReader(resource);
  const deadline = due + GRACE;
  try {
    for (;;) {
      const reading = chunks.next();
      let read = await within(reading, wishes);
      while (read === undefined && wishes.clock.now() < deadline) {
        yield [];
        read = await within(reading, wishes);
      }
      if (read === undefined) return 'overdue';
      const frames = read.done ? lines.end() : lines.push(read.value);
      if (frames.length > 0) yield frames;
      if (read.done) return 'ended';
      if (wishes.clock.now() >= deadline) return 'overdue';
    }
  } finally {
    response.close();
  }
}

/** All there is as a stream (KEP-3157) where there is nothing to go on from. */
function formatStart(from: string | undefined): Record<string, string> {
  if (from !== undefined) return { resourceVersion: from };
  return { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' };
}

function createLineReader<T>(resource: ReadObject<T>) {
  const splitter = splitLines(LONGEST_LINE);
  let told = 0;

  function parse(lines: readonly Uint8Array[]): WatchFrame<T>[] {
    const frames = lines.map((line) => parseWatchLine(line, resource));
    const tooLong = splitter.skipped() - told;
    told += tooLong;
    const why = `it is longer than ${LONGEST_LINE / 1024 / 1024} MB`;
    return frames.concat(Array.from({ length: tooLong }, () => ({ type: 'broken', why })));
  }

  return {
    push: (chunk: Uint8Array) => parse(splitter.push(chunk)),
    end(): WatchFrame<T>[] {
      const last = splitter.end();
      return parse(last === undefined ? [] : [last]);
    },
  };
}

/** What was read, or undefined when that takes longer than `idle`. The reading goes on. */
async function within<T>(reading: Promise<T>, { clock, idle }: WatchWishes): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(idle, () => resolve(undefined));
  return await Promise.race([reading, promise]).finally(cancel);
}
