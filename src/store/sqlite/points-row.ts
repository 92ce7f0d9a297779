import type { OccurrencePoint } from '../../events/event.ts';
import { type Micros, SECOND } from '../../lib/time.ts';
import { packTime, unpackTime } from './body-parts.ts';
import { type ByteWriter, createByteReader } from './bytes.ts';
import type { NameReader } from './read-names.ts';
import { fillWording, type Surroundings } from './wording.ts';

/** Interns a message: its saying's id and what fills the gaps. */
export type WriteMessage = (message: string) => { readonly saying: number; readonly fillings: string };

/** Some points of an Event, ordered; what one blob holds. At most 255. */
export interface PointChunk {
  readonly points: readonly OccurrencePoint[];
  /** Whether there are older ones in `chunks`. */
  readonly hasOlder: boolean;
}

/** What can be told of packed points without unpacking them. */
export interface PointsHeader {
  readonly count: number;
  readonly hasOlder: boolean;
  /** Whether the last of them is the point of the Event's state: another can then be appended without unpacking any. */
  readonly endsWithState: boolean;
}

const HAS_OLDER = 1;
const ENDS_WITH_STATE = 2;
/** Bytes: how many points, flags, the last one's message. */
const COUNT_AT = 0;
const FLAGS_AT = 1;
const LAST_MESSAGE_AT = 2;
const HEADER_BYTES = 3;

/**
 * Packs ordered points: a header, the distinct messages, then for each point which message, and how far its time and count lie from the one
 * before it. Three or four bytes for a usual repeat.
 *
 * @param endsWithState as in `PointsHeader`
 */
export function packPoints(
  bytes: ByteWriter,
  { points, hasOlder }: PointChunk,
  writeMessage: WriteMessage,
  endsWithState = false,
): void {
  const messages = new Map<string, number>();
  for (const { message } of points) if (!messages.has(message)) messages.set(message, messages.size);
  bytes.byte(points.length);
  bytes.byte((hasOlder ? HAS_OLDER : 0) + (endsWithState ? ENDS_WITH_STATE : 0));
  bytes.byte(messages.get(points.at(-1)?.message ?? '') ?? 0);
  bytes.uint(messages.size);
  for (const message of messages.keys()) {
    const { saying, fillings } = writeMessage(message);
    bytes.uint(saying);
    bytes.text(fillings);
  }
  let previous: Pick<OccurrencePoint, 'at' | 'count'> = { at: 0, count: 0 };
  for (const point of points) {
    packPoint(bytes, messages.get(point.message) ?? 0, point, previous);
    previous = point;
  }
}

function packPoint(
  bytes: ByteWriter,
  message: number,
  point: OccurrencePoint,
  previous: Pick<OccurrencePoint, 'at' | 'count'>,
): void {
  bytes.uint(message * 2 + (point.series ? 1 : 0));
  packTime(bytes, point.at, secondOf(previous.at));
  bytes.int(point.count - previous.count);
}

export function readPointsHeader(packed: Uint8Array): PointsHeader {
  const flags = packed[FLAGS_AT] ?? 0;
  return {
    count: packed[COUNT_AT] ?? 0,
    hasOlder: (flags & HAS_OLDER) !== 0,
    endsWithState: (flags & ENDS_WITH_STATE) !== 0,
  };
}

/** Packs the same points with one more, of the new state, at their end; `last` is the last of them, of the same message. */
export function appendPoint(
  bytes: ByteWriter,
  packed: Uint8Array,
  last: OccurrencePoint,
  point: OccurrencePoint,
): void {
  bytes.byte((packed[COUNT_AT] ?? 0) + 1);
  bytes.byte((packed[FLAGS_AT] ?? 0) | ENDS_WITH_STATE);
  bytes.raw(packed.subarray(LAST_MESSAGE_AT));
  packPoint(bytes, packed[LAST_MESSAGE_AT] ?? 0, point, last);
}

export function unpackPoints(packed: Uint8Array, names: NameReader, around: Surroundings): PointChunk {
  const { count, hasOlder } = readPointsHeader(packed);
  const bytes = createByteReader(packed.subarray(HEADER_BYTES));
  const messages: string[] = [];
  for (let left = bytes.uint(); left > 0; left--)
    messages.push(fillWording(names.saying(bytes.uint()).wording, bytes.text(), around));
  const points: OccurrencePoint[] = [];
  let previous: Pick<OccurrencePoint, 'at' | 'count'> = { at: 0, count: 0 };
  while (points.length < count) {
    const kind = bytes.uint();
    const at = unpackTime(bytes, secondOf(previous.at));
    const message = messages[kind >>> 1];
    if (message === undefined) throw new RangeError('packed row names a message that is not there');
    const point = { count: previous.count + bytes.int(), series: kind % 2 === 1, at, message };
    points.push(point);
    previous = point;
  }
  return { points, hasOlder };
}

function secondOf(at: Micros): number {
  return Math.floor(at / SECOND);
}
