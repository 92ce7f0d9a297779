import type { Micros } from '../lib/time.ts';
import type { Story } from '../stories/story.ts';
import type { Delivery } from './deliver.ts';

/** What of the record is passed on as one kind of thing, and how far that got. */
export interface Sending {
  /** Under which it keeps how far it got. */
  readonly keeper: string;
  readonly delivery: Pick<Delivery<never>, 'counts' | 'isResting'>;
  /** Takes what it kept before: what it was to send is sent, what was sent is not. */
  restore(marks: ReadonlyMap<string, string>): void;
  /** Takes stories that are new or different, and those that are gone. */
  learn(told: readonly Story[], gone: readonly Story[]): void;
  /** Takes all that is over now for sent. */
  passOver(): Promise<void>;
  /** Sends what is due, as long as the receiver takes it. */
  send(): Promise<void>;
  /**
   * Forgets what was sent and is not held any more, but for what was forgotten last: of that it is known still, should it be told again.
   *
   * @param traceIds what is told
   * @param oldest what had ended by then is not known any more; of what had not and is not told, it is said that it moved
   */
  forget(traceIds: ReadonlySet<string>, oldest: Micros): Promise<void>;
  /** Whether nothing of a story is to be sent any more, unless it changes. */
  isDone(story: Story): boolean;
  /** When the oldest of what is to be sent began; undefined: there is nothing. */
  since(): Micros | undefined;
}
