import { isWireObject, type WireObject } from '../events/wire-form.ts';
import { looksLikeEvent } from './recognise-object.ts';

/** How deep is looked; a log record of OTLP, one of the deepest, comes to eight: `resourceLogs[].scopeLogs[].logRecords[].body.stringValue`. */
const DEPTH = 16;

/**
 * The Events that an object carries which is none of Kubernetes' itself: a line or an answer of whatever people send Events to, under whichever name it keeps them
 * (`_source` in Elasticsearch, `jsonPayload` in Cloud Logging, `event` in Splunk and eventrouter), also as text of JSON (`log`, `message`, `body`, Loki's `values`).
 */
export function findCarriedEvents(object: WireObject): WireObject[] {
  if (object.kind !== undefined || object.metadata !== undefined) return [];
  return [...walkValue(object, DEPTH)];
}

function* walkValue(value: unknown, depth: number): Generator<WireObject> {
  if (depth === 0) return;
  if (typeof value === 'string') yield* walkText(value, depth);
  else if (Array.isArray(value)) for (const item of value) yield* walkValue(item, depth - 1);
  else if (isWireObject(value)) {
    if (looksLikeEvent(value)) yield value;
    else if (value.kind === undefined && value.metadata === undefined)
      for (const part of Object.values(value)) yield* walkValue(part, depth - 1);
  }
}

function* walkText(text: string, depth: number): Generator<WireObject> {
  if (!text.startsWith('{') || !/"(involvedObject|regarding)"/.test(text)) return;
  try {
    yield* walkValue(JSON.parse(text), depth - 1);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}
