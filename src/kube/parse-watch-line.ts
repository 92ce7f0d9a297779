import type { Event, EventForm } from '../events/event.ts';
import { parseEvent } from '../events/parse-event.ts';
import type { ApiStatus } from './api-failure.ts';
import { parseStatusObject } from './read-status.ts';

/** One line of a watch, understood. */
export type WatchFrame =
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly event: Event }
  | { readonly type: 'bookmark'; readonly resourceVersion: string; readonly endsInitialEvents: boolean }
  | { readonly type: 'error'; readonly status: ApiStatus }
  /** It could not be understood; `why` says what is wrong with it. */
  | { readonly type: 'broken'; readonly why: string };

const EVENT_TYPES = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;

interface WireLine {
  readonly type?: unknown;
  readonly object?: unknown;
}

/** Reads one line of a watch of Events; never throws. */
export function parseWatchLine(line: Uint8Array, form: EventForm): WatchFrame {
  try {
    const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
    return readFrame(JSON.parse(text) as WireLine, form);
  } catch (error) {
    return { type: 'broken', why: (error as Error).message };
  }
}

function readFrame(wire: WireLine, form: EventForm): WatchFrame {
  const { type, object } = wire;
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') {
    return { type: EVENT_TYPES[type], event: parseEvent(object, form) };
  }
  if (type === 'BOOKMARK') return readBookmark(object);
  if (type === 'ERROR') return { type: 'error', status: parseStatusObject(object) };
  return { type: 'broken', why: `its type is ${JSON.stringify(type)}` };
}

/** Source: recorded from Kubernetes 1.36; the annotation is of KEP-3157. */
function readBookmark(object: unknown): WatchFrame {
  const { metadata } = object as {
    metadata: { resourceVersion: string; annotations?: Record<string, string> };
  };
  return {
    type: 'bookmark',
    resourceVersion: String(metadata.resourceVersion),
    endsInitialEvents: metadata.annotations?.['k8s.io/initial-events-end'] === 'true',
  };
}
