import { lastSeen } from '../events/event-time.ts';
import { parseEvent } from '../events/parse-event.ts';
import type { ClusterInfo, CoverageStretch } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import { isWireObject, type WireObject } from '../events/wire-form.ts';
import { HarkError } from '../lib/errors.ts';
import { parseTime } from '../lib/rfc3339.ts';
import type { Micros } from '../lib/time.ts';
import type { Change } from '../objects/change.ts';
import type { LastState } from '../objects/last-state.ts';
import type { KubernetesObject } from '../objects/object.ts';
import type { DumpBatch, DumpedObject, DumpSummary } from './dump.ts';
import { findCarriedEvents } from './find-carried-events.ts';
import { isExportLine, parseExportHeader, parseExportLine } from './hark-export.ts';
import {
  isChangeLine,
  isLastStateLine,
  isStateLine,
  parseChangeLine,
  parseLastStateLine,
  parseStateLine,
} from './hark-export-objects.ts';
import { isList, looksLikeEvent, readClusterUid, readVersion } from './recognise-object.ts';

export interface CollectOptions {
  /** Whether objects of other kinds are wanted; default false. */
  readonly objects?: boolean;
  /** Whether it is wanted what objects were last, which is much beside the rest; default false. */
  readonly lastStates?: boolean;
  /** Whether what is broken counts only once the file has held an Event: for files that nobody named; default false. */
  readonly lenient?: boolean;
}

/** Takes the JSON values of one file and gathers what they mean. */
export interface ValueCollector {
  take(value: unknown): void;
  /** Something could not be read; `cut`: because the file ended in the middle of it. */
  broken(cut: boolean, why?: string): void;
  /** What was gathered since the last call, by cluster. */
  drain(): DumpBatch[];
}

interface Gathered {
  readonly cluster: ClusterInfo | undefined;
  readonly sightings: Sighting[];
  readonly coverage: CoverageStretch[];
  readonly objects: DumpedObject[];
  readonly states: KubernetesObject[];
  readonly lastStates: LastState[];
  readonly changes: Change[];
}

/**
 * Understands every JSON value in which an Event may come: the Event in either form, a list of any kind and its items, a line of a watch
 * (`{"type","object"}`), of a recording (`{"at","watch"}`), of a Hark export, of what else carries Events (`findCarriedEvents`).
 *
 * Where no time of arrival is told, an Event counts as heard of when it was last seen, and its deletion at the latest time that its file has told of before: a
 * watch tells in order.
 */
export function collectValues(
  file: string,
  summary: DumpSummary,
  options: CollectOptions = {},
): ValueCollector {
  let gathered = new Map<string, Gathered>();
  let latest: Micros = 0;
  let held = false;
  /** Items of the list being read that do not tell their kind: the list does, after them. */
  let kindless = 0;
  /** Those of them that are wanted. */
  let nameless: Omit<DumpedObject, 'kind'>[] = [];
  const clusters = new Map<string, ClusterInfo>();

  function gather(uid: string): Gathered {
    const known = gathered.get(uid);
    if (known !== undefined) return known;
    const cluster = uid === '' ? undefined : (clusters.get(uid) ?? { uid, name: '', version: '' });
    const lists = { sightings: [], coverage: [], objects: [], states: [], lastStates: [], changes: [] };
    const fresh = { cluster, ...lists };
    gathered.set(uid, fresh);
    return fresh;
  }

  function take(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) take(item);
    else if (!isWireObject(value))
      broken(false, `a JSON ${value === null ? 'null' : typeof value} where an object is wanted`);
    else if (isWireObject(value.watch)) takeWatchLine(value.watch, readTime(value.at));
    else if (typeof value.type === 'string' && isWireObject(value.object)) takeWatchLine(value, undefined);
    else if (value.hark === 'export') takeHeader(value);
    else if (EXPORT_LINES.some((isOne) => isOne(value))) takeExportLine(value);
    else if (isList(value)) takeList(value);
    else takeObject(value, false, undefined);
  }

  function takeList(list: WireObject): void {
    if (Array.isArray(list.items)) take(list.items);
    const kind = typeof list.kind === 'string' ? list.kind.replace(/List$/, '') : '';
    if (kindless > 0 && kind !== '') {
      countOther('', -kindless);
      countOther(kind, kindless);
      for (const one of nameless)
        gather('').objects.push({
          ...one,
          kind,
          object: { apiVersion: list.apiVersion, kind, ...one.object },
        });
    }
    kindless = 0;
    nameless = [];
  }

  function takeWatchLine(line: WireObject, at: Micros | undefined): void {
    if (line.type === 'BOOKMARK') return;
    if (isWireObject(line.object)) takeObject(line.object, line.type === 'DELETED', at);
    else broken(false, 'a line of a watch without an object');
  }

  function takeObject(object: WireObject, deleted: boolean, at: Micros | undefined): void {
    const events = looksLikeEvent(object) ? [object] : findCarriedEvents(object);
    for (const event of events) takeEvent(event, deleted, at);
    if (events.length === 0) takeOther(object, deleted, at);
  }

  function takeEvent(object: WireObject, deleted: boolean, at: Micros | undefined): void {
    try {
      const event = parseEvent(object);
      const seen = at ?? lastSeen(event) ?? 0;
      latest = Math.max(latest, seen, event.creationTimestamp ?? 0);
      add('', { event, deleted, at: at ?? (deleted ? latest : seen) });
    } catch (error) {
      if (!(error instanceof HarkError)) throw error;
      broken(false, error.message);
    }
  }

  function takeOther(object: WireObject, deleted: boolean, at: Micros | undefined): void {
    const kind = typeof object.kind === 'string' ? object.kind : '';
    const uid = readClusterUid(object);
    if (uid !== undefined && !summary.clusters.some((known) => known.uid === uid && known.file === file))
      summary.clusters.push({ file, uid });
    summary.version ||= readVersion(object);
    countOther(kind === 'Event' ? `Event of ${String(object.apiVersion)}` : kind);
    if (kind === '') kindless += 1;
    if (options.objects !== true) return;
    if (kind === '') nameless.push({ object, at, deleted });
    else gather('').objects.push({ kind, object, at, deleted });
  }

  function takeHeader(header: WireObject): void {
    const { clusters: told, coverage } = parseExportHeader(header);
    for (const cluster of told) {
      clusters.set(cluster.uid, cluster);
      gather(cluster.uid);
    }
    for (const stretch of coverage) gather(stretch.cluster).coverage.push(stretch);
  }

  function takeExportLine(line: WireObject): void {
    try {
      if (isStateLine(line)) takeState(parseStateLine(line));
      else if (isChangeLine(line)) takeChange(parseChangeLine(line));
      else if (isLastStateLine(line)) takeLastState(parseLastStateLine(line));
      else {
        const { cluster, sighting } = parseExportLine(line);
        add(cluster, sighting);
      }
    } catch (error) {
      if (!(error instanceof HarkError)) throw error;
      broken(false, error.message);
    }
  }

  function takeState(state: KubernetesObject): void {
    countOther(state.kind);
    if (options.objects === true) gather(state.cluster).states.push(state);
  }

  function takeLastState(state: LastState): void {
    if (options.lastStates === true) gather(state.cluster).lastStates.push(state);
  }

  function takeChange(change: Change): void {
    if (options.objects === true) gather(change.object.cluster).changes.push(change);
  }

  function add(cluster: string, sighting: Sighting): void {
    gather(cluster).sightings.push(sighting);
    summary.sightings += 1;
    if (!held) summary.filesWithEvents += 1;
    held = true;
  }

  function countOther(kind: string, number = 1): void {
    const total = (summary.others.get(kind) ?? 0) + number;
    if (total === 0) summary.others.delete(kind);
    else summary.others.set(kind, total);
  }

  function broken(cut: boolean, why = 'it is no JSON or YAML'): void {
    if (options.lenient === true && !held) return;
    if (cut) {
      summary.cut.add(file);
      return;
    }
    summary.unreadable += 1;
    summary.firstUnreadable ||= why;
  }

  function drain(): DumpBatch[] {
    const batches = [...gathered.values()].map((part) => ({ file, ...part }));
    gathered = new Map();
    return batches;
  }

  return { take, broken, drain };
}

const EXPORT_LINES = [isExportLine, isStateLine, isChangeLine, isLastStateLine];

function readTime(value: unknown): Micros | undefined {
  return typeof value === 'string' ? parseTime(value) : undefined;
}
