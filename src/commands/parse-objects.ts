import { findBuiltinKind, resolveKind } from '../events/kind-names.ts';
import type { ObjectFilter } from '../events/query.ts';
import { HarkError } from '../lib/errors.ts';
import type { GlobalOptions } from './global-options.ts';

/** An object as the user named it. */
export interface NamedObject {
  /** As typed: `deploy`. */
  readonly typedKind: string;
  readonly name: string;
  /** The Kinds it may mean: one for what Kubernetes itself serves, the likely ones for a custom resource. */
  readonly kinds: readonly [string, ...string[]];
}

/**
 * Reads objects as kubectl takes them: `KIND/NAME…` or `KIND NAME…`, kinds in any of their spellings (`po`, `pods`, `Pod`,
 * `deployments.apps`).
 *
 * @param words at least one
 * @throws HarkError `usage` when a kind has no name
 */
export function parseObjects(words: readonly string[], what: string): NamedObject[] {
  const [first = '', ...names] = words;
  if (words.some((word) => word.includes('/'))) return words.map((word) => parseSlashed(word, what));
  if (names.length > 0) return names.map((name) => nameObject(first, name));
  throw new HarkError('usage', `${what} "${first}" does not say which ${first}: KIND/NAME is wanted`, {
    hint: `For example: ${what === '--for' ? '--for ' : ''}${resolveKind(first) === undefined ? `pod/${first}` : `${first}/NAME`}`,
  });
}

/** The Events wanted of an object, one filter for each Kind it may mean. */
export function filtersOf(object: NamedObject): ObjectFilter[] {
  return object.kinds.map((kind) => ({ kind, name: object.name }));
}

/** Events of what lives in no namespace are looked for in all of them, as kubectl does. */
export function scopeFor(objects: readonly NamedObject[], globals: GlobalOptions): GlobalOptions {
  const everywhere = globals.namespace === undefined && objects.length > 0 && objects.every(isClusterScoped);
  return everywhere ? { ...globals, allNamespaces: true } : globals;
}

/** Whether it is known to live in no namespace: a Node, a PersistentVolume. */
function isClusterScoped(object: NamedObject): boolean {
  return findBuiltinKind(object.typedKind)?.namespaced === false;
}

/** The Kinds that a word may mean; those of a custom resource are guessed from its plural (`rollouts.argoproj.io`). */
export function kindsOf(word: string): [string, ...string[]] {
  const builtin = resolveKind(word);
  if (builtin !== undefined) return [builtin];
  const name = word.split('.')[0] ?? word;
  const singulars = [/ies$/i, /es$/i, /s$/i]
    .filter((ending) => ending.test(name))
    .map((ending) => name.replace(ending, ending.source === 'ies$' ? 'y' : ''));
  return [name, ...singulars];
}

function parseSlashed(word: string, what: string): NamedObject {
  const [kind = '', name = '', ...rest] = word.split('/');
  if (kind !== '' && name !== '' && rest.length === 0) return nameObject(kind, name);
  throw new HarkError('usage', `${what} "${word}" is not KIND/NAME`, {
    hint: 'For example: pod/web-0, deploy/web, node/node-1',
  });
}

function nameObject(kind: string, name: string): NamedObject {
  return { typedKind: kind, name, kinds: kindsOf(kind) };
}
