import { foldDoubleQuoted, foldSingleQuoted } from './unquote-yaml.ts';

/** A key that needs no quotes and is no number, null or boolean. */
const KEY = /^(?:(?!(?:null|true|false|__proto__)$)[A-Za-z_][\w./:-]*|\.)$/i;
const NULL = /^(?:~|null|Null|NULL)$/;
const TRUE = /^(?:true|True|TRUE)$/;
const FALSE = /^(?:false|False|FALSE)$/;
const INTEGER = /^[-+]?\d+$/;
/** What YAML's core schema might read as another number, or what only the full parser should judge. */
const ODD_NUMBER = /^[-+]?(?:0o|0x|\.?\d[\d.]*(?:[eE][-+]?\d+)?$|\.\d|\.inf$|\.nan$)/i;
/** What a plain scalar may not begin with, and what needs the full parser. */
const ODD_START = /^(?:[&*!%@`#?,[\]{}]|[-?:](?: |$))/;
const ODD_PLAIN = /: |:$| #|\t/;
const LITERAL = /^\|([-+]?)$/;

/** Thrown and caught in this file only: the text is outside of the subset. */
const NOT_PLAIN = Symbol('not plain');

/**
 * Parses the YAML that Kubernetes' own tools print: block mappings and sequences, plain, quoted and literal scalars, folded over lines or
 * not. Some forty times as fast as a full parser, which is what a must-gather of 50 MB needs. It either gives what YAML 1.2's core schema
 * gives, or undefined where the text holds anything else (anchors, tags, comments, flow collections, mistakes): ask a full parser then.
 *
 * @param skip a key whose block is left out unparsed: `managedFields`
 */
export function parsePlainYaml(text: string, skip = ''): { readonly value: unknown } | undefined {
  const lines = text.split('\n');
  const parser = { lines, at: 0, skip };
  try {
    const value = parseNested(parser, -1);
    skipBlank(parser);
    return parser.at === lines.length ? { value } : undefined;
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

interface Parser {
  readonly lines: string[];
  at: number;
  readonly skip: string;
}

/** The block below a line of `indent`; null when there is none. */
function parseNested(parser: Parser, indent: number): unknown {
  skipBlank(parser);
  const line = parser.lines[parser.at];
  if (line === undefined) return null;
  const depth = indentOf(line);
  const sequence = isSequenceItem(line, depth);
  if (depth < indent || (depth === indent && !sequence)) return null;
  return sequence ? parseSequence(parser, depth) : parseMapping(parser, depth);
}

function parseMapping(parser: Parser, depth: number): Record<string, unknown> {
  const mapping: Record<string, unknown> = {};
  for (; ; skipBlank(parser)) {
    const line = parser.lines[parser.at];
    const indent = line === undefined ? -1 : indentOf(line);
    if (line === undefined || indent < depth) return mapping;
    const end = indent === depth ? findKeyEnd(line, depth) : -1;
    if (end === -1) {
      if (isSequenceItem(line, depth) && Object.keys(mapping).length > 0) return mapping;
      throw NOT_PLAIN;
    }
    const key = line.slice(depth, end);
    if (Object.hasOwn(mapping, key)) throw NOT_PLAIN;
    parser.at += 1;
    const rest = readRest(line, end + 1);
    if (key === parser.skip && rest === '') skipNested(parser, depth);
    else mapping[key] = rest === '' ? parseNested(parser, depth) : parseScalar(parser, rest, depth);
  }
}

/** Where the key that begins at `start` ends, at a `:` that a space or nothing follows; -1 when the line does not begin with a plain key. */
function findKeyEnd(line: string, start: number): number {
  const found = line.indexOf(': ', start);
  const end = found === -1 && line.charCodeAt(line.length - 1) === 0x3a ? line.length - 1 : found;
  return end !== -1 && isPlainKey(line.slice(start, end)) ? end : -1;
}

const MOST_KEYS = 10_000;
const KEYS = new Map<string, boolean>();

/** Of the few keys there are, each is judged once. */
function isPlainKey(key: string): boolean {
  const known = KEYS.get(key);
  if (known !== undefined) return known;
  const plain = KEY.test(key);
  if (KEYS.size < MOST_KEYS && key.length < 100) KEYS.set(key, plain);
  return plain;
}

function readRest(line: string, start: number): string {
  let at = start;
  while (line.charCodeAt(at) === 0x20) at += 1;
  return trimEnd(line.slice(at));
}

function parseSequence(parser: Parser, depth: number): unknown[] {
  const items: unknown[] = [];
  for (; ; skipBlank(parser)) {
    const line = parser.lines[parser.at];
    if (line === undefined || !isSequenceItem(line, depth)) {
      if (line !== undefined && indentOf(line) > depth) throw NOT_PLAIN;
      return items;
    }
    const rest = trimEnd(line.slice(depth + 2));
    if (rest.startsWith(' ')) throw NOT_PLAIN;
    if (findKeyEnd(rest, 0) !== -1 || rest === '-' || rest.startsWith('- ')) {
      parser.lines[parser.at] = `${' '.repeat(depth + 2)}${rest}`;
      items.push(parseNested(parser, depth + 1));
    } else {
      parser.at += 1;
      items.push(rest === '' ? parseNested(parser, depth + 1) : parseScalar(parser, rest, depth));
    }
  }
}

/** The scalar that begins with `rest`, the line before `parser.at`, in a block of `depth`. */
function parseScalar(parser: Parser, rest: string, depth: number): unknown {
  if (rest === '{}') return {};
  if (rest === '[]') return [];
  const literal = LITERAL.exec(rest);
  if (literal !== null) return parseLiteral(parser, depth, literal[1] ?? '');
  const parts = [rest, ...takeContinuation(parser, depth)];
  if (rest.startsWith('"')) return foldDoubleQuoted(parts) ?? fail();
  if (rest.startsWith("'")) return foldSingleQuoted(parts) ?? fail();
  return resolvePlain(parts);
}

/** The lines deeper than `depth`, and the empty ones between them: what goes on with the scalar of the line before. */
function takeContinuation(parser: Parser, depth: number): string[] {
  const { lines } = parser;
  let end = parser.at;
  for (let at = end; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (isBlank(line)) continue;
    if (indentOf(line) <= depth) break;
    end = at + 1;
  }
  const taken = lines.slice(parser.at, end);
  parser.at = end;
  return taken;
}

function resolvePlain(parts: readonly string[]): unknown {
  const [first = ''] = parts;
  if (ODD_START.test(first) || first.startsWith('>') || first.startsWith('|')) throw NOT_PLAIN;
  if (parts.some((part) => ODD_PLAIN.test(part) || /^ *#/.test(part))) throw NOT_PLAIN;
  if (parts.length > 1) return foldPlain(parts);
  if (NULL.test(first)) return null;
  if (TRUE.test(first)) return true;
  if (FALSE.test(first)) return false;
  if (!INTEGER.test(first)) return ODD_NUMBER.test(first) ? fail() : first;
  const number = Number(first);
  return Number.isSafeInteger(number) ? number : fail();
}

/** Line ends become spaces, empty lines become line ends. */
function foldPlain(parts: readonly string[]): string {
  return parts
    .map((part) => part.replace(/^ +| +$/g, ''))
    .join('\n')
    .replace(/\n+/g, (ends) => (ends.length === 1 ? ' ' : ends.slice(1)));
}

/** A block after `|`: its lines without their common indent; `-` takes off the last line end, `+` keeps all of them. */
function parseLiteral(parser: Parser, depth: number, chomp: string): string {
  const { lines } = parser;
  let block = -1;
  const body: string[] = [];
  for (; parser.at < lines.length; parser.at++) {
    const line = lines[parser.at] ?? '';
    const indent = indentOf(line);
    if (isBlank(line)) {
      if (indent > 0 || line !== '') throw NOT_PLAIN;
    } else if (block === -1) {
      if (indent <= depth || body.length > 0) throw NOT_PLAIN;
      block = indent;
    } else if (indent < block) break;
    body.push(line.slice(block));
  }
  if (block === -1) throw NOT_PLAIN;
  const atEnd = parser.at === lines.length;
  const text = (atEnd && body.at(-1) === '' ? body.slice(0, -1) : body).join('\n');
  const trimmed = text.replace(/\n+$/, '');
  if (chomp === '+' || /^[ \n]*$/.test(text)) throw NOT_PLAIN;
  return chomp === '-' ? trimmed : `${trimmed}\n`;
}

/** Moves past the block below a line of `depth`, a sequence at the same depth included. */
function skipNested(parser: Parser, depth: number): void {
  for (; parser.at < parser.lines.length; parser.at++) {
    const line = parser.lines[parser.at] ?? '';
    if (!isBlank(line) && indentOf(line) <= depth && !isSequenceItem(line, depth)) return;
  }
}

function skipBlank(parser: Parser): void {
  while (parser.at < parser.lines.length && isBlank(parser.lines[parser.at] ?? '')) parser.at += 1;
}

function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 0x20) at += 1;
  return at;
}

function isSequenceItem(line: string, depth: number): boolean {
  return (
    line.charCodeAt(depth) === 0x2d &&
    indentOf(line) === depth &&
    (line.length === depth + 1 || line.charCodeAt(depth + 1) === 0x20)
  );
}

/** Only spaces count: `trim` would take other white space off a scalar too. */
function isBlank(line: string): boolean {
  return indentOf(line) === line.length;
}

function trimEnd(text: string): string {
  return text.endsWith(' ') ? text.replace(/ +$/, '') : text;
}

function fail(): never {
  throw NOT_PLAIN;
}
