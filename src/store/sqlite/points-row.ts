import type { OccurrencePoint } from '../../events/event.ts';
import { type Micros, SECOND } from '../../lib/time.ts';
import { type ByteWriter, createByteReader } from './bytes.ts';
import { packTime, unpackTime } from './event-row.ts';
import type { NameReader } from './read-names.ts';
import { fillWording, type Surroundings } from './wording.ts';

/** Interns a message: its saying's id and what fills the gaps. */
export type WriteMessage = (message: string) => { readonly saying: number; readonly fillings: string };

/** Some points of an Event, ordered; what one blob holds. */
export interface PointChunk {
  readonly points: readonly OccurrencePoint[];
  /** Whether there are older ones in `chunks`. */
  readonly hasOlder: boolean;
}

/**
 * Packs ordered points: the distinct messages, then for each point which message, and how far its time and count lie from the one before
 * it. Three or four bytes for a usual repeat.
 */
export function packPoints(bytes: ByteWriter, chunk: PointChunk, writeMessage: WriteMessage): void {
  const { points, hasOlder } = chunk;
  const messages = new Map<string, number>();
  for (const { message } of points) if (!messages.has(message)) messages.set(message, messages.size);
  bytes.uint(messages.size * 2 + (hasOlder ? 1 : 0));
  for (const message of messages.keys()) {
    const { saying, fillings } = writeMessage(message);
    bytes.uint(saying);
    bytes.text(fillings);
  }
  let second = 0;
  let count = 0;
  for (const point of points) {
    bytes.uint((messages.get(point.message) ?? 0) * 2 + (point.series ? 1 : 0));
    packTime(bytes, point.at, second);
    bytes.int(point.count - count);
    second = secondOf(point.at);
    count = point.count;
  }
}

export function unpackPoints(packed: Uint8Array, names: NameReader, around: Surroundings): PointChunk {
  const bytes = createByteReader(packed);
  const header = bytes.uint();
  const messages: string[] = [];
  for (let left = Math.floor(header / 2); left > 0; left--)
    messages.push(fillWording(names.saying(bytes.uint()).wording, bytes.text(), around));
  const points: OccurrencePoint[] = [];
  let second = 0;
  let count = 0;
  while (!bytes.atEnd()) {
    const kind = bytes.uint();
    const at = unpackTime(bytes, second);
    count += bytes.int();
    second = secondOf(at);
    const message = messages[Math.floor(kind / 2)];
    if (message === undefined) throw new RangeError('packed row names a message that is not there');
    points.push({ count, series: kind % 2 === 1, at, message });
  }
  return { points, hasOlder: header % 2 === 1 };
}

function secondOf(at: Micros): number {
  return Math.floor(at / SECOND);
}
