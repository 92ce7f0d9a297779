import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { connectTo } from '../../test/api-server/connect-to.ts';
import { startApiServer } from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import { SECOND } from '../lib/time.ts';

/** More than the buffers on the way hold. */
const LARGE = Buffer.alloc(8 * 1024 * 1024, 'x');

async function start(t: TestContext) {
  const server = await startApiServer();
  const clock = createFakeClock();
  const cluster = await connectTo(server, { clock });
  t.after(async () => {
    cluster.close();
    await server.stop();
  });
  return { server, clock, cluster };
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of body) length += chunk.length;
  return length;
}

test('sendRequest reads a body of any length in chunks', async (t) => {
  const { server, cluster } = await start(t);
  server.script('any', { pieces: [LARGE] });
  const response = await cluster.request({ path: '/version' });
  let largest = 0;
  let length = 0;
  for await (const chunk of response.body) {
    largest = Math.max(largest, chunk.length);
    length += chunk.length;
  }
  assert.equal(length, LARGE.length);
  assert.ok(largest <= 64 * 1024, `${largest}`);
});

test('sendRequest fails when an answer is cut before its end, gzipped or not', async (t) => {
  const { server, cluster } = await start(t);
  for (const gzip of [false, true]) {
    server.script('any', { real: { cutAfterBytes: 20, gzip } });
    const response = await cluster.request({ path: '/version', gzip });
    await assert.rejects(readAll(response.body), { code: 'cluster-unreachable' });
  }
});

test('sendRequest stops with the reason of the signal, before, while and after the answer begins', async (t) => {
  const { server, cluster } = await start(t);
  const reason = new Error('enough');
  await assert.rejects(cluster.request({ path: '/version', signal: AbortSignal.abort(reason) }), reason);

  server.script('any', { hang: true });
  const waiting = new AbortController();
  const asked = cluster.request({ path: '/version', signal: waiting.signal });
  await server.seen('any');
  waiting.abort(reason);
  await assert.rejects(asked, reason);

  server.script('any', { pieces: ['{'], ending: 'hang' });
  const reading = new AbortController();
  const { body } = await cluster.request({ path: '/version', signal: reading.signal });
  const read = readAll(body);
  reading.abort(reason);
  await assert.rejects(read, reason);
});

test('sendRequest may be aborted in the very moment in which the last bytes were read', async (t) => {
  const { server, cluster } = await start(t);
  for (const pieces of [['all'], ['first', 'last']]) {
    server.script('any', { pieces });
    const stop = new AbortController();
    const { body } = await cluster.request({ path: '/version', signal: stop.signal });
    let left = pieces.join('').length;
    for await (const chunk of body) {
      left -= chunk.length;
      if (left === 0) stop.abort(); // the connection is just being handed back
    }
  }
  assert.equal((await cluster.request({ path: '/version' })).status, 200);
});

test('sendRequest waits no longer for an answer than it is told', async (t) => {
  const { server, clock, cluster } = await start(t);
  server.script('any', { hang: true });
  const asked = cluster.request({ path: '/version', answerWithin: 5 * SECOND });
  const failed = assert.rejects(asked, /did not answer within 5 s/);
  await clock.pass(5 * SECOND);
  await failed;
  assert.deepEqual(clock.timers(), []);
});

test('sendRequest asks for gzip only where that is wanted, and leaves out empty parts of the query', async (t) => {
  const { server, cluster } = await start(t);
  await cluster.request({
    path: '/a',
    gzip: true,
    query: { one: '1', none: undefined, empty: '', two: 'a b&c' },
  });
  await cluster.request({ path: '/b', accept: 'text/plain' });
  const [first, second] = server.requests;
  assert.deepEqual(
    [...(first?.query ?? [])],
    [
      ['one', '1'],
      ['two', 'a b&c'],
    ],
  );
  assert.equal(first?.headers['accept-encoding'], 'gzip');
  assert.equal(second?.headers['accept-encoding'], 'identity');
  assert.equal(second?.headers.accept, 'text/plain');
});
