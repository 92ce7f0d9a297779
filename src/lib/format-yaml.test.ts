import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { CORE_SCHEMA, load, YAML11_SCHEMA } from 'js-yaml';
import fc from '../../test/fast-check.ts';
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
    '1_0e3',
    '0X1F',
    '-0o7',
    '.inf',
    '',
  ]) {
    assert.equal(formatYaml([text]), `- "${text}"\n`);
  }
});

test('formatYaml leaves no control characters in its output', () => {
  assert.equal(formatYaml(['\x1b[31m', 'a\x9bb', 'x\x07\ny']), '- "\\e[31m"\n- "a\\x9Bb"\n- "x\\a\\ny"\n');
});

test('formatYaml quotes only what needs it, with single quotes and blocks as kubectl does', () => {
  assert.equal(
    formatYaml([
      'Error: gone',
      "it's: gone",
      '10.0.0.1',
      'v1.20.2',
      'one\n\ntwo',
      'one\n',
      ' one\n',
      'one\n\n',
    ]),
    `- 'Error: gone'
- 'it''s: gone'
- 10.0.0.1
- v1.20.2
- |-
  one

  two
- |
  one
- " one\\n"
- "one\\n\\n"
`,
  );
});

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\n', ' ', ':', '#', "'", '"', '-', 'a', '\x9b', '1', '{', ',', '|', '&', '\t'),
  }),
  fc.string({ unit: fc.constantFrom(...'0123_-+.eExXobOB:TZ '), maxLength: 8 }),
);

test('formatYaml reads back as the same value in YAML 1.1 and 1.2', () => {
  const value = fc.dictionary(
    text.filter((key) => key !== '__proto__'),
    fc.oneof(text, fc.array(text), fc.integer(), fc.constant(null)),
  );
  fc.assert(
    fc.property(value, (original) => {
      const printed = formatYaml(original);
      for (const schema of [YAML11_SCHEMA, CORE_SCHEMA])
        assert.deepEqual(load(printed, { schema }), { ...original });
    }),
    { numRuns: 300 },
  );
});

test('formatYaml reads back as the same text in a real kubectl', {
  skip: spawnSync('kubectl', ['version', '--client']).status === 0 ? false : 'kubectl is not installed',
}, () => {
  const label = ['label', '--local', '-f', '-', 'a=b', '-o', 'json'];
  fc.assert(
    fc.property(fc.array(text, { minLength: 500, maxLength: 1000, size: 'max' }), (texts) => {
      const data = Object.fromEntries(texts.map((value, at) => [`k${at}`, value]));
      const input = formatYaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });
      const { stdout, stderr } = spawnSync('kubectl', label, { input, encoding: 'utf8' });
      assert.equal(stderr, '');
      assert.deepEqual(JSON.parse(stdout).data, data);
    }),
    { numRuns: 3, endOnFailure: true },
  );
});
