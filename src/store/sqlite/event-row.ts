import type { Event, ObjectReference } from '../../events/event.ts';
import { type Micros, SECOND } from '../../lib/time.ts';
import { type ByteReader, type ByteWriter, createByteReader, isUuid } from './bytes.ts';
import { nameOfKey } from './event-key.ts';
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
  /** The lowest digits of the name's nanoseconds; undefined when the name is stored in full. */
  readonly low: number | undefined;
  readonly deletedAt: Micros | undefined;
  readonly fillings: string;
  readonly host: number;
  readonly instance: number;
  readonly fieldPath: number;
  readonly residue: number;
}

/** Which parts a body has. The rare ones are the high ones, so that most bodies need two bytes for it. */
const HAS = {
  eventsForm: 1,
  namedByTime: 2,
  uuid: 4,
  resourceVersion: 8,
  objectVersion: 16,
  created: 32,
  first: 64,
  last: 128,
  eventTime: 256,
  instance: 512,
  deletedAt: 1024,
  fieldPath: 2048,
  series: 4096,
  count: 8192,
  uidText: 1 << 14,
  resourceVersionText: 1 << 15,
  objectVersionText: 1 << 16,
  related: 1 << 17,
  residue: 1 << 18,
  observed: 1 << 19,
} as const;

const DECIMAL = /^(?:0|[1-9][0-9]{0,14})$/;

/** Packs all of an Event that its row's other columns do not say. Times are told by their distance from `last`, in seconds. */
export function packBody(bytes: ByteWriter, body: EventBody, last: number): void {
  const { event } = body;
  const flags = flagsOf(body);
  bytes.uint(flags);
  if (flags & HAS.namedByTime) packLow(bytes, body.low ?? 0);
  else bytes.text(event.name);
  if (flags & HAS.uuid) bytes.uuid(event.uid);
  else if (flags & HAS.uidText) bytes.text(event.uid);
  packVersions(bytes, event, flags);
  packTimes(bytes, body, flags, last);
  if (flags & HAS.count) bytes.int(event.count);
  if (flags & HAS.series) bytes.int(event.series?.count ?? 0);
  bytes.uint(body.host);
  if (flags & HAS.instance) bytes.uint(body.instance);
  if (flags & HAS.fieldPath) bytes.uint(body.fieldPath);
  if (flags & HAS.residue) bytes.uint(body.residue);
  if (event.related !== undefined) packRelated(bytes, event.related);
  bytes.tail(body.fillings);
}

function flagsOf({ event, low, deletedAt, ...body }: EventBody): number {
  const { resourceVersion: objectVersion } = event.involvedObject;
  let flags = 0;
  if (event.form !== 'v1') flags |= HAS.eventsForm;
  if (low !== undefined) flags |= HAS.namedByTime;
  if (event.uid !== '') flags |= isUuid(event.uid) ? HAS.uuid : HAS.uidText;
  if (event.resourceVersion !== '')
    flags |= DECIMAL.test(event.resourceVersion) ? HAS.resourceVersion : HAS.resourceVersionText;
  if (objectVersion !== '') flags |= DECIMAL.test(objectVersion) ? HAS.objectVersion : HAS.objectVersionText;
  if (event.creationTimestamp !== undefined) flags |= HAS.created;
  if (event.firstTimestamp !== undefined) flags |= HAS.first;
  if (event.lastTimestamp !== undefined) flags |= HAS.last;
  if (event.eventTime !== undefined) flags |= HAS.eventTime;
  if (deletedAt !== undefined) flags |= HAS.deletedAt;
  if (event.count !== 0) flags |= HAS.count;
  if (event.series !== undefined) flags |= HAS.series;
  if (event.series?.lastObservedTime !== undefined) flags |= HAS.observed;
  if (body.instance !== body.host) flags |= HAS.instance;
  if (body.fieldPath !== 0) flags |= HAS.fieldPath;
  if (event.residue !== undefined) flags |= HAS.residue;
  if (event.related !== undefined) flags |= HAS.related;
  return flags;
}

function packLow(bytes: ByteWriter, low: number): void {
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
  const name =
    flags & HAS.namedByTime
      ? nameOfKey(object.name, row.key, bytes.byte() * 256 + bytes.byte())
      : bytes.text();
  const uid = flags & HAS.uuid ? bytes.uuid() : flags & HAS.uidText ? bytes.text() : '';
  const [resourceVersion, objectVersion] = unpackVersions(bytes, flags);
  const time = (flag: number) => (flags & flag ? unpackTime(bytes, row.last) : undefined);
  const creationTimestamp = time(HAS.created);
  const firstTimestamp = time(HAS.first);
  const lastTimestamp = time(HAS.last);
  const eventTime = time(HAS.eventTime);
  const lastObservedTime = time(HAS.observed);
  const deletedAt = time(HAS.deletedAt);
  const count = flags & HAS.count ? bytes.int() : 0;
  const series = flags & HAS.series ? { count: bytes.int(), lastObservedTime } : undefined;
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
    creationTimestamp,
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
    firstTimestamp,
    lastTimestamp,
    eventTime,
    residue,
  };
  return { event, deletedAt, cluster: object.cluster };
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
