import { formatStatus } from './answer.ts';
import type { Change, EventStorage, WireEvent } from './event-storage.ts';
import type { SeenRequest } from './seen-request.ts';
import { matchesSelector, serveAs } from './wire-forms.ts';

/** How a server answers a watch that asks for `sendInitialEvents`: as 1.32 and later, as 1.20 (HTTP 422), or by not knowing the words. */
export type WatchListSupport = 'served' | 'refused' | 'ignored';

/** A whole answer, or (of a watch) the first lines of one that goes on. */
export interface EventAnswer {
  readonly status: number;
  readonly body: string;
  /** Of a watch: the line that a change makes, undefined when it is none of this watch's business. */
  readonly lineOf?: (change: Change) => string | undefined;
  /** Of a watch of objects: where the changes come from, if not from the Events. */
  readonly storage?: EventStorage;
}

/** What a list or watch is of, and in which form. */
export interface ServedScope {
  readonly namespace: string;
  readonly listKind: string;
  readonly apiVersion: string;
  serve(object: WireEvent): Record<string, unknown>;
  /** @throws Error with the API server's text when the selector cannot be served */
  isSelected(served: Record<string, unknown>): boolean;
}

/** Lists, in pages where asked to: a `continue` token goes on with the state that the first page had. */
export function serveList(
  storage: EventStorage,
  request: SeenRequest,
  scope: ServedScope = readScope(request),
): EventAnswer {
  const token = parseContinue(request.query.get('continue') ?? '');
  if (token !== undefined && token.revision !== 0 && token.revision < storage.compacted())
    return expiredList(storage, token);
  const revision = token?.revision || storage.revision();
  try {
    const all = storage.listAt(revision).filter((event) => isIn(scope, event));
    const rest = token === undefined ? all : all.filter((event) => keyOf(event) >= token.start);
    return { status: 200, body: formatPage(scope, rest, revision, Number(request.query.get('limit') ?? 0)) };
  } catch (error) {
    return refuse(400, 'BadRequest', (error as Error).message);
  }
}

/** Watches: existing Events first where asked to, then the changes. Ends only when the test says so. */
export function serveWatch(
  storage: EventStorage,
  request: SeenRequest,
  support: WatchListSupport,
  scope: ServedScope = readScope(request),
): EventAnswer {
  const initial = request.query.get('sendInitialEvents') === 'true';
  if (initial && support === 'refused') {
    const text =
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch';
    return refuse(422, 'Invalid', text);
  }
  const lineOf = (change: Change) =>
    isIn(scope, change.event) ? formatLine(scope, change.type, change.event) : undefined;
  const from = Number(request.query.get('resourceVersion') ?? 0);
  if (initial || from === 0) {
    const bookmark = initial && support === 'served' ? formatBookmark(scope, storage.revision()) : '';
    const existing = storage.listAt(storage.revision()).filter((event) => isIn(scope, event));
    const lines = existing.map((event) => formatLine(scope, 'ADDED', event));
    return { status: 200, body: lines.join('') + bookmark, lineOf };
  }
  if (from < storage.compacted()) return { status: 200, body: expiredLine() };
  const missed = storage.changesAfter(from).map(lineOf);
  return { status: 200, body: missed.filter((line) => line !== undefined).join(''), lineOf };
}

function readScope(request: SeenRequest): ServedScope {
  if (request.events === undefined) throw new Error(`${request.path} holds no Events`);
  const { api, namespace } = request.events;
  const selector = request.query.get('fieldSelector') ?? '';
  return {
    namespace,
    listKind: 'EventList',
    apiVersion: api,
    serve: (event) => serveAs(api, event),
    isSelected: (served) => selector === '' || matchesSelector(api, selector, served),
  };
}

function isIn(scope: ServedScope, event: WireEvent): boolean {
  if (scope.namespace !== '' && event.metadata.namespace !== scope.namespace) return false;
  return scope.isSelected(scope.serve(event));
}

function formatPage(scope: ServedScope, rest: readonly WireEvent[], revision: number, limit: number): string {
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const next = rest[page.length];
  const more =
    next === undefined
      ? {}
      : { continue: formatContinue(revision, next), remainingItemCount: rest.length - page.length };
  const { listKind: kind, apiVersion } = scope;
  // Items of a list say neither their kind nor their apiVersion.
  const items = page.map((event) => {
    const { kind: _kind, apiVersion: _apiVersion, ...item } = scope.serve(event);
    return item;
  });
  const metadata = { resourceVersion: String(revision), ...more };
  return JSON.stringify({ kind, apiVersion, metadata, items });
}

interface ContinueToken {
  /** 0: whatever is newest, as of a token that a 410 gave. */
  readonly revision: number;
  readonly start: string;
}

function formatContinue(revision: number, next: WireEvent): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: keyOf(next) })).toString(
    'base64url',
  );
}

function parseContinue(token: string): ContinueToken | undefined {
  if (token === '') return undefined;
  const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString()) as {
    rv: number;
    start: string;
  };
  return { revision: rv === -1 ? 0 : rv, start };
}

/** Source: k8s.io/apiserver/pkg/storage/etcd3/errors.go, `handleCompactedErrorForPaging`. */
function expiredList(storage: EventStorage, token: ContinueToken): EventAnswer {
  const fresh = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: -1, start: token.start })).toString(
    'base64url',
  );
  const text =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';
  const metadata = storage.revision() > 0 ? { continue: fresh } : {};
  return { status: 410, body: formatStatus(410, 'Expired', text, { metadata }) };
}

function expiredLine(): string {
  const text = 'The resourceVersion for the provided watch is too old.';
  return `{"type":"ERROR","object":${formatStatus(410, 'Expired', text)}}\n`;
}

function refuse(status: number, reason: string, message: string): EventAnswer {
  return { status, body: formatStatus(status, reason, message) };
}

function formatLine(scope: ServedScope, type: string, event: WireEvent): string {
  return `${JSON.stringify({ type, object: scope.serve(event) })}\n`;
}

/** As recorded in `_wire/watch-sendInitialEvents.jsonl`. */
function formatBookmark(scope: ServedScope, revision: number): string {
  const metadata = {
    resourceVersion: String(revision),
    annotations: { 'k8s.io/initial-events-end': 'true' },
  };
  const empty = {
    metadata,
    involvedObject: {},
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    reportingComponent: '',
    reportingInstance: '',
  };
  const object = scope.serve(empty as unknown as WireEvent);
  return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`;
}

function keyOf(event: WireEvent): string {
  return `${event.metadata.namespace}/${event.metadata.name}`;
}
