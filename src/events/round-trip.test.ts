import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import {
  listRecordings,
  listScenarios,
  readRecordedWatch,
  readRecording,
} from '../../test/read-recording.ts';
import { HarkError } from '../lib/errors.ts';
import type { EventForm } from './event.ts';
import { parseEvent } from './parse-event.ts';
import { printEvent } from './print-event.ts';

type Json = Record<string, unknown>;

const WATCHES: readonly (readonly [EventForm, string])[] = [
  ['v1', 'events-core-v1.jsonl'],
  ['events.k8s.io/v1', 'events-events.k8s.io-v1.jsonl'],
];

const scenarios = [
  ...listScenarios(),
  'v1.20/n-node-notready/default-ns',
  'v1.36/n-node-notready/default-ns',
];

function recordedObjects(form: EventForm): Json[] {
  const name = WATCHES.find(([of]) => of === form)?.[1] ?? '';
  const watches = scenarios.map((scenario) => `${scenario}/${name}`);
  if (form === 'v1') watches.push('v1.20/x-expiry/watch.jsonl', 'v1.36/_wire/watch-sendInitialEvents.jsonl');
  return watches.flatMap((path) => readRecordedWatch(path).map((line) => line.object as Json));
}

function recordedItems(form: EventForm): Json[] {
  const start = form === 'v1' ? 'events-core-v1' : 'events-events.k8s.io-v1';
  const paths = listScenarios().flatMap((scenario) =>
    listRecordings(scenario)
      .filter((name) => name.startsWith(start) && name.endsWith('.json'))
      .map((name) => `${scenario}/${name}`),
  );
  return paths.flatMap((path) => (JSON.parse(readRecording(path)) as { items: Json[] }).items);
}

/** What must come back: all but `managedFields`, with kind and apiVersion said. */
function expected(object: Json, form: EventForm): Json {
  const copy: Json = structuredClone({ ...object, kind: 'Event', apiVersion: form });
  const metadata = copy.metadata as Json | undefined;
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata))
    delete metadata.managedFields;
  return copy;
}

for (const [form] of WATCHES) {
  test(`printEvent gives back what parseEvent read when it is any recorded watch line of ${form}`, () => {
    const objects = recordedObjects(form);
    assert.ok(objects.length > 2_500, `only ${objects.length} recorded`);
    for (const object of objects) assert.deepEqual(printEvent(parseEvent(object)), expected(object, form));
  });

  test(`printEvent gives back what parseEvent read when it is any recorded list item of ${form}`, () => {
    const items = recordedItems(form);
    assert.ok(items.length > 1_000, `only ${items.length} recorded`);
    for (const item of items) assert.deepEqual(printEvent(parseEvent(item, form)), expected(item, form));
  });
}

test('parseEvent leaves no residue when the Event is one that the API server wrote', () => {
  for (const [form] of WATCHES) {
    for (const object of recordedObjects(form)) {
      const event = parseEvent(object);
      const isBookmark = event.name === '';
      assert.equal(event.residue === undefined, !isBookmark, JSON.stringify(object));
    }
  }
});

/** Both recorded forms of the same write, by uid, resourceVersion and whether it is the deletion. */
function pairsOfForms(): [Json, Json][] {
  const key = (object: Json) =>
    JSON.stringify([(object.metadata as Json).uid, (object.metadata as Json).resourceVersion]);
  const others = new Map(recordedObjects('events.k8s.io/v1').map((object) => [key(object), object]));
  return recordedObjects('v1').flatMap((object) => {
    const other = others.get(key(object));
    return other === undefined || (object.metadata as Json).uid === undefined
      ? []
      : [[object, other] as [Json, Json]];
  });
}

test('printEvent says the same as the API server when it prints the other form of a recorded Event', () => {
  const pairs = pairsOfForms();
  assert.ok(pairs.length > 2_000, `only ${pairs.length} recorded in both forms`);
  for (const [core, other] of pairs) {
    assert.deepEqual(printEvent(parseEvent(core), 'events.k8s.io/v1'), expected(other, 'events.k8s.io/v1'));
    assert.deepEqual(printEvent(parseEvent(other), 'v1'), expected(core, 'v1'));
    assert.deepEqual({ ...parseEvent(core), form: '' }, { ...parseEvent(other), form: '' });
  }
});

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    'Pod',
    'Normal',
    '__proto__',
    'constructor',
    '\u0000',
    '\u001b[2J',
    'a/b',
    'x'.repeat(5000),
  ),
);
const anyTime = fc.oneof(
  fc.constantFrom('2026-11-23T15:28:47Z', '2026-11-23T15:28:47.123456Z', '2026-11-23T15:28:47.123456789Z'),
  fc.constantFrom(
    '2026-11-23T15:28:60Z',
    '2026-11-23t15:28:47z',
    '2026-11-23T17:28:47+02:00',
    '0001-01-01T00:00:00Z',
  ),
  fc.constantFrom('9999-12-31T23:59:59Z', '2026-02-30T00:00:00Z', '2026-11-23T15:28:47,1Z', 'soon', null),
);
const anyNumber = fc.oneof(fc.integer(), fc.constantFrom(0, -5, 2 ** 53, 1.5, 1e300));
const hostile = fc.jsonValue({ maxDepth: 3 });

/** An object with any of the given fields, each mostly of its type, and others. */
function anyObject(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> {
  const known = fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, fc.oneof({ weight: 6, arbitrary: value }, hostile)]),
    ),
    { requiredKeys: [] },
  );
  const other = fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom('__proto__', 'note', 'message', 'regarding')),
    hostile,
    { maxKeys: 2 },
  );
  return fc.tuple(other, known).map(([a, b]) => JSON.parse(JSON.stringify({ ...a, ...b })) as Json);
}

const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, anyText]));
const anyReference = anyObject(
  texts('apiVersion', 'kind', 'namespace', 'name', 'uid', 'resourceVersion', 'fieldPath'),
);
const anyMetadata = anyObject({
  ...texts('name', 'namespace', 'uid', 'resourceVersion', 'generateName', 'selfLink'),
  creationTimestamp: anyTime,
  labels: fc.dictionary(fc.string(), anyText),
  annotations: fc.dictionary(fc.string(), anyText),
  managedFields: hostile,
});
const common = {
  ...texts('reason', 'type', 'action', 'reportingInstance'),
  metadata: anyMetadata,
  related: anyReference,
  eventTime: anyTime,
  series: anyObject({ count: anyNumber, lastObservedTime: anyTime }),
};
const anySource = anyObject(texts('component', 'host'));
const anyV1 = anyObject({
  ...common,
  ...texts('message', 'reportingComponent'),
  involvedObject: anyReference,
  source: anySource,
  firstTimestamp: anyTime,
  lastTimestamp: anyTime,
  count: anyNumber,
}).map((object): Json => ({ ...object, kind: 'Event', apiVersion: 'v1' }));
const anyEventsV1 = anyObject({
  ...common,
  ...texts('note', 'reportingController'),
  regarding: anyReference,
  deprecatedSource: anySource,
  deprecatedFirstTimestamp: anyTime,
  deprecatedLastTimestamp: anyTime,
  deprecatedCount: anyNumber,
}).map((object): Json => ({ ...object, kind: 'Event', apiVersion: 'events.k8s.io/v1' }));

test('printEvent gives back what parseEvent read when it is anything of kind Event', () => {
  fc.assert(
    fc.property(anyV1, (object) => assert.deepEqual(printEvent(parseEvent(object)), expected(object, 'v1'))),
    { numRuns: 1_000 },
  );
  fc.assert(
    fc.property(anyEventsV1, (object) =>
      assert.deepEqual(printEvent(parseEvent(object)), expected(object, 'events.k8s.io/v1')),
    ),
    { numRuns: 1_000 },
  );
});

test('printEvent loses nothing when an Event goes through the other form and back', () => {
  fc.assert(
    fc.property(anyV1, (object) => {
      const there = printEvent(parseEvent(object), 'events.k8s.io/v1');
      // The other form leaves these out when they are empty, so it cannot say that they were absent.
      const back = { reportingComponent: '', reportingInstance: '', ...printEvent(parseEvent(there), 'v1') };
      assert.deepEqual(back, { reportingComponent: '', reportingInstance: '', ...expected(object, 'v1') });
    }),
    { numRuns: 1_000 },
  );
});

test('parseEvent gives equal residues when the keys come in another order', () => {
  const reversed = (value: unknown): unknown =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, inner]) => [key, reversed(inner)]),
        );
  fc.assert(
    fc.property(anyV1, (object) => assert.deepEqual(parseEvent(reversed(object)), parseEvent(object))),
  );
});

test('parseEvent reads events.k8s.io/v1beta1 as events.k8s.io/v1', () => {
  const [object] = recordedObjects('events.k8s.io/v1');
  assert.ok(object);
  assert.deepEqual(parseEvent({ ...object, apiVersion: 'events.k8s.io/v1beta1' }), parseEvent(object));
});

test('parseEvent keeps what is odd when an Event was written by hand', () => {
  const event = parseEvent({
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name: 'x', labels: { a: 'b' } },
    type: 'Error',
    count: -5,
    reason: 7,
  });
  assert.equal(event.type, 'Error');
  assert.equal(event.count, -5);
  assert.equal(event.reason, '');
  assert.deepEqual(event.involvedObject.name, '');
  assert.match(event.residue ?? '', /"labels"\],\{"a":"b"\}/);
});

test('parseEvent refuses when the object is no Event', () => {
  const audit = { kind: 'Event', apiVersion: 'audit.k8s.io/v1', level: 'Metadata' };
  for (const object of [
    null,
    1,
    'Event',
    [],
    {},
    { kind: 'Pod', apiVersion: 'v1' },
    { kind: ['Event'] },
    audit,
  ]) {
    assert.throws(
      () => parseEvent(object),
      (error) =>
        error instanceof HarkError &&
        error.code === 'not-an-event' &&
        error.message.includes('wanted is kind "Event"'),
      JSON.stringify(object),
    );
  }
});

test('parseEvent refuses in words when what is odd is nested too deeply to be kept', () => {
  const deep = JSON.parse(
    `{"kind":"Event","apiVersion":"v1","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  ) as unknown;
  assert.throws(() => parseEvent(deep), { code: 'not-an-event' });
});
