import { gatherBytes } from './gather-bytes.ts';
import { scanJsonValue } from './scan-json-value.ts';

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];
/** What precedes the items' opening bracket, white space left out: the brace or comma tells a whole key from the end of an escaped one. */
const ITEMS_KEY = /[{,]"items":$/;
const ITEMS_KEY_LENGTH = '{"items":'.length;

/** What a Kubernetes List says beside its items; what is missing is undefined. */
export interface ListHead {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly continue: string | undefined;
  readonly remainingItemCount: number | undefined;
  /** The whole object as read, with `items` empty where it was a list: another kind of object (a Status) is told by it. */
  readonly object: Readonly<Record<string, unknown>>;
}

export interface ListItemSplitter {
  /**
   * Takes the next bytes and returns the items they complete, each the bytes of one JSON value. An item that lies whole in `chunk` is a
   * view of it (no copy): the caller must not overwrite a chunk it has handed in.
   *
   * @throws SyntaxError when the bytes do not begin with `{`
   */
  push(chunk: Uint8Array): Uint8Array[];
  /**
   * What the list says beside its items; undefined until its closing brace was seen: at the end of the bytes that means they were cut short.
   *
   * @throws SyntaxError when what is beside the items is no JSON, or over `maxBytes`
   */
  head(): ListHead | undefined;
  /** The bytes after the list (white space at the start left out): empty unless documents are strung together. */
  rest(): Uint8Array;
  /** Items left out so far because they were longer than `maxBytes`. */
  skipped(): number;
}

/** Takes the byte at `at`, or as many as belong together, and returns where to go on. */
type Step = (chunk: Uint8Array, at: number, items: Uint8Array[]) => number;

/**
 * Splits the bytes of a JSON List (`{"kind":"EventList","metadata":{…},"items":[{…},{…}]}`, keys in any order, pretty-printed or not) into
 * those of its items without ever holding the list. Works on bytes, so a chunk may end anywhere.
 *
 * @param maxBytes longer items are skipped and counted; default 16 MiB (etcd refuses objects over 1.5 MiB)
 */
export function splitListItems(maxBytes = 16 * 1024 * 1024): ListItemSplitter {
  const values = scanJsonValue();
  const item = gatherBytes(maxBytes);
  const beside = gatherBytes(maxBytes);
  const rest = gatherBytes(Number.POSITIVE_INFINITY);
  let besideTail = '';
  let step: Step = beforeList;
  let midValue = false;
  let skipped = 0;
  let head: ListHead | undefined;

  function push(chunk: Uint8Array): Uint8Array[] {
    const items: Uint8Array[] = [];
    let at = 0;
    while (at < chunk.length) at = step(chunk, at, items);
    return items;
  }

  function beforeList(chunk: Uint8Array, at: number): number {
    const byte = byteAt(chunk, at);
    if (byte === OPEN_BRACE) {
      keepBeside(chunk, at, at + 1);
      step = inList;
    } else if (!isSpace(byte) && !BYTE_ORDER_MARK.includes(byte)) {
      throw new SyntaxError(
        `a JSON list begins with "{", not with ${JSON.stringify(String.fromCharCode(byte))}`,
      );
    }
    return at + 1;
  }

  function inList(chunk: Uint8Array, at: number): number {
    const byte = byteAt(chunk, at);
    if (midValue) return throughField(chunk, at);
    if (isSpace(byte)) return at + 1;
    if (byte === OPEN_BRACKET && ITEMS_KEY.test(besideTail)) step = inItems;
    else if (byte === CLOSE_BRACE) step = afterList;
    else if (byte !== COMMA && byte !== COLON) return throughField(chunk, at);
    keepBeside(chunk, at, at + 1);
    return at + 1;
  }

  function throughField(chunk: Uint8Array, at: number): number {
    const end = values.scan(chunk, at);
    midValue = end === -1;
    keepBeside(chunk, at, midValue ? chunk.length : end);
    return midValue ? chunk.length : end;
  }

  function inItems(chunk: Uint8Array, at: number, items: Uint8Array[]): number {
    const byte = byteAt(chunk, at);
    if (!midValue && (isSpace(byte) || byte === COMMA)) return at + 1;
    if (!midValue && byte === CLOSE_BRACKET) {
      keepBeside(chunk, at, at + 1);
      step = inList;
      return at + 1;
    }
    const end = values.scan(chunk, at);
    midValue = end === -1;
    item.add(midValue ? chunk.subarray(at) : chunk.subarray(at, end));
    if (midValue) return chunk.length;
    const whole = item.take();
    if (whole === undefined) skipped += 1;
    else items.push(whole);
    return end;
  }

  function afterList(chunk: Uint8Array, at: number): number {
    if (isSpace(byteAt(chunk, at))) return at + 1;
    step = afterAll;
    return afterAll(chunk, at);
  }

  function afterAll(chunk: Uint8Array, at: number): number {
    rest.add(chunk.subarray(at));
    return chunk.length;
  }

  function keepBeside(chunk: Uint8Array, from: number, to: number): void {
    const part = Buffer.from(chunk.subarray(from, to));
    beside.add(part);
    besideTail = (besideTail + part.subarray(-ITEMS_KEY_LENGTH).toString('latin1')).slice(-ITEMS_KEY_LENGTH);
  }

  function readHead(): ListHead | undefined {
    if (step === afterList || step === afterAll) head ??= parseHead(beside.take(), maxBytes);
    return head;
  }

  return { push, head: readHead, rest: () => rest.take() ?? new Uint8Array(), skipped: () => skipped };
}

function parseHead(beside: Uint8Array | undefined, maxBytes: number): ListHead {
  if (beside === undefined)
    throw new SyntaxError(`a JSON object holds over ${maxBytes} bytes beside its "items"`);
  const object = JSON.parse(Buffer.from(beside).toString('utf8')) as Record<string, unknown>;
  const metadata = (object.metadata ?? {}) as Record<string, unknown>;
  return {
    apiVersion: asString(object.apiVersion),
    kind: asString(object.kind),
    resourceVersion: asString(metadata.resourceVersion),
    continue: asString(metadata.continue),
    remainingItemCount:
      typeof metadata.remainingItemCount === 'number' ? metadata.remainingItemCount : undefined,
    object,
  };
}

/** An empty string says nothing, as in Go's `omitempty`. */
function asString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function byteAt(chunk: Uint8Array, at: number): number {
  return chunk[at] ?? 0;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
