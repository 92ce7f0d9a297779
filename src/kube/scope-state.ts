import { type Backoff, createBackoff } from '../lib/backoff.ts';
import type { Micros } from '../lib/time.ts';
import type { GapReason, WatchCursor, WatchSignal } from './watch-item.ts';
import type { WatchSession } from './watch-session.ts';
import type { WatchedPlace } from './watched-resource.ts';

/** Where one scope's watch stands. */
export interface ScopeState {
  readonly session: WatchSession;
  readonly place: WatchedPlace;
  readonly backoff: Backoff;
  /** Everything up to here was yielded; undefined when a new list is needed. */
  cursor: WatchCursor | undefined;
  /** The caller's cursor, for as long as it is not known whether the server still knows it. */
  resuming: WatchCursor | undefined;
  /** The kube-system that the cursor belongs to. */
  uid: string | undefined;
  /** Times in a row that another cluster did not tell who it is. */
  nameless: number;
  /** Whether it ever worked: from then on nothing is given up for good. */
  worked: boolean;
  /** Whether the last try failed. */
  failing: boolean;
  /** Whether the last try asked for `sendInitialEvents`; other scopes may have found out meanwhile that the server does not know it. */
  askedInitialEvents: boolean;
  /** Times in a row that the server had forgotten what was asked for. */
  expiries: number;
  /** Watches in a row that ended before anything showed that the server goes on from the cursor. */
  unproven: number;
  /** Items in a page of a list; 0 for all in one. */
  limit: number;
}

const PAGE = 500;

export function createScopeState(
  session: WatchSession,
  place: WatchedPlace,
  resume: WatchCursor | undefined,
): ScopeState {
  return {
    session,
    place,
    backoff: createBackoff(session.random),
    cursor: resume,
    resuming: resume,
    uid: session.uid,
    nameless: 0,
    worked: false,
    failing: false,
    askedInitialEvents: false,
    expiries: 0,
    unproven: 0,
    limit: PAGE,
  };
}

export function makeGap(state: ScopeState, reason: GapReason, from: Micros): WatchSignal {
  return { type: 'gap', reason, from, at: state.session.clock.now(), namespace: state.place.namespace };
}

/** The server no longer knows the changes since the cursor: a new list follows. */
export function loseCursor(state: ScopeState, cursor: WatchCursor, reason: GapReason): WatchSignal[] {
  state.cursor = undefined;
  state.resuming = undefined;
  return [makeGap(state, reason, cursor.at)];
}

/** As `loseCursor`, when the cluster is the same. */
export function loseExpired(state: ScopeState, cursor: WatchCursor): WatchSignal[] {
  state.unproven = 0;
  return loseCursor(state, cursor, state.failing ? 'unreachable' : 'expired');
}

/**
 * Whether the server must have forgotten the cursor: a second watch in a row has ended before anything showed that it goes on from there. Some say it
 * by nothing else (kubernetes/kubernetes#104171); one such end may be of a server that is only just coming up.
 */
export function isRefused(state: ScopeState): boolean {
  return state.unproven >= 2;
}

/** A list is complete. */
export function settle(state: ScopeState, cursor: WatchCursor): WatchSignal[] {
  state.cursor = cursor;
  state.unproven = 0;
  state.limit = PAGE;
  return [...markAnswered(state), { type: 'synced', ...cursor, namespace: state.place.namespace }];
}

/** The cursor was proven, and is worth keeping. */
export function tellCursor(state: ScopeState, cursor: WatchCursor): WatchSignal[] {
  const { resuming } = state;
  const { namespace } = state.place;
  state.resuming = undefined;
  if (resuming === undefined) return [{ type: 'alive', ...cursor, namespace }];
  return [{ type: 'resumed', ...cursor, from: resuming.at, namespace }];
}

/** The watch works: waits are short again. */
export function markWorking(state: ScopeState): WatchSignal[] {
  state.backoff.reset();
  state.worked = true;
  state.expiries = 0;
  state.unproven = 0;
  return markAnswered(state);
}

/** The server answers, and lets us in. */
function markAnswered(state: ScopeState): WatchSignal[] {
  const { session, place } = state;
  state.failing = false;
  const notice = session.troubles.mended(place.path, session.clock.now());
  return notice === undefined ? [] : [notice];
}
