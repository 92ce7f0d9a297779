import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { formatYaml } from './format-yaml.ts';

test('formatYaml prints lists and keys as kubectl does', () => {
  const event = {
    kind: 'Event',
    count: 2,
    metadata: { name: 'x', labels: {} },
    items: [{ b: null, a: 'y' }],
  };
  assert.equal(
    formatYaml(event),
    'count: 2\nitems:\n- a: "y"\n  b: null\nkind: Event\nmetadata:\n  labels: {}\n  name: x\n',
  );
});

test('formatYaml quotes what a YAML 1.1 reader would take for a number, a time, a boolean or a merge', () => {
  for (const text of [
    '1234',
    '1e3',
    '0x1F',
    '0o7',
    '2026-11-23T15:28:47Z',
    'on',
    'no',
    '~',
    '=',
    '<<',
    '12:30',
    '1_000',
    '.inf',
    '',
  ]) {
    assert.equal(formatYaml([text]), `- "${text}"\n`);
  }
});

test('formatYaml leaves no control characters in its output', () => {
  assert.equal(formatYaml(['\x1b[31m', 'a\x9bb', 'x\x07\ny']), '- "\\e[31m"\n- "a\\u009bb"\n- "x\\a\\ny"\n');
});

test('formatYaml reads back as the same value in YAML 1.1 and 1.2', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\n', ' ', ':', '#', "'", '"', '-', 'a', '\x9b', '1') }),
  );
  const value = fc.dictionary(
    text.filter((key) => key !== '__proto__'),
    fc.oneof(text, fc.array(text), fc.integer(), fc.constant(null)),
  );
  fc.assert(
    fc.property(value, (original) => {
      const printed = formatYaml(original);
      for (const version of ['1.1', '1.2'] as const)
        assert.deepEqual(parse(printed, { version, merge: false }), { ...original });
    }),
    { numRuns: 300 },
  );
});
