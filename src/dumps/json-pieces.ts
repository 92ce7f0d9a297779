import { gatherBytes } from '../lib/gather-bytes.ts';
import { scanJsonValue } from '../lib/scan-json-value.ts';
import { type ListItemSplitter, splitListItems } from '../lib/split-list-items.ts';

const COMMA = 0x2c;
const CLOSE_BRACKET = 0x5d;
/** Larger than any object etcd takes, ten times over. */
const LONGEST_ITEM = 16 * 1024 * 1024;
export const TOO_LONG = 'it is over 16 MiB, more than any cluster stores of one object';

/** What a stream of JSON documents holds, in order. */
export type JsonPiece =
  /** The bytes of one element of a list's `items`, or of an array. */
  | { readonly type: 'item'; readonly bytes: Uint8Array }
  /** A whole object; of a list, what is beside its items. */
  | { readonly type: 'document'; readonly object: Readonly<Record<string, unknown>> }
  /** A document that is no JSON or too long, or that the stream ended in the middle of. */
  | { readonly type: 'broken'; readonly cut: boolean; readonly why?: string };

/** Takes the bytes of a document up to `end`; returns the index after the document, or -1 when it goes on. */
export type JsonDocumentReader = (chunk: Uint8Array, at: number, end: number, pieces: JsonPiece[]) => number;

/** Reads an object: of a list each item, then the rest. */
export function readObject(): JsonDocumentReader {
  const list = splitListItems();
  return (chunk, at, end, pieces) => {
    for (const bytes of list.push(chunk.subarray(at, end))) pieces.push({ type: 'item', bytes });
    const head = readHead(list);
    if (head === undefined) return -1;
    for (let i = 0; i < list.skipped(); i++) pieces.push({ type: 'broken', cut: false, why: TOO_LONG });
    pieces.push(head);
    return end - list.rest().length;
  };
}

/** The document when its end was seen. */
function readHead(list: ListItemSplitter): JsonPiece | undefined {
  try {
    const head = list.head();
    return head === undefined ? undefined : { type: 'document', object: head.object };
  } catch (error) {
    if (error instanceof SyntaxError && error.message.includes('bytes beside its "items"'))
      return { type: 'broken', cut: false, why: TOO_LONG };
    if (error instanceof SyntaxError) return { type: 'broken', cut: false };
    throw error;
  }
}

/** Reads an array: each element. */
export function readArray(): JsonDocumentReader {
  const values = scanJsonValue();
  const item = gatherBytes(LONGEST_ITEM);
  let opened = false;
  let midValue = false;

  return (chunk, from, to, pieces) => {
    const bytes = chunk.subarray(0, to);
    let at = from;
    while (at < to) {
      const byte = byteAt(bytes, at);
      if (!midValue && (isSpace(byte) || byte === COMMA || !opened)) {
        opened = true;
        at += 1;
      } else if (!midValue && byte === CLOSE_BRACKET) return at + 1;
      else {
        const end = values.scan(bytes, at);
        midValue = end === -1;
        item.add(bytes.subarray(at, midValue ? to : end));
        at = midValue ? to : end;
        if (!midValue) pieces.push(endItem(item.take()));
      }
    }
    return -1;
  };
}

function endItem(bytes: Uint8Array | undefined): JsonPiece {
  return bytes === undefined ? { type: 'broken', cut: false, why: TOO_LONG } : { type: 'item', bytes };
}

function byteAt(chunk: Uint8Array, at: number): number {
  return chunk[at] ?? 0;
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
