import type { Occurrence } from '../events/event.ts';
import { createColumn } from './columns.ts';

/** Of each entry `lengths[entry]` happenings from `starts[entry]` on; none: it happened once, when it was last seen. */
export interface RiseValues {
  /** Happenings until `ats[i]`, since the one before: `counts[i]` of them. */
  readonly ats: Float64Array;
  readonly counts: Float64Array;
  readonly starts: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
}

/** The happenings of all Events that repeated, in a few long arrays: 16 bytes for each, which no garbage collection has to look at. */
export interface Rises {
  set(entry: number, occurrences: readonly Pick<Occurrence, 'at' | 'count'>[]): void;
  /** How often an entry happened. */
  sum(entry: number): number;
  /** The numbers themselves, for loops. Valid until the next `set`. */
  values(): RiseValues;
}

/** The arrays are packed anew when more than half of them is left behind, but not for less than this. */
const FEW_LOST = 65_536;

/** @param few how much may be left behind at least */
export function createRises(few = FEW_LOST): Rises {
  const [starts, lengths, rooms] = [uints(), uints(), uints()];
  let [ats, counts] = [new Float64Array(1024), new Float64Array(1024)];
  let entries = 0;
  let used = 0;
  let lost = 0;

  function grow(more: number): void {
    const [oldAts, oldCounts] = [ats, counts];
    ats = new Float64Array(2 * (used + more));
    counts = new Float64Array(2 * (used + more));
    ats.set(oldAts);
    counts.set(oldCounts);
  }

  /** Leaves no room between what is held, but what it may grow by. */
  function pack(more: number): void {
    const length = Math.max(1024, 2 * (used - lost + more));
    const [newAts, newCounts] = [new Float64Array(length), new Float64Array(length)];
    let at = 0;
    for (let entry = 0; entry < entries; entry++) {
      const [start, end] = [starts.get(entry), starts.get(entry) + lengths.get(entry)];
      newAts.set(ats.subarray(start, end), at);
      newCounts.set(counts.subarray(start, end), at);
      starts.set(entry, at);
      at += rooms.get(entry);
    }
    [ats, counts, used, lost] = [newAts, newCounts, at, 0];
  }

  /** Finds a place for so many happenings of an entry, the one that it has where that is large enough. */
  function place(entry: number, length: number): number {
    const room = rooms.get(entry);
    if (length <= room) return starts.get(entry);
    // What has grown once will grow again.
    const wanted = room === 0 ? length : 2 * length;
    lost += room;
    rooms.set(entry, 0);
    lengths.set(entry, 0);
    if (lost > Math.max(few, used / 2)) pack(wanted);
    else if (used + wanted > ats.length) grow(wanted);
    const start = used;
    used += wanted;
    starts.set(entry, start);
    rooms.set(entry, wanted);
    return start;
  }

  return {
    set(entry, occurrences) {
      const [only] = occurrences;
      const isSingle = occurrences.length === 1 && only?.count === 1;
      entries = Math.max(entries, entry + 1);
      const start = isSingle ? 0 : place(entry, occurrences.length);
      lengths.set(entry, isSingle ? 0 : occurrences.length);
      if (isSingle) return;
      for (const [index, { at, count }] of occurrences.entries()) {
        ats[start + index] = at;
        counts[start + index] = count;
      }
    },
    sum(entry) {
      const [start, length] = [starts.get(entry), lengths.get(entry)];
      if (length === 0) return 1;
      return counts.subarray(start, start + length).reduce((sum, count) => sum + Math.max(0, count), 0);
    },
    values: () => ({ ats, counts, starts: starts.values(), lengths: lengths.values() }),
  };
}

function uints() {
  return createColumn((length) => new Uint32Array(length));
}
