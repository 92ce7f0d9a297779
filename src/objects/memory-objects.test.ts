import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../test/read-objects.ts';
import type { Change } from './change.ts';
import { createObjectMemory, joinObjectReaders } from './memory-objects.ts';
import type { KubernetesObject } from './object.ts';
import type { ObjectQuery, ObjectReader } from './object-query.ts';

const { objects, changes } = readObjects('v1.36/z-mixed-all-namespaces/objects.jsonl');

function memoryOf(some: readonly KubernetesObject[], told: readonly Change[]): ObjectReader {
  const memory = createObjectMemory();
  some.forEach(memory.addObject);
  told.forEach(memory.addChange);
  return memory;
}

async function ask(reader: ObjectReader, query: ObjectQuery) {
  const found = { objects: [] as KubernetesObject[], changes: [] as Change[] };
  for await (const page of reader.readObjects(query)) found.objects.push(...page);
  for await (const page of reader.readChanges(query)) found.changes.push(...page);
  return found;
}

const ALL = memoryOf(objects, changes);

test('createObjectMemory gives every object once and every change once, in time order, when all are asked for', async () => {
  const twice = memoryOf([...objects, ...objects], [...changes, ...changes]);
  const found = await ask(twice, {});
  assert.equal(found.objects.length, objects.length);
  assert.deepEqual(found, await ask(ALL, {}));
  assert.deepEqual(
    found.changes.map(({ at }) => at),
    found.changes.map(({ at }) => at).sort((a, b) => a - b),
  );
});

test('createObjectMemory gives what lives in no namespace too when a namespace is asked about', async () => {
  const found = await ask(ALL, { namespaces: ['shop'] });
  assert.deepEqual([...new Set(found.objects.map(({ namespace }) => namespace))].sort(), ['', 'shop']);
  assert.ok(found.changes.some(({ object }) => object.namespace === 'shop'));
  assert.ok(found.changes.every(({ object }) => ['', 'shop'].includes(object.namespace)));
});

test('createObjectMemory keeps to the objects, kinds and times asked for', async () => {
  const one = await ask(ALL, { for: [{ kind: 'deployment', name: 'podinfo' }] });
  assert.deepEqual(
    one.objects.map(({ kind, name }) => `${kind}/${name}`),
    ['Deployment/podinfo'],
  );
  const pods = await ask(ALL, { kinds: ['pod'] });
  assert.equal(pods.objects.length, objects.filter(({ kind }) => kind === 'Pod').length);
  const middle = changes[Math.floor(changes.length / 2)]?.at ?? 0;
  const [before, after] = [await ask(ALL, { until: middle }), await ask(ALL, { since: middle })];
  assert.ok(before.changes.length > 0 && after.changes.length > 0);
  assert.equal(before.changes.length + after.changes.length, (await ask(ALL, {})).changes.length);
  assert.ok(after.objects.every(({ deletedAt }) => deletedAt === undefined || deletedAt >= middle));
  assert.deepEqual(await ask(ALL, { clusters: ['another'] }), { objects: [], changes: [] });
});

test('joinObjectReaders tells once what two readers know of', async () => {
  const half = Math.floor(objects.length / 2);
  const joined = joinObjectReaders([
    memoryOf(objects.slice(0, half + 5), changes.slice(0, 200)),
    memoryOf(objects.slice(half), changes.slice(150)),
  ]);
  const [found, whole] = [await ask(joined, {}), await ask(ALL, {})];
  const byUid = (a: KubernetesObject, b: KubernetesObject) => (a.uid < b.uid ? -1 : 1);
  assert.deepEqual(found.objects.sort(byUid), whole.objects.sort(byUid));
  assert.equal(found.changes.length, whole.changes.length);
});
