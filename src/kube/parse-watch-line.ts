import type { ApiStatus } from './api-failure.ts';
import { parseStatusObject } from './read-status.ts';

/** One line of a watch, understood. */
export type WatchFrame<T> =
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly object: T }
  | { readonly type: 'bookmark'; readonly resourceVersion: string; readonly endsInitialEvents: boolean }
  | { readonly type: 'error'; readonly status: ApiStatus }
  /** It could not be understood; `why` says what is wrong with it. */
  | { readonly type: 'broken'; readonly why: string };

/** How the object of a line is read; throws when it cannot be. */
type Parse<T> = (object: unknown) => T;

const CHANGES = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;

interface WireLine {
  readonly type?: unknown;
  readonly object?: unknown;
}

/** Reads one line of a watch; never throws. */
export function parseWatchLine<T>(line: Uint8Array, parse: Parse<T>): WatchFrame<T> {
  try {
    const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
    return readFrame(JSON.parse(text) as WireLine, parse);
  } catch (error) {
    return { type: 'broken', why: (error as Error).message };
  }
}

function readFrame<T>(wire: WireLine, parse: Parse<T>): WatchFrame<T> {
  const { type, object } = wire;
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') {
    return { type: CHANGES[type], object: parse(object) };
  }
  if (type === 'BOOKMARK') return readBookmark(object);
  if (type === 'ERROR') return { type: 'error', status: parseStatusObject(object) };
  return { type: 'broken', why: `its type is ${JSON.stringify(type)}` };
}

/** Source: recorded from Kubernetes 1.36; the annotation is of KEP-3157. */
function readBookmark(object: unknown): WatchFrame<never> {
  const { metadata } = object as {
    metadata: { resourceVersion: string; annotations?: Record<string, string> };
  };
  return {
    type: 'bookmark',
    resourceVersion: String(metadata.resourceVersion),
    endsInitialEvents: metadata.annotations?.['k8s.io/initial-events-end'] === 'true',
  };
}
