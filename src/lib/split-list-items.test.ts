import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { type ListHead, splitListItems } from './split-list-items.ts';

function splitAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const edges = [0, ...at, bytes.length];
  return edges.slice(1).map((edge, i) => bytes.subarray(edges[i], edge));
}

function readAll(chunks: readonly Uint8Array[], maxBytes?: number) {
  const splitter = splitListItems(maxBytes);
  const items = chunks
    .flatMap((chunk) => splitter.push(chunk))
    .map((item) => JSON.parse(Buffer.from(item).toString()));
  return {
    items,
    head: splitter.head(),
    rest: Buffer.from(splitter.rest()).toString(),
    skipped: splitter.skipped(),
  };
}

const cuts = fc.array(fc.nat(), { maxLength: 40 });
const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
/** Keys and values that look like the ones the splitter is after, in the wrong places. */
const lookalike = fc.constantFrom<unknown>(
  { items: [1, { items: [] }] },
  '"items":[',
  'a\\',
  [['items'], [], {}],
  { 'a,"items': [2] },
  '}]',
);
const item = fc.oneof(json, lookalike);

test('splitListItems gives every item and the rest of the list when keys come in any order and bytes are cut anywhere', () => {
  fc.assert(
    fc.property(
      fc.array(item, { maxLength: 8 }),
      fc.array(
        fc
          .tuple(fc.oneof(fc.string(), fc.constantFrom('metadata', 'x"items', 'x,"items', 'Items')), item)
          .filter(([key]) => key !== 'items'),
        { maxLength: 5 },
      ),
      fc.nat({ max: 5 }),
      fc.constantFrom(undefined, 1, '\t', '\r\n'),
      cuts,
      (items, fields, place, space, cutAt) => {
        const entries: [string, unknown][] = [...fields];
        entries.splice(Math.min(place, entries.length), 0, ['items', items]);
        // Not an object literal: keys like "__proto__" and "1" must stay where they are.
        const text = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value, null, space)}`).join(',')}}`;
        const read = readAll(splitAt(Buffer.from(text), cutAt));
        assert.deepEqual(read.items, items);
        assert.deepEqual(read.head?.object, { ...JSON.parse(text), items: [] });
        assert.equal(read.rest, '');
      },
    ),
  );
});

test('splitListItems tells a list that was cut short from a whole one at every length', () => {
  const whole = Buffer.from('{"kind":"EventList","items":[{"a":"}]"},{"b":[]}],"metadata":{}}');
  for (let length = 0; length < whole.length; length += 1) {
    const splitter = splitListItems();
    splitter.push(whole.subarray(0, length));
    assert.equal(splitter.head(), undefined, `cut to ${length} bytes`);
  }
});

test('splitListItems reads the metadata of a page as the API server and as kubectl print it', () => {
  const page = `{"kind":"EventList","apiVersion":"v1","metadata":{"resourceVersion":"812","continue":"eyJ2","remainingItemCount":3},"items":[{"metadata":{}}]}\n`;
  const printed = `{\n    "apiVersion": "v1",\n    "items": [\n        {\n            "kind": "Event"\n        }\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": "",\n        "selfLink": ""\n    }\n}\n`;
  const { object: _, ...head } = readAll([Buffer.from(page)]).head as ListHead;
  assert.deepEqual(head, {
    apiVersion: 'v1',
    kind: 'EventList',
    resourceVersion: '812',
    continue: 'eyJ2',
    remainingItemCount: 3,
  });
  const read = readAll([Buffer.from(`\ufeff${printed}`)]);
  assert.deepEqual(read.items, [{ kind: 'Event' }]);
  assert.equal(read.head?.kind, 'List');
  assert.equal(read.head?.resourceVersion, undefined);
});

test('splitListItems gives no items when they are null, missing, or the object is a Status', () => {
  for (const text of [
    '{"items":null}',
    '{}',
    '{"kind":"Status","code":410,"details":{"items":[1]}}',
    '{ "items" : [ ] }',
  ]) {
    const read = readAll([Buffer.from(text)]);
    assert.deepEqual(read.items, []);
    assert.deepEqual(read.head?.object, JSON.parse(text));
  }
});

test('splitListItems leaves what follows the list to the caller when documents are strung together', () => {
  const splitter = splitListItems();
  assert.equal(splitter.push(Buffer.from('{"items":[1]}\n{"items":[2]')).length, 1);
  assert.equal(splitter.push(Buffer.from(',"x":3}')).length, 0);
  assert.equal(Buffer.from(splitter.rest()).toString(), '{"items":[2],"x":3}');
});

test('splitListItems skips and counts an item over the limit and goes on', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 30 }), { maxLength: 10 }), cuts, (lengths, cutAt) => {
      const text = JSON.stringify({ items: lengths.map((length) => 'x'.repeat(length)) });
      const read = readAll(splitAt(Buffer.from(text), cutAt), 20);
      const kept = lengths.filter((length) => length + 2 <= 20);
      assert.deepEqual(
        read.items.map((x: string) => x.length),
        kept,
      );
      assert.equal(read.skipped, lengths.length - kept.length);
    }),
  );
});

test('splitListItems copies nothing when an item lies whole in a chunk', () => {
  const chunk = Buffer.from('{"items":[{"a":1},{"b":2}]}');
  for (const piece of splitListItems().push(chunk)) assert.equal(piece.buffer, chunk.buffer);
});

test('splitListItems throws when the bytes are no JSON object', () => {
  for (const text of ['[]', 'apiVersion: v1', '<html>']) {
    assert.throws(() => splitListItems().push(Buffer.from(text)), SyntaxError);
  }
});
