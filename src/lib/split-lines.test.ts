import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { splitLines } from './split-lines.ts';

function splitAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const edges = [0, ...at, bytes.length];
  return edges.slice(1).map((edge, i) => bytes.subarray(edges[i], edge));
}

function readAll(chunks: readonly Uint8Array[], maxBytes?: number): { lines: string[]; skipped: number } {
  const splitter = splitLines(maxBytes);
  const lines = chunks.flatMap((chunk) => splitter.push(chunk));
  const last = splitter.end();
  if (last !== undefined) lines.push(last);
  return { lines: lines.map((line) => Buffer.from(line).toString('utf8')), skipped: splitter.skipped() };
}

const text = fc.string({ unit: 'binary', maxLength: 40 }).map((s) => s.replaceAll(/[\r\n]/g, ' '));

test('splitLines gives the same lines when the bytes are cut anywhere', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ text, end: fc.constantFrom('\n', '\r\n') }), { maxLength: 12 }),
      text,
      fc.array(fc.nat(), { maxLength: 30 }),
      (lines, last, cuts) => {
        const bytes = Buffer.from(lines.map((line) => line.text + line.end).join('') + last);
        const wanted = [...lines.map((line) => line.text), last]
          .map((line) => Buffer.from(line).toString('utf8'))
          .filter((line) => line !== '');
        assert.deepEqual(readAll(splitAt(bytes, cuts)), { lines: wanted, skipped: 0 });
      },
    ),
  );
});

test('splitLines skips and counts lines over the limit, and only those, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 20 }), { maxLength: 20 }),
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.nat(), { maxLength: 30 }),
      (lengths, end, cuts) => {
        const bytes = Buffer.from(lengths.map((length) => 'x'.repeat(length) + end).join(''));
        const read = readAll(splitAt(bytes, cuts), 10);
        assert.deepEqual(
          read.lines.map((line) => line.length),
          lengths.filter((length) => length > 0 && length <= 10),
        );
        assert.equal(read.skipped, lengths.filter((length) => length > 10).length);
      },
    ),
  );
});

test('splitLines copies nothing when a line lies whole in a chunk', () => {
  const chunk = Buffer.from('{"a":1}\n{"b":2}\n');
  const [first, second] = splitLines().push(chunk);
  assert.equal(first?.buffer, chunk.buffer);
  assert.equal(second?.buffer, chunk.buffer);
});

test('splitLines goes on after an over-long last line when it is used again', () => {
  const splitter = splitLines(4);
  assert.deepEqual(splitter.push(Buffer.from('123456')), []);
  assert.equal(splitter.end(), undefined);
  assert.equal(splitter.skipped(), 1);
  assert.equal(Buffer.from(splitter.push(Buffer.from('ab\n'))[0] ?? []).toString(), 'ab');
});
