import type { DatabaseSync } from 'node:sqlite';
import type { EventQuery, ObjectFilter } from '../../events/query.ts';
import { SECOND } from '../../lib/time.ts';
import { findByText } from './find-texts.ts';
import { hashText } from './hash-text.ts';
import { arrays, EMPTY } from './read-names.ts';

/**
 * How a question is answered: which index leads to the Events, and what is tested on the way. Gives all Events that match and maybe others:
 * `matchQuery` decides. Ids are of the moment; a plan is made for one reading.
 */
export interface QueryPlan {
  /** In time order by one of the time indexes, all or those among these Events; or these few Events, in time order. */
  readonly path:
    | { readonly by: 'time'; readonly among?: undefined }
    | { readonly by: 'space'; readonly space: number }
    | { readonly by: 'time'; readonly among: readonly number[] }
    | { readonly by: 'ids'; readonly events: readonly number[] }
    | { readonly by: 'nothing' };
  /** First second that can match. */
  readonly since: number;
  /** Last second that can match. */
  readonly until: number;
  /** Sayings that can match; all when undefined. */
  readonly sayings: readonly number[] | undefined;
}

const EARLIEST = Number.MIN_SAFE_INTEGER;
const LATEST = Number.MAX_SAFE_INTEGER;
/** How many objects of the asked kinds may be looked up one by one. */
const FEW_OBJECTS = 20_000;

export function planQuery(db: DatabaseSync, query: EventQuery): QueryPlan {
  const sayings = planSayings(db, query);
  const since = query.since === undefined ? EARLIEST : Math.floor(query.since / SECOND);
  const until = query.lastUntil === undefined ? LATEST : Math.floor(query.lastUntil / SECOND);
  return { path: sayings?.length === 0 ? { by: 'nothing' } : planPath(db, query), since, until, sayings };
}

function planPath(db: DatabaseSync, query: EventQuery): QueryPlan['path'] {
  const objects = planObjects(db, query);
  if (objects !== undefined) return { by: 'ids', events: findByObjects(db, objects) };
  const texts = findByText(db, query);
  if (texts !== undefined)
    return isWorthSorting(db, texts.length, query.limit)
      ? { by: 'ids', events: sortByTime(db, texts) }
      : { by: 'time', among: texts };
  if (query.namespaces === undefined) return { by: 'time' };
  const spaces = query.namespaces.flatMap((namespace) => findString(db, namespace) ?? []);
  const [space] = spaces;
  if (space === undefined) return { by: 'nothing' };
  return spaces.length === 1 ? { by: 'space', space } : { by: 'ids', events: findBySpaces(db, spaces) };
}

/** The objects asked for, where the question names them or there are few of their kind. */
function planObjects(db: DatabaseSync, query: EventQuery): number[] | undefined {
  if (query.for?.every(({ name }) => name !== ''))
    return [...new Set(query.for.flatMap((filter) => findObjects(db, filter)))];
  const kinds = query.kinds ?? query.for?.map(({ kind }) => kind);
  if (kinds === undefined || kinds.includes('')) return undefined;
  const select = arrays(
    db,
    `SELECT o.id FROM objects o JOIN kinds k ON k.id = o.kind
     WHERE lower(k.kind) IN (SELECT value FROM json_each(?)) LIMIT ?`,
  );
  const lowered = JSON.stringify(kinds.map((kind) => kind.toLowerCase()));
  const ids = column(select.all(lowered, FEW_OBJECTS));
  return ids.length < FEW_OBJECTS ? ids : undefined;
}

function findObjects(db: DatabaseSync, { name }: ObjectFilter): number[] {
  return column(arrays(db, 'SELECT id FROM objects WHERE hash = ? AND name = ?').all(hashText(name), name));
}

function findByObjects(db: DatabaseSync, objects: readonly number[]): number[] {
  const select = arrays(
    db,
    'SELECT id FROM events WHERE object IN (SELECT value FROM json_each(?)) ORDER BY last',
  );
  return column(select.all(JSON.stringify(objects)));
}

function sortByTime(db: DatabaseSync, events: readonly number[]): number[] {
  const select = arrays(
    db,
    'SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?)) ORDER BY last',
  );
  return column(select.all(JSON.stringify(events)));
}

/** An Event looked up by its id costs so many times what one costs that is passed in the index of times. */
const LOOKUP = 25;

/** Whether so many Events are sorted more cheaply than the newest of them are found by going through all, from the newest on. */
function isWorthSorting(db: DatabaseSync, events: number, limit: number | undefined): boolean {
  if (limit === undefined || events === 0) return true;
  const [all = 0] = column(arrays(db, 'SELECT max(id) FROM events').all());
  return events * LOOKUP <= (all / events) * limit;
}

function findBySpaces(db: DatabaseSync, spaces: readonly number[]): number[] {
  const select = arrays(
    db,
    'SELECT id FROM events WHERE space IN (SELECT value FROM json_each(?)) ORDER BY last',
  );
  return column(select.all(JSON.stringify(spaces)));
}

function findString(db: DatabaseSync, text: string): number | undefined {
  if (text === '') return EMPTY;
  return column(
    arrays(db, 'SELECT id FROM strings WHERE hash = ? AND text = ?').all(hashText(text), text),
  )[0];
}

function planSayings(db: DatabaseSync, query: EventQuery): number[] | undefined {
  const { reasons, components } = query;
  const types = query.types?.map((type) => type.toLowerCase());
  if (types === undefined && reasons === undefined && components === undefined) return undefined;
  type Row = [id: number, type: string, reason: string, component: string, controller: string];
  const select = arrays(db, 'SELECT id, type, reason, component, controller FROM sayings');
  const ids: number[] = [];
  for (const row of select.iterate()) {
    const [id, type, reason, component, controller] = row as unknown as Row;
    if (types?.includes(type.toLowerCase()) === false || reasons?.includes(reason) === false) continue;
    if (components?.includes(component) === false && !components.includes(controller)) continue;
    ids.push(id);
  }
  return ids;
}

function column(rows: unknown): number[] {
  return (rows as [number][]).map(([value]) => value);
}
