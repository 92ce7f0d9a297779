import type { DatabaseSync } from 'node:sqlite';
import { compareText } from '../../events/compare-events.ts';
import { type Change, identifyChange } from '../../objects/change.ts';
import { matchChanges, matchObjects } from '../../objects/matches-object-query.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { ObjectQuery } from '../../objects/object-query.ts';
import { inSnapshot } from './in-transaction.ts';
import { narrowObjects, secondsOf } from './narrow-objects.ts';
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
  const { conditions, values } = narrowObjects(query);
  const { from } = secondsOf(query);
  const select = arrays(
    db,
    `SELECT s.object, s.body FROM object_states s ${conditions.length === 0 ? '' : 'JOIN objects o ON o.id = s.object'}
     WHERE ${['s.object > $last', '(s.gone IS NULL OR s.gone >= $from)', ...conditions].join(' AND ')}
     ORDER BY s.object LIMIT ${PAGE_ROWS}`,
  );
  for (let last = 0; ; ) {
    const page = inSnapshot(db, () => {
      const rows = select.all({ ...values, last, from }) as unknown as [number, Uint8Array][];
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
  const { conditions, values } = narrowObjects(query);
  const { from, to } = secondsOf(query);
  const select = arrays(
    db,
    `SELECT c.at, c.object, c.body FROM object_changes c
     ${conditions.length === 0 ? '' : 'JOIN objects o ON o.id = c.object'}
     WHERE ${['c.at >= $next', 'c.at <= $to', ...conditions].join(' AND ')} ORDER BY c.at LIMIT $limit`,
  );
  let next = from;
  for (let limit = PAGE_ROWS; ; ) {
    const page = inSnapshot(db, () => {
      const rows = select.all({ ...values, next, to, limit }) as unknown as ChangeRow[];
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
