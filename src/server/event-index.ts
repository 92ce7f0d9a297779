import type { RecordedEvent } from '../events/event.ts';
import { happenedAt, lastHappenedAt } from '../events/event-time.ts';
import { idOf } from '../follow/change-reader.ts';
import type { Micros } from '../lib/time.ts';
import type { ObjectId } from '../objects/object.ts';
import { type Home, type Homes, openHomes } from '../stories/tell/homes.ts';
import { readClaim } from '../stories/tell/read-claim.ts';
import { type Column, createColumn, createDictionary, type Dictionary } from './columns.ts';
import { createNumberTable } from './number-table.ts';
import { createRises, type Rises } from './rises.ts';
import { type Counted, createRunningSums, type RunningSums } from './running-sums.ts';

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

/** An object that Events are about, with what the first of them tells of it beside its name. */
export interface IndexedObject {
  readonly home: Home;
  /** By its number in `kinds`. */
  readonly kind: number;
  readonly apiVersion: string;
  readonly uid: string;
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
  readonly rises: Pick<Rises, 'values'>;
  readonly voices: Dictionary<Voice>;
  readonly spaces: Dictionary<Space>;
  /** By their numbers in `object`. */
  readonly objects: readonly IndexedObject[];
  /** An object as its Events name it. */
  objectOf(home: Home): ObjectId;
  readonly hosts: Dictionary<string>;
  readonly kinds: Dictionary<string>;
  /** What happened at all times. */
  readonly sums: Pick<RunningSums, 'of'>;
  readonly homes: Homes;
  /** Per cluster, from the first happening to the last. */
  readonly spans: ReadonlyMap<string, Span>;
  /** Grows whenever an object comes to have another owner. */
  moves(): number;
}

export function createEventIndex(): EventIndex {
  const ids = createNumberTable();
  const rises = createRises();
  const [first, last] = [createColumn(floats), createColumn(floats)];
  const [voice, space, object, host] = [uints(), uints(), uints(), uints()];
  const voices = createDictionary<Voice>();
  const spaces = createDictionary<Space>();
  const objects: IndexedObject[] = [];
  const objectNumbers = new Map<Home, number>();
  const hosts = createDictionary<string>();
  const kinds = createDictionary<string>();
  const sums = createRunningSums((count) => {
    for (let entry = 0; entry < size; entry++) if (first.get(entry) <= last.get(entry)) count(countOf(entry));
  });
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
    const isHidden = known !== undefined && first.get(entry) === Infinity;
    if (isHidden) hidden -= 1;
    const before = known === undefined || isHidden ? undefined : countOf(entry);
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
    const home = homes.at(about);
    object.set(entry, numberOf(home, about));
    const node = about.kind === 'Node' ? about.name : event.source.host;
    host.set(
      entry,
      hosts.number(node, () => node),
    );
    rises.set(entry, occurrences);
    sums.add(countOf(entry), before);
    learnOwner(home, about, reason, event.message);
  }

  function countOf(entry: number): Counted {
    const number = object.get(entry);
    const at = last.get(entry);
    return {
      object: number,
      voice: voice.get(entry),
      space: space.get(entry),
      kind: objects[number]?.kind ?? 0,
      warns: voices.get(voice.get(entry)).warns,
      isDated: at !== 0,
      ...(rises.read(entry) ?? { count: 1, from: at, to: at }),
    };
  }

  function numberOf(home: Home, { apiVersion, uid }: ObjectId): number {
    const known = objectNumbers.get(home);
    if (known !== undefined) return known;
    objectNumbers.set(home, objects.length);
    const kind = kinds.number(home.id.kind, () => home.id.kind);
    objects.push({ home, kind, apiVersion, uid });
    return objects.length - 1;
  }

  function learnOwner(home: Home, about: ObjectId, reason: string, message: string): void {
    const claim = readClaim(reason, message);
    if (claim === undefined || claim.kind === '' || claim.name === '') return;
    if (claim.does === 'schedules' || claim.does === 'rescales') return;
    homes.learnClaim(
      home,
      homes.at({ ...about, apiVersion: '', kind: claim.kind, name: claim.name, uid: '' }),
    );
  }

  return {
    add,
    hideBefore(until) {
      for (let entry = 0; entry < size; entry++) {
        if (last.get(entry) >= until || first.get(entry) === Infinity) continue;
        first.set(entry, Infinity);
        last.set(entry, -Infinity);
        hidden += 1;
        sums.restart();
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
      return entry === undefined ? 0 : (rises.read(entry)?.count ?? 1);
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
    objectOf(home) {
      const known = objects[objectNumbers.get(home) ?? -1];
      return known === undefined ? home.id : { ...home.id, apiVersion: known.apiVersion, uid: known.uid };
    },
    hosts,
    kinds,
    sums,
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
