import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from '../../../test/fast-check.ts';
import { compareText } from '../../events/compare-events.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { type Change, identifyChange } from '../../objects/change.ts';
import { matchChanges, matchObjects } from '../../objects/matches-object-query.ts';
import { createObjectMemory } from '../../objects/memory-objects.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { ObjectList } from '../../objects/object-list.ts';
import type { ObjectQuery, ObjectReader } from '../../objects/object-query.ts';
import type { Store } from '../store.ts';
import { anyChange, anyObject } from './any-object.ts';
import { CLUSTER, type Create, OTHER, type StoreUnderTest, withStore } from './under-test.ts';

/** What was seen of a real cluster's objects, states and changes in the order in which they were: some of no namespace, some gone. */
export interface RecordedStates {
  readonly objects: readonly KubernetesObject[];
  readonly changes: readonly Change[];
}

interface Told {
  readonly objects: KubernetesObject[];
  readonly changes: Change[];
}

export function objectsSuite(create: Create, { objects, changes }: RecordedStates): void {
  const writeAll = async (store: Store, told: RecordedStates, size = 50) => {
    for (let at = 0; at < Math.max(told.objects.length, told.changes.length); at += size)
      await write(store, {
        objects: told.objects.slice(at, at + size),
        changes: told.changes.slice(at, at + size),
      });
  };

  test('readObjects and readChanges give what was written, merged, in time order', () =>
    withStore(create, async (store, under) => {
      await writeAll(store, { objects, changes });
      const wanted = await expectTold({ objects, changes });
      assert.ok(wanted.objects.length > 100 && wanted.changes.length > 1_000);
      assert.ok(wanted.objects.some(({ namespace }) => namespace === ''));
      assert.deepEqual(await readTold(store), wanted);
      const reader = await under.openReader();
      assert.deepEqual(await readTold(reader), wanted);
      await reader.close();
      const { objects: many, changes: happened } = await store.readSize();
      assert.deepEqual([many, happened], [wanted.objects.length, wanted.changes.length]);
    }));

  test('write takes objects and changes in any order, any number of times, and tells what was new', () =>
    withStore(create, async (store) => {
      const wanted = await expectTold({ objects, changes });
      await writeAll(store, { objects: objects.toReversed(), changes: changes.toReversed() }, 70);
      assert.deepEqual(await readTold(store), wanted);
      const { objects: again, changes: heard } = await write(store, { objects, changes });
      assert.deepEqual([again, heard], [0, 0]);
      assert.deepEqual(await readTold(store), wanted);
      const [object] = wanted.objects.filter(({ deletedAt }) => deletedAt === undefined);
      assert.ok(object);
      const later = { ...object, seenAt: object.seenAt + MINUTE };
      assert.equal((await write(store, { objects: [later, later] })).objects, 1);
    }));

  test('readObjects and readChanges give any object and change back as it was', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anyObject, { maxLength: 40 }),
        fc.array(anyChange, { maxLength: 40 }),
        async (objects, changes) => {
          await withStore(create, async (store) => {
            await write(store, { objects, changes });
            assert.deepEqual(await readTold(store), await expectTold({ objects, changes }));
          });
        },
      ),
      { numRuns: 25 },
    ));

  describe('objects and changes', () => {
    let under: StoreUnderTest;
    let store: Store;
    let all: Told;
    before(async () => {
      under = await create();
      store = await under.open();
      await writeAll(store, { objects, changes }, 500);
      all = await expectTold({ objects, changes });
    });
    after(async () => {
      await store.close();
      await under.remove();
    });

    for (const [title, query] of sampleQueries(objects, changes))
      test(`readObjects and readChanges give what matches, when asked for ${title}`, async () => {
        assert.deepEqual(await readTold(store, query), {
          objects: all.objects.filter(matchObjects(query)),
          changes: all.changes.filter(matchChanges(query)),
        });
      });
  });

  test('objects and changes of clusters are kept apart', () =>
    withStore(create, async (store) => {
      const some = objects.slice(0, 20);
      const theirs = some.map((object) => ({ ...object, cluster: OTHER.uid }));
      await write(store, { objects: some });
      await store.write({ cluster: OTHER, sightings: [], objects: theirs });
      const told = await readTold(store, { clusters: [OTHER.uid] });
      assert.deepEqual(told, await expectTold({ objects: theirs, changes: [] }));
    }));

  test('a change that was heard as it happened counts for more than one that was concluded, whichever came first', () =>
    withStore(create, async (store) => {
      const heard = changes.find(({ resourceVersion, at }) => resourceVersion !== '' && at % SECOND !== 0);
      assert.ok(heard);
      const concluded = { ...heard, at: Math.floor(heard.at / SECOND) * SECOND, resourceVersion: '' };
      assert.equal((await write(store, { changes: [concluded] })).changes, 1);
      assert.equal((await write(store, { changes: [heard] })).changes, 1);
      assert.equal((await write(store, { changes: [concluded] })).changes, 0);
      assert.deepEqual((await readTold(store)).changes, [heard]);
    }));

  test('a change of a spec that was concluded from what a controller made of it is not told beside the write itself', () =>
    withStore(create, async (store) => {
      const edit = changes.find(
        (change) => change.type === 'spec-changed' && change.manager !== '' && change.fields.length > 0,
      );
      assert.ok(edit?.type === 'spec-changed');
      const second = Math.floor(edit.at / SECOND) * SECOND;
      const echo: Change = { ...edit, at: second + 2 * SECOND, resourceVersion: '', manager: '' };
      const other: Change = { ...echo, at: second + MINUTE };
      assert.equal((await write(store, { changes: [echo, other] })).changes, 2);
      await write(store, { changes: [edit] });
      assert.deepEqual((await readTold(store)).changes, [edit, other]);
      assert.equal((await write(store, { changes: [echo] })).changes, 0);
      assert.deepEqual((await readTold(store)).changes, [edit, other]);
      assert.equal((await store.readSize()).changes, 2);
    }));

  test('an object stays one when it is told with another version of its group', () =>
    withStore(create, async (store) => {
      const object = objects.find(({ kind }) => kind === 'Deployment');
      const change = changes.find(({ object }) => object.kind === 'Deployment');
      assert.ok(object && change);
      const newer = { ...object, apiVersion: 'apps/v2', seenAt: object.seenAt + 1 };
      await write(store, { objects: [object], changes: [change] });
      const renamed = { ...change, object: { ...change.object, apiVersion: 'apps/v2' } };
      await write(store, { objects: [newer], changes: [renamed] });
      const told = await readTold(store);
      assert.deepEqual(told.objects, [newer]);
      assert.equal(told.changes.length, 1);
    }));

  test('write changes nothing of objects either when it fails in the middle', () =>
    withStore(create, async (store) => {
      const [one, ...rest] = objects;
      assert.ok(one);
      await write(store, { objects: [one] });
      const broken = {
        ...one,
        get owners(): never {
          throw new Error('broken on purpose');
        },
      };
      await assert.rejects(write(store, { objects: [...rest, broken], changes }), /broken on purpose/);
      assert.deepEqual(await readTold(store), await expectTold({ objects: [one], changes: [] }));
      await writeAll(store, { objects, changes });
      assert.deepEqual(await readTold(store), await expectTold({ objects, changes }));
    }));

  test('a whole list tells which objects went unheard, at the latest then, and makes up no change', () =>
    withStore(create, async (store) => {
      const alive = objects.map((object) => ({ ...object, deletedAt: undefined }));
      const all = await expectTold({ objects: alive, changes });
      await writeAll(store, { objects: alive, changes }, 500);
      const crowds = Map.groupBy(all.objects, (object) => `${object.kind} ${object.namespace}`);
      const crowd = [...crowds.values()].find(
        ([first, second]) =>
          second !== undefined &&
          all.objects.some((other) => other.kind === first?.kind && other.namespace !== first.namespace),
      );
      const { kind, apiVersion, namespace } = crowd?.[0] ?? assert.fail();
      const at = Math.max(...objects.map(({ seenAt }) => seenAt)) + MINUTE;
      const isListed = (object: KubernetesObject) => object.kind === kind && object.namespace === namespace;
      const [stays, ...go] = all.objects.filter(isListed);
      assert.ok(stays !== undefined && go.length > 0);
      const list: ObjectList = { kind, apiVersion, namespace, uids: [stays.uid], at };
      assert.equal((await write(store, { objectLists: [list] })).objects, go.length);
      const gone = new Set(go.map(({ uid }) => uid));
      assert.deepEqual(await readTold(store), {
        objects: all.objects.map((object) => (gone.has(object.uid) ? { ...object, deletedAt: at } : object)),
        changes: all.changes,
      });
      assert.equal((await write(store, { objectLists: [{ ...list, at: at + MINUTE }] })).objects, 0);
      const [heard] = go;
      assert.ok(heard);
      await write(store, { objects: [{ ...heard, deletedAt: at - SECOND }] });
      const told = await readTold(store, { for: [{ kind, name: heard.name, uid: heard.uid }] });
      assert.equal(told.objects[0]?.deletedAt, at - SECOND);
    }));

  test('a whole list judges the cluster when it is of all namespaces, and neither other groups nor what was seen later', () =>
    withStore(create, async (store) => {
      const at = 5_000_000_000_000_000;
      const [model] = objects;
      assert.ok(model);
      const make = (uid: string, fields: Partial<KubernetesObject>): KubernetesObject => ({
        ...{ ...model, deletedAt: undefined, seenAt: at - 1, inferred: false },
        ...{ kind: 'Cluster', apiVersion: 'one.example/v1', namespace: 'a', name: uid, uid, ...fields },
      });
      const made = [
        make('gone', {}),
        make('listed', {}),
        make('elsewhere', { namespace: 'b' }),
        make('other-version', { apiVersion: 'one.example/v1beta1' }),
        make('other-group', { apiVersion: 'two.example/v1' }),
        make('seen-later', { seenAt: at }),
        make('other-kind', { kind: 'Pod' }),
      ];
      await write(store, { objects: made });
      const list = { kind: 'Cluster', apiVersion: 'one.example/v1', namespace: '', uids: ['listed'], at };
      await store.write({ cluster: OTHER, sightings: [], objectLists: [list] });
      await write(store, { objectLists: [list] });
      const gone = (await readTold(store)).objects.filter(({ deletedAt }) => deletedAt === at);
      assert.deepEqual(gone.map(({ uid }) => uid).sort(), ['elsewhere', 'gone', 'other-version']);
    }));

  test('retain removes the changes before and the objects gone before, and nothing that is still there', () =>
    withStore(create, async (store) => {
      const all = await expectTold({ objects, changes });
      await writeAll(store, { objects, changes }, 500);
      const middle = all.changes[Math.floor(all.changes.length / 2)]?.at ?? 0;
      const before = Math.floor(middle / SECOND) * SECOND;
      const left = {
        objects: all.objects.filter(({ deletedAt }) => deletedAt === undefined || deletedAt >= before),
        changes: all.changes.filter(({ at }) => at >= before),
      };
      const removed = await store.retain({ before });
      assert.deepEqual(
        [removed.objects, removed.changes],
        [all.objects.length - left.objects.length, all.changes.length - left.changes.length],
      );
      assert.ok(removed.objects > 0 && removed.changes > 0);
      assert.deepEqual(await readTold(store), left);
      const size = await store.readSize();
      assert.deepEqual([size.objects, size.changes], [left.objects.length, left.changes.length]);
      await writeAll(store, { objects, changes });
      assert.deepEqual(await readTold(store), all);
    }));

  test('retain removes the oldest changes until the store is small enough', () =>
    withStore(create, async (store) => {
      const many = Array.from({ length: 8 }, (_, copy) =>
        changes.map((change) => ({
          ...change,
          at: change.at + copy * 100 * MINUTE,
          object: { ...change.object, uid: `${copy}-${change.object.uid}` },
        })),
      ).flat();
      await writeAll(store, { objects, changes: many }, 1_000);
      await store.retain({ bytes: Number.MAX_SAFE_INTEGER });
      const all = await readTold(store);
      const limit = Math.floor((await store.readSize()).bytes / 2);
      const removed = await store.retain({ bytes: limit });
      const left = await readTold(store);
      assert.ok((await store.readSize()).bytes <= limit);
      assert.ok(left.changes.length > all.changes.length / 5, `only ${left.changes.length} are left`);
      assert.equal(left.changes.length, all.changes.length - removed.changes);
      const [oldest] = left.changes;
      assert.ok(oldest);
      // Within a second any may go first.
      const second = Math.floor(oldest.at / SECOND) * SECOND;
      const later = (change: Change) => change.at >= second + SECOND;
      assert.deepEqual(left.changes.filter(later), all.changes.filter(later));
      const known = new Set(all.changes.map((change) => JSON.stringify(change)));
      assert.ok(left.changes.every((change) => known.has(JSON.stringify(change))));
      const alive = ({ deletedAt }: KubernetesObject) => deletedAt === undefined;
      assert.deepEqual(left.objects.filter(alive), all.objects.filter(alive));
    }));
}

function write(
  store: Store,
  told: Partial<RecordedStates> & { readonly objectLists?: readonly ObjectList[] },
) {
  return store.write({ cluster: CLUSTER, sightings: [], ...told });
}

async function readTold(reader: ObjectReader, query: ObjectQuery = {}): Promise<Told> {
  const objects: KubernetesObject[] = [];
  const changes: Change[] = [];
  for await (const page of reader.readObjects(query)) objects.push(...page);
  for await (const page of reader.readChanges(query)) changes.push(...page);
  assert.deepEqual(
    changes.map(({ at }) => at),
    changes.map(({ at }) => at).sort((a, b) => a - b),
    'changes are told in time order',
  );
  return sortTold({ objects, changes });
}

/** What must be told of these. */
async function expectTold({ objects, changes }: RecordedStates): Promise<Told> {
  const memory = createObjectMemory();
  for (const object of objects) memory.addObject(object);
  for (const change of changes) memory.addChange(change);
  const told: Told = { objects: [], changes: [] };
  for await (const page of memory.readObjects({})) told.objects.push(...page);
  for await (const page of memory.readChanges({})) told.changes.push(...page);
  return sortTold(told);
}

function sortTold({ objects, changes }: Told): Told {
  const keyOf = ({ cluster, kind, namespace, name, uid }: KubernetesObject) =>
    [cluster, kind, namespace, name, uid].join(' ');
  return {
    objects: objects.sort((a, b) => compareText(keyOf(a), keyOf(b))),
    changes: changes.sort((a, b) => a.at - b.at || compareText(identifyChange(a), identifyChange(b))),
  };
}

/** Questions that reach every condition, each with some of the record as its answer. */
function sampleQueries(
  objects: readonly KubernetesObject[],
  changes: readonly Change[],
): [string, ObjectQuery][] {
  const middle = changes[Math.floor(changes.length / 2)] ?? assert.fail();
  const { kind, name, uid, namespace } = middle.object;
  const clusterScoped = objects.find((object) => object.namespace === '') ?? assert.fail();
  return [
    ['everything', {}],
    ['this cluster', { clusters: [CLUSTER.uid] }],
    ['another cluster', { clusters: ['elsewhere'] }],
    ['a namespace', { namespaces: [namespace] }],
    ['a namespace that is not there', { namespaces: ['no-such-namespace'] }],
    ['kinds', { kinds: ['pod', 'NODE'] }],
    ['an object', { for: [{ kind: kind.toLowerCase(), name }] }],
    ['an object of any kind', { for: [{ kind: '', name }] }],
    ['an object by uid', { for: [{ kind, name, uid }] }],
    ['an object by uid alone', { for: [{ kind: '', name: '', uid }] }],
    ['an object without a namespace', { for: [{ kind: clusterScoped.kind, name: clusterScoped.name }] }],
    [
      'objects',
      {
        for: [
          { kind, name },
          { kind: 'Job', name: '' },
        ],
      },
    ],
    [
      'named objects',
      {
        for: [
          { kind, name },
          { kind: clusterScoped.kind, name: clusterScoped.name },
        ],
      },
    ],
    ['an object that never was', { for: [{ kind, name: 'no-such-object' }] }],
    ['a beginning', { since: middle.at }],
    ['an end', { until: middle.at }],
    ['a span of time', { since: middle.at - MINUTE, until: middle.at }],
    [
      'an object in a span of time',
      { for: [{ kind, name }], since: middle.at - MINUTE, until: middle.at + 1 },
    ],
    ['kinds in a namespace, since a time', { namespaces: [namespace], kinds: ['Pod'], since: middle.at }],
  ];
}
