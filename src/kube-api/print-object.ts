import type { JsonObject } from '../events/print-event.ts';
import type { Micros } from '../lib/time.ts';
import type { Cell, Column } from './event-columns.ts';
import type { Wish } from './negotiate.ts';
import type { Resource } from './resources.ts';
import { badRequest } from './status.ts';

/** An object as it is answered. */
export interface KubeObject {
  /** Whole, with `kind`, `apiVersion` and a `resourceVersion` of Hark's own. */
  readonly body: JsonObject & { readonly metadata: JsonObject };
  /** Its row of a table. */
  cells(now: Micros): readonly Cell[];
}

/** How the objects of a resource are answered. */
export interface Kind {
  readonly resource: Resource;
  readonly columns: readonly Column[];
  /** The fields, besides its metadata, that an object always has. */
  readonly empty: JsonObject;
}

/** What of each object stands beside its row of a table. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** @throws StatusError 400 */
export function readIncludeObject(params: URLSearchParams): IncludeObject {
  const value = params.get('includeObject') ?? '';
  if (value === '') return 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

/** What a client wants objects made into. */
export interface Shape {
  readonly as: NonNullable<Wish['as']> | undefined;
  readonly include: IncludeObject;
  readonly now: Micros;
}

/** The same object as it stands alone; of a table, what is beside its row. */
export function shapeObject({ body }: KubeObject, { as }: Pick<Shape, 'as'>): JsonObject {
  if (as === undefined) return body;
  const apiVersion = `meta.k8s.io/${as.version}`;
  return { kind: 'PartialObjectMetadata', apiVersion, metadata: body.metadata };
}

/** A row of a table. */
export function shapeRow(object: KubeObject, shape: Shape): JsonObject {
  const { include } = shape;
  const beside = include === 'None' ? null : include === 'Object' ? object.body : shapeObject(object, shape);
  return { cells: object.cells(shape.now), object: beside };
}

/** An item of a list, which says its kind for all of them. */
export function shapeItem(object: KubeObject, shape: Shape): JsonObject {
  if (shape.as !== undefined) return shapeObject(object, shape);
  const { kind: _kind, apiVersion: _version, ...item } = object.body;
  return item;
}
