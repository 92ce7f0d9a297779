import type { EventReader, ObjectFilter } from '../events/query.ts';
import type { Micros } from '../lib/time.ts';
import type { Change } from './change.ts';
import type { LastState } from './last-state.ts';
import type { KubernetesObject } from './object.ts';
import type { ObjectList } from './object-list.ts';

/** One question for objects, or for what changed of them: every given condition must hold; within a list, any. */
export interface ObjectQuery {
  /** Cluster UIDs; all when absent. */
  readonly clusters?: readonly string[];
  /** Objects of these namespaces, and those that have none (Nodes, Namespaces…); all when absent. */
  readonly namespaces?: readonly string[];
  readonly for?: readonly ObjectFilter[];
  /** Case-insensitive. */
  readonly kinds?: readonly string[];
  /** Changes at or after; objects not gone before. */
  readonly since?: Micros;
  /** Changes before; objects not made at or after. */
  readonly until?: Micros;
}

/** Anything that knows of objects beside their Events: a store, a dump, a live cluster. */
export interface ObjectReader {
  /** Each matching object once, in its latest known state, those that are gone too; in pages of any size, in no order. */
  readObjects(query: ObjectQuery, signal?: AbortSignal): AsyncIterable<readonly KubernetesObject[]>;
  /** Each matching change once, ascending by time; in pages of any size. */
  readChanges(query: ObjectQuery, signal?: AbortSignal): AsyncIterable<readonly Change[]>;
  /** The last states of those of the matching objects of which one is kept, where any may be; in pages of any size, in no order. */
  readLastStates?(query: ObjectQuery, signal?: AbortSignal): AsyncIterable<readonly LastState[]>;
  /** The kinds of which `readObjects` gives every object there is now, where the reader can know: what else was heard of is gone. */
  readLists?(query: ObjectQuery, signal?: AbortSignal): Promise<readonly ObjectList[]>;
}

/** The whole record: Events, objects, changes. */
export interface RecordReader extends EventReader, ObjectReader {}
