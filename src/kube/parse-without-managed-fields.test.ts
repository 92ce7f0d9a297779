import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { listRecordings, listScenarios, readRecording } from '../../test/read-recording.ts';
import { parseWithoutManagedFields } from './parse-without-managed-fields.ts';

interface Line {
  readonly object: { metadata: Record<string, unknown> };
}

/** What is left of an object when its managedFields are not looked at. */
function withoutThem<T>(value: T): T {
  const copy = structuredClone(value);
  const { metadata } = ((copy as { object?: unknown }).object ?? copy) as Partial<Line['object']>;
  if (typeof metadata === 'object' && metadata !== null) delete metadata.managedFields;
  return copy;
}

function readRecordedLines(): string[] {
  return listScenarios().flatMap((scenario) =>
    listRecordings(scenario)
      .filter((name) => name.startsWith('events-') && name.endsWith('.jsonl'))
      .flatMap((name) => readRecording(`${scenario}/${name}`).split('\n'))
      .filter((line) => line.includes('"watch":'))
      .map((line) => line.slice(line.indexOf('"watch":') + '"watch":'.length, -1)),
  );
}

test('parseWithoutManagedFields gives what JSON.parse gives of every recorded line and object, managedFields apart', () => {
  const lines = readRecordedLines();
  let left = 0;
  for (const line of lines) {
    const whole = JSON.parse(line) as Line;
    const parsed = parseWithoutManagedFields(line, 2) as Line;
    assert.deepEqual(withoutThem(parsed), withoutThem(whole));
    assert.deepEqual(
      withoutThem(parseWithoutManagedFields(JSON.stringify(whole.object), 1)),
      withoutThem(whole.object),
    );
    if (whole.object.metadata.managedFields !== undefined && !('managedFields' in parsed.object.metadata))
      left += 1;
  }
  assert.ok(lines.length > 100);
  assert.equal(left, lines.filter((line) => line.includes('"managedFields":[')).length);
});

test('parseWithoutManagedFields loses nothing else, whatever the strings and keys around managedFields hold', () => {
  const odd = fc.constantFrom(
    ...['"', '\\', ']', '[', '{', '}', ',"managedFields":[', '"metadata":{', '}],"a":[', 'é', '🦆', ','],
  );
  const text = fc
    .array(fc.oneof(odd, fc.string({ maxLength: 3 })), { maxLength: 5 })
    .map((parts) => parts.join(''));
  const fields = fc.dictionary(
    text,
    fc.oneof(text, fc.dictionary(text, text, { maxKeys: 2 }), fc.array(text, { maxLength: 2 })),
    {
      maxKeys: 3,
    },
  );
  const metadata = fc
    .tuple(fields, fc.oneof(fc.array(fields, { maxLength: 2 }), text), fields)
    .map(([before, managedFields, after]) => ({ ...before, managedFields, ...after }));
  const object = fc
    .tuple(fields, metadata, fields)
    .map(([before, metadata, after]) => ({ ...before, metadata, ...after }));
  fc.assert(
    fc.property(object, (object) => {
      const line = { type: 'ADDED', object };
      assert.deepEqual(
        withoutThem(parseWithoutManagedFields(JSON.stringify(line), 2)),
        withoutThem(JSON.parse(JSON.stringify(line))),
      );
      assert.deepEqual(
        withoutThem(parseWithoutManagedFields(JSON.stringify(object), 1)),
        withoutThem(JSON.parse(JSON.stringify(object))),
      );
    }),
    { numRuns: 3000 },
  );
});

test('parseWithoutManagedFields keeps managedFields that are not of the object itself', () => {
  for (const text of [
    '{"type":"ADDED","object":{"metadata":{"name":"a"},"spec":{"metadata":{"name":"b","managedFields":[1]}}}}',
    '{"type":"ADDED","object":{"metadata":{"labels":{"a":"b","managedFields":[1]}}}}',
    '{"type":"ADDED","object":{"metadata":{"name":"a"},"managedFields":[1]}}',
    '{"type":"ADDED","object":{"x\\"metadata":{"name":"b","managedFields":[1]}}}',
  ])
    assert.deepEqual(parseWithoutManagedFields(text, 2), JSON.parse(text));
});

test('parseWithoutManagedFields finds no sense in a text that has none', () => {
  for (const text of [
    '{"object":{"metadata":{"name":"a","managedFields":[',
    '{"object":{"metadata":{"name":"a","managedFields":[{"x":"',
    '{"object":{"metadata":{"name":"a","managedFields":[{"x":"}]"',
    '{"object":{"metadata":{"name":"a","managedFields":[{}]}}',
  ])
    assert.throws(() => parseWithoutManagedFields(text, 2), SyntaxError);
});
