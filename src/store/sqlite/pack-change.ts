import { type Micros, SECOND } from '../../lib/time.ts';
import type { Change, FieldChange } from '../../objects/change.ts';
import type { ObjectId } from '../../objects/object.ts';
import { packTime, unpackTime } from './body-parts.ts';
import { type ByteReader, type ByteWriter, createByteReader, isDecimal } from './bytes.ts';
import type { NameWriter } from './intern-names.ts';
import type { NameReader, StoredObject } from './read-names.ts';
import { cutWording, fillWording, wordMessage } from './wording.ts';

/** Their places are part of the format. */
const TYPES: readonly Change['type'][] = [
  'created',
  'deleting',
  'deleted',
  'spec-changed',
  'container-terminated',
  'container-waiting',
  'condition-changed',
  'content-changed',
];
const TYPE_BITS = 15;
const HAS = { fraction: 16, version: 32, versionText: 64, kind: 128, rest: 256 } as const;

/** How a field is packed. `word`: a text that others use too; `message`: one in which only names and numbers vary. */
type Form = 'word' | 'words' | 'message' | 'int' | 'yes' | 'time' | 'fields';

/** The fields of each type, in the order in which they are packed: part of the format. A field that is not among them is kept as JSON. */
const FIELDS: Readonly<Record<Change['type'], readonly (readonly [field: string, form: Form])[]>> = {
  created: [
    ['manager', 'word'],
    ['fields', 'fields'],
  ],
  deleting: [],
  deleted: [],
  'spec-changed': [
    ['manager', 'word'],
    ['fields', 'fields'],
  ],
  'container-terminated': [
    ['container', 'word'],
    ['exitCode', 'int'],
    ['signal', 'int'],
    ['reason', 'word'],
    ['message', 'message'],
    ['startedAt', 'time'],
    ['restarts', 'int'],
    ['init', 'yes'],
  ],
  'container-waiting': [
    ['container', 'word'],
    ['reason', 'word'],
    ['message', 'message'],
    ['after', 'time'],
  ],
  'condition-changed': [
    ['condition', 'word'],
    ['from', 'word'],
    ['to', 'word'],
    ['reason', 'word'],
    ['message', 'message'],
  ],
  'content-changed': [
    ['manager', 'word'],
    ['keys', 'words'],
  ],
};

/**
 * Packs a change but for its object and the second in which it happened, which its row has.
 *
 * @param kind the id of its object's kind where that is not the row's; else 0
 */
export function packChange(
  bytes: ByteWriter,
  names: Pick<NameWriter, 'string'>,
  change: Change,
  kind: number,
): void {
  const { type, object, at, resourceVersion: version, ...values } = change;
  const form = FIELDS[type];
  const others = Object.entries(values).filter(([key]) => form.every(([field]) => field !== key));
  const rest = JSON.stringify(Object.fromEntries(others));
  const second = Math.floor(at / SECOND);
  const fraction = at - second * SECOND;
  bytes.uint(
    TYPES.indexOf(type) |
      (fraction === 0 ? 0 : HAS.fraction) |
      (version === '' ? 0 : isDecimal(version) ? HAS.version : HAS.versionText) |
      (kind === 0 ? 0 : HAS.kind) |
      (rest === '{}' ? 0 : HAS.rest),
  );
  if (fraction !== 0) bytes.uint(fraction);
  if (version !== '') {
    if (isDecimal(version)) bytes.uint(Number(version));
    else bytes.text(version);
  }
  if (kind !== 0) bytes.uint(kind);
  for (const [field, how] of form)
    packField(bytes, names, how, (values as Readonly<Record<string, unknown>>)[field], object, second);
  if (rest !== '{}') bytes.text(rest);
}

function packField(
  bytes: ByteWriter,
  names: Pick<NameWriter, 'string'>,
  form: Form,
  value: unknown,
  object: ObjectId,
  second: number,
): void {
  const word = (text: string) => bytes.uint(names.string(text));
  if (form === 'word') word(value as string);
  else if (form === 'words') packList(bytes, value as readonly string[], word);
  else if (form === 'int') bytes.int(value as number);
  else if (form === 'yes') bytes.byte(value === true ? 1 : 0);
  else if (form === 'message') {
    const { wording, fillings } = wordMessage(value as string, object);
    word(wording);
    bytes.text(fillings);
  } else if (form === 'time') {
    bytes.byte(value === undefined ? 0 : 1);
    if (value !== undefined) packTime(bytes, value as Micros, second);
  } else
    packList(bytes, value as readonly FieldChange[], ({ field, container, from, to }) => {
      for (const text of [field, container, from, to]) word(text);
    });
}

function packList<T>(bytes: ByteWriter, list: readonly T[], pack: (item: T) => void): void {
  bytes.uint(list.length);
  for (const item of list) pack(item);
}

/** Gives back what was packed, of the object that the row names. */
export function unpackChange(
  body: Uint8Array,
  second: number,
  { cluster, namespace, name, uid, ...row }: StoredObject,
  names: NameReader,
): Change {
  const bytes = createByteReader(body);
  const flags = bytes.uint();
  const type = TYPES[flags & TYPE_BITS];
  if (type === undefined) throw new RangeError(`packed row has a change of type ${flags & TYPE_BITS}`);
  const at = second * SECOND + (flags & HAS.fraction ? bytes.uint() : 0);
  const resourceVersion =
    flags & HAS.version ? String(bytes.uint()) : flags & HAS.versionText ? bytes.text() : '';
  const [apiVersion, kind] = flags & HAS.kind ? names.kind(bytes.uint()) : [row.apiVersion, row.kind];
  const object: ObjectId = { cluster, apiVersion, kind, namespace, name, uid };
  const change: Record<string, unknown> = { type, object, at, resourceVersion };
  for (const [field, form] of FIELDS[type]) change[field] = unpackField(bytes, names, form, object, second);
  if (flags & HAS.rest) Object.assign(change, JSON.parse(bytes.text()));
  return change as unknown as Change;
}

function unpackField(
  bytes: ByteReader,
  names: NameReader,
  form: Form,
  object: ObjectId,
  second: number,
): unknown {
  switch (form) {
    case 'word':
      return names.string(bytes.uint());
    case 'words':
      return Array.from({ length: bytes.uint() }, () => names.string(bytes.uint()));
    case 'message':
      return fillWording(cutWording(names.string(bytes.uint())), bytes.text(), object);
    case 'int':
      return bytes.int();
    case 'yes':
      return bytes.byte() === 1;
    case 'time':
      return bytes.byte() === 0 ? undefined : unpackTime(bytes, second);
    case 'fields':
      return Array.from({ length: bytes.uint() }, (): FieldChange => {
        const text = () => names.string(bytes.uint());
        return { field: text(), container: text(), from: text(), to: text() };
      });
  }
}
