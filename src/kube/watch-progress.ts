import { type Micros, SECOND } from '../lib/time.ts';
import { type ApiFailure, explainStatus } from './api-failure.ts';
import { isBefore } from './is-before.ts';
import type { WatchFrame } from './parse-watch-line.ts';
import { markWorking, type ScopeState, settle, tellCursor } from './scope-state.ts';
import type { WatchCursor, WatchItem } from './watch-item.ts';
import { countBroken } from './watch-session.ts';

/** What became of a batch of lines, or of a while of silence. */
export interface Progress {
  readonly items: readonly WatchItem[];
  /** The watch is not worth reading on: `renew` it, or begin anew with a list because the server knows no `sendInitialEvents` (`relist`). */
  readonly stop?: 'renew' | 'relist';
  /** What the server said of why it ends the watch. */
  readonly failure?: ApiFailure;
}

/** Follows one watch: turns lines into items, and moves the scope's cursor as far as they prove. */
export interface WatchProgress {
  take(frames: readonly WatchFrame[]): Progress;
  /** Nothing came for a while. */
  idle(): Progress;
  /** The server has ended the watch in order: what it had to send was sent. */
  ended(): void;
  /** Whether anything showed that the server goes on from the cursor. */
  accepted(): boolean;
}

/** After so many idle whiles the watch is opened anew: a dead connection is found out, and the cursor proven again, long before etcd forgets it. */
const IDLES_BEFORE_RENEWAL = 6;

/** How often a busy watch tells its cursor. */
const TELL_EVERY = SECOND;

/**
 * @param newest where the server stood just before the watch was opened: reached once the watch has passed it, or stays silent. Undefined
 *   when the watch begins with all Events there are
 */
export function createWatchProgress(state: ScopeState, newest: WatchCursor | undefined): WatchProgress {
  const { session } = state;
  let listing = state.cursor === undefined;
  let listedFrom: Micros | undefined;
  let ahead = newest;
  let idles = 0;
  let accepted = false;
  let toldAt: Micros = 0;

  function take(frames: readonly WatchFrame[]): Progress {
    const at = session.clock.now();
    const items: WatchItem[] = [];
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

  function takeFrame(frame: Exclude<WatchFrame, { type: 'error' }>, at: Micros): WatchItem[] {
    if (frame.type === 'broken') return countBroken(session, frame.why, at);
    if (listing) {
      return frame.type === 'bookmark'
        ? takeBookmark(frame, at)
        : [{ type: 'listed', event: frame.event, at }];
    }
    const notices = accept();
    advance(frame.type === 'bookmark' ? frame.resourceVersion : frame.event.resourceVersion, at);
    return frame.type === 'bookmark' ? notices : [...notices, { type: frame.type, event: frame.event, at }];
  }

  function accept(): WatchItem[] {
    if (accepted) return [];
    accepted = true;
    return markWorking(state);
  }

  function takeBookmark(frame: Extract<WatchFrame, { type: 'bookmark' }>, at: Micros): WatchItem[] {
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

  function tell(at: Micros): WatchItem[] {
    const { cursor } = state;
    if (cursor === undefined || listing || ahead !== undefined || at - toldAt < TELL_EVERY) return [];
    toldAt = at;
    return tellCursor(state, cursor);
  }

  function idle(): Progress {
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
    return idles < IDLES_BEFORE_RENEWAL ? { items } : { items, stop: 'renew' };
  }

  function fail(frame: Extract<WatchFrame, { type: 'error' }>): ApiFailure {
    return explainStatus(session.cluster, 'watch Events', frame.status);
  }

  return {
    take,
    idle,
    ended() {
      if (accepted && ahead === undefined && state.cursor !== undefined)
        state.cursor = { ...state.cursor, at: session.clock.now() };
    },
    accepted: () => accepted,
  };
}

function later(a: WatchCursor, b: WatchCursor): WatchCursor {
  const newer = isBefore(a.resourceVersion, b.resourceVersion) ? b : a;
  return { resourceVersion: newer.resourceVersion, at: Math.max(a.at, b.at) };
}
