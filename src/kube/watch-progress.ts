import { type Micros, SECOND } from '../lib/time.ts';
import { type ApiFailure, explainStatus } from './api-failure.ts';
import { isBefore } from './is-before.ts';
import type { WatchFrame } from './parse-watch-line.ts';
import { markWorking, type ScopeState, settle, tellCursor } from './scope-state.ts';
import type { WatchCursor, WatchItem, WatchSignal } from './watch-item.ts';
import { countBroken } from './watch-session.ts';
import type { WatchedResource } from './watched-resource.ts';

/** What became of a batch of lines, or of a while of silence. */
export interface Progress<I> {
  readonly items: readonly WatchItem<I>[];
  /** The watch is not worth reading on: begin anew with a list, because the server knows no `sendInitialEvents`. */
  readonly stop?: 'relist';
  /** What the server said of why it ends the watch. */
  readonly failure?: ApiFailure;
}

/** Follows one watch: turns lines into items, and moves the scope's cursor as far as they prove. */
export interface WatchProgress<T, I> {
  take(frames: readonly WatchFrame<T>[]): Progress<I>;
  /** Nothing came for a while. */
  idle(): Progress<I>;
  /** Whether the cursor is getting old: nothing came since it was proven. */
  isQuiet(): boolean;
  /** Where the server stands was read, some time before the end that is due. */
  expectEnd(newest: WatchCursor): void;
  /** The server has ended the watch in order: what it had to send, up to where it stood some time before, was sent. */
  ended(): void;
  /** Whether anything showed that the server goes on from the cursor. */
  accepted(): boolean;
}

/** How often a busy watch tells its cursor. */
const TELL_EVERY = SECOND;

/**
 * @param newest where the server stood just before the watch was opened: reached once the watch has passed it, or stays silent. Undefined
 *   when the watch begins with all Events there are
 */
export function createWatchProgress<T, I>(
  state: ScopeState,
  resource: WatchedResource<T, I>,
  newest: WatchCursor | undefined,
): WatchProgress<T, I> {
  const { session } = state;
  let listing = state.cursor === undefined;
  let listedFrom: Micros | undefined;
  let ahead = newest;
  let beforeEnd: WatchCursor | undefined;
  let idles = 0;
  let accepted = false;
  let toldAt: Micros = 0;

  function take(frames: readonly WatchFrame<T>[]): Progress<I> {
    const at = session.clock.now();
    const items: WatchItem<I>[] = [];
    idles = 0;
    listedFrom ??= at;
    for (const frame of frames) {
      if (frame.type === 'error') return { items, failure: fail(frame) };
      if (listing && (frame.type === 'modified' || frame.type === 'deleted'))
        return { items, stop: 'relist' };
      items.push(...takeFrame(frame, at));
    }
    items.push(...tell(at));
    return { items };
  }

  function takeFrame(frame: Exclude<WatchFrame<T>, { type: 'error' }>, at: Micros): WatchItem<I>[] {
    if (frame.type === 'broken') return countBroken(session, resource.one, frame.why, at);
    if (listing) {
      return frame.type === 'bookmark'
        ? takeBookmark(frame, at)
        : [resource.tell('listed', frame.object, at)];
    }
    const notices = accept();
    advance(frame.type === 'bookmark' ? frame.resourceVersion : resource.versionOf(frame.object), at);
    return frame.type === 'bookmark' ? notices : [...notices, resource.tell(frame.type, frame.object, at)];
  }

  function accept(): WatchSignal[] {
    if (accepted) return [];
    accepted = true;
    return markWorking(state);
  }

  function takeBookmark(frame: Extract<WatchFrame<T>, { type: 'bookmark' }>, at: Micros): WatchSignal[] {
    if (!frame.endsInitialEvents) return [];
    listing = false;
    toldAt = at;
    const synced = settle(state, { resourceVersion: frame.resourceVersion, at: listedFrom ?? at });
    return [...accept(), ...synced];
  }

  /** A line proves that all before it was sent; but while it is older than `ahead`, not that this is all that happened by now. */
  function advance(resourceVersion: string, at: Micros): void {
    const { cursor } = state;
    if (cursor === undefined || isBefore(resourceVersion, cursor.resourceVersion)) return;
    if (ahead !== undefined && !isBefore(resourceVersion, ahead.resourceVersion)) ahead = undefined;
    state.cursor = { resourceVersion, at: ahead === undefined ? at : cursor.at };
  }

  function tell(at: Micros): WatchSignal[] {
    const { cursor } = state;
    if (cursor === undefined || listing || ahead !== undefined || at - toldAt < TELL_EVERY) return [];
    toldAt = at;
    return tellCursor(state, cursor);
  }

  function idle(): Progress<I> {
    idles += 1;
    if (listing) return { items: [], stop: 'relist' };
    const items = accept();
    if (ahead !== undefined && state.cursor !== undefined) {
      state.cursor = later(state.cursor, ahead);
      ahead = undefined;
      toldAt = 0;
    }
    if (idles === 1 && state.cursor !== undefined && state.cursor.at > toldAt)
      items.push(...tell(session.clock.now()));
    return { items };
  }

  function fail(frame: Extract<WatchFrame<T>, { type: 'error' }>): ApiFailure {
    return explainStatus(session.cluster, `watch ${resource.what}`, frame.status);
  }

  return {
    take,
    idle,
    isQuiet: () => idles > 0 && accepted && !listing && ahead === undefined,
    expectEnd(read) {
      beforeEnd = read;
    },
    ended() {
      if (!accepted || ahead !== undefined || state.cursor === undefined) return;
      const proven = beforeEnd === undefined ? state.cursor : later(state.cursor, beforeEnd);
      state.cursor = { ...proven, at: session.clock.now() };
    },
    accepted: () => accepted,
  };
}

function later(a: WatchCursor, b: WatchCursor): WatchCursor {
  const newer = isBefore(a.resourceVersion, b.resourceVersion) ? b : a;
  return { resourceVersion: newer.resourceVersion, at: Math.max(a.at, b.at) };
}
