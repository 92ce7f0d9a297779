/** How many bytes `detectFormat` wants to see of a file. */
export const HEAD_LENGTH = 64 * 1024;

/** What Hark reads. */
export type ReadableFormat = 'json' | 'yaml' | 'gzip' | 'zstd' | 'tar' | 'utf-16le' | 'utf-16be';

export type Format =
  | { readonly type: ReadableFormat }
  /** Nothing but white space. */
  | { readonly type: 'empty' }
  /** Text or bytes that are nothing Hark reads, and nothing it knows. */
  | { readonly type: 'other' }
  /** Something it knows but does not read: what it is, and what to do instead, with FILE for its name. */
  | { readonly type: 'refused'; readonly what: string; readonly instead: string };

const SAVE_EVENTS = 'Save the Events themselves: kubectl get events -A -o json > events.json';
const UNZIP = 'Unpack it and read the folder: unzip -d unzipped FILE && hark events -A --from unzipped';
/** A tar archive is read from a pipe, too. */
const unpackBy = (tool: string) => `Unpack it on the way: ${tool} -dc FILE | hark events -A --from -`;

const MAGIC: readonly (readonly [bytes: string, at: number, format: Format])[] = [
  ['\x1f\x8b', 0, { type: 'gzip' }],
  ['\x28\xb5\x2f\xfd', 0, { type: 'zstd' }],
  ['\xff\xfe', 0, { type: 'utf-16le' }],
  ['\xfe\xff', 0, { type: 'utf-16be' }],
  ['ustar', 257, { type: 'tar' }],
  ['PK\x03\x04', 0, { type: 'refused', what: 'a zip archive', instead: UNZIP }],
  ['BZh', 0, { type: 'refused', what: 'a bzip2 archive', instead: unpackBy('bzip2') }],
  ['\xfd7zXZ\0', 0, { type: 'refused', what: 'an xz archive', instead: unpackBy('xz') }],
  [
    'SQLite format 3\0',
    0,
    {
      type: 'refused',
      what: 'a store of Hark (an SQLite file)',
      instead: 'Name it with --store: hark events -A --store FILE',
    },
  ],
  ['k8s\0', 0, { type: 'refused', what: 'Kubernetes protobuf', instead: SAVE_EVENTS }],
];

const TEXT: readonly (readonly [line: RegExp, format: Format])[] = [
  [/^[{[]/, { type: 'json' }],
  [
    /^(?:---(?: |$)|%YAML|- |-$|["']?(?:apiVersion|items|kind|metadata|object|action|count|event|eventTime|firstTimestamp|type|note|message|reason)["']?:(?: |$))/,
    { type: 'yaml' },
  ],
  [
    /^(?:NAMESPACE\s+)?LAST SEEN\s+/,
    {
      type: 'refused',
      what: 'the table that kubectl prints of Events, which tells ages instead of times',
      instead: SAVE_EVENTS,
    },
  ],
  [
    /^Name:\s+\S/,
    {
      type: 'refused',
      what: 'what kubectl describe prints, which tells ages instead of times',
      instead: SAVE_EVENTS,
    },
  ],
  [
    /^<(?:!doctype|html|\?xml)/i,
    {
      type: 'refused',
      what: 'a web page',
      instead: 'Of a must-gather, name the directory, not its event-filter.html.',
    },
  ],
];

/**
 * Recognises a file by its first bytes, whatever its name. Text is judged by its first line that tells anything: a warning that a shell caught
 * with the output may precede it.
 *
 * @param head the first `HEAD_LENGTH` bytes, fewer when the file is shorter
 */
export function detectFormat(head: Uint8Array): Format {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  for (const [magic, at, format] of MAGIC)
    if (bytes.subarray(at, at + magic.length).equals(Buffer.from(magic, 'latin1'))) return format;
  const unmarked = detectUnmarkedUtf16(bytes);
  if (unmarked !== undefined) return { type: unmarked };
  const text = new TextDecoder().decode(head).replaceAll('\x1e', '');
  if (text.trim() === '') return { type: 'empty' };
  return text.includes('\0') ? { type: 'other' } : detectText(text);
}

/** UTF-16 without a mark begins with letters as JSON and YAML do: every second byte is 0. */
function detectUnmarkedUtf16(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes.length < 4) return undefined;
  const zeros = [...bytes.subarray(0, 4)].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  if (zeros === 'x0x0') return 'utf-16le';
  return zeros === '0x0x' ? 'utf-16be' : undefined;
}

/** Whether the first bytes of a JSON or YAML file mention what no Event can do without. */
export function mentionsEvents(head: Uint8Array): boolean {
  return mentionsFields(head, ['involvedObject', 'regarding']);
}

/** Whether the first bytes of a JSON or YAML file could be those of Kubernetes objects. */
export function mentionsObjects(head: Uint8Array): boolean {
  return mentionsFields(head, ['apiVersion', 'involvedObject', 'regarding', 'finalizers', 'gitVersion']);
}

function mentionsFields(head: Uint8Array, names: readonly string[]): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return names.some((name) => bytes.includes(`${name}:`) || bytes.includes(`${name}"`));
}

function detectText(text: string): Format {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const [first = ''] = lines.filter((line) => line.trim() !== '');
  if (/^\s*[{[]/.test(first)) return { type: 'json' };
  for (const line of lines) for (const [pattern, format] of TEXT) if (pattern.test(line)) return format;
  return { type: 'other' };
}
