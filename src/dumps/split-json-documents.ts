import { gatherBytes } from '../lib/gather-bytes.ts';
import { findText, readLogsStart } from './container-logs.ts';
import { isSpace, type JsonDocumentReader, type JsonPiece, readArray, readObject } from './json-pieces.ts';

const NEWLINE = 0x0a;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];
const RECORD_SEPARATOR = 0x1e;
/** A first line this short is but the opening bracket (`{`, `[`, `[{`) of a document that spans lines. */
const OPENING_LENGTH = 2;
const LONGEST_TEXT_LINE = 4096;
const LONGEST_WHOLE_LINE = 256 * 1024;

export interface JsonDocumentSplitter {
  /** Takes the next bytes and returns what they complete. The caller must not overwrite a chunk it has handed in. */
  push(chunk: Uint8Array): JsonPiece[];
  end(): JsonPiece[];
  /** Lines between documents so far that are no JSON: warnings that were caught with the output. Container logs are not among them. */
  textLines(): number;
}

interface Document {
  readonly take: JsonDocumentReader;
  /** Bytes of its first line so far, white space aside. */
  firstLine: number;
  /** Whether a line end was met in it. */
  spansLines: boolean;
  /** Whether its second line is indented: then no line of it begins with `{`. Undefined before that line. */
  indented: boolean | undefined;
}

/**
 * Splits a stream of JSON documents, pretty-printed or one per line, strung together in any way, into their parts, without ever holding a
 * list: what `kubectl get -o json`, `-w -o json`, `kubectl cluster-info dump` and `jq` print. Skips the container logs of a cluster-info
 * dump, and text between documents. A document that breaks off does not take the ones after it along, where lines tell them apart.
 */
export function splitJsonDocuments(): JsonDocumentSplitter {
  const line = gatherBytes(LONGEST_TEXT_LINE);
  let inLine = false;
  let findLogsEnd: ((chunk: Uint8Array, from: number) => number) | undefined;
  let document: Document | undefined;
  let onePerLine = false;
  let textLines = 0;
  let last = NEWLINE;

  function push(chunk: Uint8Array): JsonPiece[] {
    const pieces: JsonPiece[] = [];
    let at = 0;
    while (at < chunk.length) at = step(chunk, at, pieces);
    last = chunk.at(-1) ?? last;
    return pieces;
  }

  function step(chunk: Uint8Array, at: number, pieces: JsonPiece[]): number {
    if (document !== undefined) return throughDocument(document, chunk, at, pieces);
    if (findLogsEnd !== undefined) return throughLogs(findLogsEnd(chunk, at), chunk);
    return inLine ? throughLine(chunk, at) : between(chunk, at, pieces);
  }

  function between(chunk: Uint8Array, at: number, pieces: JsonPiece[]): number {
    const byte = byteAt(chunk, at);
    if (isSpace(byte) || byte === RECORD_SEPARATOR || BYTE_ORDER_MARK.includes(byte)) return at + 1;
    if (byte === OPEN_BRACE && onePerLine) {
      const end = takeWholeLine(chunk, at, pieces);
      if (end !== -1) return end;
    }
    if (byte === OPEN_BRACE) document = startDocument(readObject());
    else if (byte === OPEN_BRACKET) document = startDocument(readArray());
    else inLine = true;
    return at;
  }

  function throughLine(chunk: Uint8Array, at: number): number {
    const end = chunk.indexOf(NEWLINE, at);
    line.add(chunk.subarray(at, end === -1 ? chunk.length : end));
    if (end === -1) return chunk.length;
    endLine();
    return end + 1;
  }

  function endLine(): void {
    inLine = false;
    const logsEnd = readLogsStart(Buffer.from(line.take() ?? []).toString('utf8'));
    if (logsEnd === undefined) textLines += 1;
    else findLogsEnd = findText(logsEnd);
  }

  function throughLogs(after: number, chunk: Uint8Array): number {
    if (after === -1) return chunk.length;
    findLogsEnd = undefined;
    return after;
  }

  function throughDocument(current: Document, chunk: Uint8Array, at: number, pieces: JsonPiece[]): number {
    const cut = current.spansLines ? findNextDocument(current, chunk, at, last) : chunk.indexOf(NEWLINE, at);
    const end = cut === -1 ? chunk.length : cut;
    const after = end === at ? -1 : current.take(chunk, at, end, pieces);
    if (after !== -1) {
      onePerLine ||= !current.spansLines;
      document = undefined;
      return after;
    }
    if (!current.spansLines) measureFirstLine(current, chunk, at, end);
    if (cut === -1) return chunk.length;
    if (!current.spansLines && (!onePerLine || current.firstLine <= OPENING_LENGTH)) {
      beginSecondLine(current, chunk, end + 1);
      return end + 1;
    }
    pieces.push({ type: 'broken', cut: true });
    document = undefined;
    return end;
  }

  function end(): JsonPiece[] {
    if (inLine) endLine();
    const cut = document !== undefined || findLogsEnd !== undefined;
    document = undefined;
    findLogsEnd = undefined;
    return cut ? [{ type: 'broken', cut: true }] : [];
  }

  return { push, end, textLines: () => textLines };
}

/** Takes a line that is one object, no list, and lies whole in the chunk; returns its end, or -1 when it has to be taken apart. */
function takeWholeLine(chunk: Uint8Array, at: number, pieces: JsonPiece[]): number {
  const end = chunk.indexOf(NEWLINE, at);
  if (end === -1 || end - at > LONGEST_WHOLE_LINE) return -1;
  try {
    const object = JSON.parse(asBuffer(chunk).toString('utf8', at, end)) as Record<string, unknown>;
    if (Array.isArray(object.items)) return -1;
    pieces.push({ type: 'document', object });
    return end;
  } catch {
    return -1;
  }
}

function measureFirstLine(current: Document, chunk: Uint8Array, at: number, end: number): void {
  for (let i = at; i < end && current.firstLine <= OPENING_LENGTH; i++)
    if (!isSpace(byteAt(chunk, i))) current.firstLine += 1;
}

function beginSecondLine(current: Document, chunk: Uint8Array, at: number): void {
  current.spansLines = true;
  if (current.firstLine > OPENING_LENGTH) current.indented = false;
  else if (at < chunk.length) current.indented = isSpace(byteAt(chunk, at));
}

/**
 * Where another document begins before this one, indented as it is, has ended: it broke off. -1 when nothing of the kind is in the chunk.
 *
 * @param last the byte before the chunk
 */
function findNextDocument(current: Document, chunk: Uint8Array, at: number, last: number): number {
  if (current.indented === undefined) beginSecondLine(current, chunk, at);
  if (current.indented !== true) return -1;
  if (last === NEWLINE && at === 0 && chunk[0] === OPEN_BRACE) return 0;
  const found = asBuffer(chunk).indexOf('\n{', at, 'latin1');
  return found === -1 ? -1 : found + 1;
}

function startDocument(take: JsonDocumentReader): Document {
  return { take, firstLine: 0, spansLines: false, indented: undefined };
}

function byteAt(chunk: Uint8Array, at: number): number {
  return chunk[at] ?? 0;
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
