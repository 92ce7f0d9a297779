import type { RecordedEvent } from '../events/event.ts';
import { happenedAt, lastHappenedAt } from '../events/event-time.ts';
import { idOf } from '../follow/change-reader.ts';
import type { Micros } from '../lib/time.ts';
import { nameKey, type ObjectId } from '../objects/object.ts';
import { type Homes, openHomes } from '../stories/tell/homes.ts';
import { readClaim } from '../stories/tell/read-claim.ts';
import { type Column, createColumn, createDictionary, type Dictionary } from './columns.ts';
import { createNumberTable } from './number-table.ts';

/** What Events say, how, and who says it; the happenings themselves are numbers. */
export interface Voice {
  readonly type: string;
  readonly reason: string;
  readonly component: string;
  readonly controller: string;
  readonly warns: boolean;
}

export interface Space {
  readonly cluster: string;
  readonly namespace: string;
}

/** The happenings of an Event that repeated: `counts[i]` of them until `ats[i]`, since the one before. */
export interface Rises {
  readonly ats: Float64Array;
  readonly counts: Float64Array;
}

export interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

/**
 * When and of what every Event of the record tells, held as numbers (some 100 bytes for each): what a timeline of a million is counted from.
 * Messages are not in it.
 */
export interface EventIndex {
  add(record: RecordedEvent): void;
  /** Leaves out the Events last seen before: retention has removed them. */
  hideBefore(until: Micros): void;
  /** Entries that are left out. */
  hidden(): number;
  /** When the oldest of the newest so many Events was last seen; undefined when there are no more than that. */
  lastOfNewest(count: number): Micros | undefined;
  /** The entry of an Event, by `idOf`. */
  find(id: string): number | undefined;
  /** How often an Event happened, by `idOf`; 0 when it is not known. */
  happened(id: string): number;
  readonly size: () => number;
  readonly first: Column;
  readonly last: Column;
  readonly voice: Column;
  readonly space: Column;
  readonly object: Column;
  readonly host: Column;
  readonly rises: ReadonlyMap<number, Rises>;
  readonly voices: Dictionary<Voice>;
  readonly spaces: Dictionary<Space>;
  readonly objects: Dictionary<ObjectId>;
  readonly hosts: Dictionary<string>;
  readonly homes: Homes;
  /** Per cluster, from the first happening to the last. */
  readonly spans: ReadonlyMap<string, Span>;
  /** Grows whenever an object comes to have another owner. */
  moves(): number;
}

export function createEventIndex(): EventIndex {
  const ids = createNumberTable();
  const rises = new Map<number, Rises>();
  const [first, last] = [createColumn(floats), createColumn(floats)];
  const [voice, space, object, host] = [uints(), uints(), uints(), uints()];
  const voices = createDictionary<Voice>();
  const spaces = createDictionary<Space>();
  const objects = createDictionary<ObjectId>();
  const hosts = createDictionary<string>();
  const spans = new Map<string, Span>();
  let size = 0;
  let hidden = 0;
  let moves = 0;
  const homes = openHomes(() => {
    moves += 1;
  });

  function add(record: RecordedEvent): void {
    const { cluster, event, occurrences } = record;
    const id = idOf(record);
    const known = ids.get(id);
    const entry = known ?? size;
    if (known === undefined) {
      ids.set(id, entry);
      size += 1;
    }
    const [from, to] = [happenedAt(event), lastHappenedAt(event)];
    if (known !== undefined && first.get(entry) === Infinity) hidden -= 1;
    first.set(entry, Math.min(from, to));
    last.set(entry, to);
    const span = spans.get(cluster);
    // An Event may hold no time at all.
    if (from > 0 && (span === undefined || from < span.from || to > span.to))
      spans.set(cluster, { from: Math.min(span?.from ?? from, from), to: Math.max(span?.to ?? to, to) });
    const { type, reason, source, reportingController: controller } = event;
    const voiceKey = `${type}\0${reason}\0${source.component}\0${controller}`;
    voice.set(
      entry,
      voices.number(voiceKey, () => ({
        type,
        reason,
        component: source.component,
        controller,
        warns: type !== 'Normal',
      })),
    );
    const { namespace } = event;
    space.set(
      entry,
      spaces.number(`${cluster}\0${namespace}`, () => ({ cluster, namespace })),
    );
    const about = objectOf(record);
    object.set(
      entry,
      objects.number(nameKey(about), () => about),
    );
    const node = about.kind === 'Node' ? about.name : event.source.host;
    host.set(
      entry,
      hosts.number(node, () => node),
    );
    const [only] = occurrences;
    if (occurrences.length === 1 && only?.count === 1) rises.delete(entry);
    else
      rises.set(entry, {
        ats: Float64Array.from(occurrences, ({ at }) => at),
        counts: Float64Array.from(occurrences, ({ count }) => count),
      });
    learnOwner(about, reason, event.message);
  }

  function learnOwner(about: ObjectId, reason: string, message: string): void {
    const home = homes.at(about);
    const claim = readClaim(reason, message);
    if (claim === undefined || claim.kind === '' || claim.name === '') return;
    if (claim.does === 'schedules' || claim.does === 'rescales') return;
    homes.learnClaim(home, { ...about, apiVersion: '', kind: claim.kind, name: claim.name, uid: '' });
  }

  return {
    add,
    hideBefore(until) {
      for (let entry = 0; entry < size; entry++) {
        if (last.get(entry) >= until || first.get(entry) === Infinity) continue;
        first.set(entry, Infinity);
        last.set(entry, -Infinity);
        hidden += 1;
      }
    },
    hidden: () => hidden,
    lastOfNewest(count) {
      if (size <= count) return undefined;
      const lasts = Float64Array.from({ length: size }, (_, entry) => last.get(entry)).sort();
      const since = lasts[size - count] ?? -Infinity;
      return since === -Infinity ? undefined : since;
    },
    find: (id) => ids.get(id),
    happened(id) {
      const entry = ids.get(id);
      if (entry === undefined) return 0;
      return rises.get(entry)?.counts.reduce((sum, count) => sum + Math.max(0, count), 0) ?? 1;
    },
    size: () => size,
    first,
    last,
    voice,
    space,
    object,
    host,
    rises,
    voices,
    spaces,
    objects,
    hosts,
    homes,
    spans,
    moves: () => moves,
  };
}

export function objectOf({ cluster, event }: RecordedEvent): ObjectId {
  const { apiVersion, kind, namespace, name, uid } = event.involvedObject;
  return { cluster, apiVersion, kind, namespace, name, uid };
}

function floats(length: number): Float64Array {
  return new Float64Array(length);
}

function uints(): Column {
  return createColumn((length) => new Uint32Array(length));
}
