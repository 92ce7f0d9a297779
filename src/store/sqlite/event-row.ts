import type { Event, ObjectReference } from '../../events/event.ts';
import { type Micros, SECOND } from '../../lib/time.ts';
import { type ByteReader, type ByteWriter, createByteReader, isDecimal, isUuid } from './bytes.ts';
import { type EventKey, nameOfKey } from './event-key.ts';
import type { NameReader } from './read-names.ts';
import { fillWording, type Surroundings } from './wording.ts';

/** The columns of an Event's row that are read to give it back. */
export interface EventRow {
  readonly object: number;
  readonly saying: number;
  readonly space: number;
  readonly key: number;
  readonly last: number;
  readonly body: Uint8Array;
}

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

/** Which parts a body has. The rare ones are the high ones, so that most bodies need two bytes for it. */
const HAS = {
  eventsForm: 1 << 0,
  namedByTime: 1 << 1,
  uuid: 1 << 2,
  resourceVersion: 1 << 3,
  objectVersion: 1 << 4,
  /** created, first and last at the second that the row's `last` tells */
  atOnce: 1 << 5,
  created: 1 << 6,
  first: 1 << 7,
  last: 1 << 8,
  eventTime: 1 << 9,
  instance: 1 << 10,
  deletedAt: 1 << 11,
  fieldPath: 1 << 12,
  countIsOne: 1 << 13,
  series: 1 << 14,
  observed: 1 << 15,
  high: 1 << 16,
  uidText: 1 << 17,
  resourceVersionText: 1 << 18,
  objectVersionText: 1 << 19,
  related: 1 << 20,
  residue: 1 << 21,
} as const;

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

/** What `high` should be for the name to tell the time at which the Event happened first. */
function guessHigh(event: Pick<Event, 'firstTimestamp' | 'eventTime'>, last: number, key: number): number {
  const time = event.firstTimestamp ?? event.eventTime ?? last * SECOND;
  return Math.round((time * (1000 / 2 ** 16) - (key >>> 0)) / 2 ** 32);
}

function packNanoseconds(bytes: ByteWriter, { high, low }: EventKey, flags: number): void {
  if (flags & HAS.high) bytes.uint(high);
  bytes.byte(low >> 8);
  bytes.byte(low & 255);
}

function unpackName(
  bytes: ByteReader,
  flags: number,
  prefix: string,
  { key, last }: EventRow,
  times: Pick<Event, 'firstTimestamp' | 'eventTime'>,
): string {
  const high = flags & HAS.high ? bytes.uint() : guessHigh(times, last, key);
  return nameOfKey(prefix, high, key, bytes.byte() * 256 + bytes.byte());
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

/** Twice the distance in seconds; odd when the microseconds follow. */
export function packTime(bytes: ByteWriter, time: Micros, near: number): void {
  const seconds = Math.floor(time / SECOND);
  const rest = time - seconds * SECOND;
  bytes.int((seconds - near) * 2 + (rest === 0 ? 0 : 1));
  if (rest !== 0) bytes.uint(rest);
}

export function unpackTime(bytes: ByteReader, near: number): Micros {
  const packed = bytes.int();
  const seconds = Math.floor(packed / 2);
  const hasRest = packed - seconds * 2 === 1;
  return (near + seconds) * SECOND + (hasRest ? bytes.uint() : 0);
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

/** Gives back an Event from its row: equal to the one that was stored. */
export function unpackEvent(
  row: EventRow,
  names: NameReader,
): { readonly event: Event; readonly deletedAt: Micros | undefined; readonly cluster: string } {
  const bytes = createByteReader(row.body);
  const object = names.object(row.object);
  const saying = names.saying(row.saying);
  const namespace = names.string(row.space);
  const flags = bytes.uint();
  const times = unpackTimes(bytes, flags, row.last);
  const name = flags & HAS.namedByTime ? unpackName(bytes, flags, object.name, row, times) : bytes.text();
  const uid = flags & HAS.uuid ? bytes.uuid() : flags & HAS.uidText ? bytes.text() : '';
  const [resourceVersion, objectVersion] = unpackVersions(bytes, flags);
  const count = flags & HAS.countIsOne ? 1 : bytes.int();
  const series = flags & HAS.series ? { count: bytes.int(), lastObservedTime: times.observed } : undefined;
  const host = names.string(bytes.uint());
  const reportingInstance = flags & HAS.instance ? names.string(bytes.uint()) : host;
  const fieldPath = flags & HAS.fieldPath ? names.string(bytes.uint()) : '';
  const residue = flags & HAS.residue ? names.string(bytes.uint()) : undefined;
  const related = flags & HAS.related ? unpackRelated(bytes) : undefined;
  const around = { name: prefixOf(name), namespace, uid: object.uid };
  const event: Event = {
    form: flags & HAS.eventsForm ? 'events.k8s.io/v1' : 'v1',
    name,
    namespace,
    uid,
    resourceVersion,
    creationTimestamp: times.creationTimestamp,
    type: saying.type,
    reason: saying.reason,
    message: fillWording(saying.wording, bytes.tail(), around),
    involvedObject: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      uid: object.uid,
      resourceVersion: objectVersion,
      fieldPath,
    },
    related,
    source: { component: saying.component, host },
    reportingController: saying.controller,
    reportingInstance,
    action: saying.action,
    count,
    series,
    firstTimestamp: times.firstTimestamp,
    lastTimestamp: times.lastTimestamp,
    eventTime: times.eventTime,
    residue,
  };
  return { event, deletedAt: times.deletedAt, cluster: object.cluster };
}

function unpackTimes(bytes: ByteReader, flags: number, last: number) {
  const once = flags & HAS.atOnce ? last * SECOND : undefined;
  const time = (flag: number) => (flags & flag ? unpackTime(bytes, last) : undefined);
  return {
    creationTimestamp: once ?? time(HAS.created),
    firstTimestamp: once ?? time(HAS.first),
    lastTimestamp: once ?? time(HAS.last),
    eventTime: time(HAS.eventTime),
    observed: time(HAS.observed),
    deletedAt: time(HAS.deletedAt),
  };
}

function unpackVersions(bytes: ByteReader, flags: number): [string, string] {
  let near = 0;
  let resourceVersion = '';
  let objectVersion = '';
  if (flags & HAS.resourceVersion) {
    near = bytes.uint();
    resourceVersion = String(near);
  } else if (flags & HAS.resourceVersionText) resourceVersion = bytes.text();
  if (flags & HAS.objectVersion) objectVersion = String(near - bytes.int());
  else if (flags & HAS.objectVersionText) objectVersion = bytes.text();
  return [resourceVersion, objectVersion];
}

function unpackRelated(bytes: ByteReader): ObjectReference {
  return {
    apiVersion: bytes.text(),
    kind: bytes.text(),
    namespace: bytes.text(),
    name: bytes.text(),
    uid: bytes.text(),
    resourceVersion: bytes.text(),
    fieldPath: bytes.text(),
  };
}

/** What the messages of an Event may repeat of it. */
export function surroundingsOf(event: Event): Surroundings {
  return { name: prefixOf(event.name), namespace: event.namespace, uid: event.involvedObject.uid };
}

function prefixOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}
