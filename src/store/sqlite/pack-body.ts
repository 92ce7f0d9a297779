import type { Event, ObjectReference } from '../../events/event.ts';
import { type Micros, SECOND } from '../../lib/time.ts';
import { guessHigh, HAS, packTime } from './body-parts.ts';
import { type ByteWriter, isDecimal, isUuid } from './bytes.ts';
import type { EventKey } from './event-key.ts';

/** What the columns do not say; `body` is this, packed. */
export interface EventBody {
  readonly event: Event;
  /** What of the name its key does not say; undefined when the name is stored in full. */
  readonly nanoseconds: EventKey | undefined;
  readonly deletedAt: Micros | undefined;
  readonly fillings: string;
  readonly host: number;
  readonly instance: number;
  readonly fieldPath: number;
  readonly residue: number;
}

/** Packs all of an Event that its row's other columns do not say. Times are told by their distance from `last`, in seconds. */
export function packBody(bytes: ByteWriter, body: EventBody, last: number): void {
  const { event, nanoseconds } = body;
  const flags = flagsOf(body, last);
  bytes.uint(flags);
  packTimes(bytes, body, flags, last);
  if (nanoseconds === undefined) bytes.text(event.name);
  else packNanoseconds(bytes, nanoseconds, flags);
  if (flags & HAS.uuid) bytes.uuid(event.uid);
  else if (flags & HAS.uidText) bytes.text(event.uid);
  packVersions(bytes, event, flags);
  if (!(flags & HAS.countIsOne)) bytes.int(event.count);
  if (flags & HAS.series) bytes.int(event.series?.count ?? 0);
  bytes.uint(body.host);
  if (flags & HAS.instance) bytes.uint(body.instance);
  if (flags & HAS.fieldPath) bytes.uint(body.fieldPath);
  if (flags & HAS.residue) bytes.uint(body.residue);
  if (event.related !== undefined) packRelated(bytes, event.related);
  bytes.tail(body.fillings);
}

function flagsOf(body: EventBody, last: number): number {
  const { event, nanoseconds } = body;
  const { resourceVersion: objectVersion } = event.involvedObject;
  let flags = flagsOfTimes(body, last);
  if (event.form !== 'v1') flags |= HAS.eventsForm;
  if (nanoseconds !== undefined) {
    flags |= HAS.namedByTime;
    if (nanoseconds.high !== guessHigh(event, last, nanoseconds.key)) flags |= HAS.high;
  }
  if (event.uid !== '') flags |= isUuid(event.uid) ? HAS.uuid : HAS.uidText;
  if (event.resourceVersion !== '')
    flags |= isDecimal(event.resourceVersion) ? HAS.resourceVersion : HAS.resourceVersionText;
  if (objectVersion !== '') flags |= isDecimal(objectVersion) ? HAS.objectVersion : HAS.objectVersionText;
  if (event.count === 1) flags |= HAS.countIsOne;
  if (event.series !== undefined) flags |= HAS.series;
  if (body.instance !== body.host) flags |= HAS.instance;
  if (body.fieldPath !== 0) flags |= HAS.fieldPath;
  if (event.residue !== undefined) flags |= HAS.residue;
  if (event.related !== undefined) flags |= HAS.related;
  return flags;
}

function flagsOfTimes({ event, deletedAt }: EventBody, last: number): number {
  const { creationTimestamp, firstTimestamp, lastTimestamp } = event;
  const at = last * SECOND;
  let flags = 0;
  if (creationTimestamp === at && firstTimestamp === at && lastTimestamp === at) flags |= HAS.atOnce;
  else {
    if (creationTimestamp !== undefined) flags |= HAS.created;
    if (firstTimestamp !== undefined) flags |= HAS.first;
    if (lastTimestamp !== undefined) flags |= HAS.last;
  }
  if (event.eventTime !== undefined) flags |= HAS.eventTime;
  if (event.series?.lastObservedTime !== undefined) flags |= HAS.observed;
  if (deletedAt !== undefined) flags |= HAS.deletedAt;
  return flags;
}

function packNanoseconds(bytes: ByteWriter, { high, low }: EventKey, flags: number): void {
  if (flags & HAS.high) bytes.uint(high);
  bytes.byte(low >> 8);
  bytes.byte(low & 255);
}

function packVersions(bytes: ByteWriter, event: Event, flags: number): void {
  const { resourceVersion } = event;
  const objectVersion = event.involvedObject.resourceVersion;
  if (flags & HAS.resourceVersion) bytes.uint(Number(resourceVersion));
  else if (flags & HAS.resourceVersionText) bytes.text(resourceVersion);
  if (flags & HAS.objectVersion) {
    const near = flags & HAS.resourceVersion ? Number(resourceVersion) : 0;
    bytes.int(near - Number(objectVersion));
  } else if (flags & HAS.objectVersionText) bytes.text(objectVersion);
}

function packTimes(bytes: ByteWriter, { event, deletedAt }: EventBody, flags: number, last: number): void {
  if (flags & HAS.created) packTime(bytes, event.creationTimestamp ?? 0, last);
  if (flags & HAS.first) packTime(bytes, event.firstTimestamp ?? 0, last);
  if (flags & HAS.last) packTime(bytes, event.lastTimestamp ?? 0, last);
  if (flags & HAS.eventTime) packTime(bytes, event.eventTime ?? 0, last);
  if (flags & HAS.observed) packTime(bytes, event.series?.lastObservedTime ?? 0, last);
  if (flags & HAS.deletedAt) packTime(bytes, deletedAt ?? 0, last);
}

function packRelated(bytes: ByteWriter, related: ObjectReference): void {
  bytes.text(related.apiVersion);
  bytes.text(related.kind);
  bytes.text(related.namespace);
  bytes.text(related.name);
  bytes.text(related.uid);
  bytes.text(related.resourceVersion);
  bytes.text(related.fieldPath);
}
