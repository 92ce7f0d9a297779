import { sleep } from '../lib/clock.ts';
import { SECOND } from '../lib/time.ts';
import { statusOf } from './api-failure.ts';
import type { EventScope } from './event-scope.ts';
import { isRebuilt } from './is-rebuilt.ts';
import { listNewest, listScope } from './list-scope.ts';
import { openWatch, readWatch } from './read-watch.ts';
import { recoverScope } from './recover-scope.ts';
import {
  createScopeState,
  isRefused,
  loseCursor,
  loseExpired,
  makeGap,
  type ScopeState,
  settle,
} from './scope-state.ts';
import type { WatchCursor, WatchItem } from './watch-item.ts';
import { createWatchProgress } from './watch-progress.ts';
import type { WatchSession } from './watch-session.ts';

/** A silent watch is looked after this often. */
const IDLE = 10 * SECOND;

/** After a watch that ended sooner the next one waits: whatever is wrong, asking at once would not mend it. */
const SHORTEST_LIFE = 2 * SECOND;

/**
 * Lists and watches one scope until the signal aborts, mending what can be mended; yields what belongs together in batches.
 *
 * @param resume where the caller's last watch of this scope stood
 * @param expendable whether it may fail for good later, too, when it is no longer allowed
 * @throws HarkError when the first try shows that no try will work: not allowed, not trusted, no credentials
 */
export async function* watchScope(
  session: WatchSession,
  scope: EventScope,
  resume: WatchCursor | undefined,
  expendable = false,
): AsyncGenerator<WatchItem[], void> {
  const state = createScopeState(session, scope, resume);
  if (resume === undefined) yield [makeGap(state, 'started', session.clock.now())];
  while (!session.signal.aborted) {
    try {
      yield* watchOnce(state);
    } catch (error) {
      if (session.signal.aborted) return;
      if (expendable && statusOf(error) === 403) throw error;
      yield* recoverScope(state, error);
    }
  }
}

/** One list or one watch: from the cursor, where it is still good, else from all there is. */
async function* watchOnce(state: ScopeState): AsyncGenerator<WatchItem[], void> {
  const { session, scope, cursor } = state;
  if (cursor !== undefined) {
    const newest = await readNewest(state);
    if (await isRebuilt(state, cursor, newest)) yield loseCursor(state, cursor, 'rebuilt');
    else yield* follow(state, newest);
  } else if (session.initialEvents) {
    yield* follow(state, undefined);
  } else {
    const listed = yield* listScope(session, scope, state.limit);
    yield settle(state, listed);
  }
}

async function readNewest({ session, scope }: ScopeState): Promise<WatchCursor> {
  const at = session.clock.now();
  return { resourceVersion: await listNewest(session, scope), at };
}

/** Watches from the cursor, or all there is first, until the watch ends. */
async function* follow(
  state: ScopeState,
  newest: WatchCursor | undefined,
): AsyncGenerator<WatchItem[], void> {
  const { cluster, clock, signal, random } = state.session;
  const progress = createWatchProgress(state, newest);
  const from = state.cursor?.resourceVersion;
  const wishes = { scope: state.scope, from, idle: IDLE, random: random(), signal, clock };
  const opened = await openWatch(cluster, wishes);
  try {
    for await (const frames of readWatch(opened, wishes)) {
      const { items, stop, failure } = frames.length === 0 ? progress.idle() : progress.take(frames);
      if (items.length > 0) yield [...items];
      if (failure !== undefined) throw failure;
      if (stop === 'relist') state.session.initialEvents = false;
      if (stop !== undefined) return;
    }
  } catch (error) {
    if (!progress.accepted()) state.unproven += 1;
    throw error;
  }
  progress.ended();
  yield* endWatch(state, progress.accepted(), clock.now() - opened.at < SHORTEST_LIFE);
}

/** The server has ended the watch. */
async function* endWatch(
  state: ScopeState,
  accepted: boolean,
  soon: boolean,
): AsyncGenerator<WatchItem[], void> {
  const { cursor, session } = state;
  if (!accepted) state.unproven += 1;
  if (cursor === undefined && soon) session.initialEvents = false;
  if (cursor !== undefined && isRefused(state)) yield loseExpired(state, cursor);
  if (soon) await sleep(session.clock, state.backoff.next(), session.signal);
}
