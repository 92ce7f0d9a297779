import type { Occurrence } from '../events/event.ts';
import type { Micros } from '../lib/time.ts';

/** The happenings of an entry, in two long lists: from `begin` to before `end`, `counts[i]` of them until `ats[i]`, since the one before. */
export interface Rises {
  /** Holds the happenings of an entry, in the order of time, instead of what was held of it. */
  set(entry: number, occurrences: readonly Pick<Occurrence, 'at' | 'count'>[]): void;
  /** How often an entry happened, and from when to when, when it did not happen but once. */
  read(entry: number): { readonly count: number; readonly from: Micros; readonly to: Micros } | undefined;
  /** What loops read; valid until the next `set`. */
  values(): RiseValues;
}

export interface RiseValues {
  /** Per entry, where it is in the lists below; 0: it happened once. */
  readonly places: Uint32Array;
  readonly begins: Uint32Array;
  readonly ends: Uint32Array;
  /** Happenings, from when to when they were. */
  readonly totals: Float64Array;
  readonly froms: Float64Array;
  readonly tos: Float64Array;
  readonly ats: Float64Array;
  readonly counts: Float64Array;
}

/**
 * Holds the happenings of Events that repeated, all in the same few arrays: as an object for each, they took five times the memory, and a million of
 * them slowed down every garbage collection.
 */
export function createRises(): Rises {
  let places = new Uint32Array(1024);
  let begins = new Uint32Array(256);
  let ends = new Uint32Array(256);
  /** How many happenings there is room for. */
  let rooms = new Uint32Array(256);
  let totals = new Float64Array(256);
  let froms = new Float64Array(256);
  let tos = new Float64Array(256);
  let ats = new Float64Array(1024);
  let counts = new Float64Array(1024);
  let placed = 0;
  let used = 0;

  function placeOf(entry: number): number {
    const known = places[entry] ?? 0;
    if (known > 0) return known;
    placed += 1;
    if (placed >= begins.length) {
      begins = grow(begins, placed + 1);
      ends = grow(ends, placed + 1);
      rooms = grow(rooms, placed + 1);
      totals = grow(totals, placed + 1);
      froms = grow(froms, placed + 1);
      tos = grow(tos, placed + 1);
    }
    places[entry] = placed;
    return placed;
  }

  /** Finds room; twice as much as is wanted for those that were moved: they repeat again. */
  function makeRoom(place: number, wanted: number): number {
    const room = rooms[place] ?? 0;
    if (room >= wanted) return begins[place] ?? 0;
    const begin = used;
    rooms[place] = room === 0 ? wanted : 2 * wanted;
    used += rooms[place] ?? 0;
    if (used > ats.length) {
      ats = grow(ats, used);
      counts = grow(counts, used);
    }
    begins[place] = begin;
    return begin;
  }

  return {
    set(entry, occurrences) {
      if (entry >= places.length) places = grow(places, entry + 1);
      if (occurrences.length === 1 && occurrences[0]?.count === 1) {
        places[entry] = 0;
        return;
      }
      const place = placeOf(entry);
      const begin = makeRoom(place, occurrences.length);
      let total = 0;
      let from = Number.POSITIVE_INFINITY;
      let to = Number.NEGATIVE_INFINITY;
      let before: Micros | undefined;
      let end = begin;
      for (const { at, count } of occurrences) {
        ats[end] = at;
        counts[end] = count;
        end += 1;
        if (count > 0) {
          total += count;
          from = Math.min(from, count > 1 ? (before ?? at) : at);
          to = at;
        }
        before = at;
      }
      ends[place] = end;
      totals[place] = total;
      froms[place] = from;
      tos[place] = to;
    },
    read(entry) {
      const place = places[entry] ?? 0;
      if (place === 0) return undefined;
      return { count: totals[place] ?? 0, from: froms[place] ?? 0, to: tos[place] ?? 0 };
    },
    values: () => ({ places, begins, ends, totals, froms, tos, ats, counts }),
  };
}

function grow<Values extends Uint32Array | Float64Array>(values: Values, length: number): Values {
  const make = values.constructor as new (length: number) => Values;
  const larger = new make(Math.max(values.length * 2, length));
  larger.set(values);
  return larger;
}
