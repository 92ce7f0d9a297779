import type { Event, ObjectReference } from '../../events/event.ts';
import { type Micros, SECOND } from '../../lib/time.ts';
import { guessHigh, HAS, unpackTime } from './body-parts.ts';
import { type ByteReader, createByteReader } from './bytes.ts';
import { nameOfKey } from './event-key.ts';
import type { NameReader } from './read-names.ts';
import { prefixOf } from './surroundings.ts';
import { fillWording } from './wording.ts';

/** The columns of an Event's row that are read to give it back. */
export interface EventRow {
  readonly object: number;
  readonly saying: number;
  readonly space: number;
  readonly key: number;
  readonly last: number;
  readonly body: Uint8Array;
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
