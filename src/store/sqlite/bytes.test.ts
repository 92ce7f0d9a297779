import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/fast-check.ts';
import { createByteReader, createByteWriter, isDecimal, isUuid } from './bytes.ts';

const field = fc.oneof(
  fc.record({ kind: fc.constant('uint' as const), value: fc.maxSafeNat() }),
  fc.record({ kind: fc.constant('int' as const), value: fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 }) }),
  fc.record({ kind: fc.constant('byte' as const), value: fc.nat(255) }),
  fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'grapheme', maxLength: 80 }) }),
  fc.record({
    kind: fc.constant('text' as const),
    value: fc.integer({ min: 40, max: 40_000 }).map((length) => 'aé日'.repeat(length / 3)),
  }),
  fc.record({ kind: fc.constant('uuid' as const), value: fc.uuid() }),
);

test('createByteReader reads back what createByteWriter wrote', () => {
  const writer = createByteWriter();
  fc.assert(
    fc.property(fc.array(field), fc.string({ unit: 'grapheme' }), (fields, tail) => {
      writer.clear();
      for (const { kind, value } of fields) (writer[kind] as (value: number | string) => void)(value);
      writer.tail(tail);
      const reader = createByteReader(writer.view());
      for (const { kind, value } of fields) assert.equal(reader[kind](), value);
      assert.equal(reader.tail(), tail);
      assert.ok(reader.atEnd());
    }),
  );
});

test('createByteWriter takes one byte for small numbers and sixteen for a UUID', () => {
  const writer = createByteWriter();
  for (const value of [0, 127]) writer.uint(value);
  for (const value of [-64, 63]) writer.int(value);
  assert.equal(writer.view().length, 4);
  writer.clear();
  writer.uuid('6f1b9d3e-0c1f-4f6e-9d3a-1b2c3d4e5f60');
  assert.equal(writer.view().length, 16);
});

test('createByteReader refuses to read past the end', () => {
  assert.throws(() => createByteReader(new Uint8Array()).uint(), RangeError);
  assert.throws(() => createByteReader(Uint8Array.of(200)).uint(), RangeError);
  assert.throws(() => createByteReader(Uint8Array.of(9, 65)).text(), RangeError);
});

test('isUuid takes lower case with dashes in their places only', () => {
  assert.ok(isUuid('6f1b9d3e-0c1f-4f6e-9d3a-1b2c3d4e5f60'));
  for (const text of [
    '',
    '6F1B9D3E-0C1F-4F6E-9D3A-1B2C3D4E5F60',
    '6f1b9d3e0-c1f-4f6e-9d3a-1b2c3d4e5f60',
    '6f1b9d3e-0c1f-4f6e-9d3a-1b2c3d4e5f6g',
  ])
    assert.ok(!isUuid(text));
});

test('isDecimal takes numbers that printing gives back', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat().map(String), fc.stringMatching(/^[0-9a -]{0,17}$/)), (text) => {
      assert.equal(isDecimal(text), text.length < 16 && String(Number(text)) === text && /^\d+$/.test(text));
    }),
  );
});
