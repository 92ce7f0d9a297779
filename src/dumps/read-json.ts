import { isWireObject } from '../events/wire-form.ts';
import type { ValueCollector } from './collect-values.ts';
import type { JsonPiece } from './json-pieces.ts';
import { splitJsonDocuments } from './split-json-documents.ts';

/** Of a file found in a directory or an archive: after so many JSON documents in a row that are no Kubernetes objects it is taken for a log. */
const FOREIGN_LIMIT = 256;

export interface ContentOptions {
  /**
   * What to skip unparsed: `events`: what cannot hold an Event nor tell the cluster (for files that nobody named); `clusters`: what cannot tell the
   * cluster.
   */
  readonly skim: 'nothing' | 'events' | 'clusters';
  /** Called with the number of lines between documents that are neither. */
  readonly onTextLines: (lines: number) => void;
}

/** Reads JSON documents into the collector; yields after each chunk, so that it can be drained. */
export async function* readJson(
  chunks: AsyncIterable<Uint8Array>,
  collector: ValueCollector,
  options: ContentOptions,
): AsyncGenerator<void> {
  const splitter = splitJsonDocuments();
  let foreign = 0;

  function take(piece: JsonPiece): void {
    if (piece.type === 'broken') collector.broken(piece.cut, piece.why);
    else if (piece.type === 'document') {
      foreign = isForeign(piece.object) ? foreign + 1 : 0;
      collector.take(piece.object);
    } else if (mayTell(piece.bytes, options.skim)) takeItem(piece.bytes, collector);
  }

  for await (const chunk of chunks) {
    for (const piece of splitter.push(chunk)) take(piece);
    yield;
    if (options.skim !== 'nothing' && foreign > FOREIGN_LIMIT) return;
  }
  for (const piece of splitter.end()) take(piece);
  options.onTextLines(splitter.textLines());
  yield;
}

function takeItem(bytes: Uint8Array, collector: ValueCollector): void {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    collector.broken(false);
    return;
  }
  collector.take(value);
}

/** Whether the text of JSON or YAML could hold anything that is not to be skipped. */
export function mayTell(piece: Uint8Array | string, skim: ContentOptions['skim']): boolean {
  if (skim === 'nothing') return true;
  const text =
    typeof piece === 'string' ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  const isNamespace = () =>
    text.includes('kube-system') && (text.includes('Namespace') || text.includes('finalizers'));
  return (
    (skim === 'events' && (text.includes('involvedObject') || text.includes('regarding'))) || isNamespace()
  );
}

/** A line of a structured log or of an audit log, for instance. */
function isForeign(object: Readonly<Record<string, unknown>>): boolean {
  const { kind, apiVersion, object: watched, watch, event, items } = object;
  if ([watched, watch, event].some(isWireObject) || Array.isArray(items)) return false;
  return typeof kind !== 'string' || typeof apiVersion !== 'string' || apiVersion.startsWith('audit.k8s.io/');
}
