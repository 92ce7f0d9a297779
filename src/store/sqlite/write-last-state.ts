import type { DatabaseSync } from 'node:sqlite';
import { compareText } from '../../events/compare-events.ts';
import { compareResourceVersions } from '../../events/resource-version.ts';
import type { LastState } from '../../objects/last-state.ts';
import { textAt } from '../../objects/raw-object.ts';
import { readObjectId } from '../../objects/read-object.ts';
import { createBoundedCache } from './bounded-cache.ts';
import type { ObjectFinder } from './find-object.ts';
import { hashText } from './hash-text.ts';
import {
  findLikeness,
  makeModel,
  packLastState,
  packModel,
  unpackLastState,
  unpackModel,
} from './pack-last-state.ts';
import { arrays } from './read-names.ts';

interface Model {
  readonly id: number;
  readonly text: Uint8Array;
}

export interface LastStateWriter {
  /** Within the transaction that is open. */
  write(cluster: number, state: LastState): void;
  /** Forgets the models it keeps: some may have gone. */
  forget(): void;
}

/** Records what objects were last. */
export function createLastStateWriter(db: DatabaseSync, finder: ObjectFinder): LastStateWriter {
  const models = createBoundedCache<number, Model>(200);
  const isKnown = arrays(db, 'SELECT 1 FROM object_states WHERE object = ?');
  const selectState = arrays(
    db,
    'SELECT s.body, m.text FROM last_states s JOIN last_models m ON m.id = s.model WHERE s.object = ?',
  );
  const selectModel = arrays(db, 'SELECT id, text FROM last_models WHERE hash = ? ORDER BY id LIMIT 1');
  const insertModel = db.prepare('INSERT INTO last_models (hash, text) VALUES (?, ?)');
  const replace = db.prepare('INSERT OR REPLACE INTO last_states VALUES (?, ?, ?)');

  function findModel(hash: number, text: string): Model {
    const [id, packed] = (selectModel.get(hash) ?? []) as unknown as [number?, Uint8Array?];
    if (id !== undefined && packed !== undefined) return { id, text: unpackModel(packed) };
    const model = makeModel(text);
    const { lastInsertRowid } = insertModel.run(hash, packModel(model));
    return { id: Number(lastInsertRowid), text: model };
  }

  function readKnown(object: number): string | undefined {
    const row = selectState.get(object) as unknown as [Uint8Array, Uint8Array] | undefined;
    return row === undefined ? undefined : unpackLastState(row[0], unpackModel(row[1]));
  }

  return {
    write(cluster, { cluster: uid, object }) {
      const { id } = finder.find(cluster, readObjectId(object, uid));
      if (isKnown.get(id) === undefined) return;
      const text = JSON.stringify(object);
      const known = readKnown(id);
      if (known !== undefined && compareStates(text, known) <= 0) return;
      const hash = hashText(findLikeness(object));
      const model = models.get(hash) ?? findModel(hash, text);
      models.set(hash, model);
      replace.run(id, model.id, packLastState(text, model.text));
    },
    forget: models.clear,
  };
}

/** Which of two states is the later; of two that do not tell, any order that is always the same. */
function compareStates(a: string, b: string): number {
  const version = (text: string) => textAt(JSON.parse(text), 'metadata', 'resourceVersion');
  return compareResourceVersions(version(a), version(b)) || compareText(a, b);
}
