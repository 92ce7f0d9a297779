import type { Event } from '../events/event.ts';
import type { Micros } from '../lib/time.ts';

/**
 * What list and watch yield, in order: of Events by default, of anything else as `I`. `namespace` is the scope it speaks for: empty for the whole cluster, else one of the namespaces that are
 * watched one by one.
 *
 * - `listed`: an Event of a list. `added`, `modified`, `deleted`: a line of the watch.
 * - `gap`: Events since `from` may have been missed; a new list follows. The first item of a scope, unless it resumes. `rebuilt` says that the
 *   cluster behind the address is another one, or an older state of it: read its identity again. `from` never lies before the `at` of an
 *   earlier `synced`, `resumed` or `alive`.
 * - `synced` ends a list: every Event there is was yielded, and from `at` on nothing is missed until a `gap`.
 * - `resumed`: the watch goes on from where the caller's cursor stood: nothing was missed since `from`.
 * - `alive`: everything that happened up to `at` was yielded, as proven by a line that came later or a watch opened anew; about once a second while
 *   Events come, every minute or two while none do.
 * - `resourceVersion` of the last three is the cursor to resume from.
 * - `notice`: something a person would want to know, once, not each time; `code` is stable.
 */
export type WatchItem<I = EventItem> = I | WatchSignal;

/** An Event of a list, or a line of the watch. */
export interface EventItem {
  readonly type: 'listed' | 'added' | 'modified' | 'deleted';
  readonly event: Event;
  readonly at: Micros;
}

/** What is told beside the things that are watched. */
export type WatchSignal =
  | {
      readonly type: 'synced';
      readonly resourceVersion: string;
      readonly at: Micros;
      readonly namespace: string;
    }
  | {
      readonly type: 'resumed';
      readonly resourceVersion: string;
      readonly from: Micros;
      readonly at: Micros;
      readonly namespace: string;
    }
  | {
      readonly type: 'alive';
      readonly resourceVersion: string;
      readonly at: Micros;
      readonly namespace: string;
    }
  | {
      readonly type: 'gap';
      readonly reason: GapReason;
      readonly from: Micros;
      readonly at: Micros;
      readonly namespace: string;
    }
  | {
      readonly type: 'notice';
      readonly level: 'info' | 'warn';
      readonly code: string;
      readonly text: string;
      readonly at: Micros;
    };

/**
 * Why Events may have been missed: the watch has only just `started`; the server no longer knows the changes since the cursor (`expired`), after
 * it could not be reached for a while (`unreachable`); the cluster was `rebuilt` or restored.
 */
export type GapReason = 'started' | 'expired' | 'rebuilt' | 'unreachable';

/** Where a watch stood: everything up to `resourceVersion`, and so up to `at`, was yielded. */
export interface WatchCursor {
  readonly resourceVersion: string;
  readonly at: Micros;
}
