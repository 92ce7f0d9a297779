import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/fast-check.ts';
import { readMessages } from './read-sse.ts';

const TEXT =
  ': hello\n\nid: 7\nevent: event\ndata: {"a":1}\ndata: {"b":2}\n\n:\n\nid: 8\r\ndata: x\r\n\r\nid: 9\ndata: unfinished';

async function readAll(pieces: readonly string[]) {
  const messages = [];
  async function* give() {
    yield* pieces;
  }
  for await (const message of readMessages(give())) messages.push(message);
  return messages;
}

test('readMessages reads the same messages wherever the stream was cut', async () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: TEXT.length }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const edges = [0, ...places.sort((a, b) => a - b), TEXT.length];
      const pieces = edges.slice(1).map((edge, index) => TEXT.slice(edges[index], edge));
      assert.deepEqual(await readAll(pieces), [
        { id: '7', event: 'event', data: '{"a":1}\n{"b":2}' },
        { id: '8', event: 'message', data: 'x' },
      ]);
    }),
  );
});
