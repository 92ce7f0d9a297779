import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { formatJson } from './format-json.ts';

test('formatJson sorts keys at every level and indents as asked', () => {
  assert.equal(formatJson({ b: [{ z: 1, y: null }], a: '' }, 0), '{"a":"","b":[{"y":null,"z":1}]}');
  assert.equal(formatJson({ b: 1, a: 2 }, 4), '{\n    "a": 2,\n    "b": 1\n}');
});

test('formatJson lets no control through and keeps the value', () => {
  assert.equal(formatJson('\x1b[31m\x9b\x7f', 0), '"\\u001b[31m\\u009b\\u007f"');
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(formatJson(value, 2)), JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 200 },
  );
});
