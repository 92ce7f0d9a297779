import type { DatabaseSync } from 'node:sqlite';
import { createChangeReader, readLatestChange } from './changes.ts';
import { arrays } from './read-names.ts';

/** Which change of the log was each Event's last, and which brought it into the store; 0 where the log did not go back that far. */
export interface EventNumbers {
  last(event: number): number;
  first(event: number): number;
  /** Takes in what the log has gained: to be called within the snapshot that is asked about. */
  update(): void;
}

/** Reads the log at the first `update`, and from there on what is added to it. */
export function createEventNumbers(db: DatabaseSync): EventNumbers {
  const selectStart = arrays(db, 'SELECT upto - count FROM changes ORDER BY upto LIMIT 1');
  const readChange = createChangeReader(db);
  let lasts = new Float64Array(0);
  let firsts = new Float64Array(0);
  let place: number | undefined;
  /** The highest id so far: those of new Events lie above. */
  let highest = 0;

  function note(event: number, number: number): void {
    if (event >= lasts.length) {
      const length = Math.max(event + 1, 2 * lasts.length, 1024);
      lasts = grow(lasts, length);
      firsts = grow(firsts, length);
    }
    lasts[event] = number;
    if (event <= highest) return;
    firsts[event] = number;
    highest = event;
  }

  function begin(): number {
    const [start] = (selectStart.get() as unknown as [number] | undefined) ?? [0];
    lasts.fill(0);
    firsts.fill(0);
    highest = 0;
    return start;
  }

  return {
    last: (event) => lasts[event] ?? 0,
    first: (event) => firsts[event] ?? 0,
    update() {
      // A log that was emptied knows less than what was read of it.
      let at = place !== undefined && readLatestChange(db) >= place ? place : begin();
      for (let change = readChange(at); change !== undefined; change = readChange(at)) {
        if (change === 'gone') {
          at = begin();
          continue;
        }
        const start = change.upto - change.events.length + 1;
        for (const [index, event] of change.events.entries()) note(event, start + index);
        at = change.upto;
      }
      place = at;
    },
  };
}

function grow(numbers: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(numbers);
  return larger;
}
