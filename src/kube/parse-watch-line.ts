import type { ApiStatus } from './api-failure.ts';
import { parseStatusObject } from './read-status.ts';
import type { WatchedResource } from './watched-resource.ts';

/** One line of a watch, understood. */
export type WatchFrame<T> =
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly object: T }
  | { readonly type: 'bookmark'; readonly resourceVersion: string; readonly endsInitialEvents: boolean }
  | { readonly type: 'error'; readonly status: ApiStatus }
  /** It could not be understood; `why` says what is wrong with it. */
  | { readonly type: 'broken'; readonly why: string };

/** How the object of a line is read. */
export type ReadObject<T> = Pick<WatchedResource<T, unknown>, 'parse' | 'parseText'>;

const CHANGES = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;

interface WireLine {
  readonly type?: unknown;
  readonly object?: unknown;
}

/** Reads one line of a watch; never throws. */
export function parseWatchLine<T>(bytes: Uint8Array, read: ReadObject<T>): WatchFrame<T> {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    const line = read.parseText === undefined ? JSON.parse(text) : read.parseText(text, 2);
    return readFrame(line as WireLine, read);
  } catch (error) {
    return { type: 'broken', why: (error as Error).message };
  }
}

function readFrame<T>(wire: WireLine, read: ReadObject<T>): WatchFrame<T> {
  const { type, object } = wire;
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') {
    return { type: CHANGES[type], object: read.parse(object) };
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
