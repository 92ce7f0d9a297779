import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { connectTo } from '../../test/api-server/connect-to.ts';
import { startApiServer } from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import type { Clock } from '../lib/clock.ts';
import { MILLISECOND } from '../lib/time.ts';

/** Asks three times, and returns what encodings were offered. */
async function askThrice(t: TestContext, clock: Clock, cluster: object = {}) {
  const server = await startApiServer();
  const connection = await connectTo(server, { clock, cluster });
  t.after(async () => {
    connection.close();
    await server.stop();
  });
  for (const gzip of [true, true, false]) {
    const { body } = await connection.request({ path: '/version', gzip });
    for await (const _ of body);
  }
  return server.requests.map(({ headers }) => headers['accept-encoding']);
}

test('connect asks a server of this machine that shakes hands at once for nothing packed', async (t) => {
  assert.deepEqual(await askThrice(t, createFakeClock()), ['gzip', 'identity', 'identity']);
});

test('connect takes packed answers of a server that shakes hands slowly: a tunnel may end at its address', async (t) => {
  const clock = createFakeClock();
  let now = clock.now();
  const slow = {
    ...clock,
    now: () => {
      now += 20 * MILLISECOND;
      return now;
    },
  };
  assert.deepEqual(await askThrice(t, slow), ['gzip', 'gzip', 'identity']);
});

test('connect takes nothing packed where the kubeconfig says disable-compression', async (t) => {
  const encodings = await askThrice(t, createFakeClock(), { 'disable-compression': true });
  assert.deepEqual(encodings, ['identity', 'identity', 'identity']);
});
