import { EXIT } from '../lib/errors.ts';
import { ApiFailure } from './api-failure.ts';
import { readKubeSystemUid } from './cluster-identity.ts';
import { isBefore } from './is-before.ts';
import type { ScopeState } from './scope-state.ts';
import type { WatchCursor } from './watch-item.ts';

/** How often a cluster that surely is another one is waited for until it tells who it is: about a minute. */
const PATIENCE = 8;

/**
 * Whether the cursor is of another cluster than the one that answers now, or of a later state of it. A resourceVersion from the future gives no
 * error and no Events, ever; so before a server is asked to go on from ours, its newest must be at least that; and after trouble it must be
 * the same cluster still.
 *
 * @param newest where the server stands now
 * @throws ApiFailure `cluster-starting` while a new cluster has no kube-system yet, by which it would be known
 */
export async function isRebuilt(
  state: ScopeState,
  cursor: WatchCursor,
  newest: WatchCursor,
): Promise<boolean> {
  const { cluster, clock, signal } = state.session;
  const older = isBefore(newest.resourceVersion, cursor.resourceVersion);
  if (state.uid === undefined || !(older || state.failing || !state.worked)) return older;
  const uid = await readKubeSystemUid(cluster, clock, signal);
  if (uid === undefined && older && state.nameless < PATIENCE) {
    state.nameless += 1;
    throw starting(cluster.name);
  }
  const other = uid !== undefined && uid !== state.uid;
  state.uid = uid ?? (older ? undefined : state.uid);
  state.nameless = 0;
  return older || other;
}

function starting(name: string): ApiFailure {
  const text = `cluster "${name}" was rebuilt or restored, and is only just coming up: it has no namespace kube-system yet`;
  return new ApiFailure('cluster-starting', text, { exitCode: EXIT.unreachable, permanent: false, hint: '' });
}
