import { formatStatus } from './answer.ts';
import type { ApiServerWishes } from './api-server.ts';
import type { EventStorage } from './event-storage.ts';
import type { SeenRequest } from './seen-request.ts';
import { type Collections, serveCollection } from './serve-collections.ts';
import { serveDiscovery } from './serve-discovery.ts';
import { type EventAnswer, serveList, serveWatch } from './serve-events.ts';
import { serveNamespaces, serveObject } from './serve-objects.ts';
import { type Reviews, serveReview } from './serve-reviews.ts';

/** What the double knows, as it is now. */
export interface ServedState {
  storage: EventStorage;
  collections: Collections;
  kubeSystemUid: string;
  /** Bearer tokens that are let in; undefined for all. */
  tokens: readonly string[] | undefined;
  allowed: (request: SeenRequest) => boolean;
  /** Undefined: it reviews nothing. */
  reviews: Reviews | undefined;
}

/** The answer that a real API server would give. */
export function decideAnswer(state: ServedState, wishes: ApiServerWishes, request: SeenRequest): EventAnswer {
  if (state.tokens?.includes(request.token) === false) return refuse(401, 'Unauthorized', 'Unauthorized');
  if (!state.allowed(request)) return refuse(403, 'Forbidden', describeForbidden(request));
  const review = state.reviews && serveReview(state.reviews, request);
  if (review !== undefined) return { status: 201, body: JSON.stringify(review) };
  if (request.events !== undefined) {
    return request.verb === 'watch'
      ? serveWatch(state.storage, request, wishes.watchList ?? 'served')
      : serveList(state.storage, request);
  }
  const { collected, customKinds = [], watchList = 'served' } = wishes;
  const isNamespaces = request.path === '/api/v1/namespaces';
  if (isNamespaces ? request.verb === 'watch' : collected !== undefined) {
    const answer = serveCollection(state.collections, customKinds, request, watchList);
    if (answer !== undefined) return answer;
  }
  const found = request.verb === 'watch' ? undefined : findOther(state, wishes, request);
  if (found === undefined) return refuse(404, 'NotFound', 'the server could not find the requested resource');
  return { status: 200, body: JSON.stringify(found) };
}

function findOther(state: ServedState, wishes: ApiServerWishes, { path, headers }: SeenRequest): unknown {
  const { objects = [], namespaces = [], customKinds = [], aggregatedDiscovery = true, version } = wishes;
  if (path === '/version') return { major: '1', minor: '36', gitVersion: version ?? 'v1.36.2' };
  const discovery = { custom: customKinds, aggregated: aggregatedDiscovery };
  return (
    serveNamespaces(path, state.storage, namespaces, state.kubeSystemUid) ??
    serveDiscovery(discovery, path, headers.accept ?? '') ??
    serveObject(path, objects, customKinds)
  );
}

function refuse(status: number, reason: string, message: string): EventAnswer {
  return { status, body: formatStatus(status, reason, message) };
}

/** As the real one says it. */
function describeForbidden({ clientName, token, events, path, verb }: SeenRequest): string {
  const user = clientName || token || 'system:anonymous';
  const resource = events === undefined ? path : 'events';
  const scope = events?.namespace ? `in the namespace "${events.namespace}"` : 'at the cluster scope';
  return `${resource} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "" ${scope}`;
}
