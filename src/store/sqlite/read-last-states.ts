import type { DatabaseSync } from 'node:sqlite';
import type { LastState } from '../../objects/last-state.ts';
import { matchObjects } from '../../objects/matches-object-query.ts';
import type { ObjectQuery } from '../../objects/object-query.ts';
import type { RawObject } from '../../objects/raw-object.ts';
import { inSnapshot } from './in-transaction.ts';
import { narrowObjects, secondsOf } from './narrow-objects.ts';
import { unpackLastState, unpackModel } from './pack-last-state.ts';
import { unpackState } from './pack-state.ts';
import { arrays, type NameReader } from './read-names.ts';

/** Each is some thousand bytes of text. */
const PAGE_ROWS = 200;

type Row = [object: number, state: Uint8Array, body: Uint8Array, model: Uint8Array];

/** Reads the last states of the matching objects, page by page; each page is of the moment it is read. */
export function* readLastStatePages(
  db: DatabaseSync,
  names: NameReader,
  query: ObjectQuery,
): Generator<readonly LastState[]> {
  const matches = matchObjects(query);
  const { conditions, values } = narrowObjects(query);
  const { from } = secondsOf(query);
  const select = arrays(
    db,
    `SELECT l.object, s.body, l.body, m.text FROM last_states l JOIN last_models m ON m.id = l.model
     JOIN object_states s ON s.object = l.object JOIN objects o ON o.id = l.object
     WHERE ${['l.object > $last', '(s.gone IS NULL OR s.gone >= $from)', ...conditions].join(' AND ')}
     ORDER BY l.object LIMIT ${PAGE_ROWS}`,
  );
  for (let last = 0; ; ) {
    const page = inSnapshot(db, () => {
      const rows = select.all({ ...values, last, from }) as unknown as Row[];
      last = rows.at(-1)?.[0] ?? last;
      const states = rows.flatMap(([id, packed, body, model]): LastState[] => {
        const known = unpackState(packed, names.object(id), names);
        if (!matches(known)) return [];
        const object = JSON.parse(unpackLastState(body, unpackModel(model))) as RawObject;
        return [{ cluster: known.cluster, object }];
      });
      return { states, isLast: rows.length < PAGE_ROWS };
    });
    if (page.states.length > 0) yield page.states;
    if (page.isLast) return;
  }
}
