import { readLogsStart } from './container-logs.ts';
import { TOO_LONG } from './json-pieces.ts';

const LONGEST_PIECE = 16 * 1024 * 1024;
const DOCUMENT_START = /^---(?:[ \t]+(.*))?$/;
const DOCUMENT_END = /^\.\.\.[ \t]*$/;
const ITEMS = /^items:[ \t]*$/;
const SEQUENCE_ITEM = /^( *)-(?: |$)/;

/** What a stream of YAML documents holds, in order. */
export type YamlPiece =
  /** One element of a list's `items`, or of a document that is a sequence: the text of a sequence of one. */
  | { readonly type: 'item'; readonly text: string }
  /** A whole document; of a list (`list`), what is beside its items. */
  | { readonly type: 'document'; readonly text: string; readonly list: boolean }
  /** A part that is too long, or that the stream ended in the middle of. */
  | { readonly type: 'broken'; readonly cut: boolean; readonly why?: string };

export interface YamlDocumentSplitter {
  push(chunk: Uint8Array): YamlPiece[];
  end(): YamlPiece[];
}

/**
 * Splits a stream of YAML documents of the Kubernetes API into their parts, without ever holding a list: a must-gather's `events.yaml` may
 * have a hundred thousand items. Works on lines: an item begins at the `-` of its list, which nothing inside of it can be as far left as.
 * Skips the container logs of `kubectl cluster-info dump -o yaml`.
 *
 * kubectl prints `kind` after `items`: a list that ends without having told its kind was cut, and its last item with it.
 */
export function splitYamlDocuments(): YamlDocumentSplitter {
  const decoder = new TextDecoder();
  const item = gatherLines();
  const head = gatherLines();
  let rest = '';
  let logsEnd: string | undefined;
  /** Depth of the items' dashes; -1: in a list, none seen yet; undefined: not in a list. */
  let depth: number | undefined;
  let isList = false;
  let hasKind = false;

  function push(chunk: Uint8Array): YamlPiece[] {
    const pieces: YamlPiece[] = [];
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) takeLine(line, pieces);
    if (rest.length > LONGEST_PIECE) {
      rest = '';
      pieces.push({ type: 'broken', cut: false, why: TOO_LONG });
    }
    return pieces;
  }

  function takeLine(ended: string, pieces: YamlPiece[]): void {
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended;
    const first = line.charCodeAt(0);
    if (logsEnd !== undefined) {
      if (line.endsWith(logsEnd)) logsEnd = undefined;
    } else if (first === 0x20 || line === '') takeInner(line, pieces);
    else if (first === 0x3d && readLogsStart(line) !== undefined) {
      endDocument(pieces);
      logsEnd = readLogsStart(line);
    } else if (!takeMarker(line, pieces)) takeOuter(line, pieces);
  }

  /** `---` and `...`; what follows the first on its line belongs to the next document. */
  function takeMarker(line: string, pieces: YamlPiece[]): boolean {
    const start = DOCUMENT_START.exec(line);
    if (start === null && !DOCUMENT_END.test(line)) return false;
    endDocument(pieces);
    if (start?.[1] !== undefined) head.add(start[1]);
    return true;
  }

  /** A line that is indented, or empty. */
  function takeInner(line: string, pieces: YamlPiece[]): void {
    const dash = depth === undefined ? undefined : SEQUENCE_ITEM.exec(line)?.[1]?.length;
    if (dash !== undefined && (depth === -1 || dash === depth)) startItem(line, dash, pieces);
    else if (depth === undefined) head.add(line);
    else item.add(line);
  }

  /** A line that is not indented. */
  function takeOuter(line: string, pieces: YamlPiece[]): void {
    if (SEQUENCE_ITEM.test(line) && (depth !== undefined || head.isEmpty())) startItem(line, 0, pieces);
    else if (!line.startsWith('#')) takeField(line, pieces);
  }

  /** A field of the document. */
  function takeField(line: string, pieces: YamlPiece[]): void {
    endItem(pieces);
    depth = ITEMS.test(line) ? -1 : undefined;
    isList ||= depth === -1;
    hasKind ||= line.startsWith('kind:');
    if (depth === undefined) head.add(line);
  }

  function startItem(line: string, dash: number, pieces: YamlPiece[]): void {
    endItem(pieces);
    depth = dash;
    item.add(line);
  }

  function endItem(pieces: YamlPiece[]): void {
    if (item.isEmpty()) return;
    const text = item.take();
    pieces.push(text === undefined ? { type: 'broken', cut: false, why: TOO_LONG } : { type: 'item', text });
  }

  function endDocument(pieces: YamlPiece[]): void {
    endItem(pieces);
    if (!head.isEmpty()) {
      const text = head.take();
      pieces.push(
        text === undefined
          ? { type: 'broken', cut: false, why: TOO_LONG }
          : { type: 'document', text, list: isList },
      );
    }
    depth = undefined;
    isList = false;
    hasKind = false;
  }

  function end(): YamlPiece[] {
    const pieces: YamlPiece[] = [];
    rest += decoder.decode();
    if (rest !== '') takeLine(rest, pieces);
    rest = '';
    const cut = (isList && !hasKind && !item.isEmpty()) || logsEnd !== undefined;
    if (cut) {
      item.take();
      pieces.push({ type: 'broken', cut: true });
    }
    logsEnd = undefined;
    endDocument(pieces);
    return pieces;
  }

  return { push, end };
}

/** Puts lines together; a text of over 16 MiB is dropped and taken as undefined. */
function gatherLines() {
  let lines: string[] = [];
  let length = 0;
  let filled = false;
  return {
    add(line: string): void {
      if (line !== '') filled = true;
      length += line.length + 1;
      if (length > LONGEST_PIECE) lines = [];
      else lines.push(line);
    },
    /** Whether nothing but empty lines were added. */
    isEmpty: () => !filled,
    take(): string | undefined {
      const text = length > LONGEST_PIECE ? undefined : `${lines.join('\n')}\n`;
      lines = [];
      length = 0;
      filled = false;
      return text;
    },
  };
}
