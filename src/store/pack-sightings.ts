import type { Event, EventForm, ObjectReference, OccurrencePoint } from '../events/event.ts';
import type { Sighting } from '../events/sighting.ts';
import { type Micros, SECOND } from '../lib/time.ts';
import { packTime, unpackTime } from './sqlite/body-parts.ts';
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter } from './sqlite/bytes.ts';
import { surroundingsOf } from './sqlite/surroundings.ts';
import { type Worded, wordMessage } from './sqlite/wording.ts';
import type { WordedSighting } from './sqlite/write-batch.ts';

const FORMS: readonly EventForm[] = ['v1', 'events.k8s.io/v1'];

/** Sightings packed one by one, to be handed to another thread together. */
export interface SightingPacker {
  add(sighting: Sighting): void;
  /** All so far, in bytes of their own. */
  packed(): Uint8Array<ArrayBuffer>;
  /** Begins anew. */
  clear(): void;
}

/**
 * Packs sightings to be handed to another thread: several times as quick as a structured clone, and what the other thread makes of it shares the
 * strings that repeat. Takes the messages apart too, which the other thread then need not. Not a file format: both threads are of the same Hark.
 */
export function createSightingPacker(): SightingPacker {
  const bytes = createByteWriter();
  const words = createWordPacker(bytes);
  return {
    add({ event, deleted, at, points }) {
      const near = Math.floor(at / SECOND);
      packTime(bytes, at, 0);
      bytes.byte((deleted ? 1 : 0) + (points === undefined ? 0 : 2));
      packEvent(bytes, words.pack, event, near);
      packWorded(bytes, words.pack, event);
      if (points !== undefined) packPoints(bytes, points, near);
    },
    packed: () => bytes.copy(),
    clear() {
      bytes.clear();
      words.clear();
    },
  };
}

/** Unpacks sightings, each when it is asked for. */
export function* unpackSightings(packed: Uint8Array): Generator<WordedSighting> {
  const bytes = createByteReader(packed);
  const word = createWordReader(bytes);
  while (!bytes.atEnd()) {
    const at = unpackTime(bytes, 0);
    const near = Math.floor(at / SECOND);
    const flags = bytes.byte();
    const event = unpackEvent(bytes, word, near);
    const worded = unpackWorded(bytes, word, event);
    const deleted = (flags & 1) !== 0;
    if (flags & 2) yield { event, deleted, at, points: unpackPoints(bytes, near), worded };
    else yield { event, deleted, at, worded };
  }
}

/** What stands for a word that comes for the first time, and for none; all others by their number. */
const NEW = 0;
const EMPTY = 1;

/** Texts that repeat: each once, then by its number. */
function createWordPacker(bytes: ByteWriter) {
  const known = new Map<string, number>();
  return {
    pack(text: string): void {
      if (text === '') {
        bytes.byte(EMPTY);
        return;
      }
      const number = known.get(text);
      if (number !== undefined) {
        bytes.uint(number);
        return;
      }
      known.set(text, known.size + 2);
      bytes.byte(NEW);
      bytes.text(text);
    },
    clear: () => known.clear(),
  };
}

function createWordReader(bytes: ByteReader): () => string {
  const known = [''];
  return () => {
    const number = bytes.uint();
    if (number !== NEW) return known[number - EMPTY] ?? '';
    const text = bytes.text();
    known.push(text);
    return text;
  };
}

function packEvent(bytes: ByteWriter, word: (text: string) => void, event: Event, near: number): void {
  bytes.byte(FORMS.indexOf(event.form));
  bytes.text(event.name);
  word(event.namespace);
  bytes.text(event.uid);
  bytes.text(event.resourceVersion);
  packMaybeTime(bytes, event.creationTimestamp, near);
  word(event.type);
  word(event.reason);
  bytes.text(event.message);
  packReference(bytes, word, event.involvedObject);
  bytes.byte(event.related === undefined ? 0 : 1);
  if (event.related !== undefined) packReference(bytes, word, event.related);
  word(event.source.component);
  word(event.source.host);
  word(event.reportingController);
  word(event.reportingInstance);
  word(event.action);
  bytes.int(event.count);
  bytes.byte(event.series === undefined ? 0 : 1);
  if (event.series !== undefined) {
    bytes.int(event.series.count);
    packMaybeTime(bytes, event.series.lastObservedTime, near);
  }
  packMaybeTime(bytes, event.firstTimestamp, near);
  packMaybeTime(bytes, event.lastTimestamp, near);
  packMaybeTime(bytes, event.eventTime, near);
  bytes.byte(event.residue === undefined ? 0 : 1);
  if (event.residue !== undefined) word(event.residue);
}

/** The fields in the order of the interface, and of the object that `parseEvent` makes. */
function unpackEvent(bytes: ByteReader, word: () => string, near: number): Event {
  return {
    form: FORMS[bytes.byte()] ?? 'v1',
    name: bytes.text(),
    namespace: word(),
    uid: bytes.text(),
    resourceVersion: bytes.text(),
    creationTimestamp: unpackMaybeTime(bytes, near),
    type: word(),
    reason: word(),
    message: bytes.text(),
    involvedObject: unpackReference(bytes, word),
    related: bytes.byte() === 0 ? undefined : unpackReference(bytes, word),
    source: { component: word(), host: word() },
    reportingController: word(),
    reportingInstance: word(),
    action: word(),
    count: bytes.int(),
    series:
      bytes.byte() === 0 ? undefined : { count: bytes.int(), lastObservedTime: unpackMaybeTime(bytes, near) },
    firstTimestamp: unpackMaybeTime(bytes, near),
    lastTimestamp: unpackMaybeTime(bytes, near),
    eventTime: unpackMaybeTime(bytes, near),
    residue: bytes.byte() === 0 ? undefined : word(),
  };
}

function packWorded(bytes: ByteWriter, word: (text: string) => void, event: Event): void {
  const { wording, fillings } = wordMessage(event.message, surroundingsOf(event));
  const isWhole = wording === event.message;
  bytes.byte(isWhole ? 1 : 0);
  if (isWhole) return;
  bytes.text(fillings);
  word(wording);
}

function unpackWorded(bytes: ByteReader, word: () => string, { message }: Event): Worded {
  if (bytes.byte() === 1) return { wording: message, fillings: '' };
  const fillings = bytes.text();
  return { wording: word(), fillings };
}

function packReference(bytes: ByteWriter, word: (text: string) => void, reference: ObjectReference): void {
  word(reference.apiVersion);
  word(reference.kind);
  word(reference.namespace);
  word(reference.name);
  word(reference.uid);
  bytes.text(reference.resourceVersion);
  word(reference.fieldPath);
}

function unpackReference(bytes: ByteReader, word: () => string): ObjectReference {
  return {
    apiVersion: word(),
    kind: word(),
    namespace: word(),
    name: word(),
    uid: word(),
    resourceVersion: bytes.text(),
    fieldPath: word(),
  };
}

function packMaybeTime(bytes: ByteWriter, time: Micros | undefined, near: number): void {
  bytes.byte(time === undefined ? 0 : 1);
  if (time !== undefined) packTime(bytes, time, near);
}

function unpackMaybeTime(bytes: ByteReader, near: number): Micros | undefined {
  return bytes.byte() === 0 ? undefined : unpackTime(bytes, near);
}

function packPoints(bytes: ByteWriter, points: readonly OccurrencePoint[], near: number): void {
  bytes.uint(points.length);
  for (const { count, series, at, message } of points) {
    bytes.int(count);
    bytes.byte(series ? 1 : 0);
    packTime(bytes, at, near);
    bytes.text(message);
  }
}

function unpackPoints(bytes: ByteReader, near: number): OccurrencePoint[] {
  return Array.from({ length: bytes.uint() }, () => ({
    count: bytes.int(),
    series: bytes.byte() === 1,
    at: unpackTime(bytes, near),
    message: bytes.text(),
  }));
}
