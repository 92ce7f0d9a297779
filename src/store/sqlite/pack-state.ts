import { SECOND } from '../../lib/time.ts';
import type { KubernetesObject, ObjectUse, OwnerReference } from '../../objects/object.ts';
import { packTime, unpackTime } from './body-parts.ts';
import { type ByteReader, type ByteWriter, createByteReader, isUuid } from './bytes.ts';
import type { NameWriter } from './intern-names.ts';
import type { NameReader, StoredObject } from './read-names.ts';

const HAS = { inferred: 1, created: 2, deleted: 4, kind: 8, labels: 16, rest: 32 } as const;

/** What stands in a label for what the object tells elsewhere: its name, its first owner's name and uid; before a value that begins alike. */
const MARK = '\u0001';
const OWN_NAME = `${MARK}n`;
const OWNER_NAME = `${MARK}o`;
const OWNER_UID = `${MARK}u`;
const LITERAL = `${MARK}!`;

/**
 * Packs all that is known of an object but for what its row in `objects` says. Fields that are not known here are kept as JSON.
 *
 * @param kind the id of its kind where that is not the row's; else 0
 */
export function packState(
  bytes: ByteWriter,
  names: Pick<NameWriter, 'string' | 'kind'>,
  state: KubernetesObject,
  kind: number,
): void {
  const { cluster, apiVersion, kind: _, namespace, name, uid, ...known } = state;
  const { owners, uses, labels, createdAt, deletedAt, seenAt, inferred, ...others } = known;
  const rest = JSON.stringify(others);
  const near = Math.floor(seenAt / SECOND);
  bytes.byte(
    (inferred ? HAS.inferred : 0) |
      (createdAt === undefined ? 0 : HAS.created) |
      (deletedAt === undefined ? 0 : HAS.deleted) |
      (kind === 0 ? 0 : HAS.kind) |
      (labels === undefined ? 0 : HAS.labels) |
      (rest === '{}' ? 0 : HAS.rest),
  );
  packTime(bytes, seenAt, 0);
  if (createdAt !== undefined) packTime(bytes, createdAt, near);
  if (deletedAt !== undefined) packTime(bytes, deletedAt, near);
  if (kind !== 0) bytes.uint(kind);
  bytes.uint(owners.length);
  for (const owner of owners) packOwner(bytes, names, owner, name);
  bytes.uint(uses.length);
  for (const use of uses) packUse(bytes, names, use);
  if (labels !== undefined) packLabels(bytes, names, labels, name, owners[0]);
  if (rest !== '{}') bytes.text(rest);
}

/** Gives back what was packed, of the object that the row names. */
export function unpackState(body: Uint8Array, object: StoredObject, names: NameReader): KubernetesObject {
  const bytes = createByteReader(body);
  const flags = bytes.byte();
  const seenAt = unpackTime(bytes, 0);
  const near = Math.floor(seenAt / SECOND);
  const createdAt = flags & HAS.created ? unpackTime(bytes, near) : undefined;
  const deletedAt = flags & HAS.deleted ? unpackTime(bytes, near) : undefined;
  const [apiVersion, kind] = flags & HAS.kind ? names.kind(bytes.uint()) : [object.apiVersion, object.kind];
  const owners = Array.from({ length: bytes.uint() }, () => unpackOwner(bytes, names, object.name));
  const uses = Array.from({ length: bytes.uint() }, () => unpackUse(bytes, names));
  const labels = flags & HAS.labels ? { labels: unpackLabels(bytes, names, object.name, owners[0]) } : {};
  const rest = flags & HAS.rest ? (JSON.parse(bytes.text()) as object) : {};
  const { cluster, namespace, name, uid } = object;
  return {
    ...{ cluster, apiVersion, kind, namespace, name, uid, owners, uses, ...labels },
    ...{ createdAt, deletedAt, seenAt, inferred: (flags & HAS.inferred) !== 0, ...rest },
  };
}

/** Names of what is owned mostly begin with the owner's. */
function packOwner(
  bytes: ByteWriter,
  names: Pick<NameWriter, 'kind'>,
  { apiVersion, kind, name, uid, controller }: OwnerReference,
  own: string,
): void {
  bytes.uint(names.kind(apiVersion, kind) * 2 + (controller ? 1 : 0));
  const isBeginning = name !== '' && own.startsWith(name);
  bytes.uint(isBeginning ? name.length : 0);
  if (!isBeginning) bytes.text(name);
  const hasUuid = isUuid(uid);
  bytes.byte(hasUuid ? 1 : 0);
  if (hasUuid) bytes.uuid(uid);
  else bytes.text(uid);
}

function unpackOwner(bytes: ByteReader, names: NameReader, own: string): OwnerReference {
  const packed = bytes.uint();
  const [apiVersion, kind] = names.kind(Math.floor(packed / 2));
  const length = bytes.uint();
  const name = length === 0 ? bytes.text() : own.slice(0, length);
  const uid = bytes.byte() === 1 ? bytes.uuid() : bytes.text();
  return { apiVersion, kind, name, uid, controller: packed % 2 === 1 };
}

/** Nothing in `as`, a kind or a namespace has a blank. */
function packUse(bytes: ByteWriter, names: Pick<NameWriter, 'string'>, use: ObjectUse): void {
  const { as, kind, name, namespace } = use satisfies Record<keyof ObjectUse, unknown> | ObjectUse;
  bytes.uint(names.string(namespace === undefined ? `${as} ${kind}` : `${as} ${kind} ${namespace}`));
  bytes.uint(names.string(name));
}

function unpackUse(bytes: ByteReader, names: NameReader): ObjectUse {
  const [as = '', kind = '', namespace] = names.string(bytes.uint()).split(' ');
  const use = { as: as as ObjectUse['as'], kind, name: names.string(bytes.uint()) };
  return namespace === undefined ? use : { ...use, namespace };
}

type Owner = OwnerReference | undefined;

function packLabels(
  bytes: ByteWriter,
  names: Pick<NameWriter, 'string'>,
  labels: Readonly<Record<string, string>>,
  own: string,
  owner: Owner,
): void {
  const pairs = Object.entries(labels);
  bytes.uint(pairs.length);
  for (const [key, value] of pairs) bytes.uint(names.string(`${key}=${generalise(value, own, owner)}`));
}

function unpackLabels(
  bytes: ByteReader,
  names: NameReader,
  own: string,
  owner: Owner,
): Record<string, string> {
  const pairs = Array.from({ length: bytes.uint() }, () => {
    const text = names.string(bytes.uint());
    const at = text.indexOf('=');
    return [text.slice(0, at), specify(text.slice(at + 1), own, owner)] as const;
  });
  return Object.fromEntries(pairs);
}

function generalise(value: string, own: string, owner: Owner): string {
  if (value === '') return '';
  if (value === own) return OWN_NAME;
  if (value === owner?.name) return OWNER_NAME;
  if (value === owner?.uid) return OWNER_UID;
  return value.startsWith(MARK) ? LITERAL + value : value;
}

function specify(value: string, own: string, owner: Owner): string {
  if (value === OWN_NAME) return own;
  if (value === OWNER_NAME) return owner?.name ?? '';
  if (value === OWNER_UID) return owner?.uid ?? '';
  return value.startsWith(LITERAL) ? value.slice(LITERAL.length) : value;
}
