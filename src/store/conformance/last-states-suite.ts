import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareText } from '../../events/compare-events.ts';
import { SECOND } from '../../lib/time.ts';
import type { LastState } from '../../objects/last-state.ts';
import type { ObjectQuery, ObjectReader } from '../../objects/object-query.ts';
import { at, isRaw, textAt } from '../../objects/raw-object.ts';
import { readObject } from '../../objects/read-object.ts';
import type { Store } from '../store.ts';
import { CLUSTER, type Create, OTHER, withStore } from './under-test.ts';

const GONE_AT = 1_795_460_384_000_000;

/** @param lastStates of objects that were recorded: some of one workload, some of none, several kinds */
export function lastStatesSuite(create: Create, lastStates: readonly LastState[]): void {
  /** Gone one second after the other. */
  const objects = lastStates.map(({ object, cluster }, index) => {
    const goneAt = GONE_AT + index * SECOND;
    return readObject(object, cluster, goneAt, goneAt);
  });

  test('readLastStates gives back what was written, in any order, any number of times, to another reader too', () =>
    withStore(create, async (store, under) => {
      assert.ok(lastStates.length > 20);
      await write(store, { objects, lastStates: lastStates.toReversed() });
      await write(store, { lastStates });
      assert.deepEqual(await readStates(store), sortStates(lastStates));
      await store.close();
      const again = await under.open();
      try {
        await write(again, { lastStates: lastStates.slice(0, 5) });
        const reader = await under.openReader();
        assert.deepEqual(await readStates(reader), sortStates(lastStates));
        await reader.close();
      } finally {
        await again.close();
      }
    }));

  test('readLastStates gives those of the objects that match', () =>
    withStore(create, async (store) => {
      await write(store, { objects, lastStates });
      const [one] = objects;
      assert.ok(one !== undefined);
      const uidsOf = async (query: ObjectQuery) =>
        (await readStates(store, query)).map(({ object }) => textAt(object, 'metadata', 'uid'));
      assert.deepEqual(await uidsOf({ for: [{ kind: one.kind, name: one.name, uid: one.uid }] }), [one.uid]);
      const pods = objects.filter(({ kind }) => kind === 'Pod').map(({ uid }) => uid);
      assert.deepEqual(await uidsOf({ kinds: ['pod'] }), pods.sort(compareText));
      const later = objects.slice(5).map(({ uid }) => uid);
      assert.deepEqual(await uidsOf({ since: GONE_AT + 5 * SECOND }), later.sort(compareText));
      assert.deepEqual(await uidsOf({ clusters: [OTHER.uid] }), []);
    }));

  test('of two last states of an object that of the later resourceVersion stays; of an object that is not known none is kept', () =>
    withStore(create, async (store) => {
      const [state, other] = lastStates;
      const [object] = objects;
      assert.ok(state !== undefined && other !== undefined && object !== undefined);
      const metadata = at(state.object, 'metadata');
      const version = Number(textAt(metadata, 'resourceVersion'));
      assert.ok(isRaw(metadata) && version > 0);
      const change = (resourceVersion: string): LastState => ({
        ...state,
        object: { ...state.object, metadata: { ...metadata, resourceVersion }, later: resourceVersion },
      });
      const newer = change(String(version + 1));
      await write(store, { objects: [object], lastStates: [state, other] });
      assert.deepEqual(await readStates(store), [state]);
      await write(store, { lastStates: [newer] });
      await write(store, { lastStates: [state, change(String(version - 1)), change('')] });
      assert.deepEqual(await readStates(store), [newer]);
    }));

  test('retain removes the last states with their objects, and what is left can be read', () =>
    withStore(create, async (store) => {
      await write(store, { objects, lastStates });
      const half = Math.floor(objects.length / 2);
      const { objects: removed } = await store.retain({ before: GONE_AT + half * SECOND });
      assert.equal(removed, half);
      assert.deepEqual(await readStates(store), sortStates(lastStates.slice(half)));
      await write(store, { objects, lastStates });
      assert.deepEqual(await readStates(store), sortStates(lastStates));
      await store.retain({ before: GONE_AT + objects.length * SECOND });
      assert.deepEqual(await readStates(store), []);
    }));
}

function write(
  store: Store,
  told: Partial<Pick<Parameters<Store['write']>[0], 'objects' | 'lastStates'>>,
): Promise<unknown> {
  return store.write({ cluster: CLUSTER, sightings: [], ...told });
}

async function readStates(reader: ObjectReader, query: ObjectQuery = {}): Promise<LastState[]> {
  const states: LastState[] = [];
  for await (const page of reader.readLastStates?.(query) ?? []) states.push(...page);
  return sortStates(states);
}

function sortStates(states: readonly LastState[]): LastState[] {
  const uidOf = ({ object }: LastState) => textAt(object, 'metadata', 'uid');
  return states.toSorted((a, b) => compareText(uidOf(a), uidOf(b)));
}
