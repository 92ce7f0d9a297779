import type { Micros } from '../lib/time.ts';
import type { RecordedEvent } from './event.ts';

/** Which object Events are wanted of. `kind` as users type it resolved to a Kind (`Pod`), compared case-insensitively; empty fields match all. */
export interface ObjectFilter {
  readonly kind: string;
  readonly name: string;
  /**
   * When given, only Events of that very object: those with this uid, a Node's also with its name as uid, and, where `name` is given too,
   * those whose emitter left the uid out. A static Pod's Events carry the hash in its annotation `kubernetes.io/config.mirror`: ask for both.
   */
  readonly uid?: string;
}

/** One question for Events: every given condition must hold; within a list, any. The CLI, the API and every store share it. */
export interface EventQuery {
  /** Cluster UIDs; all when absent. */
  readonly clusters?: readonly string[];
  /** The Event's own namespaces; all when absent. */
  readonly namespaces?: readonly string[];
  readonly for?: readonly ObjectFilter[];
  /** Case-insensitive. */
  readonly types?: readonly string[];
  readonly reasons?: readonly string[];
  /** Kinds of the involved object, case-insensitive. */
  readonly kinds?: readonly string[];
  /** source.component or reportingController. */
  readonly components?: readonly string[];
  /** Events with an occurrence at or after. */
  readonly since?: Micros;
  /** Events first seen before. */
  readonly until?: Micros;
  /** Events last seen at or before: how a reader of pages goes back in time. */
  readonly lastUntil?: Micros;
  /** Tested on the message, every message of its repeats included, by JavaScript `RegExp` with the `u` flag. */
  readonly grep?: RegExp;
  /**
   * Words that must all be in one message (of any of its repeats), in any order: whole words of letters and digits, case-insensitive; a word
   * that ends in `*` is a beginning. What a search box takes; `grep` is the exact tool.
   */
  readonly text?: string;
  /** The newest N, still in time order. */
  readonly limit?: number;
}

/** A stretch of time in which a cluster (or some of its namespaces) was watched without a hole. */
export interface CoverageStretch {
  readonly cluster: string;
  /** Empty: the whole cluster. */
  readonly namespace: string;
  readonly from: Micros;
  /** End of the stretch; of one still open, the last moment known to be covered. */
  readonly to: Micros;
  readonly open: boolean;
  /** The watch's cursor at `to`: what the next run resumes from. Absent when it is not known. */
  readonly resourceVersion?: string;
}

/** A stretch of the asked time that no coverage spans. */
export interface Gap {
  readonly cluster: string;
  readonly namespace: string;
  readonly from: Micros;
  readonly to: Micros;
  /** When a later list, within the Events' time to live, caught up on it: only folded repeats and Events deleted inside may be missing. */
  readonly caughtUpAt: Micros | undefined;
}

export interface ClusterInfo {
  /** UID of the kube-system namespace. */
  readonly uid: string;
  /** The context name it was last seen under, or the file it came from. */
  readonly name: string;
  /** As `/version` says: `v1.36.2`; empty when unknown. */
  readonly version: string;
}

/** Anything that can be asked for Events: a store, a file, a live cluster, a join of them. */
export interface EventReader {
  /** All matching Events in Hark's time order (`compareEvents`), in pages of any size. */
  readEvents(query: EventQuery, signal?: AbortSignal): AsyncIterable<readonly RecordedEvent[]>;
  /** Holes in the asked time, ascending; a reader with no notion of coverage (a file) has none. */
  readGaps(query: EventQuery): Promise<readonly Gap[]>;
  readClusters(): Promise<readonly ClusterInfo[]>;
  close(): Promise<void>;
}
