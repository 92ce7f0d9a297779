import type { Severity } from '../story.ts';

/**
 * The matters that reasons speak of. One that concerns a container is kept for each container by itself, the others for the object.
 * Whatever begins, fails or ends a matter says so by its name.
 */
export type Topic =
  // of a Pod
  | 'scheduling'
  | 'admission'
  | 'attaching'
  | 'mounting'
  | 'sandbox'
  | 'network'
  | 'devices'
  | 'resizing'
  | 'killing'
  | 'disruption'
  | 'deadline'
  // of a container
  | 'pulling'
  | 'configuring'
  | 'starting'
  | 'running'
  | 'probing'
  | 'hooks'
  // of what makes Pods and Jobs
  | 'creating'
  | 'deleting'
  | 'rollout'
  | 'run'
  | 'schedule'
  // of volumes
  | 'binding'
  | 'volume-resize'
  | 'volume-delete'
  | 'snapshot'
  // of Nodes
  | 'node-ready'
  | 'node-memory'
  | 'node-disk'
  | 'node-pids'
  | 'node-cordon'
  | 'node-boot'
  | 'node-setup'
  | 'node-shutdown'
  | 'node-oom'
  // of the rest
  | 'metrics'
  | 'rescaling'
  | 'balancer'
  | 'endpoints'
  | 'address'
  | 'disruption-budget'
  | 'certificate'
  | 'sync'
  | 'health'
  | 'analysis'
  | 'traffic';

/** A matter; of a reason that the catalogue does not know it is named `?` and the reason's stem. */
export type Matter = Topic | `?${string}`;

/** A reason that a component of Kubernetes (or a common add-on) gives for an Event, and what it means. Data: see CONTRIBUTING, "Add a reason". */
export interface Reason {
  readonly reason: string;
  /** Components that send it (source.component or reportingController); any when absent. */
  readonly from?: readonly string[];
  /** Kinds of objects it is sent for; any when absent. */
  readonly kinds?: readonly string[];
  /** Tested on the message, where one reason means several things. Match only what is the same in all versions. */
  readonly when?: RegExp;
  /** One sentence. */
  readonly means: string;
  /** `error`: something does not work until it is mended; `warning`: it may mend itself; `notice`: worth knowing; `info`: all is as it should be. */
  readonly severity: Severity;
  readonly topic?: Matter;
  /** What it does to its topic: `begins` an activity, says that it `fails`, or that it `ends` well. */
  readonly does?: 'begins' | 'fails' | 'ends';
  /** Other topics that cannot be open any more once this happens. */
  readonly closes?: readonly Matter[];
  /** The failure, where it `fails`: the word that findings and alerts go by. */
  readonly failure?: string;
  /**
   * When a failure counts as over although nothing says so: `quiet`, once it is not repeated for a while (emitters repeat it as long as it
   * lasts); `never` (the default), since it is said only once or rarely.
   */
  readonly over?: 'quiet' | 'never';
  /** Repeats what a sibling says in full. */
  readonly echo?: boolean;
  /** Moves its matter on, but is no step to be told. */
  readonly silent?: boolean;
  /** Order within one instant, where times do not tell: what comes first in the life of an object has the lower rank. */
  readonly rank?: number;
  /** What to look at or type next. `{namespace}`, `{name}`, `{kind}`, `{container}` are filled in. */
  readonly next?: string;
}
