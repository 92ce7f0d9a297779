import { type Micros, SECOND } from '../lib/time.ts';
import type { ObjectId } from './object.ts';

interface ChangeBase {
  /** What it happened to. */
  readonly object: ObjectId;
  /** When: as the object itself tells (in whole seconds, refined where it was heard within that second), else when we heard of it. */
  readonly at: Micros;
  /**
   * Of the object after the change, where it was heard as it happened. Empty when it was concluded later, from how an object looked when it was
   * first seen: such a report counts for less (`mergeChanges`).
   */
  readonly resourceVersion: string;
}

/** One field that a change of a spec set. */
export interface FieldChange {
  /** `image`, `replicas`, `schedule`…, or the path of the field below `spec`: `template.spec.nodeSelector`. */
  readonly field: string;
  /** The container, for its image; else empty. */
  readonly container: string;
  /** As text; empty when it was not there or is not told. */
  readonly from: string;
  readonly to: string;
}

/**
 * Something that happened to an object and is no Event. Told apart from Events everywhere.
 * - `created`, `deleting` (someone asked for its deletion), `deleted` (it is gone)
 * - `spec-changed`: by which field manager (`kubectl-set`, `helm`, `argocd-controller`; empty when nobody tells)
 * - `container-terminated`: a container's process ended; `restarts` is how often the container had been restarted when it did
 * - `container-waiting`: a container cannot run, and why: `CrashLoopBackOff`, `ImagePullBackOff`, `CreateContainerConfigError`…
 * - `condition-changed`: `Ready` of a Node or Pod, `Available` or `Progressing` of a Deployment…
 * - `content-changed`: a ConfigMap's or Secret's keys, never their contents
 */
export type Change =
  | (ChangeBase & {
      readonly type: 'created';
      readonly manager: string;
      /** Its images, where they are known: `from` is empty. */
      readonly fields: readonly FieldChange[];
    })
  | (ChangeBase & { readonly type: 'deleting' | 'deleted' })
  | (ChangeBase & {
      readonly type: 'spec-changed';
      readonly manager: string;
      readonly fields: readonly FieldChange[];
    })
  | (ChangeBase & {
      readonly type: 'container-terminated';
      readonly container: string;
      readonly exitCode: number;
      /** 0 when none. */
      readonly signal: number;
      /** `Error`, `OOMKilled`, `Completed`, `StartError`, `ContainerCannotRun`… */
      readonly reason: string;
      /** What the container left in its termination message: may be its last words. */
      readonly message: string;
      readonly startedAt: Micros | undefined;
      readonly restarts: number;
      /** An init container. */
      readonly init: boolean;
    })
  | (ChangeBase & {
      readonly type: 'container-waiting';
      readonly container: string;
      readonly reason: string;
      readonly message: string;
      /** When the container's run before ended; undefined when it waits for its first. */
      readonly after: Micros | undefined;
    })
  | (ChangeBase & {
      readonly type: 'condition-changed';
      readonly condition: string;
      /** `True`, `False`, `Unknown`; empty when it was not there or is not known; the same as `to` when only the reason changed. */
      readonly from: string;
      readonly to: string;
      readonly reason: string;
      readonly message: string;
    })
  | (ChangeBase & {
      readonly type: 'content-changed';
      readonly manager: string;
      readonly keys: readonly string[];
    });

/**
 * What makes two reports the same change: the object's incarnation, the type, and what tells this one from others of its type. It is made of
 * nothing but what an object still tells to one who sees it later for the first time, so that a change is the same whether it was heard as it
 * happened or concluded afterwards: times in whole seconds as Kubernetes keeps them, never when it was heard.
 */
export function identifyChange(change: Change): string {
  const object =
    change.object.uid || `${change.object.kind}/${change.object.namespace}/${change.object.name}`;
  return `${change.object.cluster}/${object}/${change.type}/${discriminate(change)}`;
}

function discriminate(change: Change): string {
  const second = Math.floor(change.at / SECOND);
  switch (change.type) {
    case 'created':
    case 'deleting':
    case 'deleted':
      return '';
    case 'container-terminated':
      return `${change.container}#${change.restarts}${change.at % SECOND === 0 ? `@${second}` : ''}`;
    case 'container-waiting':
      return `${change.container}=${change.reason}@${change.after ?? ''}`;
    case 'condition-changed':
      if (change.condition === 'Bound') return change.condition;
      return `${change.condition}=${change.to}${change.from === change.to ? `/${change.reason}` : ''}@${second}`;
    case 'spec-changed':
      // Without a manager it was heard, or is dated by what a controller made of it: see `isEchoOf`.
      if (change.manager !== '') return `${change.manager}@${second}`;
      return change.resourceVersion || String(change.at);
    case 'content-changed':
      return change.resourceVersion || String(change.at);
  }
}
