import type { Micros } from '../../lib/time.ts';
import type { ObjectId } from '../../objects/object.ts';
import type { SetOff } from '../story.ts';

/** One thing that is wrong (or was lately, and is well again), by its root cause: forty Pods that lack one image are one finding. */
export interface Finding {
  /** Stable: made of what is wrong with what, without times, so that an alert can say "still" and "resolved". */
  readonly id: string;
  readonly state: 'now' | 'healed';
  /** The word that stays: `image-pull`, `crash-loop`, `quota-exceeded`, `node-not-ready`… */
  readonly failure: string;
  /** What it is about: the image, `ConfigMap/app-config`, `ResourceQuota/none`, the Node; may be empty. */
  readonly subject: string;
  /** What a person looks at first. */
  readonly object: ObjectId;
  readonly severity: 'error' | 'warning';
  /** In one line. */
  readonly says: string;
  /** What the reason means, in a sentence; empty when the catalogue does not know it. */
  readonly means: string;
  readonly since: Micros;
  readonly lastAt: Micros;
  /** When it was well again. */
  readonly healedAt: Micros | undefined;
  /** How often it was said; the least that is certain. */
  readonly count: number;
  readonly firstError: string;
  readonly firstErrorAt: Micros;
  /** Where it differs from the first, else empty. */
  readonly lastError: string;
  readonly setOffBy: SetOff | undefined;
  /** What made it well again, where that is known. */
  readonly mendedBy: SetOff | undefined;
  /** What makes sure of it, most telling first, a clause each. */
  readonly evidence: readonly string[];
  /** All objects it keeps from working. */
  readonly affected: readonly ObjectId[];
  /** The command to type next. */
  readonly next: string;
  /** Ids of the stories it is a part of. */
  readonly stories: readonly string[];
}

export interface Diagnosis {
  /** Until when the record goes: "now". */
  readonly asOf: Micros;
  /** What is wrong, the gravest and oldest first. */
  readonly findings: readonly Finding[];
  /** What was wrong lately and is well again, by itself or by a change. */
  readonly healed: readonly Finding[];
}
