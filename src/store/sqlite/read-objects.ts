import type { DatabaseSync } from 'node:sqlite';
import { compareText } from '../../events/compare-events.ts';
import type { ObjectFilter } from '../../events/query.ts';
import { SECOND } from '../../lib/time.ts';
import { type Change, identifyChange } from '../../objects/change.ts';
import { matchChanges, matchObjects } from '../../objects/matches-object-query.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { ObjectQuery } from '../../objects/object-query.ts';
import { hashText } from './hash-text.ts';
import { inSnapshot } from './in-transaction.ts';
import { unpackChange } from './pack-change.ts';
import { unpackState } from './pack-state.ts';
import { arrays, type NameReader } from './read-names.ts';

/** Rows read at a time, of one moment. */
const PAGE_ROWS = 1_000;

/** Reads the matching objects, page by page; each page is of the moment it is read. */
export function* readObjectPages(
  db: DatabaseSync,
  names: NameReader,
  query: ObjectQuery,
): Generator<readonly KubernetesObject[]> {
  const matches = matchObjects(query);
  const named = namedIn(query);
  const select = arrays(
    db,
    `SELECT object, body FROM object_states WHERE object > ?1
     ${named === undefined ? '' : `AND object IN (${NAMED})`} ORDER BY object LIMIT ?2`,
  );
  for (let last = 0; ; ) {
    const page = inSnapshot(db, () => {
      const rows = select.all(last, PAGE_ROWS, ...(named === undefined ? [] : [named])) as unknown as [
        number,
        Uint8Array,
      ][];
      last = rows.at(-1)?.[0] ?? last;
      const objects = rows.map(([id, body]) => unpackState(body, names.object(id), names));
      return { objects: objects.filter(matches), isLast: rows.length < PAGE_ROWS };
    });
    if (page.objects.length > 0) yield page.objects;
    if (page.isLast) return;
  }
}

type ChangeRow = [at: number, object: number, body: Uint8Array];

/** Reads the matching changes, ascending by time, page by page; each page is of the moment it is read and ends with a whole second. */
export function* readChangePages(
  db: DatabaseSync,
  names: NameReader,
  query: ObjectQuery,
): Generator<readonly Change[]> {
  const matches = matchChanges(query);
  const named = namedIn(query);
  const select = arrays(
    db,
    `SELECT at, object, body FROM object_changes WHERE at >= ?1 AND at <= ?4
     ${named === undefined ? '' : `AND object IN (${NAMED})`} ORDER BY at LIMIT ?2`,
  );
  const end = query.until === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(query.until / SECOND);
  let next = query.since === undefined ? Number.MIN_SAFE_INTEGER : Math.floor(query.since / SECOND);
  for (let limit = PAGE_ROWS; ; ) {
    const page = inSnapshot(db, () => {
      const rows = select.all(next, limit, named ?? null, end) as unknown as ChangeRow[];
      const isLast = rows.length < limit;
      const edge = rows.at(-1)?.[0];
      const whole = isLast ? rows : rows.filter(([at]) => at !== edge);
      const changes = whole.map(([at, object, body]) => unpackChange(body, at, names.object(object), names));
      return { changes: sortByTime(changes.filter(matches)), isLast, edge, isStuck: whole.length === 0 };
    });
    if (page.changes.length > 0) yield page.changes;
    if (page.isLast) return;
    limit = page.isStuck ? limit * 4 : PAGE_ROWS;
    next = page.edge ?? next;
  }
}

function sortByTime(changes: readonly Change[]): Change[] {
  return changes
    .map((change) => ({ change, identity: identifyChange(change) }))
    .sort((a, b) => a.change.at - b.change.at || compareText(a.identity, b.identity))
    .map(({ change }) => change);
}

/** The rows of the objects that a question names. */
const NAMED = `
  SELECT o.id FROM json_each(?3) asked JOIN objects o
  ON o.hash = asked.value ->> 'hash' AND o.name = asked.value ->> 'name'`;

/** What to look objects up by, when the question names each that it asks for. */
function namedIn({ for: filters }: ObjectQuery): string | undefined {
  if (filters === undefined || !filters.every(({ name }) => name !== '')) return undefined;
  const asked = filters.map(({ name }: ObjectFilter) => ({ hash: hashText(name), name }));
  return JSON.stringify(asked);
}
