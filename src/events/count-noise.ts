import { type Micros, type MicrosLength, SECOND } from '../lib/time.ts';
import type { Event, RecordedEvent } from './event.ts';

/** What happenings are counted by. */
export const NOISE_KEYS = ['reasons', 'objects', 'components', 'namespaces'] as const;
export type NoiseKey = (typeof NOISE_KEYS)[number];

/** How often something was said, and when. */
export interface Noise {
  /** What it is, by the names that `columnsOf` gives: of reasons `['Warning', 'BackOff']`. */
  readonly key: readonly string[];
  /** Happenings; the least that is certain. */
  readonly count: number;
  /** Those of type Warning. */
  readonly warnings: number;
  /** Events that said it: a repeated Event is one. */
  readonly events: number;
  readonly firstAt: Micros;
  readonly lastAt: Micros;
  /** Happenings in each of equal parts of the time. */
  readonly parts: readonly number[];
}

export interface CountedNoise {
  readonly from: Micros;
  readonly to: Micros;
  /** The loudest first. */
  readonly noises: readonly Noise[];
}

export interface NoiseCounter {
  add(record: RecordedEvent): void;
  /** @param parts in how many parts the time is cut */
  finish(parts: number): CountedNoise;
}

/** What each part of a key is. */
export function columnsOf(by: NoiseKey): readonly string[] {
  return COLUMNS[by];
}

const COLUMNS: Readonly<Record<NoiseKey, readonly string[]>> = {
  reasons: ['type', 'reason'],
  objects: ['namespace', 'object'],
  components: ['component'],
  namespaces: ['namespace'],
};

/** Happenings are kept by slots of this length until the time is cut into parts. */
const SLOT: MicrosLength = 10 * SECOND;

interface Heard {
  readonly key: readonly string[];
  count: number;
  warnings: number;
  events: number;
  firstAt: Micros;
  lastAt: Micros;
  readonly slots: Map<number, number>;
}

/**
 * Counts who makes the noise. Happenings that an emitter folded into one update are spread over the time since the one before. Holds numbers
 * only, whatever is added.
 *
 * @param since what happened before does not count; default: all counts, and the time begins with the first
 * @param until the same for what happened after
 */
export function createNoiseCounter(by: NoiseKey, since?: Micros, until?: Micros): NoiseCounter {
  const all = new Map<string, Heard>();
  const [from, to] = [since ?? Number.NEGATIVE_INFINITY, until ?? Number.POSITIVE_INFINITY];
  return {
    add({ event, occurrences }) {
      const key = keyOf(event, by);
      const id = JSON.stringify(key);
      const heard = all.get(id) ?? startHeard(key);
      const before = heard.count;
      for (const [index, { at, count }] of occurrences.entries()) {
        if (at < from || at > to || count === 0) continue;
        const earlier = occurrences[index - 1]?.at ?? at;
        const begun = count > 1 ? Math.max(earlier, from) : at;
        hear(heard, begun, at, count, event.type === 'Warning');
      }
      if (heard.count === before) return;
      heard.events += 1;
      all.set(id, heard);
    },
    finish(parts) {
      const heard = [...all.values()];
      const begin = since ?? heard.reduce((first, { firstAt }) => Math.min(first, firstAt), Infinity);
      const end = until ?? heard.reduce((last, { lastAt }) => Math.max(last, lastAt), -Infinity);
      const noises = heard.map((each) => toNoise(each, begin, end, parts)).sort(compareNoise);
      return heard.length === 0
        ? { from: since ?? 0, to: until ?? 0, noises }
        : { from: begin, to: end, noises };
    },
  };
}

function keyOf(
  { involvedObject, type, reason, source, reportingController, namespace }: Event,
  by: NoiseKey,
): string[] {
  switch (by) {
    case 'reasons':
      return [type, reason];
    case 'objects':
      return [involvedObject.namespace, `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`];
    case 'components':
      return [source.component || reportingController];
    case 'namespaces':
      return [namespace];
  }
}

function startHeard(key: readonly string[]): Heard {
  return { key, count: 0, warnings: 0, events: 0, firstAt: Infinity, lastAt: -Infinity, slots: new Map() };
}

function hear(heard: Heard, from: Micros, to: Micros, count: number, isWarning: boolean): void {
  heard.count += count;
  if (isWarning) heard.warnings += count;
  heard.firstAt = Math.min(heard.firstAt, from);
  heard.lastAt = Math.max(heard.lastAt, to);
  const [first, last] = [Math.floor(from / SLOT), Math.floor(to / SLOT)];
  const share = count / (last - first + 1);
  for (let slot = first; slot <= last; slot++) heard.slots.set(slot, (heard.slots.get(slot) ?? 0) + share);
}

function toNoise({ slots, ...heard }: Heard, from: Micros, to: Micros, parts: number): Noise {
  const cut = new Array<number>(parts).fill(0);
  for (const [slot, count] of slots) {
    const middle = (slot + 0.5) * SLOT;
    const share = to <= from ? 0 : (middle - from) / (to - from);
    const part = Math.max(0, Math.min(parts - 1, Math.floor(share * parts)));
    cut[part] = (cut[part] ?? 0) + count;
  }
  return { ...heard, parts: cut };
}

function compareNoise(a: Noise, b: Noise): number {
  const [left, right] = [a.key.join(' '), b.key.join(' ')];
  return b.count - a.count || (left < right ? -1 : left > right ? 1 : 0);
}
