import type { Clock } from '../../lib/clock.ts';
import type { Micros, MicrosLength } from '../../lib/time.ts';

/** An answer, and until when it holds. */
export interface Kept<T> {
  readonly value: T;
  readonly until: Micros;
}

/** Answers that are kept for a while; the same question asked by several at once is asked once. A question that fails is not kept. */
export interface AnswerCache<T> {
  ask(key: string, question: () => Promise<T>): Promise<Kept<T>>;
  /** Lets a question be asked anew. */
  forget(key: string): void;
  size(): number;
}

/**
 * @param most answers at a time; those that were asked for longest ago are forgotten first
 * @param keepFor how long an answer holds from when the question was put
 */
export function createAnswerCache<T>(
  clock: Clock,
  most: number,
  keepFor: (value: T) => MicrosLength,
): AnswerCache<T> {
  const kept = new Map<string, Kept<T>>();
  const asked = new Map<string, Promise<Kept<T>>>();

  async function put(key: string, question: () => Promise<T>): Promise<Kept<T>> {
    const begun = clock.now();
    try {
      const value = await question();
      const answer = { value, until: begun + keepFor(value) };
      kept.set(key, answer);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
      return answer;
    } finally {
      asked.delete(key);
    }
  }

  return {
    async ask(key, question) {
      const known = kept.get(key);
      kept.delete(key);
      if (known !== undefined && clock.now() < known.until) {
        kept.set(key, known);
        return known;
      }
      const waiting = asked.get(key) ?? put(key, question);
      asked.set(key, waiting);
      return await waiting;
    },
    forget: (key) => void kept.delete(key),
    size: () => kept.size,
  };
}
