import { MINUTE, type Micros } from '../lib/time.ts';
import { trimLastState } from '../objects/last-state.ts';
import { isRaw, type RawObject, textAt } from '../objects/raw-object.ts';
import { trimObject } from '../objects/trim-object.ts';
import type { ObjectForm, WatchedKind } from './watched-kinds.ts';
import { resourceName } from './watched-kinds.ts';
import type { WatchedResource } from './watched-resource.ts';

/** A kind in the version in which it is served, of one namespace or of the whole cluster (empty). */
export interface ObjectScope {
  readonly kind: WatchedKind;
  readonly version: string;
  readonly namespace: string;
}

/**
 * What list and watch tell of objects, trimmed to what changes are told from.
 * - `listing`: a list begins, perhaps anew: what was listed before counts no more.
 */
export type ObjectItem =
  | {
      readonly type: 'listed' | 'added' | 'modified' | 'deleted';
      readonly object: RawObject;
      /** All that is kept of it now that it is gone, as `trimLastState` gives it; of kinds that are read whole. */
      readonly last?: RawObject;
      readonly at: Micros;
    }
  | { readonly type: 'listing'; readonly at: Micros };

/** An object as it was served: trimmed, and whole where more than its metadata was asked for. */
export interface ServedObject {
  readonly trimmed: RawObject;
  readonly whole: RawObject | undefined;
}

/** The servers' own choice: bookmarks prove every minute where a watch of objects stands. */
const WATCH_FOR = 5 * MINUTE;

/** A kind's objects as something to list and watch. */
export function createObjectResource(scope: ObjectScope): WatchedResource<ServedObject, ObjectItem> {
  const { kind, namespace } = scope;
  const apiVersion = apiVersionOf(scope);
  const isWhole = keepsLastStates(kind);
  return {
    what: resourceName(kind),
    one: `one of ${resourceName(kind)}`,
    namespace,
    path: pathOf(scope),
    listAs: mediaType(kind.form, 'PartialObjectMetadataList'),
    watchAs: mediaType(kind.form, 'PartialObjectMetadata'),
    watchFor: WATCH_FOR,
    parse: (object) => ({
      trimmed: readObjectOf(kind.kind, apiVersion, object),
      whole: isWhole && isRaw(object) ? object : undefined,
    }),
    versionOf: ({ trimmed }) => textAt(trimmed, 'metadata', 'resourceVersion'),
    tell(type, { trimmed: object, whole }, at) {
      if (type !== 'deleted' || whole === undefined) return { type, object, at };
      return { type, object, last: trimLastState({ ...whole, kind: kind.kind, apiVersion }), at };
    },
    begin: (at) => ({ type: 'listing', at }),
  };
}

/** Whether the last states of a kind's objects are kept: of those read whole, but for what is itself a state of something else. */
export function keepsLastStates({ form, kind }: WatchedKind): boolean {
  return form === 'full' && kind !== 'ControllerRevision';
}

/**
 * An object as it was served, trimmed, under its own kind: metadata alone comes as `PartialObjectMetadata`, items of lists without a kind.
 *
 * @throws Error when it is none
 */
export function readObjectOf(kind: string, apiVersion: string, object: unknown): RawObject {
  if (!isRaw(object) || textAt(object, 'metadata', 'uid') === '')
    throw new Error('it is no object with a uid');
  return trimObject({ ...object, kind, apiVersion });
}

/** Nothing but metadata is taken where no more is wanted: a server that cannot is not asked for the whole. */
export function mediaType(form: ObjectForm, as: string): string {
  return form === 'full' ? 'application/json' : `application/json;as=${as};g=meta.k8s.io;v=v1`;
}

export function apiVersionOf({ kind, version }: Pick<ObjectScope, 'kind' | 'version'>): string {
  return kind.group === '' ? version : `${kind.group}/${version}`;
}

export function pathOf({ kind, version, namespace }: ObjectScope): string {
  const root = kind.group === '' ? `/api/${version}` : `/apis/${kind.group}/${version}`;
  const scope = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${kind.plural}`;
}
