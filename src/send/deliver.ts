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

export interface Delivery<Item> {
  readonly counts: SendCounts;
  /** Whether it is not worth a try yet. */
  isResting(): boolean;
  /** Sends one batch; how many of its items, the first ones, are done with. The others are to be handed over again later. */
  deliver(items: readonly Item[]): Promise<number>;
}

/**
 * Sends batch by batch; rests for longer and longer while the receiver takes none, at least as long as it says. A batch that it
 * refuses is halved until what it refuses is found: that is given up and counted.
 *
 * @param note is told what a person should know: that it fails, each reason once, and that it goes on
 */
export function openDelivery<Item>(
  outlet: Outlet<Item>,
  what: string,
  { clock, random, note }: { clock: Clock; random: () => number; note: (text: string) => void },
): Delivery<Item> {
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
    restsUntil = clock.now() + Math.max(backoff.next(), after ?? 0);
    if (failure !== error.message) note(`${error.message}. Tried again; nothing is lost meanwhile`);
    failure = error.message;
  }

  function sayOnce(text: string): void {
    if (said.size < 100 && !said.has(text)) note(text);
    said.add(text);
  }

  async function deliver(items: readonly Item[]): Promise<number> {
    const attempt = await outlet.send(items);
    if (attempt.result === 'later') {
      rest(attempt.error, attempt.after);
      return 0;
    }
    if (attempt.result === 'taken') take(items.length, attempt.rejected, attempt.notes);
    else if (items.length > 1) {
      const half = items.length >> 1;
      const done = await deliver(items.slice(0, half));
      return done < half ? done : half + (await deliver(items.slice(half)));
    } else {
      counts.dropped += 1;
      sayOnce(`${attempt.error.message}. Given up: one of the ${what}, and all like it`);
    }
    return items.length;
  }

  return { counts, isResting: () => clock.now() < restsUntil, deliver };
}
