import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { hasRecording, listScenarios, readRecordedWatch } from '../../test/read-recording.ts';
import { parseTime } from '../lib/rfc3339.ts';
import { MINUTE, type Micros } from '../lib/time.ts';
import { type Change, identifyChange } from './change.ts';
import { changeOfEnd, changesOf } from './changes-of.ts';
import { mergeChanges } from './merge-changes.ts';
import { isRaw, type RawObject, textAt } from './raw-object.ts';

const RECORDINGS = listScenarios()
  .map((scenario) => `${scenario}/objects.jsonl`)
  .filter(hasRecording);

/** What was heard of an object. */
interface Heard {
  readonly object: RawObject;
  readonly at: Micros;
  readonly isGone: boolean;
}

function readHeard(path: string): Heard[] {
  return readRecordedWatch(path).flatMap(({ object, at, type }) =>
    isRaw(object) && uidOf(object) !== ''
      ? [{ object, at: parseTime(at) ?? 0, isGone: type === 'DELETED' }]
      : [],
  );
}

function uidOf(object: RawObject): string {
  return textAt(object, 'metadata', 'uid');
}

/** What a listener tells that knows of nothing before. */
function listen(heard: readonly Heard[]): Change[] {
  const known = new Map<string, RawObject>();
  return heard.flatMap(({ object, at, isGone }) => {
    const changes = changesOf(known.get(uidOf(object)), object, at, 'c');
    known.set(uidOf(object), object);
    return isGone ? [...changes, changeOfEnd(object, at, 'c')] : changes;
  });
}

/** The objects that are left, as a list tells them at some time. */
function listAll(heard: readonly Heard[], at: Micros): Heard[] {
  const states = new Map<string, Heard>();
  for (const one of heard) {
    if (one.isGone) states.delete(uidOf(one.object));
    else states.set(uidOf(one.object), { ...one, at });
  }
  return [...states.values()];
}

/** What a listener tells that ended after so much was heard, and one that began anew some minutes later: with a list, then what came then. */
function listenCut(heard: readonly Heard[], cut: number, minutes: number): Change[] {
  const before = heard.slice(0, cut);
  const at = (before.at(-1)?.at ?? 0) + minutes * MINUTE;
  return [...listen(before), ...listen([...listAll(before, at), ...heard.slice(cut)])];
}

/** A record of changes, each under what makes it one. */
function record(changes: readonly Change[]): Map<string, Change> {
  const known = new Map<string, Change>();
  for (const change of changes) {
    const id = identifyChange(change);
    const before = known.get(id);
    known.set(id, before === undefined ? change : mergeChanges(before, change));
  }
  return new Map([...known].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function shuffle<T>(items: readonly T[], order: Iterator<number>): T[] {
  return items
    .map((item) => ({ item, key: Number(order.next().value) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

for (const path of RECORDINGS) {
  test(`identifyChange and mergeChanges tell nothing of ${path} twice, and each change as it was best heard, wherever its listeners began anew`, () => {
    const heard = readHeard(path);
    const truth = record(listen(heard));
    assert.ok(truth.size > 0);
    const cuts = fc.array(fc.tuple(fc.nat(heard.length), fc.nat(90)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(cuts, fc.infiniteStream(fc.nat()), (cuts, order) => {
        const told = cuts.flatMap(([cut, minutes]) => listenCut(heard, cut, minutes));
        assert.deepEqual(record(shuffle(told, order)), truth);
      }),
      { numRuns: 10 },
    );
  });
}

test('changesOf tells the last state of each condition last, however often it changed within a second', () => {
  for (const path of RECORDINGS) {
    const heard = readHeard(path);
    const last = new Map<string, string>();
    for (const change of [...record(listen(heard)).values()].sort((a, b) => a.at - b.at))
      if (change.type === 'condition-changed')
        last.set(`${change.object.uid} ${change.condition}`, change.to);
    for (const { object } of listAll(heard, 0))
      for (const condition of conditionsOf(object)) {
        const told = last.get(`${uidOf(object)} ${textAt(condition, 'type')}`);
        if (told !== undefined) assert.equal(told, textAt(condition, 'status'), `${path} ${uidOf(object)}`);
      }
  }
});

function conditionsOf(object: RawObject): RawObject[] {
  const { status } = object;
  return isRaw(status) && Array.isArray(status.conditions) ? status.conditions.filter(isRaw) : [];
}

const object = { cluster: 'c', apiVersion: 'v1', kind: 'Pod', namespace: 'n', name: 'p', uid: 'u' };
const at = fc.constantFrom(5_000_000, 5_000_001, 5_500_000);
const resourceVersion = fc.constantFrom('', '9', '10');
const field = fc.record({
  field: fc.constantFrom('image', 'replicas', 'template.spec'),
  container: fc.constant(''),
  from: fc.constantFrom('', 'a'),
  to: fc.constantFrom('', 'b'),
});
const common = { object: fc.constant(object), at, resourceVersion };
/** Reports of one and the same change. */
const reports: fc.Arbitrary<Change[]> = fc.oneof(
  ...[
    fc.record({ ...common, type: fc.constantFrom('deleting' as const) }),
    fc.record({
      ...common,
      type: fc.constant('spec-changed' as const),
      manager: fc.constant('helm'),
      fields: fc.array(field, { maxLength: 3 }),
    }),
    fc.record({
      ...common,
      type: fc.constant('condition-changed' as const),
      condition: fc.constant('Ready'),
      from: fc.constantFrom('', 'True'),
      to: fc.constant('False'),
      reason: fc.constantFrom('', 'Why'),
      message: fc.constant(''),
    }),
  ].map((report) => fc.array(report as fc.Arbitrary<Change>, { minLength: 2, maxLength: 5 })),
);

test('mergeChanges gives the same of any reports in any order and any number of times', () => {
  fc.assert(
    fc.property(reports, fc.infiniteStream(fc.nat()), (reports, order) => {
      assert.equal(new Set(reports.map(identifyChange)).size, 1);
      const [merged] = record(reports).values();
      assert.ok(merged !== undefined);
      const [again] = record(shuffle([...reports, ...reports], order)).values();
      assert.deepEqual(normalise(again), normalise(merged));
      assert.deepEqual(normalise(mergeChanges(merged, merged)), normalise(merged));
    }),
    { numRuns: 500 },
  );
});

/** A single report may have its fields in any order; those of `changesOf` have one. */
function normalise(change: Change | undefined): unknown {
  if (change?.type !== 'spec-changed') return { ...change };
  return { ...change, fields: [...new Set(change.fields.map((field) => JSON.stringify(field)))].sort() };
}

test('mergeChanges keeps what two writes of one manager within a second set', () => {
  const write = (version: string, name: string): Change => ({
    type: 'spec-changed',
    object,
    at: 5_000_000 + Number(version),
    resourceVersion: version,
    manager: 'kubectl-edit',
    fields: [{ field: name, container: '', from: '1', to: '2' }],
  });
  const [one, two] = [write('9', 'replicas'), write('10', 'image')];
  assert.equal(identifyChange(one), identifyChange(two));
  const merged = mergeChanges(two, one);
  assert.ok(merged.type === 'spec-changed');
  assert.deepEqual(
    [merged.at, merged.resourceVersion, merged.fields.map(({ field }) => field)],
    [5_000_009, '10', ['image', 'replicas']],
  );
});

test('mergeChanges keeps the report with values when another has the longer name of the same field', () => {
  const base = {
    type: 'spec-changed',
    object: {
      cluster: 'c',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      uid: 'u',
    },
    at: 1,
    resourceVersion: '',
    manager: 'kubectl-set',
  } as const;
  const named: Change = {
    ...base,
    fields: [{ field: 'template.spec.containers[web].image', container: '', from: '', to: '' }],
  };
  const told: Change = { ...base, fields: [{ field: 'image', container: '', from: 'a', to: 'b' }] };
  assert.deepEqual(mergeChanges(named, told), told);
  assert.deepEqual(mergeChanges(told, named), told);
});
