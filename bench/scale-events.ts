import { formatMicroTime, formatTime, parseTime } from '../src/lib/rfc3339.ts';
import { SECOND } from '../src/lib/time.ts';
import { listScenarios, readRecording } from '../test/read-recording.ts';

/** One recorded watch line taken apart: texts that stay, and between them what a copy replaces. */
type Template = readonly (string | ((copy: number, resourceVersion: number) => string))[];

/** So many copies take turns line by line. */
export const COPIES_AT_ONCE = 40;
/** How far apart in time two copies lie. */
const COPY_DISTANCE_S = 7;
/** The letters of Kubernetes' random name suffixes (`k8s.io/apimachinery/pkg/util/rand`). */
const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const VARIABLE = new RegExp(
  [
    '(?<uid>[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))',
    '(?<=\\.)(?<hex>1[0-9a-f]{15})(?=")',
    '(?<time>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z)',
    '(?<="namespace":")(?<namespace>[^"]+)(?=")',
    `(?<=-)(?<suffix>[${SUFFIX_LETTERS}]{5})(?=[".\\s/_])`,
    '(?<="resourceVersion":")(?<resourceVersion>\\d+)(?=")',
  ].join('|'),
  'g',
);

/**
 * Watch lines of any number of Events, made of the recorded ones: every copy has its own namespaces, names of Pods, uids, times and nanoseconds
 * in the name, and the resourceVersion rises by one per line. All else, repeats and deletions too, is as recorded. The same every time.
 *
 * @param types only lines of these types; all when absent
 */
export function* scaleEvents(
  lines: number,
  types: readonly string[] = ['ADDED', 'MODIFIED', 'DELETED'],
): Generator<string> {
  const scenarios = readTemplates(types);
  let resourceVersion = 1000;
  for (let first = 0; ; first += COPIES_AT_ONCE) {
    const copies = Array.from({ length: COPIES_AT_ONCE }, (_, i) => first + i);
    const length = scenarios.reduce((sum, templates) => sum + templates.length, 0);
    const rotated = copies.map((copy) =>
      [...scenarios.slice(copy % scenarios.length), ...scenarios.slice(0, copy % scenarios.length)].flat(),
    );
    for (let at = 0; at < length; at += 1) {
      for (const [i, copy] of copies.entries()) {
        if (resourceVersion === 1000 + lines) return;
        resourceVersion += 1;
        yield fill(rotated[i]?.[at] ?? [], copy, resourceVersion);
      }
    }
  }
}

/** The objects of the lines that `scaleEvents` makes, for lists: each Event once, in its first state. */
export function* scaleListItems(items: number): Generator<string> {
  for (const line of scaleEvents(items, ['ADDED']))
    yield line.slice(line.indexOf('"object":') + '"object":'.length, -1);
}

function fill(template: Template, copy: number, resourceVersion: number): string {
  let line = '';
  for (const part of template) line += typeof part === 'string' ? part : part(copy, resourceVersion);
  return line;
}

function readTemplates(types: readonly string[]): Template[][] {
  return listScenarios().map((scenario) =>
    readRecording(`${scenario}/events-core-v1.jsonl`)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.slice(line.indexOf('"watch":') + '"watch":'.length, -1))
      .filter((line) => types.some((type) => line.startsWith(`{"type":"${type}"`)))
      .map(makeTemplate),
  );
}

function makeTemplate(line: string): Template {
  const parts: (string | ((copy: number, resourceVersion: number) => string))[] = [];
  let end = 0;
  let ownVersionSeen = false;
  for (const match of line.matchAll(VARIABLE)) {
    const groups = match.groups ?? {};
    if (groups.resourceVersion !== undefined && ownVersionSeen) continue;
    ownVersionSeen ||= groups.resourceVersion !== undefined;
    parts.push(line.slice(end, match.index), makeVariable(groups));
    end = match.index + match[0].length;
  }
  return [...parts, line.slice(end)];
}

function makeVariable(
  groups: Record<string, string | undefined>,
): (copy: number, resourceVersion: number) => string {
  const { uid, hex, time, namespace, suffix } = groups;
  if (uid !== undefined)
    return (copy) => spread(Number.parseInt(uid, 16), copy).toString(16).padStart(8, '0');
  if (hex !== undefined)
    return (copy) => (BigInt(`0x${hex}`) + BigInt(copy * COPY_DISTANCE_S) * 1_000_000_000n).toString(16);
  if (time !== undefined) return (copy) => shiftTime(time, copy);
  if (namespace !== undefined) return (copy) => scaleNamespace(namespace, copy);
  if (suffix !== undefined) return (copy) => shiftSuffix(suffix, copy);
  return (_, resourceVersion) => String(resourceVersion);
}

/** Events of cluster-scoped objects are all in `default`. */
function scaleNamespace(namespace: string, copy: number): string {
  return copy === 0 || namespace === 'default' ? namespace : `${namespace}-${copy}`;
}

/** Another 32 bits for every copy, the same for the same two. */
function spread(bits: number, copy: number): number {
  return (bits ^ Math.imul(copy, 0x9e3779b1)) >>> 0;
}

function shiftTime(text: string, copy: number): string {
  const time = (parseTime(text) ?? 0) + copy * COPY_DISTANCE_S * SECOND;
  return text.includes('.') ? formatMicroTime(time) : formatTime(time);
}

function shiftSuffix(suffix: string, copy: number): string {
  let carry = copy;
  let shifted = '';
  for (const letter of suffix) {
    const sum = SUFFIX_LETTERS.indexOf(letter) + carry;
    shifted += SUFFIX_LETTERS[sum % SUFFIX_LETTERS.length];
    carry = Math.floor(sum / SUFFIX_LETTERS.length);
  }
  return shifted;
}
