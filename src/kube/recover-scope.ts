import { sleep } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { MINUTE } from '../lib/time.ts';
import { ApiFailure, isExpired, statusOf } from './api-failure.ts';
import { isRefused, loseExpired, type ScopeState } from './scope-state.ts';
import type { WatchSignal } from './watch-item.ts';

/** The longest wait that a server's Retry-After is granted. */
const LONGEST_WAIT = 5 * MINUTE;

/** Statuses by which a server may say that it does not know `sendInitialEvents`. */
const NOT_SERVED = [400, 404, 405, 406, 410, 415, 422, 501];

/**
 * Takes a failed list or watch to where it can be tried again, waiting as long as is fit.
 *
 * @throws HarkError the failure itself, when it is for good and nothing ever worked; any other error (a bug)
 */
export async function* recoverScope(state: ScopeState, error: unknown): AsyncGenerator<WatchSignal[], void> {
  if (!(error instanceof HarkError)) throw error;
  if (state.cursor === undefined && isRefusedQuestion(state, error)) {
    state.session.initialEvents = false;
  } else if (isExpired(error) || (state.cursor !== undefined && statusOf(error) === 400)) {
    yield* startAnew(state);
  } else {
    yield* waitAndTryAgain(state, error);
    if (state.cursor !== undefined && isRefused(state)) yield loseExpired(state, state.cursor);
  }
}

/** Whether a server may have refused because it does not know `sendInitialEvents`. */
function isRefusedQuestion({ askedInitialEvents }: ScopeState, error: HarkError): boolean {
  return askedInitialEvents && NOT_SERVED.includes(statusOf(error));
}

/** The server has forgotten what was asked for. A list that took too long for its pages is tried with larger ones, at last in one. */
async function* startAnew(state: ScopeState): AsyncGenerator<WatchSignal[], void> {
  const { cursor, session } = state;
  if (cursor !== undefined) yield loseExpired(state, cursor);
  else state.limit = state.limit === 500 ? 5000 : 0;
  state.expiries += 1;
  if (state.expiries > 1) await sleep(session.clock, state.backoff.next(), session.signal);
}

async function* waitAndTryAgain(state: ScopeState, error: HarkError): AsyncGenerator<WatchSignal[], void> {
  const { session, place } = state;
  const permanent = !(error instanceof ApiFailure) || error.permanent;
  if (permanent && !state.worked) throw error;
  state.failing = true;
  const notice = session.troubles.failed(place.path, error, session.clock.now());
  if (notice !== undefined) yield [notice];
  const asked = error instanceof ApiFailure ? (error.answer?.retryAfter ?? 0) : 0;
  const wait = Math.max(state.backoff.next(), Math.min(asked, LONGEST_WAIT));
  await sleep(session.clock, wait, session.signal);
}
