import { createBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Micros, MicrosLength } from '../lib/time.ts';
import type { Outlet } from '../otlp/open-outlet.ts';

/** What was counted of one signal since the start. */
export interface SendCounts {
  /** Taken by the receiver, less those it says it did not. */
  sent: number;
  /** Not taken, the receiver says. */
  rejected: number;
  /** Given up: refused one by one, or no more to be told apart. */
  dropped: number;
  /** Tries that have to be made again. */
  retries: number;
  /** Stories of which something waits to be sent. */
  waiting: number;
  /** Whether the last try failed. */
  failing: boolean;
}

/** Where what is due goes. */
export interface Delivery<Due> {
  readonly counts: SendCounts;
  /** Whether it is not worth a try yet. */
  isResting(): boolean;
  /**
   * Sends batches, several at a time, taking each from where they come only when there is room.
   *
   * @param done is told what the receiver has taken, or what was given up: all of a batch, or its beginning
   * @returns whether that was all; the rest is to be handed over again later
   */
  deliver<Own extends Due>(
    batches: Iterable<readonly Own[]>,
    done: (due: readonly Own[]) => void,
  ): Promise<boolean>;
}

/** Requests under way at once: while the receiver works on some, the next is made. */
const AT_ONCE = 4;

/**
 * Sends batch by batch; rests for longer and longer while the receiver takes none, at least as long as it says. A batch that it
 * refuses is halved until what it refuses is found: that is given up and counted.
 *
 * @param itemOf what is sent of what is due
 * @param note is told what a person should know: that it fails, each reason once, and that it goes on
 */
export function openDelivery<Due, Item>(
  outlet: Outlet<Item>,
  itemOf: (due: Due) => Item,
  what: string,
  { clock, random, note }: { clock: Clock; random: () => number; note: (text: string) => void },
): Delivery<Due> {
  const counts: SendCounts = { sent: 0, rejected: 0, dropped: 0, retries: 0, waiting: 0, failing: false };
  const backoff = createBackoff(random);
  const said = new Set<string>();
  let [restsUntil, failure] = [Number.NEGATIVE_INFINITY as Micros, ''];

  function take(count: number, rejected: number, notes: readonly string[]): void {
    backoff.reset();
    counts.sent += count - rejected;
    counts.rejected += rejected;
    if (counts.failing) note(`${what} are sent again`);
    [counts.failing, failure] = [false, ''];
    if (rejected > 0) sayOnce(`the receiver did not take ${rejected} of ${count} ${what}`);
    notes.forEach(sayOnce);
  }

  function rest(error: Error, after: MicrosLength | undefined): void {
    counts.retries += 1;
    counts.failing = true;
    // Requests that were under way together are one failure.
    const wait = isResting() ? 0 : backoff.next();
    restsUntil = Math.max(restsUntil, clock.now() + Math.max(wait, after ?? 0));
    if (failure !== error.message) note(`${error.message}. Tried again; nothing is lost meanwhile`);
    failure = error.message;
  }

  function isResting(): boolean {
    return clock.now() < restsUntil;
  }

  function sayOnce(text: string): void {
    if (said.size < 100 && !said.has(text)) note(text);
    said.add(text);
  }

  /** Sends one batch; how many, the first ones, are done with. */
  async function sendBatch(due: readonly Due[]): Promise<number> {
    const attempt = await outlet.send(due.map(itemOf));
    if (attempt.result === 'later') {
      rest(attempt.error, attempt.after);
      return 0;
    }
    if (attempt.result === 'taken') take(due.length, attempt.rejected, attempt.notes);
    else if (due.length > 1) {
      const half = due.length >> 1;
      const done = await sendBatch(due.slice(0, half));
      return done < half ? done : half + (await sendBatch(due.slice(half)));
    } else {
      counts.dropped += 1;
      sayOnce(`${attempt.error.message}. Given up: one of the ${what}, and all like it`);
    }
    return due.length;
  }

  async function deliver<Own extends Due>(
    batches: Iterable<readonly Own[]>,
    done: (due: readonly Own[]) => void,
  ): Promise<boolean> {
    const underWay = new Set<Promise<void>>();
    let isTaken = true;
    const send = async (batch: readonly Own[]) => {
      const count = await sendBatch(batch);
      if (count > 0) done(batch.slice(0, count));
      if (count < batch.length) isTaken = false;
    };
    for (const batch of batches) {
      const request = send(batch).finally(() => underWay.delete(request));
      underWay.add(request);
      // A receiver that took nothing the last time is tried with one.
      if (underWay.size >= (counts.failing ? 1 : AT_ONCE)) await Promise.race(underWay);
      if (!isTaken) break;
    }
    await Promise.all(underWay);
    return isTaken;
  }

  return { counts, isResting, deliver };
}
