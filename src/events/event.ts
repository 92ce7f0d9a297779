import type { Micros } from '../lib/time.ts';

/** The two wire forms in which the API server serves the same stored Event. */
export type EventForm = 'v1' | 'events.k8s.io/v1';

/** A Kubernetes `ObjectReference`; a field that is missing is the empty string. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly fieldPath: string;
}

/**
 * A Kubernetes Event of either API group, in one normalised form; names follow `v1`.
 * A string that is missing is empty, a number that is missing is 0, a time that is missing (or null) is undefined.
 * `parseEvent` makes one, `printEvent` gives it back in either form; between them nothing but `managedFields` is lost.
 */
export interface Event {
  /** The wire form it was read in. */
  readonly form: EventForm;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly creationTimestamp: Micros | undefined;
  /** `Normal`, `Warning`, or anything else. */
  readonly type: string;
  readonly reason: string;
  /** `note` in events.k8s.io/v1. */
  readonly message: string;
  /** `regarding` in events.k8s.io/v1. */
  readonly involvedObject: ObjectReference;
  readonly related: ObjectReference | undefined;
  /** `deprecatedSource` in events.k8s.io/v1. */
  readonly source: { readonly component: string; readonly host: string };
  /** `reportingComponent` in v1. */
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly action: string;
  /** `deprecatedCount` in events.k8s.io/v1; 0 when absent, negative when written so by hand. */
  readonly count: number;
  readonly series: { readonly count: number; readonly lastObservedTime: Micros | undefined } | undefined;
  readonly firstTimestamp: Micros | undefined;
  readonly lastTimestamp: Micros | undefined;
  readonly eventTime: Micros | undefined;
  /**
   * What the fields above cannot say of the original: labels, annotations, unknown fields, odd spellings of a time, null for absent.
   * Opaque to everything but `parseEvent` and `printEvent`; undefined for nearly every Event of a real API server. JSON text, so that it
   * can be interned and stored as it is.
   */
  readonly residue: string | undefined;
}

/**
 * One sighting of an Event's counter: at `at` it stood at `count` and said `message`. The set of an Event's points is all that its repeats
 * leave behind: a union of such sets is the same in any order and however often a point is seen. `readOccurrences` turns it into rises.
 */
export interface OccurrencePoint {
  /** The counter as written: `series.count` where there is a series, else `count`, else 1. */
  readonly count: number;
  /** Whether `count` is a series' (its first repeat is 1 in Kubernetes 1.20, 2 in 1.36). */
  readonly series: boolean;
  /** The Event's last seen time at that count; 0 when it holds no time at all. */
  readonly at: Micros;
  readonly message: string;
}

/** One observed happening of an Event, or several that the emitter folded into one update. */
export interface Occurrence {
  /** When the last of them happened. */
  readonly at: Micros;
  /** How many: the rise of the counter. 0 when the message or the time changed and the counter did not. */
  readonly count: number;
  readonly message: string;
}

/** An Event as the record knows it: its latest state, every repeat, and what became of it. */
export interface RecordedEvent {
  /** UID of the cluster's kube-system namespace; `name:NAME` where a person named it, `unknown` for files that do not tell. */
  readonly cluster: string;
  /** The latest state seen. */
  readonly event: Event;
  /** In time order, at least one; the sum of their counts is the exact number only where every update was seen. */
  readonly occurrences: readonly Occurrence[];
  /** Every point of its counter that is known, in time order: what `occurrences` is read from, what joins and exports carry on. */
  readonly points: readonly OccurrencePoint[];
  /** When the API server said it deleted the Event (expiry, or with its namespace); it stays in the record. */
  readonly deletedAt: Micros | undefined;
}
