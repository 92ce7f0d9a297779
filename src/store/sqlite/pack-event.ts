import type { Event } from '../../events/event.ts';
import { lastSeen } from '../../events/event-time.ts';
import type { EventState } from '../../events/merge-records.ts';
import { comparePoints, pointOf } from '../../events/occurrences.ts';
import { SECOND } from '../../lib/time.ts';
import { createByteWriter } from './bytes.ts';
import type { EventKey } from './event-key.ts';
import { ROW_POINTS } from './event-points.ts';
import type { NameWriter, Saying } from './intern-names.ts';
import { packBody } from './pack-body.ts';
import {
  appendPoint,
  type PointChunk,
  packPoints,
  readPointsHeader,
  type WriteMessage,
} from './points-row.ts';
import { surroundingsOf } from './surroundings.ts';
import { type Worded, wordMessage } from './wording.ts';

/** The columns of an Event's row but for its id: object, saying, space, key, last, body, points. The body is valid until the next is packed. */
export type PackedRow = readonly [
  object: number,
  saying: number,
  space: number,
  key: number,
  last: number,
  body: Uint8Array,
  points: Uint8Array | null,
];

export interface EventPacker {
  /**
   * @param points packed ones that the row holds; null for the Event's own alone
   * @param worded the message, where it is taken apart already
   */
  pack(
    cluster: number,
    state: EventState,
    key: EventKey,
    points: Uint8Array | null,
    worded?: Worded,
  ): PackedRow;
  /** Packs the points that the row holds, in bytes of their own; null when the row needs none, because its own state's is the only one. */
  packPoints(event: Event, chunk: PointChunk): Uint8Array | null;
  /** Packs one point more, of a new state, in bytes of their own; undefined when it cannot be done without unpacking the others. */
  appendPoint(packed: Uint8Array | null, known: Event, event: Event): Uint8Array | undefined;
  /** Interns messages of an Event. */
  messageWriter(event: Event): WriteMessage;
}

export function createEventPacker(names: NameWriter): EventPacker {
  const bytes = createByteWriter();
  const pointBytes = createByteWriter();

  function pack(
    cluster: number,
    { event, deletedAt }: EventState,
    key: EventKey,
    points: Uint8Array | null,
    worded: Worded = wordMessage(event.message, surroundingsOf(event)),
  ): PackedRow {
    const { involvedObject, namespace } = event;
    const { host } = event.source;
    const space = names.string(namespace);
    const isOwnSpace = involvedObject.namespace === namespace;
    const hostId = names.string(host);
    const { wording, fillings } = worded;
    // The second of `lastHappenedAt` too, which refines it within that second.
    const last = Math.floor((lastSeen(event) ?? 0) / SECOND);
    const body = {
      event,
      nanoseconds: key.prefix === involvedObject.name ? key : undefined,
      deletedAt,
      fillings,
      host: hostId,
      instance: event.reportingInstance === host ? hostId : names.string(event.reportingInstance),
      fieldPath: names.string(involvedObject.fieldPath),
      residue: event.residue === undefined ? 0 : names.string(event.residue),
    };
    bytes.clear();
    packBody(bytes, body, last);
    const object = names.object(
      cluster,
      names.kind(involvedObject.apiVersion, involvedObject.kind),
      isOwnSpace ? space : names.string(involvedObject.namespace),
      involvedObject.name,
      involvedObject.uid,
    );
    const saying = names.saying(sayingOf(event, wording));
    return [object, saying, space, key.key, last, bytes.view(), points];
  }

  function packRowPoints(event: Event, { points, hasOlder }: PointChunk): Uint8Array | null {
    const last = points.at(-1);
    const endsWithState = last !== undefined && comparePoints(last, pointOf(event)) === 0;
    if (endsWithState && !hasOlder && points.length === 1) return null;
    pointBytes.clear();
    packPoints(pointBytes, { points, hasOlder }, messageWriter(event), endsWithState);
    return pointBytes.copy();
  }

  function append(packed: Uint8Array | null, known: Event, event: Event): Uint8Array | undefined {
    const [last, point] = [pointOf(known), pointOf(event)];
    if (last.message !== point.message || comparePoints(last, point) >= 0) return undefined;
    if (packed === null) return packRowPoints(event, { points: [last, point], hasOlder: false }) ?? undefined;
    const { count, endsWithState } = readPointsHeader(packed);
    if (!endsWithState || count >= ROW_POINTS) return undefined;
    pointBytes.clear();
    appendPoint(pointBytes, packed, last, point);
    return pointBytes.copy();
  }

  function messageWriter(event: Event): WriteMessage {
    const around = surroundingsOf(event);
    return (message) => {
      const { wording, fillings } = wordMessage(message, around);
      return { saying: names.saying(sayingOf(event, wording)), fillings };
    };
  }

  return { pack, packPoints: packRowPoints, appendPoint: append, messageWriter };
}

function sayingOf(event: Event, wording: string): Saying {
  const { type, reason, action, reportingController: controller } = event;
  return { type, reason, action, component: event.source.component, controller, wording };
}
