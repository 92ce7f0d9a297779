import { HarkError } from '../lib/errors.ts';
import { guessKind, type KindDictionary, type KindMeaning } from './guess-kind.ts';
import { resolveKind } from './kind-names.ts';
import type { ObjectFilter } from './query.ts';

/** An object as the user named it. */
export interface NamedObject extends KindMeaning {
  /** As typed: `deploy`. */
  readonly typedKind: string;
  readonly name: string;
}

/**
 * Reads objects as kubectl takes them: `KIND/NAME…` or `KIND NAME…`, kinds in any of their spellings (`po`, `pods`, `Pod`,
 * `deployments.apps`).
 *
 * @param words at least one
 * @param what how the error calls them: `--for`
 * @throws HarkError `usage` when a kind has no name
 */
export function parseObjects(
  words: readonly string[],
  what: string,
  dictionary: KindDictionary = guessKind,
): NamedObject[] {
  const [first = '', ...names] = words;
  if (words.some((word) => word.includes('/')))
    return words.map((word) => parseSlashed(word, what, dictionary));
  if (names.length > 0) return names.map((name) => ({ ...dictionary(first), typedKind: first, name }));
  throw new HarkError('usage', `${what} "${first}" does not say which ${first}: KIND/NAME is wanted`, {
    hint: `For example: ${what === '--for' ? '--for ' : ''}${resolveKind(first) === undefined ? `pod/${first}` : `${first}/NAME`}`,
  });
}

/** The Events wanted of an object, one filter for each Kind it may mean. */
export function filtersOf(object: NamedObject): ObjectFilter[] {
  return object.kinds.map((kind) => ({ kind, name: object.name }));
}

function parseSlashed(word: string, what: string, dictionary: KindDictionary): NamedObject {
  const [kind = '', name = '', ...rest] = word.split('/');
  if (kind !== '' && name !== '' && rest.length === 0) return { ...dictionary(kind), typedKind: kind, name };
  throw new HarkError('usage', `${what} "${word}" is not KIND/NAME`, {
    hint: 'For example: pod/web-0, deploy/web, node/node-1',
  });
}
