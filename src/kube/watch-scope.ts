import { sleep } from '../lib/clock.ts';
import { type Micros, SECOND } from '../lib/time.ts';
import { ApiFailure, statusOf } from './api-failure.ts';
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
import type { WatchCursor, WatchItem, WatchSignal } from './watch-item.ts';
import { createWatchProgress, type WatchProgress } from './watch-progress.ts';
import type { WatchSession } from './watch-session.ts';
import type { WatchedResource } from './watched-resource.ts';

/** A silent watch is looked after this often. */
const IDLE = 10 * SECOND;

/**
 * When to read where the server stands, before a silent watch is due to end: early enough for all until then to be sent, and late enough for etcd
 * to know it still when the next watch goes on from there.
 */
const BEFORE_END = { from: 20 * SECOND, to: 5 * SECOND };

/** After a watch that ended sooner the next one waits: whatever is wrong, asking at once would not mend it. */
const SHORTEST_LIFE = 2 * SECOND;

/**
 * Lists and watches one scope until the signal aborts, mending what can be mended; yields what belongs together in batches.
 *
 * @param resume where the caller's last watch of this scope stood
 * @param expendable whether it may fail for good later, too, when it is no longer allowed
 * @throws HarkError when the first try shows that no try will work: not allowed, not trusted, no credentials
 */
export async function* watchScope<T, I>(
  session: WatchSession,
  resource: WatchedResource<T, I>,
  resume: WatchCursor | undefined,
  expendable = false,
): AsyncGenerator<WatchItem<I>[], void> {
  const state = createScopeState(session, resource, resume);
  if (resume === undefined) yield [makeGap(state, 'started', session.clock.now())];
  while (!session.signal.aborted) {
    try {
      yield* watchOnce(state, resource);
    } catch (error) {
      if (session.signal.aborted) return;
      if (expendable && statusOf(error) === 403) throw error;
      yield* recoverScope(state, error);
    }
  }
}

/** One list or one watch: from the cursor, where it is still good, else from all there is. */
async function* watchOnce<T, I>(
  state: ScopeState,
  resource: WatchedResource<T, I>,
): AsyncGenerator<WatchItem<I>[], void> {
  const { session, cursor } = state;
  state.askedInitialEvents = cursor === undefined && session.initialEvents;
  if (cursor !== undefined) {
    const newest = await readNewest(state);
    if (await isRebuilt(state, cursor, newest)) yield loseCursor(state, cursor, 'rebuilt');
    else yield* follow(state, resource, newest);
    return;
  }
  if (resource.begin !== undefined) yield [resource.begin(session.clock.now())];
  if (state.askedInitialEvents) {
    yield* follow(state, resource, undefined);
  } else {
    const listed = yield* listScope(session, resource, state.limit);
    yield settle(state, listed);
  }
}

async function readNewest({ session, place }: ScopeState): Promise<WatchCursor> {
  const at = session.clock.now();
  return { resourceVersion: await listNewest(session, place), at };
}

/** Watches from the cursor, or all there is first, until the watch ends. */
async function* follow<T, I>(
  state: ScopeState,
  resource: WatchedResource<T, I>,
  newest: WatchCursor | undefined,
): AsyncGenerator<WatchItem<I>[], void> {
  const { cluster, clock, signal, random } = state.session;
  const progress = createWatchProgress(state, resource, newest);
  const from = state.cursor?.resourceVersion;
  const wishes = { place: resource, from, idle: IDLE, random: random(), signal, clock };
  const opened = await openWatch(cluster, wishes);
  const batches = readWatch(opened, wishes, resource);
  try {
    let batch = await batches.next();
    for (; !batch.done; batch = await batches.next()) {
      const frames = batch.value;
      const { items, stop, failure } = frames.length === 0 ? progress.idle() : progress.take(frames);
      if (items.length > 0) yield [...items];
      if (failure !== undefined) throw failure;
      if (stop === 'relist') {
        state.session.initialEvents = false;
        return;
      }
      if (frames.length === 0) await prepareEnd(state, progress, opened.due);
    }
    if (batch.value === 'ended') progress.ended();
  } catch (error) {
    if (!progress.accepted()) state.unproven += 1;
    throw error;
  } finally {
    await batches.return('overdue');
  }
  yield* endWatch(state, progress.accepted(), clock.now() - opened.at < SHORTEST_LIFE);
}

/** Reads where the server stands when a silent watch is soon to end: its end then proves that nothing up to there was missed. */
async function prepareEnd<T, I>(
  state: ScopeState,
  progress: WatchProgress<T, I>,
  due: Micros,
): Promise<void> {
  const left = due - state.session.clock.now();
  if (!progress.isQuiet() || left > BEFORE_END.from || left < BEFORE_END.to) return;
  try {
    progress.expectEnd(await readNewest(state));
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error; // What is wrong shows when the next watch is opened.
  }
}

/** The server has ended the watch. */
async function* endWatch(
  state: ScopeState,
  accepted: boolean,
  soon: boolean,
): AsyncGenerator<WatchSignal[], void> {
  const { cursor, session } = state;
  if (!accepted) state.unproven += 1;
  if (cursor === undefined && soon) session.initialEvents = false;
  if (cursor !== undefined && isRefused(state)) yield loseExpired(state, cursor);
  if (soon) await sleep(session.clock, state.backoff.next(), session.signal);
}
