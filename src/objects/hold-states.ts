import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { RawObject } from './raw-object.ts';
import { dropNoise } from './trim-object.ts';

/** The last known states of many objects, packed: some hundred bytes each. */
export interface HeldStates {
  /**
   * Notes an object's state.
   *
   * @param trimmed as `trimObject` gives it
   * @returns `same` when nothing that is told differs from the state held; else the state before, without its noise, undefined when there was none
   */
  hold(uid: string, trimmed: RawObject): RawObject | undefined | 'same';
  read(uid: string): RawObject | undefined;
  drop(uid: string): void;
  has(uid: string): boolean;
  readonly size: number;
  /** What the packed states take. */
  readonly bytes: number;
}

/** zlib is to look back over the dictionary and an object; it takes memory to match, anew for each. */
const WINDOW_BITS = 14;
const LONGEST_DICTIONARY = 2 ** (WINDOW_BITS - 1);
const PACKING = { level: 4, windowBits: WINDOW_BITS, memLevel: 5, chunkSize: 2048 };

/**
 * Holds states of objects of one kind, which are much alike: each is deflated with the first as the dictionary, and so takes little more than what is
 * its own.
 */
export function holdStates(): HeldStates {
  const packed = new Map<string, Uint8Array>();
  let dictionary: Buffer | undefined;
  let bytes = 0;

  function pack(state: RawObject): Uint8Array {
    const text = Buffer.from(JSON.stringify(state));
    dictionary ??= text.subarray(0, LONGEST_DICTIONARY);
    // Copied: what zlib gives is a view of a whole chunk.
    return Uint8Array.from(deflateRawSync(text, { ...PACKING, dictionary }));
  }

  function unpack(state: Uint8Array): RawObject {
    const options = { windowBits: WINDOW_BITS, ...(dictionary === undefined ? {} : { dictionary }) };
    return JSON.parse(inflateRawSync(state, options).toString('utf8')) as RawObject;
  }

  function drop(uid: string): void {
    bytes -= packed.get(uid)?.length ?? 0;
    packed.delete(uid);
  }

  return {
    hold(uid, trimmed) {
      const before = packed.get(uid);
      const after = pack(dropNoise(trimmed));
      if (before !== undefined && Buffer.compare(before, after) === 0) return 'same';
      drop(uid);
      packed.set(uid, after);
      bytes += after.length;
      return before === undefined ? undefined : unpack(before);
    },
    read(uid) {
      const state = packed.get(uid);
      return state === undefined ? undefined : unpack(state);
    },
    drop,
    has: (uid) => packed.has(uid),
    get size() {
      return packed.size;
    },
    get bytes() {
      return bytes;
    },
  };
}
