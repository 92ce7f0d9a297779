import type { Occurrence } from '../events/event.ts';
import type { Micros, MicrosLength } from '../lib/time.ts';
import type { ObjectId } from '../objects/object.ts';

/** How a step or a story came out, as far as the record goes. */
export type Outcome = 'succeeded' | 'failed' | 'in progress' | 'superseded' | 'unknown';

/** How much a step matters by what its reason means, whatever the Event's own type says. */
export type Severity = 'info' | 'notice' | 'warning' | 'error';

/**
 * One thing that happened: an Event with its repeats, a change of an object, or (`inferred`) something that left neither but must have
 * happened for what follows. What it set in motion is below it.
 */
export interface Step {
  /** Stable: made of the identity of what it is made from, so that it stays the same while the step is repeated and completed. */
  readonly id: string;
  readonly source: 'event' | 'change' | 'inferred';
  readonly object: ObjectId;
  /** The container it speaks of; empty when it speaks of none. */
  readonly container: string;
  /** The Event's, empty for others. */
  readonly type: string;
  /** The Event's; of a change its type. */
  readonly reason: string;
  /** The first one in full. */
  readonly message: string;
  /** The latest one where it differs, else empty. */
  readonly lastMessage: string;
  /** The message as a person would say it, in one line, without what its surroundings tell already. */
  readonly says: string;
  /** Who said it: the component, the field manager of a change; empty when nobody tells. */
  readonly by: string;
  /** On which machine; empty when not told. */
  readonly host: string;
  /** First happening. */
  readonly at: Micros;
  /** Whether `at` is known below the second. */
  readonly precise: boolean;
  /** Latest happening. */
  readonly lastAt: Micros;
  /** Happenings; of several Events that said the same, together. */
  readonly count: number;
  /** In time order; at least one. */
  readonly occurrences: readonly Occurrence[];
  readonly severity: Severity;
  /** Says nothing that another step of the same object does not say better: left out where space is dear. */
  readonly echo: boolean;
  readonly outcome: Outcome;
  /** When what it set in motion had finished. Undefined while it goes on, and where nothing tells. */
  readonly endsAt: Micros | undefined;
  /**
   * How long it took: from its first happening until `endsAt`; of a step that is the end of a wait (a Pod got its Node), how long the wait
   * was. Of a repeated activity its first happening is measured.
   */
  readonly took: MicrosLength | undefined;
  /** In time order. */
  readonly steps: readonly Step[];
  /** Identities of the Events or changes it is made from, in time order. */
  readonly sources: readonly string[];
}

/** What kind of thing a story tells. */
export type StoryKind = 'rollout' | 'scaling' | 'run' | 'incident' | 'deletion' | 'activity';

/** One rollout, one incident, one run of a Job: everything that one beginning set in motion. */
export interface Story {
  /** Stable: made of the identity of its first step that is an Event. */
  readonly id: string;
  readonly kind: StoryKind;
  /** What it is about: the topmost owner of what happened. */
  readonly object: ObjectId;
  /** What is above it but keeps its own stories: the CronJob of a Job. */
  readonly owner: ObjectId | undefined;
  /** That is gone: nothing repeats the run any more. */
  readonly ownerGone: boolean;
  /** The topmost owner is concluded from names and messages, nothing was heard of itself. */
  readonly inferred: boolean;
  /** What began it, in a few words: `image a → b`, `scaled from 1 to 6`, `crash looping`. */
  readonly title: string;
  /** The change that began it, when that is known. It is not among `steps`. */
  readonly root: Step | undefined;
  /** In time order. */
  readonly steps: readonly Step[];
  readonly outcome: Outcome;
  /** The outcome's reason in one line; empty when there is nothing to add. */
  readonly summary: string;
  /** What else is worth knowing, a line each: `2 Pods of web-5d567cc74c keep running`. */
  readonly notes: readonly string[];
  readonly from: Micros;
  /** Its latest happening. */
  readonly lastAt: Micros;
  /** When it was over: undefined while it goes on. */
  readonly endsAt: Micros | undefined;
  /** The matters that went wrong, open and healed, in the order they began. */
  readonly troubles: readonly Trouble[];
  /** All objects it touches. */
  readonly objects: readonly ObjectId[];
}

/** A matter that went wrong with one object, until it was well again. */
export interface Trouble {
  /** What went wrong, in a word that stays: `image-pull`, `crash-loop`, `unschedulable`… */
  readonly failure: string;
  /** What it is about, told apart within the failure: the image, the ConfigMap, the quota, the Node; may be empty. */
  readonly subject: string;
  readonly object: ObjectId;
  readonly container: string;
  /** Another object that had a part in it, where the Event names one: the Pod that this one made room for. */
  readonly related: ObjectId | undefined;
  /** In one line, for people. */
  readonly says: string;
  /** What its reason means, in a sentence; empty when the catalogue does not know it. */
  readonly means: string;
  /** What the catalogue says to look at or type next, with `{name}` and the like filled in; may be empty. */
  readonly next: string;
  /** The first error in full. */
  readonly firstError: string;
  readonly firstAt: Micros;
  /** The latest error where it differs from the first, else empty. */
  readonly lastError: string;
  readonly lastAt: Micros;
  readonly count: number;
  /** When it was well again, or the object gone; undefined while it lasts. */
  readonly endedAt: Micros | undefined;
  /** How it ended: `healed` by itself or by a change, `gone` with its object, `silent`: nothing more was heard of it. */
  readonly ended: 'healed' | 'gone' | 'silent' | undefined;
  /** Whether it keeps something from working, rather than being a hint. */
  readonly severity: Severity;
  /** Steps that tell of it, first to last. */
  readonly steps: readonly string[];
  /** The change of something it refers to that most probably set it off; undefined when none is known. */
  readonly setOffBy: SetOff | undefined;
  /** The change of what its error names that made it well again: it was made, or changed; undefined when none is known. */
  readonly mendedBy: SetOff | undefined;
}

/** How sure it is that one thing led to another. */
export type Confidence = 'sure' | 'likely' | 'possible';

/** The change that most probably set something off. */
export interface SetOff {
  /** What was changed. */
  readonly object: ObjectId;
  readonly at: Micros;
  /** The field manager; empty when nobody tells. */
  readonly by: string;
  readonly says: string;
  /** `root`: it began the very story; `used`: something that is referred to was changed shortly before. */
  readonly how: 'root' | 'used';
  readonly confidence: Confidence;
  /** What makes so sure, a clause each. */
  readonly because: readonly string[];
}
