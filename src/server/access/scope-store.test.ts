import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeFolder } from '../../../test/cli/start-hark.ts';
import fc from '../../../test/fast-check.ts';
import { makeBatches, readSightings } from '../../../test/store/batches.ts';
import type { RecordedEvent } from '../../events/event.ts';
import type { EventQuery } from '../../events/query.ts';
import { idOf } from '../../follow/change-reader.ts';
import { openSqliteStore } from '../../store/sqlite/open-sqlite-store.ts';
import { type ClusterScope, type Scope, seesNamespace } from './scope.ts';
import { scopeStore } from './scope-store.ts';

const CLUSTERS = ['one', 'two', 'three'];
const RECORDINGS = ['z-mixed-all-namespaces', 'c-crashloop', 'g-jobs'];
const store = openSqliteStore({ file: join(makeFolder(), 'events.db'), mode: 'write' });
after(() => store.close());
for (const [index, uid] of CLUSTERS.entries()) {
  const cluster = { uid, name: uid, version: '' };
  const sightings = readSightings(`v1.36/${RECORDINGS[index]}/events-core-v1.jsonl`);
  await store.write({ cluster, sightings, coverage: [{ namespace: '', from: 0, to: 1, close: true }] });
}
const [batch] = makeBatches();
assert.ok(batch);
await store.write(batch);
const [{ apiVersion, kind, namespace, name, uid } = assert.fail()] = batch.objects ?? [];
const last = { cluster: 'c-1', object: { apiVersion, kind, metadata: { namespace, name, uid } } };
await store.write({ cluster: batch.cluster, sightings: [], lastStates: [last] });
const all = await collect(store.readEvents({}));
const spaces = [...new Set(all.map(({ event }) => event.namespace))].filter((name) => name !== '');

const someNamespaces = fc.uniqueArray(fc.constantFrom(...spaces, 'none'), { maxLength: 4 });
const clusterScope: fc.Arbitrary<ClusterScope> = fc.record({
  namespaces: fc.oneof(
    fc.constant<'all'>('all'),
    someNamespaces.map((names) => new Set(names)),
  ),
  kinds: fc.constant<'all'>('all'),
});
const scopes: fc.Arbitrary<Scope> = fc
  .array(fc.tuple(fc.constantFrom(...CLUSTERS, 'c-1', 'none'), clusterScope), { maxLength: 4 })
  .map((entries) => new Map(entries));
const queries: fc.Arbitrary<EventQuery> = fc.record(
  {
    clusters: fc.uniqueArray(fc.constantFrom(...CLUSTERS, 'none'), { minLength: 1, maxLength: 3 }),
    namespaces: fc.uniqueArray(fc.constantFrom(...spaces, 'none'), { minLength: 1, maxLength: 3 }),
    types: fc.constant(['Warning']),
    text: fc.constantFrom('image', 'pod'),
    limit: fc.integer({ min: 0, max: 40 }),
  },
  { requiredKeys: [] },
);

test('scopeStore answers every question of Events with what of the answer may be seen, in its order', async () => {
  await fc.assert(
    fc.asyncProperty(scopes, queries, async (scope, query) => {
      const { limit, ...unlimited } = query;
      const sees = ({ cluster, event }: RecordedEvent) => seesNamespace(scope, cluster, event.namespace);
      const seen = (await collect(store.readEvents(unlimited))).filter(sees).map(idOf);
      const expected = limit === undefined ? seen : seen.slice(seen.length - Math.min(limit, seen.length));
      const scoped = open(scope);
      assert.deepEqual((await collect(scoped.readEvents(query))).map(idOf), expected);
      const numbered = await collect(scoped.readNumbered(query));
      assert.deepEqual(
        numbered.map(({ record }) => idOf(record)),
        expected,
      );
      for (const gap of await scoped.readGaps(query))
        assert.ok(
          gap.namespace === '' ? scope.has(gap.cluster) : seesNamespace(scope, gap.cluster, gap.namespace),
        );
    }),
    { numRuns: 150 },
  );
});

test('scopeStore tells of no change, cluster, coverage or object that may not be seen', async () => {
  await fc.assert(
    fc.asyncProperty(scopes, async (scope) => {
      const scoped = open(scope);
      const [whole, part] = [await store.readChanged(0), await scoped.readChanged(0)];
      assert.ok(whole !== 'gone' && part !== 'gone');
      assert.deepEqual([part.upto, part.numbers, part.firsts], [whole.upto, whole.numbers, whole.firsts]);
      const ids = (records: readonly (RecordedEvent | undefined)[]) =>
        records.map((record) =>
          record !== undefined && seesNamespace(scope, record.cluster, record.event.namespace)
            ? idOf(record)
            : undefined,
        );
      assert.deepEqual(
        part.records.map((record) => record && idOf(record)),
        ids(whole.records),
      );
      const clusters = await scoped.readClusters();
      assert.ok(clusters.every(({ uid }) => scope.has(uid)));
      for (const uid of CLUSTERS) if (!scope.has(uid)) assert.deepEqual(await scoped.readCoverage(uid), []);
      const objects = await collect(scoped.readObjects({}));
      const changes = await collect(scoped.readChanges({}));
      const seesShop = seesNamespace(scope, 'c-1', 'shop');
      assert.deepEqual([objects.length, changes.length], seesShop ? [1, 1] : [0, 0]);
      assert.deepEqual(await collect(scoped.readLastStates({})), seesShop ? [last] : []);
    }),
    { numRuns: 50 },
  );
});

test('scopeStore shows objects of those kinds alone, cluster-scoped ones where they may be listed everywhere', async () => {
  const of = (kinds: ClusterScope['kinds']): Scope =>
    new Map([['c-1', { namespaces: new Set(['shop']), kinds }]]);
  const count = async (scope: Scope) => {
    const scoped = open(scope);
    const objects = await collect(scoped.readObjects({ kinds: ['Pod'] }));
    assert.equal((await collect(scoped.readLastStates({ kinds: ['Pod'] }))).length, objects.length);
    return objects.length;
  };
  assert.equal(await count(of(new Map())), 0);
  assert.equal(await count(of(new Map([['/Secret', 'all']]))), 0);
  assert.equal(await count(of(new Map([['/Pod', 'all']]))), 1);
  assert.equal(await count(of(new Map([['/Pod', new Set(['shop'])]]))), 1);
  assert.equal(await count(of(new Map([['/Pod', new Set(['other'])]]))), 0);
});

test('scopeStore writes nothing', async () => {
  await assert.rejects(open(new Map()).write(batch), /for reading/);
  await assert.rejects(open(new Map()).retain({ before: 1 }), /for reading/);
});

function open(scope: Scope) {
  return scopeStore(store, scope, () => ({ events: 0, objects: 0 }));
}

async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}
