import assert from 'node:assert/strict';
import test from 'node:test';
import { createChannel } from './channel.ts';

test('createChannel hands values on in order and holds each giver until its value is taken', async () => {
  const channel = createChannel<number>();
  const log: string[] = [];
  const giving = (async () => {
    for (const value of [1, 2]) {
      await channel.put(value);
      log.push(`given ${value}`);
    }
    channel.close();
  })();
  for await (const value of channel.values()) log.push(`taken ${value}`);
  await giving;
  assert.deepEqual(log, ['taken 1', 'given 1', 'taken 2', 'given 2']);
});

test('createChannel fails the reader after what was given before', async () => {
  const channel = createChannel<string>();
  void channel.put('last');
  channel.close(new Error('broken'));
  const read: string[] = [];
  await assert.rejects(async () => {
    for await (const value of channel.values()) read.push(value);
  }, /broken/);
  assert.deepEqual(read, ['last']);
});

test('createChannel lets its givers go when the reader stops', async () => {
  const channel = createChannel<number>();
  const given = Promise.all([channel.put(1), channel.put(2)]);
  for await (const value of channel.values()) {
    assert.equal(value, 1);
    break;
  }
  channel.close();
  await given;
  await channel.put(3);
});
